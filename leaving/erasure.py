"""One landlord erased (UK GDPR, article 17): what is sealed is destroyed, names and addresses go, a tombstone stays.

What is kept, and by which right, stands in docs/retention.md.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from events import audit, outbox
from hmrc_oauth import connections, merging
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus
from landlords import imports, mails
from landlords.errors import Merged
from landlords.models import Invitation, Landlord, LandlordSession, Property
from leaving import exports, personal
from leaving.errors import NotConfirmed
from leaving.models import Export
from mtd import submissions
from people.principal import Principal
from tenants import due
from tenants.context import current_agency
from tenants.faults import NotFound
from tenants.models import ConnectState, Credential

# What was read for the landlord just when they were erased has been stored by then.
_LATE = timedelta(minutes=2)


@transaction.atomic
def erase(*, by: Principal, landlord_id: UUID, confirm: str, now: datetime) -> Landlord:
    """Destroy all that is held of a landlord, archived or not. There is no way back.

    Raises NotFound; NotConfirmed unless `confirm` is the landlord's reference; Unsettled, CalculationUnderWay,
    ConnectUnderWay or ImportUnderWay while something is under way.
    """
    find(landlord_id=landlord_id)
    landlord = Landlord.objects.select_for_update().get(pk=landlord_id)
    if confirm != landlord.reference:
        raise NotConfirmed
    submissions.refuse_under_way(landlord_id=landlord_id)
    merging.refuse_under_way(landlord_id=landlord_id)
    imports.forget_files(by=by, now=now)
    if landlord.archived_at is None:
        _say_farewell(landlord)
        connections.archive_landlord(by=by, landlord_id=landlord_id, now=now, expected=None)
    counts = _destroy(landlord_id, now)
    due.put(kind=due.Kind.ERASE, subject_id=landlord_id, lane=due.Lane.BACKGROUND, at=now + _LATE)
    said: dict[str, Any] = {"subject_type": "landlord", "subject_id": landlord_id, "now": now}
    audit.record(by=by, action="landlord.erased", **said, rows=counts)
    outbox.publish(type="landlord.erased", **said)
    return Landlord.objects.get(pk=landlord_id)


def find(*, landlord_id: UUID) -> Landlord:
    """A landlord who can be erased: archived or not. Raises NotFound, and Merged for one that was a duplicate."""
    found = Landlord.objects.filter(pk=landlord_id, erased_at=None).first()
    if found is None:
        raise NotFound
    if found.merged_into_id is not None:
        raise Merged(landlord_id=str(found.merged_into_id))
    return found


@transaction.atomic
def run(*, landlord_id: UUID, now: datetime) -> None:
    """Destroy what came in while the landlord was erased. Safe to run twice, late, or never."""
    if Landlord.objects.filter(pk=landlord_id, erased_at__isnull=False).exists():
        _destroy(landlord_id, now)
    due.done(kind=due.Kind.ERASE, subject_id=landlord_id)


def _destroy(landlord_id: UUID, now: datetime) -> dict[str, int]:
    ids = exports.everybody(landlord_id)
    _forget_ways_in(ids)
    for grant in Grant.objects.filter(landlord_id__in=ids).exclude(status=GrantStatus.WIPED):
        grant.wipe()
    # Those of the whole agency hold this landlord, too.
    for export in Export.objects.filter(Q(landlord_id=None) | Q(landlord_id__in=ids), wiped_at=None):
        export.wipe(now=now)
    Landlord.objects.filter(pk__in=ids, erased_at=None).update(erased_at=now)
    return {table.model._meta.db_table: _end(table, ids) for table in personal.TABLES}


def _end(table: personal.Table, ids: list[UUID]) -> int:
    """Delete or wipe. How many rows there were."""
    rows = table.model._default_manager.filter(table.of(ids))
    if table.model is Property:  # others may own a part of it: it stays theirs
        rows = Property.objects.filter(pk__in=rows.values("pk")).annotate(owners=Count("shares")).filter(owners=1)
    if table.wiped:
        return rows.update(**table.wiped)
    return rows.count() if table.kept else rows.delete()[0]


def _forget_ways_in(ids: list[UUID]) -> None:
    agency_id = current_agency().pk
    for model in (Invitation, LandlordSession):
        subjects = list(model._default_manager.filter(landlord_id__in=ids).values_list("pk", flat=True))
        Credential.objects.filter(agency_id=agency_id, subject_id__in=subjects).delete()
    sessions = list(ConnectSession.objects.filter(connection__landlord_id__in=ids).values_list("pk", flat=True))
    ConnectState.objects.filter(agency_id=agency_id, session_id__in=sessions).delete()


def _say_farewell(landlord: Landlord) -> None:
    """The last mail: where HMRC lists the authority that no longer has a token here."""
    if landlord.email and merging.has_grant(landlord_id=landlord.pk):
        agency, url = current_agency(), settings.HMRC.manage_authority_url
        say = partial(mails.send_disconnected, landlord=landlord, agency=agency, url=url)
        transaction.on_commit(say, robust=True)
