"""New agencies, and one new migration for all of them, while they grow in number.

`AGENCIES=5000 make bench ONLY=agency` for more of them; each takes some 1.3 MB of disk while it runs. Beside each new
agency's time stands what as many new files take in the same folder without PostgreSQL: the file system's part of it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

AGENCIES, A_FEW = 2_000, 20
MARKS = (1_000, 2_000, 5_000)
BY_MIGRATIONS, BY_STOCK = 3, 10  # so many are timed for a baseline
FILLERS = 2
FILE_ROUNDS = 5
WANTED_S = {1_000: "<= 4"}
_AT_ONCE = 500  # as many schemas' tables as one transaction may lock
_WHERE_AND_HOW_MANY = """
SELECT pg_relation_filepath('public.tenants_agency'), count(*) + 2 * count(nullif(reltoastrelid, 0))
FROM pg_class WHERE relnamespace = to_regnamespace(%s)
"""
_UNDO = (
    "ALTER TABLE {schema}.landlords_landlord DROP COLUMN IF EXISTS probe;"
    "DELETE FROM {schema}.django_migrations WHERE name = '9000_probe';"
)


def agencies() -> Iterator[Figure]:
    """Every figure by so many agencies as there are at its time."""
    many = int(os.environ.get("AGENCIES", AGENCIES))
    with in_django() as cluster, tempfile.TemporaryDirectory() as folder:
        slow = _created(BY_MIGRATIONS, by_migrations=True)
        yield Figure("agency.create_ms", _created(A_FEW - BY_MIGRATIONS), "ms", "<= 150", slow)
        yield Figure("agency.files_ms", _files(cluster), "ms")
        release = _release(Path(folder))
        for mark in [mark for mark in MARKS if mark <= many]:
            _fill(mark - A_FEW)
            yield Figure(f"agency.create_ms_at_{mark}", _created(A_FEW), "ms", "<= 150")
            yield Figure(f"agency.files_ms_at_{mark}", _files(cluster), "ms")
            stock = _migrated(release, "stock", BY_STOCK) / BY_STOCK * mark
            _undo()
            whole = _migrated(release, "replay", mark)
            yield Figure(f"agency.migrate_{mark}_s", whole, "s", WANTED_S.get(mark, ""), stock)
            _undo()


def _created(many: int, *, by_migrations: bool = False) -> float:
    """Milliseconds of one, the median: schema, keys, host and an invited owner."""
    from tenants import blueprint

    fits, times = blueprint.fits, []
    blueprint.fits = (lambda: False) if by_migrations else fits
    for _ in range(many):
        began = time.perf_counter()
        _create()
        times.append((time.perf_counter() - began) * 1000)
    blueprint.fits = fits
    return median(times)


def _create() -> None:
    from events.governance import create_agency
    from people.principal import SYSTEM
    from tenants import clock
    from tenants.ids import new_id

    name = new_id().hex
    create_agency(by=SYSTEM, name=name, host=f"{name}.localhost", owner="owner@agency.example", now=clock.now())


def _files(cluster: Path) -> float:
    """Milliseconds of as many new files as an agency has, the median. They stay: ext4 goes round what was deleted."""
    from django.db import connection

    from tenants.models import Agency

    with connection.cursor() as cursor:
        cursor.execute(_WHERE_AND_HOW_MANY, [Agency.objects.latest("created_at").schema_name])
        path, many = cursor.fetchone()
    times = []
    for _ in range(FILE_ROUNDS):
        name = (cluster / path).with_name(f"probe_{time.perf_counter_ns()}_")
        began = time.perf_counter()
        for number in range(many):
            name.with_suffix(f".{number}").touch(exist_ok=False)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def _fill(until: int) -> None:
    from django.core import mail

    from tenants.models import Agency

    mail.outbox = []
    missing = until - Agency.objects.count()
    with ThreadPoolExecutor(FILLERS) as fillers:
        [*fillers.map(_create_some, [missing // FILLERS] * FILLERS)]


def _create_some(many: int) -> None:
    from django.db import connection

    for _ in range(many):
        _create()
    connection.close()


def _release(folder: Path) -> Path:
    """A package of migrations that holds the landlords' own and one more."""
    from landlords import migrations

    last = max(Path(migrations.__path__[0]).glob("0*.py")).stem
    package = folder / "release"
    package.mkdir()
    (package / "__init__.py").write_text("from landlords import migrations\n__path__ += migrations.__path__\n")
    (package / "9000_probe.py").write_text(
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f'    dependencies = [("landlords", "{last}")]\n'
        '    operations = [migrations.AddField("landlord", "probe", models.IntegerField(null=True))]\n'
    )
    return folder


def _migrated(release: Path, way: str, many: int) -> float:
    """Seconds in a process of its own, its start included; for stock, without."""
    command = [sys.executable, "-m", "tests.bench.migrate", str(release), way, str(many)]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout) if way == "stock" else time.perf_counter() - began


def _undo() -> None:
    from django.db import connection

    from tenants.models import Agency

    schemas = [*Agency.objects.values_list("schema_name", flat=True)]
    with connection.cursor() as cursor:
        for start in range(0, len(schemas), _AT_ONCE):
            cursor.execute("".join(_UNDO.format(schema=each) for each in schemas[start : start + _AT_ONCE]))
