"""Moving data keys from one key-encrypting key to the next. What is sealed with them is not touched."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from tenants.errors import KeyDenied, SealBroken
from tenants.failpoints import failpoint
from tenants.models import KeyCheck, TenantKey
from tenants.vault.check import check_ring, keys_of, vouch
from tenants.vault.keyring import context_of
from tenants.vault.providers import Wrapped, provider, ring_of
from tenants.vault.purposes import Purpose

_AT_ONCE = 500


class Rewrapped(NamedTuple):
    """`left`: how many data keys still name which other key-encrypting key."""

    ring: str
    to: str
    moved: int
    left: Mapping[str, int]


def rewrap(ring: str) -> Rewrapped:
    """Wrap every data key of the ring with its first key, and once no other is named, forget the others' checks.

    Stopped in the midst, it goes on when it is started again. Raises KeyDenied, ImproperlyConfigured if the ring does
    not open what this database holds.
    """
    check_ring(ring)
    to, moved = provider(ring).refs[0], 0
    others = keys_of(ring).exclude(kek_ref=to)
    ids = list(others.order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(ids), _AT_ONCE):
        vouch(ring)  # the file may have changed since the last
        with transaction.atomic():
            rows = others.filter(pk__in=ids[begin : begin + _AT_ONCE]).select_for_update()
            moved += sum(_moves(row) for row in rows)
        failpoint("rotate_kek.between_batches")
    left = Counter(others.values_list("kek_ref", flat=True))
    if not left:
        KeyCheck.objects.filter(ring=ring).exclude(kek_ref=to).delete()
    return Rewrapped(ring, to, moved, dict(left))


def _moves(row: TenantKey) -> bool:
    keys = provider(ring_of(Purpose(row.purpose)))
    try:
        row.kek_ref, row.wrapped = keys.rewrap(Wrapped(row.kek_ref, bytes(row.wrapped)), context_of(row))
    except (KeyDenied, SealBroken):
        return False  # altered, or of a line that is gone meanwhile: it is counted among what is left
    row.save(update_fields=["kek_ref", "wrapped"])
    return True
