"""The funnel of an agency with very many landlords, pages of its steps, and invitations in bulk."""

import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

LANDLORDS, INVITED, TIMES = 50_000, 10_000, 7
HOST = "bench.localhost"
# Straight into the tables: of ten landlords one was never invited, two did not open the link, one did not set out, one
# gave up at HMRC, one is there, two are connected, and two are ready.
_STATEMENTS = (
    """
    INSERT INTO landlords_landlord (id, reference, full_name, email, nino, nino_index, nino_mask, external_ids, tags,
                                    version, created_at, updated_at)
    SELECT gen_random_uuid(), 'R' || number, 'Landlord ' || number, number || '@post.example', NULL, NULL, '', '{}',
           '[]', 1, now() + number * interval '1 microsecond', now()
    FROM generate_series(1, 50000) AS number
    """,
    """
    INSERT INTO landlords_invitation (id, landlord_id, purpose, status, created_at, expires_at, opened_at)
    SELECT gen_random_uuid(), id, 'connect', 'sent', now(), now() + interval '60 days',
           CASE WHEN substr(reference, 2)::int % 10 >= 3 THEN now() END
    FROM landlords_landlord WHERE substr(reference, 2)::int % 10 >= 1
    """,
    """
    INSERT INTO hmrc_oauth_connection (id, landlord_id, state, reason_code, possible_causes, generation, changed_at)
    SELECT gen_random_uuid(), id,
           CASE WHEN substr(reference, 2)::int % 10 >= 6 THEN 'active' ELSE 'not_connected' END, '', '[]', 0, now()
    FROM landlords_landlord WHERE substr(reference, 2)::int % 10 >= 4
    """,
    """
    INSERT INTO hmrc_oauth_connectsession (id, connection_id, principal_kind, principal_id, return_url, redirect_uri,
                                           scope, status, reason_code, hmrc_error, attempts, fence, created_at,
                                           expires_at)
    SELECT gen_random_uuid(), connection.id, 'landlord', landlord.id, '', '', '',
           CASE substr(reference, 2)::int % 10 WHEN 4 THEN 'expired' WHEN 5 THEN 'waiting_at_hmrc' ELSE 'connected' END,
           '', '', 0, 0, now(), now()
    FROM hmrc_oauth_connection AS connection JOIN landlords_landlord AS landlord ON landlord.id = landlord_id
    """,
    """
    INSERT INTO mtd_readiness (landlord_id, status, tax_year, itsa_status, businesses, quarterly_type, assessed_at,
                               changed_at)
    SELECT id, CASE WHEN substr(reference, 2)::int % 10 >= 8 THEN 'ready' ELSE 'not_signed_up' END, '2026-27', '', 1,
           '', now(), now()
    FROM landlords_landlord WHERE substr(reference, 2)::int % 10 >= 6
    """,
    "ANALYZE",
)


def funnel() -> Iterator[Figure]:
    """The funnel, the first pages and deep ones of each step, and a bulk of 10,000."""
    with in_django():
        from django.db import connection

        from mtd.funnel import Stage
        from tenants.context import tenant
        from tenants.provisioning import create_agency
        from tests.api.callers import key_caller

        agency = create_agency(name="Bench", host=HOST)
        with tenant(agency), connection.cursor() as cursor:
            for statement in _STATEMENTS:
                cursor.execute(statement)
        caller = key_caller(agency, host=HOST)
        whole = [_seconds(lambda: caller.get("funnel")) for _ in range(TIMES)]
        yield Figure("funnel.whole_ms", median(whole) * 1000, "ms", "<= 1000")
        for stage in Stage:
            yield Figure(f"funnel.{stage}_page_p95_ms", _p95(caller, f"stage={stage}"), "ms", "<= 50")
        yield Figure("funnel.nobody_page_p95_ms", _p95(caller, "place=nino_unconfirmed"), "ms", "<= 50")
        with tenant(agency):
            yield from _bulk()


def _bulk() -> Iterator[Figure]:
    from hmrc_oauth import needs
    from landlords import bulk
    from landlords.models import Deliver, InvitationPurpose, Landlord
    from people.principal import SYSTEM
    from tenants import clock
    from tenants.context import current_agency

    current_agency().front_end_url = "https://front.example"
    ids = list(Landlord.objects.filter(connection=None).values_list("pk", flat=True)[:INVITED])
    how: dict[str, Any] = {"purpose": InvitationPurpose.CONNECT, "deliver": Deliver.MAIL, "now": clock.now()}
    began = time.perf_counter()
    batch = bulk.create(by=SYSTEM, named=ids, **how)
    asked = time.perf_counter()
    bulk.run(batch_id=batch.pk, settled=needs.settled)
    assert batch.rows.filter(status="made").count() == len(ids)
    yield Figure("invitations.asked_s", asked - began, "s", "<= 3")
    yield Figure("invitations.made_per_s", len(ids) / (time.perf_counter() - asked), "1/s", ">= 1000")


def _p95(caller: Any, query: str) -> float:
    """Milliseconds of a page of twenty, walking down the list."""
    times, path = [], f"funnel/landlords?{query}"
    for _ in range(4 * TIMES):
        began = time.perf_counter()
        page = caller.get(path)
        times.append(time.perf_counter() - began)
        assert page.status_code == 200, page.content
        cursor = page.json()["next"]
        path = f"funnel/landlords?{query}&cursor={cursor}" if cursor else f"funnel/landlords?{query}"
    return quantiles(times, n=20)[-1] * 1000


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    assert work().status_code == 200
    return time.perf_counter() - began
