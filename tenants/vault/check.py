"""The check at start: this process holds the right keys, or it does not start."""

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from tenants.errors import KeyDenied, SealBroken
from tenants.models import KeyCheck, TenantKey
from tenants.vault.providers import SETTINGS, Wrapped, provider, purposes_of

_KNOWN = b"quarterday: the key that opens this is the right one"


def check_ring(ring: str) -> None:
    """Raises ImproperlyConfigured if the ring's file is missing, unreadable or not the one this database was sealed
    with.

    The first process ever to start on an empty database writes the check. So does the first that starts with a new
    line, before anything is wrapped with it: a host that was given another under its name is refused.
    """
    setting, held = SETTINGS[ring], provider(ring).refs
    checks = list(KeyCheck.objects.filter(ring=ring))
    wrapping = set(keys_of(ring).values_list("kek_ref", flat=True).distinct())
    if not checks and wrapping:
        raise ImproperlyConfigured(
            f"{setting}: the database holds data keys but no key check; restore tenants_keycheck."
        )
    known = [check for check in checks if check.kek_ref in held]
    if checks and not (known and all(_opens(check, ring) for check in known)):
        raise ImproperlyConfigured(f"{setting}: this is not the key that this database was sealed with.")
    if missing := sorted(wrapping.difference(held)):
        raise ImproperlyConfigured(f"{setting}: data keys are wrapped with {', '.join(missing)}, which is not in it.")
    if held[0] not in {check.kek_ref for check in known}:
        _remember(ring)


def _remember(ring: str) -> None:
    wrapped = provider(ring).wrap(_KNOWN, _context(ring))
    KeyCheck.objects.get_or_create(ring=ring, kek_ref=wrapped.ref, defaults={"wrapped": wrapped.data})


def keys_of(ring: str) -> QuerySet[TenantKey]:
    """The data keys that this ring wraps."""
    return TenantKey.objects.filter(purpose__in=purposes_of(ring))


def _opens(check: KeyCheck, ring: str) -> bool:
    try:
        return provider(ring).unwrap(Wrapped(check.kek_ref, bytes(check.wrapped)), _context(ring)) == _KNOWN
    except (KeyDenied, SealBroken):
        return False


def _context(ring: str) -> dict[str, str]:
    return {"app": "quarterday", "check": ring}
