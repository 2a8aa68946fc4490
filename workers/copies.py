"""Nothing is done in another environment's database (docs/adr/0026-whose-database.md)."""

import dramatiq
import structlog
from django.db import Error
from dramatiq import Middleware
from dramatiq.middleware import SkipMessage

from tenants import installation

log = structlog.get_logger()


class NoCopies(Middleware):
    """Asks before every message, not at the start only: a restore may come later. What is due stays on the list."""

    def before_process_message(self, broker: dramatiq.Broker, message: dramatiq.MessageProxy) -> None:
        if not _is_ours():
            log.error("environment.not_ours")
            raise SkipMessage


def _is_ours() -> bool:
    # Dramatiq goes on after any other exception of a middleware's: a database that can't say is a no.
    try:
        return installation.is_ours()
    except Error:
        return False
