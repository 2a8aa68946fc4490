"""Landlords: create, change, archive, reveal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from events import audit
from landlords import nino as ninos
from landlords.errors import Merged, NinoConflict, NinoMissing, ReferenceTaken
from landlords.models import Landlord
from people.principal import Principal
from tenants.faults import FieldFault, Invalid, NotFound, Stale
from tenants.ids import new_id
from tenants.rows import Worded

_PLAIN = ("reference", "full_name", "email", "external_ids", "tags", "mtd_handling")


def create(*, by: Principal, given: Mapping[str, Any], now: datetime) -> Landlord:
    """Record a landlord. Raises Invalid (NINO), ReferenceTaken, NinoConflict."""
    landlord = new_landlord({**given, "nino": parse_nino(given["nino"]) if given.get("nino") else ""})
    with _unique():
        landlord.save(force_insert=True)
    audit.record(by=by, action="landlord.created", subject_type="landlord", subject_id=landlord.pk, now=now)
    return landlord


def new_landlord(given: Mapping[str, Any]) -> Landlord:
    """A landlord with a name for those who gave none, and a parsed NINO sealed; not stored."""
    landlord = Landlord(id=new_id(), **{name: given[name] for name in _PLAIN if name in given})
    landlord.reference = landlord.reference or f"L-{landlord.id.hex[-12:]}"
    if given.get("nino"):
        landlord.put_nino(given["nino"])
    return landlord


def change(
    *, by: Principal, landlord_id: UUID, given: Mapping[str, Any], expected: int | None, now: datetime
) -> Landlord:
    """Change what is given and nothing else. Raises NotFound, Stale, Invalid, ReferenceTaken, NinoConflict."""
    landlord = get(landlord_id=landlord_id)
    changes = {name: given[name] for name in _PLAIN if name in given}
    if given.get("nino"):
        landlord.put_nino(parse_nino(given["nino"]))
        changes |= {"nino": landlord.nino, "nino_index": landlord.nino_index, "nino_mask": landlord.nino_mask}
    with _unique():
        if not landlord.change(expected=expected, now=now, **changes):
            raise Stale
    audit.record(
        by=by,
        action="landlord.changed",
        subject_type="landlord",
        subject_id=landlord_id,
        now=now,
        fields=sorted(changes),
    )
    return get(landlord_id=landlord_id)


def archive(*, by: Principal, landlord_id: UUID, now: datetime, expected: int | None = None) -> None:
    """Take the landlord off the lists; nothing is erased. Raises NotFound, Stale."""
    if not get(landlord_id=landlord_id).change(expected=expected, now=now, archived_at=now):
        raise Stale
    audit.record(by=by, action="landlord.archived", subject_type="landlord", subject_id=landlord_id, now=now)


def reveal_nino(*, by: Principal, landlord_id: UUID, reason: str, now: datetime) -> str:
    """The NINO in full; who asked and why is audited in the same transaction. Raises NotFound, NinoMissing."""
    landlord = get(landlord_id=landlord_id)
    if landlord.nino is None:
        raise NinoMissing
    audit.record(by=by, action="nino.revealed", subject_type="landlord", subject_id=landlord_id, now=now, reason=reason)
    with landlord.nino.open(reason="revealed") as nino:
        return str(nino)


def get(*, landlord_id: UUID) -> Landlord:
    """Raises NotFound; an archived landlord is not found, and of one that was merged it is said into whom."""
    found: Landlord = _kept(Landlord.objects.filter(pk=landlord_id).first())
    return found


def read(*columns: str, landlord_id: UUID) -> Any:
    """A named tuple of these columns, its own or joined ones, and of `version`. Raises what `get` does."""
    return _kept(next(iter(_reading(columns).ask(landlord_id)), None))


def stored(*columns: str, landlord_id: UUID) -> Any:
    """The same of one that was stored just now, in this transaction: it can't be gone."""
    return _reading(columns).ask(landlord_id)[0]


@cache
def _reading(columns: tuple[str, ...]) -> Worded:
    rows = Landlord.objects.values_list(*columns, "version", "merged_into_id", "archived_at", named=True)
    return Worded(rows.filter(pk=UUID(int=0)))


def _kept(found: Any) -> Any:
    if found is not None and found.merged_into_id is not None:
        raise Merged(landlord_id=str(found.merged_into_id))
    if found is None or found.archived_at is not None:
        raise NotFound
    return found


def refuse_stale(landlord: Landlord, expected: int | None) -> None:
    """Raises Stale if the landlord, who is locked, has not the version `expected` (any, if None)."""
    if expected not in {None, landlord.version}:
        raise Stale


def parse_nino(raw: str, *, pointer: str = "/nino") -> str:
    """Raises Invalid with the rule that refuses it."""
    try:
        return ninos.parse(raw, environment=settings.HMRC.name)
    except ninos.NinoRefused as why:
        raise Invalid(errors=[FieldFault(pointer, why.code, why.detail)]) from None


@contextmanager
def _unique() -> Iterator[None]:
    """Turns the database's own refusals into ours; the surrounding transaction stays usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as why:
        raise (NinoConflict if "one_landlord_a_nino" in str(why) else ReferenceTaken) from None
