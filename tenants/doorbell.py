"""Rings a worker's bell. Carries ids or nothing; never fails its caller: what nobody rang for, the sweeper finds."""

from enum import StrEnum
from functools import cache
from uuid import UUID

import dramatiq
import structlog
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker

from tenants.kinds import OUTWARD

log = structlog.get_logger()

HOUSE = "house"
HOOKS = "hooks"
CHANGES = "quarterday:changes"  # where it is told which operation has changed, to whoever listens just now
# A bell that is not answered by then is rung again by whoever comes next.
_RUNG_FOR_MS = 2000


class Post(StrEnum):
    """Where carriers wait to be woken. The value is the queue, and the name of the actor in it."""

    CARRIERS = "hmrc"
    RESERVE = "tokens"


def ring(kind: str, agency_id: UUID, subject_id: UUID) -> None:
    """Ring for one thing that is due."""
    try:
        _send(HOOKS if kind in OUTWARD else HOUSE, kind, agency=str(agency_id), subject=str(subject_id))
    except Exception as why:  # noqa: BLE001 - whatever ails Redis, the row stands and the sweeper will ring
        log.warning("doorbell.unheard", kind=kind, agency=str(agency_id), why=type(why).__name__)


def ring_once(kind: str, agency_id: UUID, subject_id: UUID) -> None:
    """The same. While a bell is rung for this and not answered, nothing more is sent."""
    try:
        if _broker().client.set(_bell(f"{kind}:{subject_id}"), 1, nx=True, px=_RUNG_FOR_MS):
            ring(kind, agency_id, subject_id)
    except Exception as why:  # noqa: BLE001 - as above
        log.warning("doorbell.unheard", kind=kind, agency=str(agency_id), why=type(why).__name__)


def heard(kind: str, subject_id: UUID) -> None:
    """Said by whoever answers such a bell, before it looks: what comes from now on rings again."""
    _forget(f"{kind}:{subject_id}")


def wake(post: Post) -> None:
    """Wake one carrier at this post. While a bell is rung there and not answered, nothing more is sent."""
    try:
        if _broker().client.set(_bell(post), 1, nx=True, px=_RUNG_FOR_MS):
            _send(post, post)
    except Exception as why:  # noqa: BLE001 - as above
        log.warning("doorbell.unheard", kind=post, why=type(why).__name__)


def answered(post: Post) -> None:
    """Said by a carrier before it looks at the list: what is put there from now on rings again."""
    _forget(post)


def _forget(name: str) -> None:
    try:
        _broker().client.delete(_bell(name))
    except Exception as why:  # noqa: BLE001 - as above: it ends by itself
        log.warning("doorbell.unheard", kind=name.partition(":")[0], why=type(why).__name__)


def tell(agency_id: UUID, operation_id: UUID) -> None:
    """An operation of this agency has changed: whoever shows it to somebody should look again."""
    try:
        _broker().client.publish(CHANGES, f"{agency_id}:{operation_id}")
    except Exception as why:  # noqa: BLE001 - as above: they look by themselves, too
        log.warning("doorbell.unheard", kind="change", agency=str(agency_id), why=type(why).__name__)


def _bell(name: str) -> str:
    return f"quarterday:bell:{name}"


def _send(queue: str, actor: str, **ids: str) -> None:
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=queue, actor_name=actor, args=(), kwargs=ids, options={}
    )
    _broker().enqueue(message)


@cache
def _broker() -> RedisBroker:
    # An enqueueing broker without middleware: the workers' own is made in workers.broker.
    broker = RedisBroker(url=settings.REDIS_URL, middleware=[])  # type: ignore[no-untyped-call]
    for queue in (HOUSE, HOOKS, *Post):
        broker.declare_queue(queue)
    return broker
