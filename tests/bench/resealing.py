"""Sealing anew with new keys, while another process reads and opens the same rows."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from typing import Any
from uuid import UUID

from tests.bench.figures import Figure

_ROWS = 100_000
_PART = 5_000
_BODY = "x" * 80


def resealing(agency: Any) -> Iterator[Figure]:
    """Values a second, and how often another process found one that did not open. In the agency, with Django ready."""
    from tenants.models import TenantKey
    from tenants.vault import Purpose, keyring, versions
    from tenants.vault.reseal import reseal

    ids = _rows()
    versions.add(agency.pk, Purpose.PII)
    TenantKey.objects.filter(agency_id=agency.pk, version=2).update(seals_from=datetime.now(UTC) - timedelta(hours=1))
    keyring.forget()
    with _reader(agency, ids) as (reads, failed):
        began = time.perf_counter()
        done = sum(told.done for told in reseal())
        took = time.perf_counter() - began
    if done != _ROWS:
        raise AssertionError(f"{done} of {_ROWS} values were sealed anew")
    yield Figure("vault.reseal_per_s", done / took, "values/s", ">= 10000")
    yield Figure("vault.reseal_reads", reads.value, "reads", ">= 1")
    yield Figure("vault.reseal_failed_reads", failed.value, "reads", "<= 0")


def _rows() -> list[UUID]:
    from people.models import IdempotencyRecord
    from tenants.copying import copy_in

    ids: list[UUID] = []
    for begin in range(0, _ROWS, _PART):
        rows = []
        for number in range(begin, begin + _PART):
            named = {"principal_kind": "staff", "principal_id": UUID(int=0), "key": str(number), "request_digest": b""}
            row = IdempotencyRecord(**named, created_at=datetime.now(UTC))
            row.body = row.seal("body", _BODY)
            rows.append(row)
        copy_in(rows)
        ids.extend(row.pk for row in rows)
    return ids


@contextmanager
def _reader(agency: Any, ids: list[UUID]) -> Iterator[tuple["Synchronized[int]", "Synchronized[int]"]]:
    """A process that reads until the block ends; how often, and how often in vain."""
    from django.db import connections

    forks = multiprocessing.get_context("fork")
    reads, failed, over = forks.Value("q", 0), forks.Value("q", 0), forks.Event()
    connections.close_all()
    process = forks.Process(target=_read, args=(agency, ids, reads, failed, over))
    process.start()
    while not reads.value and process.is_alive():
        time.sleep(0.01)
    try:
        yield reads, failed
    finally:
        over.set()
        process.join()


def _read(agency: Any, ids: list[UUID], reads: "Synchronized[int]", failed: "Synchronized[int]", over: Any) -> None:
    from people.models import IdempotencyRecord
    from tenants.context import tenant

    with tenant(agency):
        while not over.is_set():
            try:
                row = IdempotencyRecord.objects.only("body").get(pk=random.choice(ids))
                with row.body.open(reason="bench") as text:
                    failed.value += text != _BODY
            except Exception:  # noqa: BLE001 - whatever it was, the reader did not get its value
                failed.value += 1
            reads.value += 1
