"""What is said of a run: a line for each schema, and never what stands in a row."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError
from django_tenants.migration_executors import StandardExecutor

from tenants.db import connection
from tenants.fleet import executor, migrating
from tenants.fleet.executor import ReplayingExecutor, get_executor
from tenants.fleet.outcome import Outcome, Result, Summary, Way, reason
from tenants.models import Agency
from tests.tenants.fleet.conftest import Make, Release

_ONE = Outcome("t_1", Result.MIGRATED, Way.REPLAYED, 0.12345)
_BAD = Outcome("t_2", Result.FAILED, Way.DJANGO, 1.0, "CheckViolation")


class TestASummary:
    def test_is_a_line_for_each_and_one_for_all(self) -> None:
        report = StringIO()

        Summary(report).of([_ONE, _BAD, Outcome("t_3", Result.SKIPPED)])

        assert [json.loads(line) for line in report.getvalue().splitlines()] == [
            {"schema": "t_1", "result": "migrated", "way": "replayed", "seconds": 0.1235, "why": ""},
            {"schema": "t_2", "result": "failed", "way": "django", "seconds": 1.0, "why": "CheckViolation"},
            {"schema": "t_3", "result": "skipped", "way": "", "seconds": 0.0, "why": ""},
            {"schemas": 3, "migrated": 1, "skipped": 1, "failed": 1},
        ]

    def test_tells_a_person_of_some_failures(self) -> None:
        summary = Summary().of([_BAD] * 3)

        assert str(summary) == "0 migrated, 0 skipped, 3 failed"
        assert [*summary.lines(limit=2)] == ["t_2: CheckViolation"] * 2 + ["and 1 more"]
        assert [*summary.lines(limit=3)] == ["t_2: CheckViolation"] * 3


class TestAReason:
    def test_is_postgresql_s_names_and_no_values(self, in_alpha: Agency) -> None:
        with pytest.raises(IntegrityError) as caught, connection.cursor() as cursor:
            cursor.execute("INSERT INTO auth_group (name) VALUES ('canary'), ('canary')")

        assert "canary" in str(caught.value)
        assert reason(caught.value) == "UniqueViolation auth_group auth_group_name_key"

    def test_is_the_kind_of_anything_else(self) -> None:
        assert reason(ValueError("canary")) == "ValueError"
        assert reason(DatabaseError("canary")) == "DatabaseError"


class TestMigrateAgencies:
    def test_reports_and_counts(self, schemas: Make, release: Release, tmp_path: Path, capsys: Any) -> None:
        self._only(schemas(3))
        release("migrations.RunSQL('SELECT 1')")

        call_command("migrate_agencies", report=tmp_path / "report", processes=1)

        assert capsys.readouterr().out == "Agencies: 3 migrated, 0 skipped, 0 failed\n"
        *each, all_ = [json.loads(line) for line in (tmp_path / "report").read_text().splitlines()]
        assert [line["way"] for line in each] == ["django", "replayed", "replayed"]
        assert all_ == {"schemas": 3, "migrated": 3, "skipped": 0, "failed": 0}

    def test_fails_if_one_does_and_says_which(self, schemas: Make, release: Release, capsys: Any) -> None:
        (schema,) = self._only(schemas(1))
        release("migrations.RunSQL('SELECT secret')")

        with pytest.raises(CommandError, match=rf"0 migrated, 0 skipped, 1 failed\n{schema}: UndefinedColumn"):
            call_command("migrate_agencies", by_django=True, verbosity=0)

        assert capsys.readouterr().out == ""

    def test_is_part_of_preparing(self, schemas: Make, tmp_path: Path) -> None:
        self._only(schemas(2))

        call_command("prepare", report=tmp_path / "report")

        assert json.loads((tmp_path / "report").read_text().splitlines()[-1])["skipped"] == 2

    @pytest.fixture(autouse=True)
    def _given(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def _only(self, schemas: list[str]) -> list[str]:
        """The cast's agencies stay as they are."""
        self._monkeypatch.setattr(migrating, "_schemas", lambda: schemas)
        return schemas


class TestMigrateSchemas:
    @pytest.fixture
    def replaying(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """The schemas that are not left to django-tenants."""
        asked: list[list[str]] = []

        def migrate(schemas: list[str]) -> list[Outcome]:
            asked.append(schemas)
            return []

        monkeypatch.setattr(executor, "migrate", migrate)
        return asked

    def test_replays_for_many(self, alpha: Agency, beta: Agency, replaying: list[list[str]]) -> None:
        call_command("migrate_schemas", tenant=True, verbosity=0)

        assert {alpha.schema_name, beta.schema_name} <= {*replaying[0]}

    @pytest.mark.parametrize(
        "asked", [{"shared": True}, {"check_unapplied": True, "tenant": True}, {"executor": "standard"}]
    )
    def test_leaves_the_rest_as_it_is(self, asked: dict[str, Any], alpha: Agency, replaying: list[list[str]]) -> None:
        call_command("migrate_schemas", verbosity=0, **asked)
        call_command("migrate_schemas", verbosity=0, schema_name=alpha.schema_name)

        assert replaying == []

    def test_fails_if_one_fails(self, alpha: Agency, beta: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(executor, "migrate", lambda _: [_BAD])

        with pytest.raises(CommandError, match="t_2: CheckViolation"):
            call_command("migrate_schemas", tenant=True, verbosity=0)

    def test_obeys_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("EXECUTOR", raising=False)
        assert get_executor() is ReplayingExecutor
        monkeypatch.setenv("EXECUTOR", "standard")
        assert get_executor() is StandardExecutor
        assert get_executor("replay") is ReplayingExecutor
