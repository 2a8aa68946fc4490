"""What became of each row, as a file for a spreadsheet, in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable

from api.outputs.imports import ImportRowOut
from landlords.models import ImportRow

# What makes a spreadsheet work a cell out (OWASP, CSV injection), in its wide forms too.
_BEGINS_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_HEADER = ("row", "status", "landlord_id", "reference", "changed", "cells", "columns", "codes", "details")


def render(rows: Iterable[ImportRow]) -> bytes:
    """CSV in UTF-8, with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    writer.writerows(map(_line, rows))
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The text, behind an apostrophe if it would be a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell


def _line(row: ImportRow) -> list[str]:
    said = ImportRowOut(row).data
    faults = [[fault[name] or "" for fault in said["errors"]] for name in ("cell", "column", "code", "detail")]
    told = [str(said["row"]), said["status"], str(said["landlord_id"] or ""), said["reference"] or ""]
    return [harmless(cell) for cell in (*told, ", ".join(said["changed"]), *map("; ".join, faults))]
