"""A release comes to many agencies: the first is migrated, the others are sent what that said."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import connections

from tenants.db import connection
from tenants.fleet import crew, migrating, patience, replaying
from tenants.fleet.catalogue import described
from tenants.fleet.drawing import contents
from tenants.fleet.migrating import migrate
from tenants.fleet.outcome import Outcome, Result, Way
from tenants.fleet.rehearsing import Change, Script
from tenants.models import Agency
from tests.tenants.fleet.conftest import Make, Release, rows

_FIELD = "migrations.AddField('landlord', 'probe', models.IntegerField(null=True, db_index=True))"
_MODEL = (
    "migrations.CreateModel('probe', fields=[('id', models.BigAutoField(primary_key=True)),"
    " ('landlord', models.ForeignKey('landlords.landlord', models.CASCADE)),"
    " ('status', models.CharField(max_length=9, unique=True))])"
)


def _ways(outcomes: Sequence[Outcome]) -> list[tuple[Result, Way]]:
    return [(outcome.result, outcome.way) for outcome in outcomes]


_BY_DJANGO, _REPLAYED = (Result.MIGRATED, Way.DJANGO), (Result.MIGRATED, Way.REPLAYED)
_SKIPPED, _LEFT = (Result.SKIPPED, Way.NONE), (Result.FAILED, Way.REPLAYED)


class TestAMigrationOfTheSchema:
    def test_is_run_once_and_replayed_for_the_others(self, schemas: Make, release: Release) -> None:
        ours = schemas(4)
        release(f"{_FIELD}, {_MODEL}")

        outcomes = [*migrate(ours)]

        assert [outcome.schema for outcome in outcomes] == ours
        assert _ways(outcomes) == [_BY_DJANGO, _REPLAYED, _REPLAYED, _REPLAYED]
        assert all(described(schema) == described(ours[0]) for schema in ours[1:])
        assert all(contents(schema) == contents(ours[0]) for schema in ours[1:])
        assert ("landlords", "probe") in rows(ours[3], "django_content_type", "app_label, model")
        assert connection.schema_name == "public"

    def test_makes_what_it_makes_where_nothing_is_replayed(self, schemas: Make, release: Release) -> None:
        replayed, plain = schemas(2), schemas(1)
        release(f"{_FIELD}, {_MODEL}")

        done = [*migrate(replayed), *migrate(plain, replays=False)]

        assert [outcome.why for outcome in done] == ["the first of its state", "", "not asked to replay"]
        assert described(replayed[1]) == described(plain[0])
        assert contents(replayed[1]) == contents(plain[0])

    def test_leaves_alone_who_has_it(self, schemas: Make, release: Release) -> None:
        older = schemas(2)
        release(_FIELD)
        first = [*migrate(older)]
        newer = schemas(1)

        again = [*migrate([*older, *newer])]

        assert _ways(first) == [_BY_DJANGO, _REPLAYED]
        assert _ways(again) == [_SKIPPED, _SKIPPED, _BY_DJANGO]

    def test_may_count_on_the_one_before_it_being_committed(self, schemas: Make, release: Release) -> None:
        """An altered table must have no trigger pending, as it has after an INSERT with a deferred foreign key."""
        ours = schemas(2)
        release(
            "migrations.CreateModel('one', fields=[('id', models.IntegerField(primary_key=True))]),"
            " migrations.CreateModel('two', fields=[('one', models.ForeignKey('landlords.one', models.CASCADE))])",
            "migrations.RunSQL(['INSERT INTO landlords_one VALUES (1)',"
            " 'INSERT INTO landlords_two (one_id) VALUES (1) -- deferred'])",
            "migrations.AddField('two', 'note', models.CharField(max_length=5, default='x%'))",
        )

        assert _ways([*migrate(ours)]) == [_BY_DJANGO, _REPLAYED]
        assert rows(ours[1], "landlords_two", "one_id, note") == [(1, "x%")]


class TestAMigrationOfData:
    def test_is_left_to_django_for_each(self, schemas: Make, release: Release) -> None:
        ours = schemas(3)
        release("migrations.RunPython(fill)", before=_FILL)

        outcomes = [*migrate(ours)]

        assert _ways(outcomes) == [_BY_DJANGO] * 3
        assert {outcome.why for outcome in outcomes} == {"landlords.9000_probe runs Python"}
        assert [rows(schema, "auth_group", "name") for schema in ours] == [[(schema,)] for schema in ours]


class TestASchemaThatIsNotLikeTheOthers:
    def test_is_migrated_by_django_if_the_script_does_not_run(self, schemas: Make, release: Release) -> None:
        ours = schemas(4)
        release(_MODEL)
        assert {outcome.result for outcome in migrate(ours)} == {Result.MIGRATED}
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {ours[2]}.landlords_probe RENAME CONSTRAINT landlords_probe_status_key TO odd")
        release(_MODEL, "migrations.AlterField('probe', 'status', models.CharField(max_length=9))")

        outcomes = [*migrate(ours)]

        assert _ways(outcomes) == [_BY_DJANGO, _REPLAYED, _BY_DJANGO, _REPLAYED]
        assert outcomes[2].why == "UndefinedObject"
        assert described(ours[2]) == described(ours[3])

    def test_is_not_replayed_if_it_would_become_something_else(self, schemas: Make, release: Release) -> None:
        ours = schemas(5)
        release(f"migrations.RunSQL({_ITS_OWN!r})")

        outcomes = [*migrate(ours)]

        assert _ways(outcomes) == [_BY_DJANGO] * 5
        assert [outcome.why for outcome in outcomes[1:4]] == ["becomes another than the first by the same script"] * 3
        assert outcomes[4].why == "could not be replayed"
        assert all(f"relation: of_{schema} " in "\n".join(described(schema)) for schema in ours)

    def test_is_left_to_django_if_it_has_moved_on_meanwhile(self, schemas: Make, release: Release) -> None:
        (schema,) = schemas(1)
        script = Script("another state", "SELECT broken", Change(Counter(), Counter()))

        outcome = replaying.by_script(schema, script)

        assert outcome[:3] == (schema, *_BY_DJANGO)
        assert outcome.why == "has moved on"

    def test_that_is_named_in_the_script_is_the_only_one_for_it(
        self, schemas: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (schema,) = schemas(1)
        own = Script("", f"SELECT '{schema}'", Change(Counter(), Counter()))
        monkeypatch.setattr(replaying, "rehearse", lambda *_, **__: own)

        outcome, script = replaying.rehearsed(schema, "")

        assert (outcome.why, script) == ("its SQL names the schema", None)

    def test_that_leaves_no_script_leaves_the_others_to_django(
        self, schemas: Make, release: Release, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours = schemas(2)
        release(_FIELD)
        monkeypatch.setattr(migrating, "rehearsed", lambda schema, _: (replaying.one_by_django(schema), None))

        outcomes = [*migrate(ours)]

        assert _ways(outcomes) == [_BY_DJANGO] * 2
        assert outcomes[1].why == "could not be replayed"

    def test_that_records_nothing_is_left_to_django(self, schemas: Make) -> None:
        (bare,) = schemas(1)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {bare} CASCADE; CREATE SCHEMA {bare}")

        outcomes = [*migrate([bare, "t_none"])]

        assert outcomes[0][:3] == (bare, *_BY_DJANGO)
        assert outcomes[0].why == "records no migrations"
        assert (outcomes[1].result, outcomes[1].why) == (Result.FAILED, "MigrationSchemaMissing")


class TestAFailure:
    @pytest.mark.parametrize("place", [0, 1, 3])
    def test_of_one_agency_is_its_own(self, place: int, schemas: Make, release: Release) -> None:
        ours = schemas(4)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {ours[place]}.auth_group (name) VALUES ('canary')")
        release(f"migrations.RunSQL({_NO_CANARY!r})")

        outcomes = [*migrate(ours)]

        failed = outcomes[place]
        assert [outcome.schema for outcome in outcomes if outcome.result is Result.FAILED] == [ours[place]]
        assert (failed.way, failed.why) == (Way.DJANGO, "CheckViolation auth_group no_canary")
        assert [outcome.way for outcome in outcomes].count(Way.REPLAYED) == 2

    def test_of_the_migration_stops_after_some(self, schemas: Make, release: Release) -> None:
        ours = schemas(5)
        release("migrations.RunSQL('SELECT secret')")

        outcomes = [*migrate(ours)]

        assert {outcome.result for outcome in outcomes} == {Result.FAILED}
        assert [outcome.why for outcome in outcomes] == ["UndefinedColumn"] * 3 + ["not tried: others failed"] * 2

    def test_of_data_s_migration_stops_after_some(self, schemas: Make, release: Release) -> None:
        ours = schemas(4)
        release("migrations.RunPython(fail)", before=_FILL)

        outcomes = [*migrate(ours)]

        assert [outcome.why for outcome in outcomes] == ["ZeroDivisionError"] * 3 + ["not tried: others failed"]

    def test_to_get_a_table_in_use_is_tried_again_the_next_time(
        self, schemas: Make, another: Any, release: Release, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours = schemas(4)
        monkeypatch.setattr(patience, "LOCK_TIMEOUT", "lock_timeout = '20ms'")
        another.execute(f"LOCK TABLE {ours[1]}.landlords_landlord")
        another.execute(f"LOCK TABLE {ours[2]}.landlords_landlord")
        release(_FIELD)

        in_use = [*migrate(ours)]
        another.connection.rollback()
        then = [*migrate(ours)]

        assert _ways(in_use) == [_BY_DJANGO, _LEFT, _LEFT, _REPLAYED]
        assert [outcome.why for outcome in in_use[1:3]] == ["LockNotAvailable", "LockNotAvailable"]
        assert Counter(_ways(then)) == {_SKIPPED: 2, _BY_DJANGO: 1, _REPLAYED: 1}


class TestARunThatIsKilled:
    def test_goes_on_where_it_was_broken_off(
        self, schemas: Make, release: Release, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ours = schemas(8)
        monkeypatch.setattr(crew, "_A_PIECE", 1)
        release(f"migrations.RunSQL('SELECT pg_sleep(0.1)'), {_FIELD}")

        _kill_when(lambda: _done(ours) >= 3, running=lambda: [*migrate(ours, processes=2)])
        before = _done(ours)
        outcomes = [*migrate(ours)]

        assert 3 <= before < 8
        assert Counter(outcome.result for outcome in outcomes)[Result.SKIPPED] >= before
        assert _done(ours) == 8
        assert all(described(schema) == described(ours[0]) for schema in ours[1:])


class TestSeveralProcesses:
    def test_share_the_schemas(self, schemas: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        schemas(0)
        monkeypatch.setattr(crew, "_A_PIECE", 2)

        outcomes = [*crew.spread(_where, ["a", "b", "c", "d", "e"], processes=2)]

        assert sorted(outcome.schema for outcome in outcomes) == ["a", "b", "c", "d", "e"]
        assert str(os.getpid()) not in {outcome.why for outcome in outcomes}

    @pytest.mark.parametrize(("schemas_", "processes"), [("ab", 2), ("abcde", 1)])
    def test_are_not_needed_for_few_or_if_one_is_asked_for(
        self, schemas_: str, processes: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(crew, "_A_PIECE", 2)

        assert {each.why for each in crew.spread(_where, schemas_, processes=processes)} == {str(os.getpid())}

    def test_end_together(self, schemas: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        schemas(0)
        monkeypatch.setattr(crew, "_A_PIECE", 1)

        with pytest.raises(ZeroDivisionError):
            [*crew.spread(_broken, "abcd", processes=2)]

    def test_are_as_many_as_cores_up_to_four(self) -> None:
        assert 1 <= crew.default_processes() <= 4


class TestWhoMigrates:
    def test_is_alone(self, schemas: Make, another: Any) -> None:
        running: Any = migrate(schemas(2))

        next(running)
        during = _free(another)
        running.close()

        # PostgreSQL lets go of it when it notices that the connection is closed.
        assert (during, _soon_free(another)) == (False, True)

    def test_looks_for_those_that_were_made_meanwhile(self, schemas: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = schemas(2)
        found = iter([[first], [first, second], [first, second]])
        monkeypatch.setattr(migrating, "_schemas", lambda: next(found))

        assert [outcome.schema for outcome in migrating.migrate_all()] == [first, second]


def test_the_schemas_are_those_of_all_agencies(alpha: Agency, beta: Agency) -> None:
    outcomes = {outcome.schema: outcome.result for outcome in migrating.migrate_all()}

    assert outcomes[alpha.schema_name] is outcomes[beta.schema_name] is Result.SKIPPED


def _where(schema: str) -> Outcome:
    return Outcome(schema, Result.MIGRATED, why=str(os.getpid()))


def _broken(schema: str) -> Outcome:
    raise ZeroDivisionError


def _soon_free(cursor: Any) -> bool:
    give_up = time.monotonic() + 10
    while not (free := _free(cursor)) and time.monotonic() < give_up:
        time.sleep(0.05)
    return free


def _free(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [migrating._LOCK])
    return bool(cursor.fetchone()[0])


def _done(schemas: Sequence[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE column_name = 'probe' AND table_schema = ANY(%s)",
            [list(schemas)],
        )
        return int(cursor.fetchone()[0])


def _kill_when(reached: Callable[[], bool], *, running: Callable[[], object]) -> None:
    connections.close_all()  # or two processes would hold it
    process = get_context("fork").Process(target=running)
    process.start()
    while process.is_alive() and not reached():
        time.sleep(0.01)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()


_NO_CANARY = "ALTER TABLE auth_group ADD CONSTRAINT no_canary CHECK (name <> 'canary')"
_ITS_OWN = "DO $$ BEGIN EXECUTE format('CREATE TABLE of_%s ()', current_schema()); END $$"
_FILL = """
def fill(apps, editor):
    apps.get_model("auth", "Group").objects.create(name=editor.connection.schema_name)

def fail(apps, editor):
    1 / 0
"""
