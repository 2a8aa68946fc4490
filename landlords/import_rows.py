"""From cells to what a row says, and from that to what becomes of it. Nothing is stored here."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from landlords import nino as ninos
from landlords.import_fields import ImportField, Refused, field_of, put, whole
from landlords.models import ImportClaim, Landlord, LandlordImport, RowStatus
from landlords.records import new_landlord
from tenants.copying import any_of
from tenants.vault import blind_indexer

_EMPTY: tuple[Any, ...] = (None, "", [], {})


class Column(NamedTuple):
    """A column that is read: its place, from 0, and what it means."""

    place: int
    meaning: str
    field: ImportField


@dataclass(slots=True)
class Draft:
    """What a row says, or its faults."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    reference_key: bytes | None = None
    nino_index: bytes | None = None

    @property
    def keys(self) -> dict[bytes, str]:
        """What the row names its landlord by, and in which field."""
        named = {self.reference_key: "reference", self.nino_index: "nino"}
        return {key: name for key, name in named.items() if key is not None}


@dataclass(slots=True)
class Verdict:
    """What becomes of a row. `landlord`: as it is to be stored, if it is new or changed."""

    number: int
    status: RowStatus
    landlord: Landlord | None = None
    changed: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    keys: Collection[bytes] = ()

    def landlord_id(self, of: LandlordImport) -> UUID | None:
        """The landlord of the row; one whom a dry run would create is nobody yet."""
        if self.landlord is None or (of.dry_run and self.status == RowStatus.CREATED):
            return None
        return self.landlord.pk


class Reader:
    """Reads the rows of one import by what its columns mean."""

    def __init__(self, of: LandlordImport) -> None:
        self._width = len(of.columns)
        self._columns = [
            Column(place, meaning, found)
            for place, meaning in enumerate(of.mapping)
            if meaning and (found := field_of(meaning)) is not None
        ]
        self._places = {column.meaning: column.place for column in self._columns}
        self._reference_key, self._nino_index = reference_key(), Landlord.indexer()

    def read(self, number: int, cells: Sequence[Any]) -> Draft:
        """Every fault of the row at once."""
        draft = Draft(number)
        if len(cells) > self._width:
            draft.faults.append(self.fault("", "too_many_cells", f"The header has {self._width} cells."))
        for column in self._columns:
            self._take(draft, column, cells)
        try:
            whole(draft.values)
        except Refused as why:
            draft.faults.append(self.fault("full_name", why.code, why.detail))
        if not draft.faults:
            self._index(draft)
        return draft

    def fault(self, name: str, code: str, detail: str) -> dict[str, Any]:
        """A fault of a field, and the column that it stands in."""
        return {"field": name, "code": code, "detail": detail, "column": self._places.get(name)}

    def _take(self, draft: Draft, column: Column, cells: Sequence[Any]) -> None:
        cell = cells[column.place] if column.place < len(cells) else None
        if isinstance(cell, str):
            cell = cell.strip()
        if cell in _EMPTY:
            return
        try:
            put(draft.values, column.meaning, column.field.read(cell))
        except Refused as why:
            draft.faults.append(self.fault(column.meaning, why.code, why.detail))

    def _index(self, draft: Draft) -> None:
        reference, nino = draft.values.get("reference"), draft.values.get("nino")
        draft.reference_key = None if reference is None else self._reference_key(reference)
        draft.nino_index = None if nino is None else self._nino_index(nino)


def reference_key() -> Callable[[str], bytes]:
    """By what a reference is claimed."""
    return blind_indexer("import.reference")


class Judge:
    """Says what becomes of each row, one after another: what an earlier row of the file stands for, a later one can't.

    `claims`: which key each earlier row stands for, by its number.
    """

    def __init__(self, of: LandlordImport, reader: Reader, drafts: Sequence[Draft]) -> None:
        self._reader = reader
        landlords = on_file(drafts)
        self._by_reference = {landlord.reference: landlord for landlord in landlords}
        self._by_nino = {bytes(each.nino_index): each for each in landlords if each.nino_index is not None}
        self._found = [(draft, self._find(draft)) for draft in drafts]
        self._key = reference_key()
        keys = [key for draft, known in self._found for key in self._keys(draft, known)]
        self._claims = claims(of, keys)

    def verdicts(self) -> list[Verdict]:
        """One for each row, in their order."""
        return [self._judge(draft, known) for draft, known in self._found]

    def _judge(self, draft: Draft, known: Landlord | None) -> Verdict:
        keys = self._keys(draft, known)
        faults = draft.faults or list(self._doubled(keys)) or list(self._conflicts(draft, known))
        if faults:
            return Verdict(draft.number, RowStatus.REJECTED, faults=faults)
        self._claims |= dict.fromkeys(keys, draft.number)
        return _created(draft, keys) if known is None else _compared(draft, known, keys)

    def _keys(self, draft: Draft, known: Landlord | None) -> dict[bytes, str]:
        """What the row names its landlord by, and what that landlord is known by besides, each with its field. A number
        that the row replaces is still nobody else's in this file.
        """
        keys = draft.keys
        if known is not None and draft.reference_key is None:
            keys[self._key(known.reference)] = "reference"
        if known is not None and known.nino_index is not None:
            keys[bytes(known.nino_index)] = "nino"
        return keys

    def _find(self, draft: Draft) -> Landlord | None:
        """The landlord on file of whom the row speaks: by reference if it has one, else by NINO."""
        reference = draft.values.get("reference")
        return self._with_nino(draft) if reference is None else self._by_reference.get(reference)

    def _with_nino(self, draft: Draft) -> Landlord | None:
        return None if draft.nino_index is None else self._by_nino.get(draft.nino_index)

    def _doubled(self, keys: Mapping[bytes, str]) -> Iterator[dict[str, Any]]:
        key = next((key for key in keys if key in self._claims), None)
        if key is not None:
            said = f"Row {self._claims[key]} is for the same landlord."
            yield self._reader.fault(keys[key], "duplicate_row", said)

    def _conflicts(self, draft: Draft, known: Landlord | None) -> Iterator[dict[str, Any]]:
        if not draft.keys:
            yield self._reader.fault("reference", "identity_missing", "A reference or a NINO is needed.")
        owner = self._with_nino(draft)
        if owner is not None and owner is not known:
            said = f"The landlord {owner.pk} has this National Insurance number."
            yield self._reader.fault("nino", "nino.conflict", said)
        elif known is None and "full_name" not in draft.values:
            yield self._reader.fault("full_name", "required", "A new landlord needs a name.")


def claims(of: LandlordImport, keys: Sequence[bytes]) -> dict[bytes, int]:
    """Which of these keys earlier rows of the import stand for, by their numbers."""
    rows = ImportClaim.objects.filter(any_of(ImportClaim, "key", keys), landlord_import=of).values_list("key", "number")
    return {bytes(key): number for key, number in rows}


def on_file(drafts: Sequence[Draft]) -> list[Landlord]:
    """Every landlord on file of whom one of these may speak. Two questions, each with an index of its own; the second
    is only of those whom the first did not find.
    """
    references = [draft.values["reference"] for draft in drafts if "reference" in draft.values]
    found = list(Landlord.objects.kept().filter(any_of(Landlord, "reference", references)))
    known = {bytes(landlord.nino_index) for landlord in found if landlord.nino_index is not None}
    asked = {draft.nino_index for draft in drafts if draft.nino_index is not None} - known
    return [*found, *(Landlord.objects.kept().filter(any_of(Landlord, "nino_index", list(asked))) if asked else ())]


def _created(draft: Draft, keys: Collection[bytes]) -> Verdict:
    return Verdict(draft.number, RowStatus.CREATED, new_landlord(draft.values), keys=keys)


def _compared(draft: Draft, known: Landlord, keys: Collection[bytes]) -> Verdict:
    changed = [name for name in draft.values if _differs(known, name, draft)]
    for name in changed:
        _set(known, name, draft.values[name])
    status = RowStatus.UPDATED if changed else RowStatus.UNCHANGED
    return Verdict(draft.number, status, known, sorted(changed), keys=keys)


def _differs(known: Landlord, name: str, draft: Draft) -> bool:
    value = draft.values[name]
    if name == "nino":  # never opened: the index tells of the first eight letters, the mask of the last
        index = None if known.nino_index is None else bytes(known.nino_index)
        return index != draft.nino_index or known.nino_mask != ninos.mask(value)
    if name == "external_ids":  # those of other systems stay
        return not known.external_ids.items() >= value.items()
    return bool(getattr(known, name) != value)


def _set(known: Landlord, name: str, value: Any) -> None:
    if name == "nino":
        known.put_nino(value)
    elif name == "external_ids":
        known.external_ids = {**known.external_ids, **value}
    else:
        setattr(known, name, value)
