"""What of this room must be on the due list, and of the rooms below: for one agency, from its own rows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from events.models import DisabledReason, WebhookEndpoint
from hmrc_oauth.recovery import Wanted
from landlords.models import Landlord
from leaving.models import Export
from mtd import recovery
from tenants import due, relays
from tenants.context import current_agency
from tenants.models import OffBoarding

# Whoever was merged or erased longer ago was looked after a second time long since.
_LATELY = timedelta(days=1)


def rebuild(*, now: datetime) -> int:
    """Put back whatever is missing from the list for the current agency. Returns how much was."""
    with transaction.atomic():
        missing = [due.keep(kind=row.kind, subject_id=row.subject_id, lane=row.lane, at=row.at) for row in _wanted(now)]
        return sum(missing) + recovery.rebuild(now=now)


def _wanted(now: datetime) -> Iterator[Wanted]:
    yield from _to_endpoints(now)
    for export in Export.objects.filter(wiped_at=None):
        if export.expires_at is None:
            yield Wanted(due.Kind.EXPORT, export.pk, due.Lane.BULK, now)
        else:
            yield Wanted(due.Kind.WIPE_EXPORT, export.pk, due.Lane.BACKGROUND, export.expires_at)
    for landlord in Landlord.objects.filter(archived_at__gt=now - _LATELY):
        if landlord.erased_at is not None:
            yield Wanted(due.Kind.ERASE, landlord.pk, due.Lane.BACKGROUND, now)
        elif landlord.merged_into_id is not None:
            yield Wanted(due.Kind.MERGE, landlord.pk, due.Lane.BACKGROUND, now)
    for leaving in OffBoarding.objects.filter(agency_id=current_agency().pk, called_off_at=None, finished_at=None):
        yield Wanted(due.Kind.OFF_BOARD, leaving.agency_id, due.Lane.BACKGROUND, leaving.begins_at)


def _to_endpoints(now: datetime) -> Iterator[Wanted]:
    """Whoever has heard of everything is looked at in vain, once."""
    for endpoint in WebhookEndpoint.objects.listening():
        yield Wanted(due.Kind.RELAY, relays.EVERYTHING, due.Lane.INTERACTIVE, now)
        yield Wanted(due.Kind.DELIVER, endpoint.pk, due.Lane.INTERACTIVE, now)
    for endpoint in WebhookEndpoint.objects.kept().exclude(disabled_reason__in=["", DisabledReason.ASKED]):
        yield Wanted(due.Kind.TELL_STAFF, endpoint.pk, due.Lane.BACKGROUND, now)
