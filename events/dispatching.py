"""What an operator decides of the order in which calls go: audited in the trail of every agency that it concerns, with
`who` did it: the operator's name, as they gave it or as the machine knows it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import audit
from people.principal import Principal
from tenants import pauses, shares
from tenants.context import tenant
from tenants.models import Agency, PauseScope


@transaction.atomic
def pause(*, by: Principal, who: str, scope: PauseScope, name: str, reason: str, now: datetime) -> None:
    """Let a lane, an agency or an operation of HMRC's stand still. All of it or nothing."""
    pauses.pause(scope=scope, name=name, reason=reason, now=now)
    _record(by, _concerned(scope, name), "dispatch.paused", now, scope=scope, name=name, reason=reason, who=who)


@transaction.atomic
def resume(*, by: Principal, who: str, scope: PauseScope, name: str, now: datetime) -> bool:
    """Let it go on. False, and nothing is audited, if it was not paused."""
    if not pauses.resume(scope=scope, name=name, now=now):
        return False
    _record(by, _concerned(scope, name), "dispatch.resumed", now, scope=scope, name=name, who=who)
    return True


@transaction.atomic
def grant_share(*, by: Principal, who: str, agency: Agency, weight: float, cap: float | None, now: datetime) -> None:
    """Give an agency a weight among others, and a cap to its share of HMRC's rate."""
    shares.grant(agency_id=agency.pk, weight=weight, cap=cap, now=now)
    _record(by, iter([agency]), "dispatch.share_changed", now, weight=weight, cap=cap, who=who)


def _concerned(scope: PauseScope, name: str) -> Iterator[Agency]:
    every = Agency.objects.order_by("pk")
    yield from (every.filter(pk=UUID(name)) if scope == PauseScope.AGENCY else every).iterator()


def _record(by: Principal, agencies: Iterator[Agency], action: str, now: datetime, **detail: Any) -> None:
    for agency in agencies:
        with tenant(agency):
            audit.record(by=by, action=action, subject_type="agency", subject_id=agency.pk, now=now, **detail)
