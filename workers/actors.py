"""Ids in, one domain call. Every actor may run twice, late or never."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID

import dramatiq
import structlog

from events import audit
from hmrc_oauth import ahead, connections, exchange, expiry, letters, refresh, verify
from mtd import calculating, fetching, filing, intake, retention, work, writing
from tenants import clock, due
from tenants.context import tenant
from tenants.errors import UnknownHost
from tenants.faults import NotFound
from workers.broker import broker

log = structlog.get_logger()


def _actor(name: str, queue: str) -> Callable[[Callable[[UUID], Any]], dramatiq.Actor[Any, Any]]:
    """Declare an actor that enters the agency and makes one domain call. What is no longer there is nothing to do."""

    def declare(work: Callable[[UUID], Any]) -> dramatiq.Actor[Any, Any]:
        @wraps(work)
        def run(*, agency: str, subject: str, **_: object) -> None:
            with suppress(UnknownHost), tenant(UUID(agency)) as entered:
                if entered.is_active:
                    _work(UUID(subject))

        def _work(subject: UUID) -> None:
            try:
                work(subject)
            except NotFound:
                due.done(kind=due.Kind(name), subject_id=subject)
                log.info("actor.nothing_to_do", subject=str(subject))

        return dramatiq.actor(actor_name=name, queue_name=queue, broker=broker)(run)

    return declare


@_actor("exchange", "tokens")
def exchange_code(session_id: UUID) -> None:
    exchange.run(session_id=session_id)


@_actor("refresh", "tokens")
def refresh_grant(grant_id: UUID) -> None:
    refresh.run(grant_id=grant_id)


@_actor("refresh_ahead", "house")
def refresh_ahead(grant_id: UUID) -> None:
    ahead.run(grant_id=grant_id, has_work=work.is_ahead, now=clock.now())


@_actor("check", "hmrc_now")
def check_grant(grant_id: UUID) -> None:
    verify.run(grant_id=grant_id)


@_actor("fetch", "hmrc")
def fetch_reading(operation_id: UUID) -> None:
    fetching.run(operation_id=operation_id)


@_actor("submit", "hmrc")
def submit(submission_id: UUID) -> None:
    filing.run(submission_id=submission_id)


@_actor("write", "hmrc")
def write(write_id: UUID) -> None:
    writing.run(write_id=write_id)


@_actor("calculate", "hmrc_now")
def calculate(operation_id: UUID) -> None:
    calculating.run(operation_id=operation_id)


@_actor("batch", "house")
def take_batch(batch_id: UUID) -> None:
    intake.run(batch_id=batch_id)


@_actor("after_connect", "house")
def after_connect(landlord_id: UUID) -> None:
    fetching.after_connect(landlord_id=landlord_id, now=clock.now())


@_actor("expire_session", "house")
def expire_session(session_id: UUID) -> None:
    connections.expire(session_id=session_id, now=clock.now())


@_actor("wipe_grant", "house")
def wipe_grant(grant_id: UUID) -> None:
    verify.wipe_unverified(grant_id=grant_id, now=clock.now())


@_actor("tell_landlord", "house")
def tell_landlord(connection_id: UUID) -> None:
    letters.run(connection_id=connection_id)


@_actor("expiring", "house")
def warn_of_the_end(grant_id: UUID) -> None:
    expiry.run(grant_id=grant_id, now=clock.now())


@_actor("tidy", "house")
def tidy(_: UUID) -> None:
    retention.tidy(now=clock.now())


@_actor("seal_audit", "house")
def seal_audit(_: UUID) -> None:
    audit.seal_chain(now=clock.now())
