"""Rings a worker's bell. Carries ids only; never fails its caller: what nobody rang for, the sweeper finds."""

from functools import cache
from uuid import UUID

import dramatiq
import structlog
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker

log = structlog.get_logger()

# Which queue answers: tokens have workers of their own; a person who waits does not queue behind bulk.
QUEUES = {
    "exchange": "tokens",
    "refresh": "tokens",
    "refresh_ahead": "house",
    "submit": "hmrc",
    "batch": "house",
    "write": "hmrc",
    "calculate": "hmrc_now",
    "after_connect": "house",
    "fetch": "hmrc",
    "check": "hmrc_now",
    "expire_session": "house",
    "wipe_grant": "house",
    "tell_landlord": "house",
    "expiring": "house",
    "seal_audit": "house",
    "tidy": "house",
}


def ring(kind: str, lane: str, agency_id: UUID, subject_id: UUID) -> None:
    """Ring for one thing that is due."""
    queue = QUEUES[kind]
    if queue == "hmrc" and lane == "interactive":
        queue = "hmrc_now"
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=queue,
        actor_name=kind,
        args=(),
        kwargs={"agency": str(agency_id), "subject": str(subject_id)},
        options={},
    )
    try:
        _broker().enqueue(message)
    except Exception as why:  # noqa: BLE001 - whatever ails Redis, the row stands and the sweeper will ring
        log.warning("doorbell.unheard", kind=kind, agency=str(agency_id), why=type(why).__name__)


@cache
def _broker() -> RedisBroker:
    # An enqueueing broker without middleware: the workers' own is made in workers.broker.
    broker = RedisBroker(url=settings.REDIS_URL, middleware=[])  # type: ignore[no-untyped-call]
    for queue in {*QUEUES.values(), "hmrc_now"}:
        broker.declare_queue(queue)
    return broker
