"""Whatever was sent, as a sheet: headers and rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.tables import text
from api.tables.grid import Sheet, refuse, split
from api.tables.xlsx import Workbook
from landlords.imports import MOST_COLUMNS, Row
from tenants.faults import FieldFault, Invalid

_PACKED = (b"PK\3\4", b"PK\5\6", b"\xd0\xcf\x11\xe0")
# In place of what is nested deeper than anything here: no field takes it.
_TOO_DEEP = [None]


def read_file(body: bytes, *, charset: str = "", sheet: str = "") -> Sheet:
    """An XLSX if it begins as one, else comma-separated values. `sheet`: its name; the first that is shown, if not
    given.

    Raises UnreadableFile, Invalid: here, or when its rows are read.
    """
    if body.startswith(_PACKED):
        return _workbook(body, sheet)
    encoding = text.encoding_of(body, declared=charset)
    delimiter = text.delimiter_of(body, encoding)
    headers, rows = split(text.lines(body, encoding=encoding, delimiter=delimiter))
    return Sheet("csv", headers, rows, {"encoding": encoding, "delimiter": delimiter})


def read_objects(objects: Sequence[Mapping[str, Any]]) -> Sheet:
    """A list of objects: every name that one of them has is a column. Raises Invalid."""
    names: dict[str, None] = {}
    for each in objects:
        names.update(dict.fromkeys(each))
        if len(names) > MOST_COLUMNS:
            refuse("column_count", f"At most {MOST_COLUMNS} different names.")
    if not names:
        refuse("header_missing", "A landlord that says something is needed.")
    return Sheet("json", [" ".join(name.split()) for name in names], _objects(objects, list(names)))


def _workbook(body: bytes, sheet: str) -> Sheet:
    book = Workbook(body)
    found = next((each for each in book.sheets if sheet in {"", each.name}), None)
    if found is None:
        raise Invalid(errors=[FieldFault("?sheet", "invalid_choice", "The file has no sheet of that name.")])
    headers, rows = split(book.lines(found))
    return Sheet("xlsx", headers, rows, {"sheet": found.name[:100]})


def _objects(objects: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[Row]:
    for number, each in enumerate(objects, start=1):
        if each:
            yield Row(number, [_shallow(each.get(name)) for name in names])


def _shallow(cell: Any) -> Any:
    inner = cell.values() if isinstance(cell, dict) else cell if isinstance(cell, list) else ()
    return _TOO_DEEP if any(isinstance(each, list | dict) for each in inner) else cell
