"""The landlord's leave, without which nothing is sent for them: whether there is one. docs/filing.md has the rules."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from mtd.errors import MandateMissing, MandateRevoked
from mtd.models import Mandate, MandateEnd
from people.principal import PrincipalKind
from tenants.copying import any_of
from tenants.faults import Fault


class Standing(NamedTuple):
    """Where a landlord stands: the mandate on record, and when one was last taken back."""

    mandate: Mandate | None = None
    revoked_at: datetime | None = None


def standing(landlord_ids: Collection[UUID]) -> dict[UUID, Standing]:
    """By landlord, in one query; without those of whom nothing was ever recorded."""
    found: dict[UUID, Standing] = {}
    theirs = Mandate.objects.filter(any_of(Mandate, "landlord_id", list(landlord_ids)))
    for each in theirs.exclude(ended_how=MandateEnd.REPLACED):
        before = found.get(each.landlord_id, Standing())
        revoked = [moment for moment in (before.revoked_at, each.ended_at) if moment]
        alive = each if each.ended_at is None else before.mandate
        found[each.landlord_id] = Standing(alive, max(revoked, default=None))
    return found


def holds(*, landlord_id: UUID) -> bool:
    """Whether anything may be sent for the landlord."""
    return Mandate.objects.filter(landlord_id=landlord_id, ended_at=None).exists()


def refusal(known: Standing | None, given: Mapping[str, Any] | None) -> type[Fault] | None:
    """Why there is no mandate to file by; None if there is one, or the one that comes with a submission will do.

    After a revocation, one that does not say when it was given may be as old as the one that was taken back.
    """
    known = known or Standing()
    if known.mandate is not None:
        return None
    if known.revoked_at is not None and not _is_newer(given, than=known.revoked_at):
        return MandateRevoked
    return MandateMissing if given is None else None


def refusal_of_click(*, landlord_id: UUID, kind: str, at: datetime) -> type[Fault] | None:
    """Why what somebody of this kind (a PrincipalKind's value) asked for `at` that moment may not be sent; None if it
    may. A landlord's own click needs no mandate, and lasts until the landlord takes one back.
    """
    known = standing([landlord_id]).get(landlord_id, Standing())
    is_own = kind == PrincipalKind.LANDLORD and (known.revoked_at is None or known.revoked_at < at)
    return None if is_own else refusal(known, None)


def _is_newer(given: Mapping[str, Any] | None, *, than: datetime) -> bool:
    given_at = (given or {}).get("given_at")
    return given_at is not None and given_at > than
