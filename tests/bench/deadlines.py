"""Pages of GET /deadlines in an agency with very many landlords."""

import time
from collections.abc import Iterator
from statistics import quantiles
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

LANDLORDS, PAGES = 20_000, 60
HOST = "bench.localhost"
# Straight into the tables: a fifth connected, a tenth with this quarter's figures accepted, four quarters each.
_LANDLORDS = """
    INSERT INTO landlords_landlord (id, reference, full_name, email, nino, nino_index, nino_mask, external_ids, tags,
                                    version, created_at, updated_at)
    SELECT gen_random_uuid(), 'R' || number, 'Landlord ' || number, '', '\\x00', sha256(number::text::bytea), '', '{}',
           '[]', 1, now(), now()
    FROM generate_series(1, %s) AS number
"""
_CONNECTIONS = """
    INSERT INTO hmrc_oauth_connection (id, landlord_id, state, reason_code, possible_causes, generation, changed_at)
    SELECT gen_random_uuid(), id, 'reconnect_required', 'refused', '[]', 1, now()
    FROM landlords_landlord WHERE substr(reference, 2)::int %% 5 = 0
"""
_OBLIGATIONS = """
    INSERT INTO mtd_obligation (id, landlord_id, business_id, type_of_business, period_start, period_end, due_date,
                                status)
    SELECT gen_random_uuid(), landlord.id, 'XAIS12345678901', 'uk-property',
           date '2026-04-06' + 91 * quarter, date '2026-07-05' + 91 * quarter, date '2026-08-07' + 91 * quarter, 'open'
    FROM landlords_landlord AS landlord, generate_series(0, 3) AS quarter
"""
_SUBMISSIONS = """
    INSERT INTO mtd_submission (id, landlord_id, business_id, tax_year, period_start, period_end, figures, digest,
                                declaration, source, status, outcome, reason_code, hmrc_code, hmrc_errors,
                                correlation_id, created_by_kind, created_by_id, created_at, attempts, fence)
    SELECT gen_random_uuid(), id, 'XAIS12345678901', '2026-27', '2026-04-06', '2026-07-05', '\\x00', '\\x00',
           '{}', 'keyed', 'accepted', 'confirmed', '', '', '[]', '', 'system', gen_random_uuid(), now(), 1, 1
    FROM landlords_landlord WHERE substr(reference, 2)::int %% 10 = 0
"""
_QUERIES = {
    "soonest": "",
    "waiting_on_landlord": "waiting_on=landlord",
    "waiting_on_nobody_due": "waiting_on=hmrc",  # none is: the whole list is read in vain
    "critical": "risk=critical",
}


def deadlines() -> Iterator[Figure]:
    """The first pages and deep ones, by filter."""
    with in_django():
        from django.db import connection

        import api.log
        from tenants.context import tenant
        from tenants.provisioning import create_agency
        from tests.api.callers import key_caller

        api.log.configure("CRITICAL")  # the output is for the figures
        agency = create_agency(name="Bench", host=HOST)
        with tenant(agency), connection.cursor() as cursor:
            for statement in (_LANDLORDS, _CONNECTIONS, _OBLIGATIONS, _SUBMISSIONS):
                cursor.execute(statement, [LANDLORDS] if "generate_series(1, %s)" in statement else [])
            cursor.execute("ANALYZE")
        caller = key_caller(agency, host=HOST)
        for name, query in _QUERIES.items():
            yield Figure(f"deadlines.{name}_p95_ms", _p95(caller, query), "ms", "<= 50")
        began = time.perf_counter()
        assert caller.get("deadlines/summary").status_code == 200
        yield Figure("deadlines.summary_ms", (time.perf_counter() - began) * 1000, "ms")


def _p95(caller: Any, query: str) -> float:
    """Milliseconds of a page of twenty, walking down the list."""
    times, path = [], f"deadlines?{query}"
    for _ in range(PAGES):
        began = time.perf_counter()
        page = caller.get(path)
        times.append(time.perf_counter() - began)
        assert page.status_code == 200, page.content
        cursor = page.json()["next"]
        path = f"deadlines?{query}&cursor={cursor}" if cursor else f"deadlines?{query}"
    return quantiles(times, n=20)[-1] * 1000
