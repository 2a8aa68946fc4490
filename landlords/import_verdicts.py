"""From what the rows say to what becomes of them. Nothing is stored here."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from landlords import nino as ninos
from landlords.import_rows import Draft, Reader
from landlords.models import ImportClaim, ImportRow, Landlord, LandlordImport, RowStatus
from landlords.records import new_landlord
from tenants.copying import any_of
from tenants.vault import blind_indexer

# Those of these landlords for whom HMRC has confirmed the number on file; they stay so until the transaction ends.
Confirmed = Callable[[Collection[UUID]], set[UUID]]


@dataclass(slots=True)
class Verdict:
    """What becomes of a row. `landlord`: as it is to be stored, if it is new or changed. `claims`: what the row stands
    for that can't be told from what is on file.
    """

    number: int
    status: RowStatus
    landlord: Landlord | None = None
    changed: list[str] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    claims: Collection[bytes] = ()

    def landlord_id(self, of: LandlordImport) -> UUID | None:
        """The landlord of the row; one whom a dry run would create is nobody yet."""
        if self.landlord is None or (of.dry_run and self.status == RowStatus.CREATED):
            return None
        return self.landlord.pk


class Judge:
    """Says what becomes of each row, one after another: what an earlier row of the file stands for, a later one can't.

    An earlier row stands for the landlord on file that it was found to be, and for the reference and the number that it
    named.
    """

    def __init__(self, of: LandlordImport, reader: Reader, drafts: Sequence[Draft], confirmed: Confirmed) -> None:
        self._reader, self._drafts, self._is_dry = reader, drafts, of.dry_run
        # Nobody is created by a dry run: the next part finds who would be by this, and nothing else is stored of them.
        self._reference_key = blind_indexer("import.reference") if of.dry_run else str.encode
        self._nino_index = Landlord.indexer()
        self._keys = [self._keys_of(draft) for draft in drafts]
        landlords = _on_file(drafts, [keys.get("nino") for keys in self._keys])
        self._by_reference = {landlord.reference: landlord for landlord in landlords}
        self._by_nino = {bytes(each.nino_index): each for each in landlords if each.nino_index is not None}
        self._rows = _touched(of, [landlord.pk for landlord in landlords])
        self._claims = _claimed(of, [key for keys in self._keys for key in keys.values()])
        renumbered = self._renumbered()
        self._confirmed = confirmed(renumbered) if renumbered else set()

    def verdicts(self) -> list[Verdict]:
        """One for each row, in their order."""
        return [self._judge(draft, keys) for draft, keys in self._pairs()]

    def _judge(self, draft: Draft, keys: Mapping[str, bytes]) -> Verdict:
        owner = self._by_nino.get(keys["nino"]) if "nino" in keys else None
        known = self._by_reference.get(draft.values["reference"]) if "reference" in keys else owner
        faults = (
            draft.faults or list(self._doubled(keys, known, owner)) or list(self._conflicts(draft, keys, known, owner))
        )
        if faults:
            return Verdict(draft.number, RowStatus.REJECTED, faults=faults)
        verdict = self._created(draft, keys) if known is None else self._compared(draft, keys, known)
        self._claims |= dict.fromkeys((*keys.values(), *verdict.claims), draft.number)
        if known is not None:
            self._rows[known.pk] = draft.number
        return verdict

    def _renumbered(self) -> set[UUID]:
        """Those on file to whom a row gives another person's number."""
        named = ((self._by_reference.get(draft.values.get("reference", "")), keys) for draft, keys in self._pairs())
        return {known.pk for known, keys in named if known is not None and _is_renumbered(known, keys)}

    def _pairs(self) -> Iterator[tuple[Draft, Mapping[str, bytes]]]:
        return zip(self._drafts, self._keys, strict=True)

    def _keys_of(self, draft: Draft) -> dict[str, bytes]:
        """What the row names its landlord by; nothing if it is at fault."""
        if draft.faults:
            return {}
        index = {"reference": self._reference_key, "nino": self._nino_index}
        return {name: index[name](draft.values[name]) for name in index if name in draft.values}

    def _doubled(
        self, keys: Mapping[str, bytes], known: Landlord | None, owner: Landlord | None
    ) -> Iterator[dict[str, Any]]:
        """The first thing by which it is seen that an earlier row is for the same landlord."""
        earlier = {name: self._claims.get(key) for name, key in keys.items()}
        for name, landlord in (("nino", owner), ("reference" if "reference" in keys else "nino", known)):
            if landlord is not None and landlord.pk in self._rows:
                earlier[name] = self._rows[landlord.pk]
        first = next(((name, number) for name, number in earlier.items() if number is not None), None)
        if first is not None:
            yield self._reader.fault(first[0], "duplicate_row", f"Row {first[1]} is for the same landlord.")

    def _conflicts(
        self, draft: Draft, keys: Mapping[str, bytes], known: Landlord | None, owner: Landlord | None
    ) -> Iterator[dict[str, Any]]:
        if not draft.values.keys() & {"reference", "nino"}:
            yield self._reader.fault("reference", "identity_missing", "A reference or a NINO is needed.")
        elif owner is not None and owner is not known:
            said = f"The landlord {owner.pk} has this National Insurance number."
            yield self._reader.fault("nino", "nino.conflict", said)
        elif known is None and "full_name" not in draft.values:
            yield self._reader.fault("full_name", "required", "A new landlord needs a name.")
        elif known is not None and known.pk in self._confirmed and _is_renumbered(known, keys):
            said = "The landlord is connected, and HMRC has confirmed another number. Is it wrong? Correct the record."
            yield self._reader.fault("nino", "connect.nino_confirmed", said)

    def _created(self, draft: Draft, keys: Mapping[str, bytes]) -> Verdict:
        claims = keys.values() if self._is_dry else ()
        return Verdict(draft.number, RowStatus.CREATED, new_landlord(draft.values), claims=claims)

    def _compared(self, draft: Draft, keys: Mapping[str, bytes], known: Landlord) -> Verdict:
        changed = [name for name, value in draft.values.items() if _differs(known, name, value, keys)]
        if not changed:
            return Verdict(draft.number, RowStatus.UNCHANGED, known)
        # A number that is given up here is still nobody else's in this file: which row came first should not matter.
        numbers = {keys["nino"], bytes(known.nino_index or b"")} - {b""} if "nino" in changed else set()
        for name in changed:
            _set(known, name, draft.values[name])
        return Verdict(draft.number, RowStatus.UPDATED, known, sorted(changed), claims=numbers)


def _on_file(drafts: Sequence[Draft], indexes: Sequence[bytes | None]) -> list[Landlord]:
    """Every landlord on file of whom one of these may speak. Two questions, each with an index of its own; the second
    is only of those whom the first did not find.
    """
    references = [draft.values["reference"] for draft in drafts if "reference" in draft.values]
    found = list(Landlord.objects.kept().filter(any_of(Landlord, "reference", references)))
    known = {bytes(landlord.nino_index) for landlord in found if landlord.nino_index is not None}
    asked = [index for index in indexes if index is not None and index not in known]
    return [*found, *(Landlord.objects.kept().filter(any_of(Landlord, "nino_index", asked)) if asked else ())]


def _touched(of: LandlordImport, landlords: Sequence[UUID]) -> dict[UUID, int]:
    """Which of these landlords an earlier row of the import was for, by its number."""
    rows = ImportRow.objects.filter(any_of(ImportRow, "landlord_id", landlords), landlord_import=of)
    return dict(rows.values_list("landlord_id", "number"))


def _claimed(of: LandlordImport, keys: Sequence[bytes]) -> dict[bytes, int]:
    """Which of these keys an earlier row of the import stands for, by its number."""
    rows = ImportClaim.objects.filter(any_of(ImportClaim, "key", keys), landlord_import=of)
    return {bytes(key): number for key, number in rows.values_list("key", "number")}


def _is_renumbered(known: Landlord, keys: Mapping[str, bytes]) -> bool:
    """Whether the row names another number than the one on file; the suffix letter does not tell people apart."""
    return "nino" in keys and known.nino_index is not None and bytes(known.nino_index) != keys["nino"]


def _differs(known: Landlord, name: str, value: Any, keys: Mapping[str, bytes]) -> bool:
    if name == "nino":  # never opened: the index tells of the first eight letters, the mask of the last
        index = None if known.nino_index is None else bytes(known.nino_index)
        return index != keys["nino"] or known.nino_mask != ninos.mask(value)
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
