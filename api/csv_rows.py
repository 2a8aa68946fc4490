"""A batch as a file of rows: which column is which member, and nothing in a cell but what it says.

A cell that looks like a formula is text like any other: amounts are held to their form, and names are looked up, so
that it is refused or taken literally, and never worked out.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rest_framework import serializers

from api.errors import MalformedCSV
from api.inputs_batches import BatchRowIn
from mtd.batches import MOST_ROWS
from mtd.figures import FIGURES
from mtd.shapes import Object
from tenants.faults import FieldFault, Invalid

_DELIMITERS = ",;\t|"
_Path = tuple[str, ...]


class Table(NamedTuple):
    """Numbered rows, shaped as JSON would have them, or the fault of one that can't be; and which column each pointer
    into a row comes from.
    """

    rows: Sequence[tuple[int, dict[str, Any] | FieldFault]]
    columns: Mapping[str, str]


def read(text: str) -> Table:
    """Raises MalformedCSV; Invalid for a header that can't be used, or too many rows.

    Row 1 is the line after the header; lines without a value are passed over, and counted.
    """
    lines = _lines(text)
    header = next(lines, [])
    paths = _paths(header)
    rows = [(number, _row(paths, cells)) for number, cells in enumerate(lines, start=1) if any(cells)]
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Invalid(errors=[FieldFault("", "row_count", f"A file has 1 to {MOST_ROWS} rows.")])
    return Table(rows, {"/" + "/".join(path): name.strip() for path, name in zip(paths, header, strict=True)})


def known_columns() -> dict[str, _Path]:
    """Every header that is taken, in small letters: HMRC's names dotted (`income.periodAmount`) or with underscores
    (`income_period_amount`), and the other members of a row by their own.
    """
    names: dict[str, _Path] = {}
    for path in _leaves():
        said = path[1:] if path[0] == "figures" else path
        names[".".join(said).lower()] = names["_".join(map(_snake, said))] = path
    return names


def _leaves() -> Iterator[_Path]:
    for name, field in BatchRowIn().fields.items():
        if name == "figures":
            yield from (("figures", *path) for path in _amounts(FIGURES))
        elif isinstance(field, serializers.Serializer):
            yield from ((name, str(inner)) for inner in field.fields)
        else:
            yield (name,)


def _amounts(shape: Object) -> Iterator[_Path]:
    for name, inner in shape.members.items():
        yield from ((name, *path) for path in _amounts(inner)) if isinstance(inner, Object) else [(name,)]


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _lines(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    try:
        delimiter = csv.Sniffer().sniff(first, _DELIMITERS).delimiter
    except csv.Error:
        delimiter = ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise MalformedCSV(f"Line {reader.line_num} can't be read.") from None


def _paths(header: Sequence[str]) -> list[_Path]:
    known = known_columns()
    paths = [known.get(name.strip().lower()) for name in header]
    faults = [
        FieldFault(f"/header/{place}", "unknown_column" if path is None else "column_twice", _HEADER_SAID)
        for place, path in enumerate(paths)
        if path is None or path in paths[:place]
    ]
    if faults:
        raise Invalid(errors=faults)
    return [path for path in paths if path is not None]


_HEADER_SAID = "Each column is named once, by a name that docs/filing.md lists."


def _row(paths: Sequence[_Path], cells: Sequence[str]) -> dict[str, Any] | FieldFault:
    if len(cells) != len(paths):  # which cell belongs to which column, nobody can tell
        return FieldFault("", "cell_count", f"This row has {len(cells)} cells; the header has {len(paths)}.")
    row: dict[str, Any] = {}
    for path, cell in zip(paths, cells, strict=True):
        if cell.strip():
            put(row, path, cell.strip())
    return row


def put(row: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set one member of nested objects, making those above it."""
    for name in path[:-1]:
        row = row.setdefault(name, {})
    row[path[-1]] = value
