"""What HMRC says of a landlord, kept with its age. The API reads what is stored; mtd.fetching asks HMRC, in workers."""

from datetime import datetime, timedelta
from uuid import UUID

from hmrc_oauth import connections, fraud_contexts
from landlords import records
from mtd.models import Reading
from mtd.urgency import lane_for
from people.models import Operation
from people.principal import Principal
from tenants import due

FETCHES = 6  # of one landlord and subject, in any minute
STALE_AFTER = timedelta(hours=24)
SUBJECTS = ("businesses", "obligations")
_URGENCY = list(due.Lane)


def read(
    *,
    by: Principal,
    landlord_id: UUID,
    what: str,
    refresh: bool,
    now: datetime,
    fraud_context_id: UUID | None = None,
) -> Reading | Operation:
    """The last reading, or the operation that fetches one if there is none or a fresh one is wanted.

    Raises NotFound; NotConnected, ReconnectRequired, TooOften, and what fraud_contexts.attach raises, if something
    must be fetched and can't be.
    """
    records.get(landlord_id=landlord_id)
    known = Reading.objects.filter(landlord_id=landlord_id, what=what).first()
    if known is not None and not refresh:
        return known
    connections.require_usable(connections.get(landlord_id=landlord_id, now=now))
    context_id = fraud_contexts.attach(by=by, context_id=fraud_context_id, landlord_id=landlord_id, now=now)
    Operation.limit(kind=f"fetch.{what}", subject_id=landlord_id, most=FETCHES, now=now)
    return ask(landlord_id=landlord_id, what=what, lane=lane_for(by), now=now, fraud_context_id=context_id)


def ask(
    *, landlord_id: UUID, what: str, lane: due.Lane, now: datetime, fraud_context_id: UUID | None = None
) -> Operation:
    """Queue a fetch; asking twice while one is under way is asking once."""
    operation = Operation.open(
        kind=f"fetch.{what}",
        subject_type="landlord",
        subject_id=landlord_id,
        landlord_id=landlord_id,
        now=now,
        fraud_context_id=fraud_context_id,
    )
    waits_in = due.lane_of(kind=due.Kind.FETCH, subject_id=operation.pk)
    if waits_in is None or _URGENCY.index(lane) < _URGENCY.index(waits_in):
        due.put(kind=due.Kind.FETCH, subject_id=operation.pk, lane=lane)  # each bell is a call to HMRC
    return operation
