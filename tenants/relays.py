"""That events wait to be handed to an agency's endpoints: a row of the due list for each transaction that wrote some.

One row for all would be simpler, and every transaction of the agency would queue behind the one before it. So each has
its own, named by its id; whoever has handed on the events of all transactions before one takes off all their rows.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from tenants import doorbell, due
from tenants.context import current_agency
from tenants.models import Due

EVERYTHING = UUID(int=0)  # of no transaction: older than all of them


def ask(*, now: datetime) -> None:
    """Say that this transaction wrote events. Twice is as good as once."""
    agency_id = current_agency().pk
    row = Due(kind=due.Kind.RELAY, agency_id=agency_id, subject_id=_named(_own_id()), due_at=now, rung_at=now)
    row.lane = due.Lane.INTERACTIVE
    Due.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(lambda: doorbell.ring_once(due.Kind.RELAY, agency_id, agency_id))


def done(*, before: int) -> None:
    """Take off what transactions older than `before` asked for. What is left, the next sweep rings for."""
    rows = _own()
    rows.filter(subject_id__lt=_named(before)).delete()
    rows.update(rung_at=None)


def waits() -> bool:
    """Whether some events of the current agency are not handed on yet."""
    return _own().exists()


def sweep(*, now: datetime) -> int:
    """Ring for what is due and was not rung for lately, once an agency. Returns how many bells. Runs in the public
    schema.
    """
    unheard = Q(rung_at=None) | Q(rung_at__lt=now - due.RING_AGAIN)
    rows = Due.objects.filter(unheard, due.is_answered(), kind=due.Kind.RELAY, due_at__lte=now)
    agencies = set(rows.values_list("agency_id", flat=True).distinct())
    Due.objects.filter(kind=due.Kind.RELAY, agency_id__in=agencies, due_at__lte=now).update(rung_at=now)
    for agency_id in agencies:
        doorbell.ring_once(due.Kind.RELAY, agency_id, agency_id)
    return len(agencies)


def _own() -> QuerySet[Due]:
    return Due.objects.filter(agency_id=current_agency().pk, kind=due.Kind.RELAY)


def _own_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _named(transaction_id: int) -> UUID:
    return UUID(int=transaction_id)
