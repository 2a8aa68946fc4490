"""Lines of cells, and which of them names the columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NoReturn

from landlords.imports import MOST_COLUMNS, Row
from tenants.faults import FieldFault, Invalid

MOST_CELL = 32_767  # characters: Excel's own bound
MOST_TEXT = 32 * 1024 * 1024  # characters of all cells: one text may stand in a million of them
_LOOKED_AT = 20  # lines that may stand above the header

Line = tuple[int, list[Any]]  # its number, from 1, and its cells


@dataclass(frozen=True)
class Sheet:
    """A file, read as far as its header. `rows` reads the rest, once, and may still raise Invalid or UnreadableFile."""

    format: str
    headers: Sequence[str]
    rows: Iterable[Row]
    reading: Mapping[str, str] = field(default_factory=dict)


def split(lines: Iterator[Line]) -> tuple[list[str], Iterator[Row]]:
    """The header and the rows below it; lines without a value are passed over, and counted.

    The header is the first line with two values: above it may stand a title. Raises Invalid if there is none.
    """
    cleaned = _cleaned(lines)
    first = next((cells for _, cells in islice(cleaned, _LOOKED_AT) if sum(map(bool, cells)) > 1), None)
    if first is None:
        refuse("header_missing", "A line that names at least two columns is needed.")
    if len(first) > MOST_COLUMNS:
        refuse("column_count", f"A file has at most {MOST_COLUMNS} columns.")
    return first, (Row(*line) for line in cleaned)


def refuse(code: str, detail: str) -> NoReturn:
    """Raises Invalid: it is not the body that is at fault, but what the file is."""
    raise Invalid(errors=[FieldFault("", code, detail)])


def _cleaned(lines: Iterator[Line]) -> Iterator[Line]:
    """Cells with single spaces, and none that are empty at the end of a line: spreadsheets are full of both."""
    total = 0
    for number, cells in lines:
        total += sum(map(len, cells))
        if total > MOST_TEXT:
            refuse("too_much_inside", f"Its cells hold more than {MOST_TEXT} characters.")
        if max(map(len, cells), default=0) > MOST_CELL:
            refuse("cell_too_long", f"Row {number} has a cell of more than {MOST_CELL} characters.")
        found = [" ".join(cell.split()) for cell in cells]
        while found and not found[-1]:
            found.pop()
        if found:
            yield number, found
