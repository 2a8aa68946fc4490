"""Files of landlords, taken in: how fast, how fast again, and how much memory a worker needs for the largest."""

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

ROWS, LARGEST, BAD_EVERY = 10_000, 100_000, 33  # 3 % can't be taken
_HEADER = ["Reference", "Name", "E-mail", "NI No.", "Tags", "external_ids.crm"]
_CHILD = "from tests.bench.imports import weigh; weigh()"


def importing() -> Iterator[Figure]:
    """From the bytes that were uploaded to landlords, sealed and indexed, in one process."""
    with in_django():
        from tenants.context import tenant
        from tenants.provisioning import create_agency
        from tests.api.xlsx_files import xlsx

        agency = create_agency(name="Bench", host="bench.localhost")
        with tenant(agency):
            file = text(ROWS)
            first, again = take(file, created=True), take(file, created=False)
            yield Figure("import.rows_per_s", ROWS / first, "rows/s", ">= 2500")
            yield Figure("import.again_s", again, "s", "<= 2")
            yield Figure("import.all_changed_rows_per_s", ROWS / take(text(ROWS, mail="new.example")), "rows/s")
            spreadsheet = xlsx(rows(ROWS, prefix="X", letters="AB"))
            yield Figure("import.xlsx_rows_per_s", ROWS / take(spreadsheet, created=True), "rows/s", ">= 1500")
        yield from _weighed(str(agency.pk))


def rows(many: int, *, prefix: str = "R", letters: str = "AA", mail: str = "post.example") -> Iterator[list[str]]:
    """A header and so many landlords, one in 33 with an address that is none."""
    yield _HEADER
    for number in range(many):
        address = f"lena{number}@{mail}" if number % BAD_EVERY else f"lena{number}"
        yield [
            f"{prefix}-{number}",
            f"Léna Landlady {number}",
            address,
            f"{letters}{number:06d}A",
            "north, new",
            f"C{number}",
        ]


def text(many: int, **more: str) -> bytes:
    """The same as a CSV."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows(many, **more))
    return out.getvalue().encode("utf-8-sig")


def take(file: bytes, *, created: bool | None = None) -> float:
    """Seconds from the bytes to the last row."""
    began = time.perf_counter()
    made = keep(file)
    _let_a_worker_come(made)
    took = time.perf_counter() - began
    made.refresh_from_db()
    good = ROWS - made.counts["rejected"]
    expected = {True: "created", False: "unchanged", None: "updated"}[created]
    assert made.counts == {expected: good, "rejected": -(-ROWS // BAD_EVERY)}, made.counts
    return took


def keep(file: bytes) -> Any:
    """What the API does with a file."""
    from api.tables import read_file
    from landlords import imports
    from people.principal import SYSTEM
    from tenants import clock

    sheet = read_file(file)
    asked = imports.Asked(sheet.format, sheet.headers, sheet.rows, dry_run=False, reading=sheet.reading)
    return imports.create(by=SYSTEM, asked=asked, now=clock.now())


def _let_a_worker_come(made: Any) -> None:
    from hmrc_oauth import needs
    from landlords import importing as worker

    while made.status == "running":
        worker.run(import_id=made.pk, confirmed=needs.confirmed)
        made.refresh_from_db()


def _weighed(agency_id: str) -> Iterator[Figure]:
    """Two processes of their own for each file: one keeps it, as the API does, and one takes it in."""
    for kind, wanted in (("csv", "<= 200"), ("xlsx", "")):
        name = "import" if kind == "csv" else "import.xlsx"
        kept = _child("keep", agency_id, kind)
        yield Figure(f"{name}.upload_s", kept["seconds"], "s")
        yield Figure(f"{name}.upload_peak_mb", kept["peak_mb"], "MB")
        taken = _child("take", agency_id, kept["import_id"])
        yield Figure(f"{name}.peak_mb", taken["peak_mb"], "MB", wanted)
        yield Figure(f"{name}.largest_s", taken["seconds"], "s")


def _child(*arguments: str) -> dict[str, Any]:
    environ = {**os.environ, "BENCH_IMPORT": json.dumps(arguments)}
    found = subprocess.run([sys.executable, "-c", _CHILD], env=environ, check=True, capture_output=True, text=True)
    said: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    return said


def weigh() -> None:
    """In a child: do one half, and say how long it took and how large this process has ever been."""
    what, agency_id, subject = json.loads(os.environ["BENCH_IMPORT"])
    import django

    django.setup()
    from uuid import UUID

    from landlords.models import LandlordImport
    from tenants.context import tenant
    from workers import answers

    assert answers.ANSWERS  # all that a worker has loaded
    file = _largest(subject) if what == "keep" else b""
    began = time.perf_counter()
    with tenant(UUID(agency_id)):
        made = keep(file) if what == "keep" else LandlordImport.objects.get(pk=subject)
        if what == "take":
            _let_a_worker_come(made)
            assert made.taken == LARGEST, made.taken
    said = {"import_id": str(made.pk), "seconds": time.perf_counter() - began, "peak_mb": _peak_mb()}
    sys.stdout.write(json.dumps(said) + "\n")


def _peak_mb() -> float:
    """Of this program alone: what getrusage says may be its parent's."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _largest(kind: str) -> bytes:
    """Made in a process of its own, so that the making does not weigh."""
    made = (
        "text(LARGEST, prefix='L', letters='AC')" if kind == "csv" else "xlsx(rows(LARGEST, prefix='M', letters='AE'))"
    )
    code = (
        "import sys, django\ndjango.setup()\nfrom tests.bench.imports import *\nfrom tests.api.xlsx_files import xlsx\n"
    )
    program = [sys.executable, "-c", f"{code}sys.stdout.buffer.write({made})"]
    return subprocess.run(program, check=True, capture_output=True).stdout
