"""Whose database this is.

A copy of a database holds the same single-use tokens as the original, and whoever spends one takes it from the other.
So the database holds the fingerprint of the environment that it belongs to: HMRC's environment, our client id there,
and ENVIRONMENT_ID, which is kept outside. Addresses are no part of it: a server may move. What has another fingerprint
is a copy, and nothing is done in it until an operator adopts it.
"""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from tenants.models import Adoption, Agency

_DIGITS = 16
# The cluster's own number is new after a dump was loaded elsewhere; its timeline after every recovery and failover.
_HISTORY = "SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system()"


def fingerprint() -> str:
    """This process's environment: HMRC's in plain, so that a person sees the difference, the rest as a digest."""
    hmrc = settings.HMRC
    said = f"{hmrc.name}\n{hmrc.client_id}\n{settings.ENVIRONMENT_ID}"
    return f"{hmrc.name}-{hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]}"


def owner() -> str:
    """The fingerprint of the environment that this database belongs to; empty if it was never adopted."""
    newest = _newest()
    return newest.fingerprint if newest else ""


def is_ours() -> bool:
    """Whether tokens may be spent here. One small read."""
    return owner() == fingerprint()


def check() -> None:
    """Raises ImproperlyConfigured where no token may be spent."""
    if settings.HMRC.name == "production" and not settings.ENVIRONMENT_ID:
        raise ImproperlyConfigured("ENVIRONMENT_ID: is missing, and without it a copy looks like the original.")
    if not is_ours():
        raise ImproperlyConfigured(
            f"ENVIRONMENT_ID: this database belongs to {owner() or 'nobody'}, and this is {fingerprint()}:"
            " no token is spent in a copy. To make it this environment's, run manage.py adopt_environment."
        )


def adopt(*, now: datetime) -> None:
    """From now on the database is this environment's, with the history that it has now."""
    Adoption.objects.create(fingerprint=fingerprint(), history=history(), adopted_at=now)


def adopt_if_empty(*, now: datetime) -> None:
    """What holds no agency holds no token: it is the first comer's."""
    if not is_ours() and not Agency.objects.exists():
        adopt(now=now)


def note_history(*, now: datetime) -> None:
    """What was restored has been looked after: its present history is the known one. The owner stays."""
    Adoption.objects.create(fingerprint=owner(), history=history(), adopted_at=now)


def history() -> str:
    """Which server writes this database, on which of its timelines. Empty where PostgreSQL does not say."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_HISTORY)
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return ""


def was_restored() -> bool:
    """Whether the server, or its timeline, is another than when the database was adopted or its grants were doubted.

    A recovery, a failover or a loaded dump; the copy of a stopped server's files can't be told.
    """
    newest, present = _newest(), history()
    return newest is not None and "" not in {newest.history, present} and newest.history != present


def _newest() -> Adoption | None:
    return Adoption.objects.order_by("-pk").first()
