"""Files of landlords, asked for and taken in."""

from collections.abc import Sequence
from typing import Any

from hmrc_oauth import needs
from landlords import importing, imports
from landlords.imports import Asked, Row
from landlords.models import ImportRow, Landlord, LandlordImport
from tenants import clock
from tests.hmrc_oauth.scenes import KEY, again

HEADERS = ("Reference", "Name", "E-mail", "NI no.", "Tags", "external_ids.crm")
NINOS = [f"AA{number:06d}A" for number in range(100)]


def line(number: int, **more: Any) -> list[Any]:
    """A row that is as it should be."""
    cells = {
        "reference": f"R-{number}",
        "full_name": f"Lena Landlady {number}",
        "email": f"lena{number}@post.example",
        "nino": f"AA{number:06d}A",
        "tags": "north, new",
        "crm": f"C{number}",
        **more,
    }
    return list(cells.values())


def asked(*lines: Sequence[Any], headers: Sequence[str] = HEADERS, dry_run: bool = False, **more: Any) -> Asked:
    rows = [Row(number, cells) for number, cells in enumerate(lines, start=2)]
    return Asked(**{"format": "csv", "headers": headers, "rows": rows, "dry_run": dry_run, **more})


def create(*lines: Sequence[Any], **more: Any) -> LandlordImport:
    """An import that nobody took in yet."""
    return imports.create(by=KEY, asked=asked(*lines, **more), now=clock.now())


def taken(*lines: Sequence[Any], **more: Any) -> LandlordImport:
    made = create(*lines, **more)
    importing.run(import_id=made.pk, confirmed=needs.confirmed)
    return again(made)


def statuses(made: LandlordImport) -> list[str]:
    return list(ImportRow.objects.filter(landlord_import=made).order_by("number").values_list("status", flat=True))


def faults(made: LandlordImport, number: int) -> list[tuple[str, str, int | None]]:
    """Field, code and column of each."""
    row = ImportRow.objects.get(landlord_import=made, number=number)
    return [(each["field"], each["code"], each["column"]) for each in row.faults]


def on_file() -> list[tuple[Any, ...]]:
    """What is known of every landlord, without ids and times."""
    names = ("reference", "full_name", "email", "nino_mask", "tags", "external_ids", "version")
    rows = Landlord.objects.kept().order_by("reference")
    return [(*(getattr(each, name) for name in names), opened(each)) for each in rows]


def opened(landlord: Landlord) -> str | None:
    if landlord.nino is None:
        return None
    with landlord.nino.open(reason="test") as nino:
        return str(nino)
