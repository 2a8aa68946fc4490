"""Around every message: log context, a fresh look at the database connection, and the way back to the public schema."""

import gc
import signal
from typing import Any

import dramatiq
import structlog
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from dramatiq import Middleware

from hmrc_oauth import stopping
from tenants.db import connection

log = structlog.get_logger()


class Quiet(Middleware):
    """Binds ids to the log and says how a message ended: by kind, never by text."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(actor=message.actor_name, agency=message.kwargs.get("agency"))

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: dramatiq.MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        if exception is not None:
            log.error(
                "actor.failed",
                kind=type(exception).__name__,
                subject=message.kwargs.get("subject"),
                where=where(exception),
            )
        structlog.contextvars.clear_contextvars()


class Connections(Middleware):
    """Before and after: no stale connection, no agency left over."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        close_old_connections()
        connection.set_schema_to_public()

    def after_process_message(
        self,
        broker: dramatiq.Broker,
        message: dramatiq.MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        leave_no_transaction()
        connection.set_schema_to_public()
        close_old_connections()


class Lasting(Middleware):
    """What a process has loaded when it boots stays: the collector, which a large batch calls often, passes it over."""

    def after_process_boot(self, broker: dramatiq.Broker) -> None:
        gc.collect()
        gc.freeze()


class Stopping(Middleware):
    """An orderly stop: from SIGTERM on nothing new is claimed, and what is under way is finished."""

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        # Dramatiq looks only once a second whether it was told to stop.
        dramatiqs = signal.getsignal(signal.SIGTERM)

        def begin(*given: Any) -> None:
            if callable(dramatiqs):
                dramatiqs(*given)
            stopping.begin()
            log.info("worker.stopping")

        signal.signal(signal.SIGTERM, begin)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        stopping.begin()


def leave_no_transaction() -> None:
    """An exception from outside can strike just before a transaction's end is reached. The next message must not run
    inside that one: nothing it stores would ever be committed.
    """
    if connection.in_atomic_block:
        connection.close()
        del connections[DEFAULT_DB_ALIAS]


def where(error: BaseException) -> str:
    """File and line at which it was raised: as much of an exception as may be logged."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
