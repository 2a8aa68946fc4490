"""Pages of GET /landlords in an agency with 50,000 of them: down the list, at any depth, by filter, and by search."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import quantiles
from typing import Any
from urllib.parse import quote

from tests.bench.figures import Figure
from tests.bench.rooms import in_django

LANDLORDS, PAGES, DEPTHS = 50_000, 100, 100
HOST = "bench.localhost"
# Straight into the tables. Three in five have a connection, in every state; a grant for each that works.
_LANDLORDS = """
    INSERT INTO landlords_landlord (id, reference, full_name, email, nino, nino_index, nino_mask, external_ids, tags,
                                    mtd_handling, version, created_at, updated_at)
    SELECT gen_random_uuid(), 'R' || number,
           (array['Anna', 'Bert', 'Carl', 'Dora', 'Emil', 'Fay', 'Greg', 'Hana', 'Ivor', 'June'])[1 + number %% 10]
               || ' ' || initcap(substr(md5(number::text), 1, 7)),
           'landlord' || number || '@post.example', '\\x00', sha256(number::text::bytea), 'AA****56A',
           jsonb_build_object('crm', number::text, 'bank', (number %% 500)::text),
           CASE WHEN number %% 5000 = 0 THEN '["rare"]'::jsonb WHEN number %% 4 = 0 THEN '["north"]'
                ELSE '["south", "flats"]' END,
           (array['us', 'us', 'us', 'accountant', 'exempt'])[1 + number %% 5],
           1, now() - number * interval '1 minute', now() - (number * 7919 %% 50000) * interval '1 minute'
    FROM generate_series(1, %s) AS number
"""
_GRANTS = """
    INSERT INTO hmrc_oauth_grant (id, kind, arn, landlord_id, status, access_token, refresh_token, token_version, scope,
                                  granted_at, verified_at, ends_at, access_expires_at, fence, probes, tries, nino_tries,
                                  refusals)
    SELECT gen_random_uuid(), 'landlord', '', id,
           CASE WHEN substr(reference, 2)::int %% 1000 = 1 THEN 'uncertain' ELSE 'active' END,
           decode(repeat('00', 300), 'hex'), decode(repeat('00', 300), 'hex'), 1, '', now(), now(),
           now() + substr(reference, 2)::int %% 547 * interval '1 day', now(), 0, 0, 0, 0, 0
    FROM landlords_landlord WHERE substr(reference, 2)::int %% 5 IN (1, 2)
"""
_CONNECTIONS = """
    INSERT INTO hmrc_oauth_connection (id, landlord_id, grant_id, state, reason_code, possible_causes, generation,
                                       changed_at)
    SELECT gen_random_uuid(), landlord.id, granted.id,
           CASE WHEN granted.id IS NOT NULL THEN 'active'
                WHEN substr(reference, 2)::int %% 1000 = 3 THEN 'not_authorised' ELSE 'reconnect_required' END,
           '', '[]', 1, now()
    FROM landlords_landlord AS landlord LEFT JOIN hmrc_oauth_grant AS granted ON granted.landlord_id = landlord.id
    WHERE substr(reference, 2)::int %% 5 IN (1, 2, 3)
"""
_FILTERS = (
    "tag=north",
    "tag=rare",
    "tag=nobodys",
    "external_id=crm:4711",
    "external_id=4711",
    "external_id=77",
    "reference=R4711",
    "mtd_handling=us",
    "mtd_handling=exempt",
    "mtd_handling=not_required",
    "tag=rare&mtd_handling=exempt",
    *(f"connection_state={state}" for state in ("not_connected", "active", "uncertain", "not_authorised")),
    *(f"connection_state={state}" for state in ("reconnect_required", "disconnected", "refreshing")),
    "connection_state=active&tag=north",
)
_WORDS = ("anna", "dora 4", "b", "qz", "landlord4711@", "4999", "r49999", "nobody at all", "%", "fay c4ca")


def landlords() -> Iterator[Figure]:
    """The time a page takes, through the whole API. Baselines: without the indexes, and cursors that ask column by
    column.
    """
    with in_django():
        from tenants.context import tenant
        from tenants.provisioning import create_agency
        from tests.api.callers import key_caller

        agency = create_agency(name="Bench", host=HOST)
        with tenant(agency):
            fill(LANDLORDS)
            _analyze()
            deep = list(_cursors())
        get = key_caller(agency, host=HOST).get
        yield Figure("landlords.page_p95_ms", _p95(_down(get)), "ms", "<= 30", 112)
        yield Figure("landlords.deep_page_p95_ms", _p95(_each(get, _at(deep))), "ms", "<= 30", 84)
        filters = [*_FILTERS, *_by_time()]
        yield Figure("landlords.filtered_p95_ms", _p95(_each(get, _with(filters, deep))), "ms", "<= 30", 76)
        words = [f"search={quote(each)}" for each in _WORDS]
        yield Figure("landlords.search_p95_ms", _p95(_each(get, _with(words, deep))), "ms", "<= 50", 50)
        for each in filters:
            yield Figure(f"landlords.filtered_p95_ms.{each.split('T')[0]}", _p95(_each(get, _with([each], deep))), "ms")


def fill(landlords: int) -> None:
    """So many landlords, and their connections, for the agency that was entered."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_LANDLORDS, [landlords])
        for statement in (_GRANTS, _CONNECTIONS):
            cursor.execute(statement.replace("%%", "%"))


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _cursors() -> Iterator[str]:
    """Of places all over the list."""
    from api.pages import cursor
    from landlords.models import Landlord

    rows = Landlord.objects.order_by("-created_at", "-id").only("created_at")
    places = random.Random(6).sample(range(LANDLORDS), DEPTHS)
    for place in sorted(places):
        yield cursor(rows[place], ["created_at", "id"], "n")


def _by_time() -> Iterator[str]:
    from datetime import timedelta

    from tenants import clock

    for days in (1, 30, 600):
        yield f"expiring_before={quote((clock.now() + timedelta(days=days)).isoformat())}"
        yield f"updated_after={quote((clock.now() - timedelta(days=days / 20)).isoformat())}"


def _at(cursors: Iterable[str]) -> Iterator[str]:
    return (f"landlords?cursor={cursor}" for cursor in cursors)


def _with(queries: Iterable[str], cursors: list[str]) -> Iterator[str]:
    """Each at the top of the list and at ten depths."""
    for query in queries:
        yield f"landlords?{query}"
        yield from (f"{path}&{query}" for path in _at(cursors[:: DEPTHS // 10]))


def _down(get: Callable[[str], Any]) -> Iterator[float]:
    path = "landlords?limit=100"
    for _ in range(PAGES):
        page, took = _timed(get, path)
        path = f"landlords?limit=20&cursor={page.json()['next']}"
        yield took


def _each(get: Callable[[str], Any], paths: Iterable[str]) -> Iterator[float]:
    return (_timed(get, path)[1] for path in paths)


def _timed(get: Callable[[str], Any], path: str) -> tuple[Any, float]:
    began = time.perf_counter()
    page = get(path)
    took = time.perf_counter() - began
    assert page.status_code == 200, page.content
    return page, took


def _p95(times: Iterable[float]) -> float:
    return quantiles(times, n=20)[-1] * 1000
