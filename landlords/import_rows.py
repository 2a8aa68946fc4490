"""From the cells of a row to what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from landlords.import_fields import ImportField, Refused, field_of, put, whole
from landlords.models import LandlordImport

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

    def read(self, number: int, cells: Sequence[Any]) -> Draft:
        """Every fault of the row at once."""
        draft = Draft(number)
        if len(cells) > self._width:
            draft.faults.append(self.fault("", "too_many_cells", f"The header has {self._width} cells."))
        for place, meaning, found in self._columns:
            cell = cells[place] if place < len(cells) else None
            try:
                if not _is_empty(cell):
                    put(draft.values, meaning, found.read(cell.strip() if isinstance(cell, str) else cell))
            except Refused as why:
                draft.faults.append(self.fault(meaning, why.code, why.detail))
        try:
            whole(draft.values)
        except Refused as why:
            draft.faults.append(self.fault("full_name", why.code, why.detail))
        return draft

    def fault(self, name: str, code: str, detail: str) -> dict[str, Any]:
        """A fault of a field, and the column that it stands in."""
        return {"field": name, "code": code, "detail": detail, "column": self._places.get(name)}


def _is_empty(cell: Any) -> bool:
    return cell in _EMPTY or (isinstance(cell, str) and cell.isspace())
