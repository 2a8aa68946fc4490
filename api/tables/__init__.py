"""A file of rows, whatever its format: what it holds as text, cell by cell, and nothing of it is worked out."""

from collections.abc import Mapping
from types import MappingProxyType

from api.tables.grid import MOST_CELL, MOST_TEXT, Sheet
from api.tables.package import MOST_INSIDE
from api.tables.reading import read_file, read_objects
from landlords.imports import MOST_COLUMNS, MOST_ROWS

__all__ = ["LIMITS", "MOST_BYTES", "Sheet", "read_file", "read_objects"]

MOST_BYTES = 20 * 1024 * 1024
LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "bytes": MOST_BYTES,
        "rows": MOST_ROWS,
        "columns": MOST_COLUMNS,
        "cell_characters": MOST_CELL,
        "characters": MOST_TEXT,
        "unpacked_bytes": MOST_INSIDE,
    }
)
