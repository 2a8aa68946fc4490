"""Inside the rooms, against embedded servers of their own: the vault."""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from pathlib import Path
from statistics import median

from sandbox.servers import embedded
from tests.bench.figures import Figure
from tests.bench.resealing import resealing
from tests.servers import product

_BATCH = 2000
_BATCHES = 9


def vault() -> Iterator[Figure]:
    """Sealing and opening a NINO, with a warm key; and sealing anew."""
    with in_django():
        from tenants.context import tenant
        from tenants.ids import new_id
        from tenants.provisioning import create_agency
        from tenants.vault import Purpose, open_value, seal_value

        row = new_id()
        with tenant(create_agency(name="Bench", host="bench.localhost")) as agency:
            sealed = seal_value("AA123456A", purpose=Purpose.PII, label="bench", row=row)
            sealing = _each(lambda: seal_value("AA123456A", purpose=Purpose.PII, label="bench", row=row))
            opening = _each(lambda: open_value(sealed, purpose=Purpose.PII, label="bench", row=row))
            resealed = list(resealing(agency))
    yield Figure("vault.seal_us", sealing, "us")
    yield Figure("vault.open_us", opening, "us")
    yield Figure("vault.overhead_bytes", len(sealed) - len("AA123456A"), "bytes", "<= 31")
    yield from resealed


def _each(work: Callable[[], object]) -> float:
    """Microseconds of one, the median over batches."""
    times = []
    for _ in range(_BATCHES):
        began = time.perf_counter()
        for _ in range(_BATCH):
            work()
        times.append((time.perf_counter() - began) / _BATCH * 1e6)
    return median(times)


@contextmanager
def in_django() -> Iterator[Path]:
    """The rooms, ready to be called, on servers and keys that are thrown away, and PostgreSQL's folder."""
    with (
        tempfile.TemporaryDirectory() as folder,
        embedded(home := Path(folder).resolve() / "home") as addresses,
        redirect_stdout(sys.stderr),  # the rooms' logs: standard output is for figures
    ):
        os.environ |= {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
        os.environ |= product(Path(folder))
        import django
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("prepare", verbosity=0)
        # As the processes of API and workers do once they have loaded what stays.
        import_module(settings.ROOT_URLCONF)
        gc.collect()
        gc.freeze()
        yield home / "pg"
        connections.close_all()
