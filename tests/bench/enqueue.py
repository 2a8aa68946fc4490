"""A batch of thousands: from the request to the last of its submissions in the queue, each checked, sealed and told."""

import os
import time
from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from tests.bench.figures import Figure

ROWS, BATCHES = 5_000, 3
HOST, BUSINESS = "enqueue.localhost", "XAIS12345678901"


def enqueuing() -> Iterator[Figure]:
    """The first batch brings each landlord's mandate with it; of the others the median is told."""
    from tenants import due
    from tenants.models import Due
    from tenants.provisioning import create_agency
    from tests.api.callers import key_caller
    from workers.broker import broker
    from workers.middleware import Lasting

    agency = create_agency(name="Enqueue", host=HOST)
    landlords = _landlords(agency)
    caller = key_caller(agency, host=HOST)
    Lasting().after_process_boot(broker)  # as a worker does
    accepted, whole = zip(*(_batch(agency, caller, landlords, number) for number in range(BATCHES)), strict=True)
    yield Figure("filing.enqueue_per_s", ROWS / median(whole), "1/s", ">= 2000")
    yield Figure("filing.enqueue_with_mandates_per_s", ROWS / whole[0], "1/s")
    yield Figure("filing.batch_accepted_per_s", ROWS / median(accepted), "1/s")
    Due.objects.filter(kind=due.Kind.SUBMIT).delete()


def _batch(agency: Any, caller: Any, landlords: list[UUID], number: int) -> tuple[float, float]:
    """Seconds until the request was answered, and until all were queued."""
    from mtd import intake
    from mtd.models import BatchRow
    from tenants.context import tenant

    began = time.perf_counter()
    answer = caller.post("submission-batches", _asked(landlords, number), Idempotency_Key=f"enqueue-{number}")
    answered = time.perf_counter()
    assert answer.status_code == 202, answer.content[:500]
    with tenant(agency):
        intake.run(batch_id=answer.json()["id"])
        taken = time.perf_counter()
        queued = BatchRow.objects.filter(batch=answer.json()["id"], submission__status="queued").count()
    assert queued == ROWS
    return answered - began, taken - began


def _asked(landlords: list[UUID], number: int) -> dict[str, Any]:
    with_it = {} if number else {"mandate": {"kind": "standing"}}
    expenses = {"premisesRunningCosts": "310.40", "repairsAndMaintenance": "12.00"}
    rows = [
        {
            "landlord_id": str(landlord),
            "business_id": BUSINESS,
            "figures": {"income": {"periodAmount": f"{number + 1}{row:04}.00"}, "expenses": expenses},
            **with_it,
        }
        for row, landlord in enumerate(landlords)
    ]
    shared = {"tax_year": "2026-27", "period_start": "2026-04-06", "period_end": "2026-07-05"}
    return {**shared, "declaration": {"accepted": True, "covers_whole_business": True}, "submissions": rows}


def _landlords(agency: Any) -> list[UUID]:
    """Connected, and what is due of them is known."""
    from hmrc_oauth.models import Connection, ConnectionState, Grant, Tokens
    from landlords.models import Landlord
    from mtd.models import Obligation
    from tenants import clock
    from tenants.context import tenant

    now = clock.now()
    with tenant(agency):
        rows = [Landlord(reference=f"L{number}", full_name=f"Landlord {number}") for number in range(ROWS)]
        for row in rows:
            row.put_nino("AA123456A")
            row.nino_index = os.urandom(32)
        Landlord.objects.bulk_create(rows, batch_size=1000)
        grant = Grant.issue(landlord_id=rows[0].pk, tokens=Tokens("a", "b", 14_400), scope="x", now=now)
        grant.verify(now=now)
        live = {"grant": grant, "state": ConnectionState.ACTIVE, "connected_at": now, "changed_at": now}
        Connection.objects.bulk_create((Connection(landlord=row, **live) for row in rows), batch_size=1000)
        quarter = {"period_start": date(2026, 4, 6), "period_end": date(2026, 7, 5), "due_date": date(2026, 8, 7)}
        of = {"business_id": BUSINESS, "type_of_business": "uk-property", "status": "open", **quarter}
        Obligation.objects.bulk_create((Obligation(landlord=row, **of) for row in rows), batch_size=1000)
    return [row.pk for row in rows]
