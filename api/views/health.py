"""For those who run it: alive, and ready."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, JsonResponse
from redis import Redis, RedisError

from api import problems
from tenants import installation
from tenants.errors import KeyDenied, SealBroken
from tenants.vault.providers import provider


@problems.only("GET", "HEAD")
@transaction.non_atomic_requests
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@problems.only("GET", "HEAD")
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:
    """Everything it needs answers too; 503 and the names of what does not."""
    found = {name: _holds(check) for name, check in _CHECKS.items()}
    whole = all(found.values())
    return JsonResponse({"status": "ready" if whole else "not ready", "checks": found}, status=200 if whole else 503)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM public.tenants_keycheck LIMIT 1")


def _redis() -> None:
    Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping()


def _keys() -> None:
    provider("data")


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (DatabaseError, InterfaceError, RedisError, KeyDenied, SealBroken, OSError, ImproperlyConfigured):
        return False
    return True


_CHECKS = {
    "database": _database,
    "redis": _redis,
    "keys": _keys,
    "migrations": _migrations,
    "environment": installation.check,
}
