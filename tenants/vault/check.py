"""The check at start: this process holds the right keys, or it does not start."""

from django.core.exceptions import ImproperlyConfigured

from tenants.errors import SealBroken
from tenants.models import KeyCheck, TenantKey
from tenants.vault.providers import Wrapped, provider
from tenants.vault.purposes import Purpose

_KNOWN = b"quarterday: the key that opens this is the right one"


def check_ring(ring: str) -> None:
    """Raises ImproperlyConfigured if the ring's file is missing, unreadable or not the one this database was sealed
    with.

    The first process ever to start on an empty database writes the check.
    """
    setting = "TOKEN_KEK_FILE" if ring == "token" else "KEK_FILE"
    keys = provider(ring)
    checks = list(KeyCheck.objects.filter(ring=ring))
    if not checks and _has_keys(ring):
        raise ImproperlyConfigured(
            f"{setting}: the database holds data keys but no key check; restore tenants_keycheck."
        )
    if checks and not any(_opens(check, ring) for check in checks):
        raise ImproperlyConfigured(f"{setting}: this is not the key that this database was sealed with.")
    if not checks:
        wrapped = keys.wrap(_KNOWN, _context(ring))
        KeyCheck.objects.get_or_create(ring=ring, kek_ref=wrapped.ref, defaults={"wrapped": wrapped.data})


def _opens(check: KeyCheck, ring: str) -> bool:
    try:
        return provider(ring).unwrap(Wrapped(check.kek_ref, bytes(check.wrapped)), _context(ring)) == _KNOWN
    except SealBroken:
        return False


def _has_keys(ring: str) -> bool:
    tokens = TenantKey.objects.filter(purpose=Purpose.TOKEN)
    return (tokens if ring == "token" else TenantKey.objects.exclude(purpose=Purpose.TOKEN)).exists()


def _context(ring: str) -> dict[str, str]:
    return {"app": "quarterday", "check": ring}
