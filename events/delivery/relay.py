"""From the outbox to the endpoints: a delivery for each event and each endpoint that wants it, in the feed's order.

Only events before which nothing can appear any more are taken (`Event.objects.settled`), so that what commits late is
neither skipped nor overtaken. How far an endpoint has heard is kept with the endpoint, in the transaction of the
deliveries: whoever is killed leaves both or neither.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import sleep
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from events.models import Delivery, Event, WebhookEndpoint
from events.models.outbox import oldest_open
from events.types import TEST
from tenants import clock, doorbell, due, relays
from tenants.copying import copy_in
from tenants.failpoints import failpoint

POINTS = ("relay.before_commit", "relay.after_commit")
GIVE_UP = timedelta(days=3)
_AT_ONCE = 1000
# Other transactions take milliseconds: what is not settled yet will be soon.
_LOOKS, _PAUSE_S = 5, 0.02


def run(*, agency_id: UUID) -> None:
    """Hand on what is settled. Safe to run twice, late, or never."""
    doorbell.heard(due.Kind.RELAY, agency_id)
    for _ in range(_LOOKS):
        while _hand_on(clock.now()):
            failpoint("relay.after_commit")
        if not relays.waits():
            return
        sleep(_PAUSE_S)


@transaction.atomic
def _hand_on(now: datetime) -> bool:
    """For each endpoint the next thousand. True if there may be more."""
    before = oldest_open()  # first: an event of before then has no listener that the next line does not see
    endpoints = list(WebhookEndpoint.objects.listening().order_by("pk").select_for_update(no_key=True))
    more = [_relay(endpoint, before, now) for endpoint in endpoints]
    failpoint("relay.before_commit")
    if any(more):
        return True
    relays.done(before=before)
    return False


def _relay(endpoint: WebhookEndpoint, before: int, now: datetime) -> bool:
    events = list(_unheard(endpoint, before)[:_AT_ONCE])
    if not events:
        return False
    last = events[-1]
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        seen_transaction=last.transaction, seen_position=last.position
    )
    queue(endpoint, [each for each in events if _is_wanted(endpoint, each)], now=now)
    return len(events) == _AT_ONCE


def _unheard(endpoint: WebhookEndpoint, before: int) -> "Sequence[Event]":
    seen = endpoint.seen_transaction
    later = Q(transaction__gt=seen) | Q(transaction=seen, position__gt=endpoint.seen_position)
    # The first condition says nothing new, and leads into the index.
    rows = Event.objects.filter(later, transaction__gte=seen, transaction__lt=before)
    return rows.order_by("transaction", "position").only("position", "transaction", "type", "subject_id")  # type: ignore[return-value] # sliced by the caller


def _is_wanted(endpoint: WebhookEndpoint, event: Event) -> bool:
    return event.type != TEST and (not endpoint.event_types or event.type in endpoint.event_types)


def queue(
    endpoint: WebhookEndpoint, events: Sequence[Event], *, now: datetime, give_up_at: datetime | None = None
) -> list[Delivery]:
    """Deliveries of these, behind all that wait for this endpoint. The caller holds its row."""
    same = {"endpoint": endpoint, "created_at": now, "next_attempt_at": now, "give_up_at": give_up_at or now + GIVE_UP}
    made = [Delivery(event=event, subject_id=event.subject_id, type=event.type, **same) for event in events]
    if made:
        copy_in(made)
        due.put(kind=due.Kind.DELIVER, subject_id=endpoint.pk, lane=due.Lane.INTERACTIVE, at=now)
    return made
