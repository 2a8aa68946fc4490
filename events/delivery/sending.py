"""Sends what waits for one endpoint, batch by batch for some seconds; then others come, and it comes back.

1. Hold the endpoint, committed: nobody else sends to it, so that no two events of a subject are under way at once.
2. Send a batch: the first events of several subjects, each subject's in turn.
3. Write down what became of them, if the endpoint is still held. Whoever is killed before that has sent for nothing:
   when the lease is over, the same events are sent again, under the same ids.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from time import monotonic
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from events.delivery import settling
from events.delivery.batch import Batch
from events.delivery.message import Writer
from events.delivery.wire import Receiver
from events.models import Delivery, DeliveryStatus, EndpointStatus, WebhookEndpoint
from events.models.webhooks import LEASE
from tenants import clock, due
from tenants.context import current_agency
from tenants.failpoints import failpoint
from tenants.models import Agency
from tenants.models.agency import AgencyStatus

log = structlog.get_logger()

POINTS = ("deliver.after_claim", "deliver.after_sending", "deliver.in_settling", "deliver.after_settling")
WIDTH = 8  # requests at once to one endpoint
AT_ONCE = 100
_TURN_S = 10.0
# Receivers that take long have half of a process's threads between them; the others wait for none of those.
_SLOW = BoundedSemaphore(8)
_SLOW_AGAIN = timedelta(seconds=1)


def run(*, endpoint_id: UUID, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Send for some seconds. Safe to run twice, late, or never."""
    endpoint = _claim(endpoint_id, clock.now())
    if endpoint is None:
        return None
    failpoint("deliver.after_claim")
    with ExitStack() as places:
        if endpoint.is_slow and not _SLOW.acquire(blocking=False):
            return _finish(endpoint, clock.now(), earliest=clock.now() + _SLOW_AGAIN)
        if endpoint.is_slow:
            places.callback(_SLOW.release)
        _send(endpoint, is_stopping)
    return _finish(endpoint, clock.now())


@transaction.atomic
def _claim(endpoint_id: UUID, now: datetime) -> WebhookEndpoint | None:
    endpoint = WebhookEndpoint.claim(endpoint_id)
    if endpoint is not None:
        due.put_off(kind=due.Kind.DELIVER, subject_id=endpoint_id, until=now + LEASE)
    elif not WebhookEndpoint.objects.listening().filter(pk=endpoint_id).exists():
        due.done(kind=due.Kind.DELIVER, subject_id=endpoint_id)
    return endpoint  # None, too, while somebody else holds it: they look once more before they let go


def _send(endpoint: WebhookEndpoint, is_stopping: Callable[[], bool]) -> None:
    until, local = monotonic() + _TURN_S, settings.HMRC.name == "local"
    with Receiver(endpoint.url, local=local, width=WIDTH) as receiver, ThreadPoolExecutor(WIDTH) as executor:
        held: WebhookEndpoint | None = endpoint
        while held is not None and held.url == endpoint.url and monotonic() < until and not is_stopping():
            deliveries = _pick(held, clock.now())
            if not deliveries:
                return
            batch = Batch(receiver, Writer(held, now=clock.now()), is_stopping=is_stopping)
            attempts = batch.send(deliveries, executor)
            failpoint("deliver.after_sending")
            held = settling.settle(endpoint, attempts, now=clock.now())
            failpoint("deliver.after_settling")


def _pick(endpoint: WebhookEndpoint, now: datetime) -> Sequence[Delivery]:
    """The next ones; of an endpoint that does not answer, one to find out whether it does."""
    is_open = Agency.objects.filter(pk=current_agency().pk, status=AgencyStatus.ACTIVE).exists()
    if not is_open or endpoint.status != EndpointStatus.ACTIVE or _rests(endpoint, now):
        return []
    most = 1 if endpoint.failures else AT_ONCE
    return list(_ready(endpoint, now).select_related("event").order_by("position")[:most])


def _rests(endpoint: WebhookEndpoint, now: datetime) -> bool:
    return endpoint.rest_until is not None and endpoint.rest_until > now


def _pending(endpoint: WebhookEndpoint) -> QuerySet[Delivery]:
    return Delivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.PENDING)


def _ready(endpoint: WebhookEndpoint, now: datetime) -> QuerySet[Delivery]:
    """All but those of subjects of which one waits for another try: only a first one was ever tried."""
    waiting = _pending(endpoint).filter(next_attempt_at__gt=now, subject_id=OuterRef("subject_id"))
    return _pending(endpoint).filter(~Exists(waiting))


@transaction.atomic
def _finish(endpoint: WebhookEndpoint, now: datetime, *, earliest: datetime | None = None) -> None:
    """Let go of it, and say when it is to be looked at again. Under its lock: what comes in meanwhile comes after."""
    held = WebhookEndpoint.hold(endpoint.pk, fence=endpoint.fence)
    if held is None:
        return
    WebhookEndpoint.objects.filter(pk=held.pk).update(lease_ends_at=None)
    # Anew, and not put off: it has waited for nobody since it was last looked at.
    due.done(kind=due.Kind.DELIVER, subject_id=held.pk)
    at = _next_at(held, now) if held.status == EndpointStatus.ACTIVE else None
    if at is not None:
        at = max(at, earliest or at, held.rest_until or at)
        due.put(kind=due.Kind.DELIVER, subject_id=held.pk, lane=due.Lane.INTERACTIVE, at=at)


def _next_at(endpoint: WebhookEndpoint, now: datetime) -> datetime | None:
    if _ready(endpoint, now).exists():
        return now
    later = _pending(endpoint).filter(next_attempt_at__gt=now)
    found: datetime | None = later.aggregate(at=Min("next_attempt_at"))["at"]
    return found
