"""The connection is where it says it is: after rollbacks, aborted commits, and hand-overs by a pool."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, DataError, connections

from tenants.models import Agency
from tenants.postgresql_backend.base import DatabaseWrapper
from tests.cast import ALPHA, BETA

_HERE = "SELECT current_schema()"


@pytest.fixture
def both(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Agency, Agency]]:
    """Alpha and beta, outside any test transaction."""
    with django_db_blocker.unblock():
        yield tuple(Agency.objects.get(domains__domain=cast.host) for cast in (ALPHA, BETA))
        connections["default"].close()


@pytest.fixture
def wire(both: tuple[Agency, Agency]) -> Iterator[Any]:
    """A connection of one's own, on which every statement is counted."""
    mine = connections["default"].copy()
    yield mine
    mine.close()


@pytest.fixture
def pool(both: tuple[Agency, Agency]) -> Iterator[Any]:
    """Two connections that share one seat in a pool."""
    there = connections["default"].settings_dict
    shared = {**there, "CONN_MAX_AGE": 0, "OPTIONS": {**there["OPTIONS"], "pool": {"min_size": 1, "max_size": 1}}}
    first, second = DatabaseWrapper(shared, alias="pooled"), DatabaseWrapper(shared, alias="pooled")
    yield first, second
    first.close()
    second.close()
    first.close_pool()


def _ask(wire: Any, statement: str = _HERE) -> Any:
    with wire.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0]


def test_a_rolled_back_transaction_does_not_take_the_search_path_with_it(
    wire: Any, both: tuple[Agency, Agency]
) -> None:
    alpha, beta = both
    wire.set_tenant(alpha)
    _ask(wire)
    wire.set_autocommit(False)
    wire.set_tenant(beta)
    inside = _ask(wire)

    wire.rollback()

    assert (inside, _ask(wire)) == (beta.schema_name, beta.schema_name)


def test_a_rolled_back_savepoint_does_not_take_the_search_path_with_it(wire: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    wire.set_autocommit(False)
    wire.set_tenant(alpha)
    _ask(wire)
    wire._savepoint("here")
    wire.set_tenant(beta)
    _ask(wire)

    wire._savepoint_rollback("here")

    assert _ask(wire) == beta.schema_name
    wire.rollback()


def test_a_commit_that_fails_does_not_take_the_search_path_with_it(wire: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    wire.set_tenant(alpha)
    _ask(wire)
    wire.set_autocommit(False)
    wire.set_tenant(beta)
    _ask(wire)
    with pytest.raises(DatabaseError):
        _ask(wire, "SELECT 1/0")

    wire.commit()  # of an aborted transaction: PostgreSQL rolls back

    assert _ask(wire) == beta.schema_name


def test_a_path_changed_behind_our_back_is_put_right(wire: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    wire.set_tenant(alpha)
    _ask(wire)
    wire.connection.execute(f'SET search_path TO "{beta.schema_name}"')

    assert _ask(wire) == alpha.schema_name


def test_the_path_is_set_once_and_not_for_every_statement(wire: Any, both: tuple[Agency, Agency]) -> None:
    wire.set_tenant(both[0])
    _ask(wire)
    assert wire.connection.info.parameter_status("search_path"), "this PostgreSQL does not report search_path"
    sent: list[Any] = []
    original = wire.connection.cursor

    def counted(*args: Any, **kwargs: Any) -> Any:
        cursor = original(*args, **kwargs)
        sent.append(cursor)
        return cursor

    wire.connection.cursor = counted
    for _ in range(5):
        _ask(wire)

    assert len(sent) == 5  # one cursor a statement: none for SET


def test_a_pool_hands_over_a_connection_and_never_the_agency(pool: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    first, second = pool
    seen = []
    for _ in range(3):
        for wire, agency in ((first, alpha), (second, beta)):
            wire.set_tenant(agency)
            seen.append((_ask(wire), _ask(wire, "SELECT pg_backend_pid()"), agency.schema_name))
            wire.close()

    assert {pid for _, pid, _ in seen} == {seen[0][1]}, "not one shared connection"
    assert [here for here, _, _ in seen] == [wanted for _, _, wanted in seen]


def test_a_pool_hands_over_a_clean_connection_after_a_failure(pool: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    first, second = pool
    first.set_tenant(alpha)
    first.set_autocommit(False)
    with pytest.raises(DatabaseError):
        _ask(first, "SELECT * FROM no_such_table")
    first.rollback()
    first.set_autocommit(True)
    first.close()

    second.set_tenant(beta)

    assert _ask(second) == beta.schema_name


def test_two_agencies_in_many_threads_never_see_each_others_schema(both: tuple[Agency, Agency]) -> None:
    wrong: list[str] = []

    def hop(start: int) -> None:
        wire: Any = connections["default"]
        try:
            for turn in range(60):
                agency = both[(start + turn) % 2]
                wire.set_tenant(agency)
                if (here := _ask(wire)) != agency.schema_name:
                    wrong.append(str(here))
        finally:
            wire.close()

    threads = [threading.Thread(target=hop, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_a_path_that_could_not_be_set_stops_the_statement(
    wire: Any, both: tuple[Agency, Agency], monkeypatch: pytest.MonkeyPatch
) -> None:
    alpha, beta = both
    wire.set_tenant(alpha)
    _ask(wire)
    monkeypatch.setattr(wire, "_set_search_path", lambda: "SELECT 1/0")
    wire.set_tenant(beta)

    with pytest.raises(DataError):
        _ask(wire)


def test_what_names_its_schemas_is_asked_wherever_the_connection_is(wire: Any, both: tuple[Agency, Agency]) -> None:
    alpha, beta = both
    wire.set_tenant(alpha)
    _ask(wire)
    wire.set_tenant(beta)

    with wire.anywhere() as cursor:
        cursor.execute(_HERE)
        there = cursor.fetchone()

    assert there == (alpha.schema_name,)
    assert _ask(wire) == beta.schema_name


def test_of_a_pool_whose_server_was_killed_nobody_is_given_a_dead_connection(
    both: tuple[Agency, Agency], wire: Any
) -> None:
    there = connections["default"].settings_dict
    shared = {**there, "CONN_MAX_AGE": 0, "OPTIONS": {**there["OPTIONS"], "pool": {"min_size": 3, "max_size": 3}}}
    pooled = [DatabaseWrapper(shared, alias="killed") for _ in range(3)]
    try:
        pids = {_ask(each, "SELECT pg_backend_pid()") for each in pooled}
        for each in pooled:
            each.close()
        for pid in pids:
            _ask(wire, f"SELECT pg_terminate_backend({pid}, 5000)")

        asked = [_ask(each, "SELECT pg_backend_pid()") for each in pooled]
    finally:
        for each in pooled:
            each.close()
        pooled[0].close_pool()

    assert len(pids) == 3
    assert pids.isdisjoint(asked)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-22 12:00:00+00",
        "2026-11-22 12:00:00.5+00",
        "2026-11-22 12:00:00.123456+00",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
    ],
)
def test_a_moment_is_read_as_django_reads_it(moment: str, wire: Any) -> None:
    found = _ask(wire, f"SELECT '{moment}'::timestamptz")

    wanted = datetime.strptime(f"{moment}00", f"%Y-%m-%d %H:%M:%S{'.%f' if '.' in moment else ''}%z")
    assert (found, found.tzinfo) == (wanted, UTC)


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "10000-01-01 00:00:00+00", "0044-03-15 12:00:00+00 BC"])
def test_a_moment_that_python_does_not_know_is_refused_as_django_refuses_it(moment: str, wire: Any) -> None:
    with pytest.raises(DataError):
        _ask(wire, f"SELECT '{moment}'::timestamptz")


def test_a_moment_told_in_another_zone_is_the_same_moment(wire: Any) -> None:
    with wire.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'Asia/Tokyo'")

    # As Django has it: whoever changes the zone of a connection behind its back is told the wrong hour.
    assert _ask(wire, "SELECT '2026-11-22 12:00:00+00'::timestamptz") == datetime(2026, 11, 22, 21, tzinfo=UTC)
