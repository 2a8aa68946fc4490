"""Checks at the start of every process. What is wrong is one line that names the setting, and the process does not
start.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tenants import installation
from tenants.vault.check import check_ring
from tenants.vault.providers import SETTINGS, rings_here

log = structlog.get_logger()


def check_start(*, rings: Sequence[str], spends: bool = False) -> None:
    """Refuse to start without the right keys or with settings that would mix agencies. `rings`: the key rings
    needed. Who `spends` tokens refuses another environment's database, too.
    """
    try:
        for ring in rings:
            _check_key(ring)
        _check_tenancy()
        if spends:
            installation.check()
            if installation.was_restored():
                log.error("database.history_changed")
    except ImproperlyConfigured as why:
        refuse(str(why))


def rings_checked() -> list[str]:
    """The key rings that this process is given, each of which opens what the database holds. Without any it refuses to
    start.
    """
    rings = rings_here()
    check_start(rings=rings or ["data"])
    return rings


def _check_key(ring: str) -> None:
    setting = SETTINGS[ring]
    if getattr(settings, setting) is None:
        raise ImproperlyConfigured(f"{setting}: a key file is needed and none is named.")
    check_ring(ring)


def _check_tenancy() -> None:
    if getattr(settings, "TENANT_LIMIT_SET_CALLS", False):
        raise ImproperlyConfigured(
            "TENANT_LIMIT_SET_CALLS: must stay off; it reads other agencies' rows after a swallowed error."
        )
    if not settings.DATABASES["default"].get("ATOMIC_REQUESTS"):
        raise ImproperlyConfigured("ATOMIC_REQUESTS: must stay on; an answer and what it says are one transaction.")


def refuse(line: str) -> NoReturn:
    """Stop this process with one line."""
    sys.stderr.write(f"quarterday: {line}\n")
    raise SystemExit(2)
