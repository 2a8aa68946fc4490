"""The check at start: this process holds the right keys, or it does not start."""

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet

from tenants.errors import KeyDenied, SealBroken
from tenants.models import KeyCheck, TenantKey
from tenants.vault.providers import SETTINGS, Wrapped, provider, purposes_of

_vouched: set[tuple[str, bytes]] = set()
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
        raise _other_key(ring)
    if missing := sorted(wrapping.difference(held)):
        raise ImproperlyConfigured(f"{setting}: data keys are wrapped with {', '.join(missing)}, which is not in it.")
    if held[0] not in {check.kek_ref for check in known}:
        _remember(ring)


def vouch(ring: str) -> None:
    """Before anything is wrapped with a line that was read since the start: what check_ring says of it, if nobody has
    said so yet. Raises ImproperlyConfigured.
    """
    line = (ring, provider(ring).first)
    if line not in _vouched:
        check_ring(ring)
        transaction.on_commit(lambda: _vouched.add(line))  # a check that is rolled back was never written


def _remember(ring: str) -> None:
    wrapped = provider(ring).wrap(_KNOWN, _context(ring))
    check, _ = KeyCheck.objects.get_or_create(ring=ring, kek_ref=wrapped.ref, defaults={"wrapped": wrapped.data})
    if not _opens(check, ring):  # another host came first, with another key of that name
        raise _other_key(ring)


def _other_key(ring: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{SETTINGS[ring]}: this is not the key that this database was sealed with.")


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
