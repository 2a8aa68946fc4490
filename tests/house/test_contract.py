"""Rules of the house about faults, routes, migrations and locks."""

import re
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from api import urls
from tenants.faults import Fault, Who
from tests.api.document import DOCUMENT, OPERATIONS
from tests.house.source import ROOMS, ROOT, files

_ = urls  # importing the routes imports every room
_FAULTS = list(Fault.all())


def test_the_register_knows_every_fault_written_in_a_room() -> None:
    written = {
        code
        for path in files(*ROOMS)
        for code in re.findall(r'^    code = "([a-z._]+)"$', path.read_text(), re.MULTILINE)
    }

    assert written == {fault.code for fault in _FAULTS}
    assert len(written) > 40


@pytest.mark.parametrize("fault", _FAULTS, ids=lambda fault: fault.code)
def test_every_fault_has_a_title_somebody_who_must_act_and_what_to_do(fault: type[Fault]) -> None:
    assert re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)*", fault.code)
    assert fault.title[0].isupper()
    assert not fault.title.endswith(".")
    assert fault.user_action.endswith(".")
    assert Who(fault.who) in Who
    assert 400 <= int(fault.status) < 600


def test_a_fault_shows_its_code_and_nothing_that_was_sent() -> None:
    fault = _FAULTS[0]("canary", errors=())

    assert "canary" not in f"{fault} {fault!r}"


def test_every_route_under_the_prefix_is_in_the_document() -> None:
    routes = {_as_path(route) for route in _routes(get_resolver().url_patterns, "/") if route.startswith("/api/v1/")}

    documented = {operation.path for operation in OPERATIONS}
    assert routes - {"/api/v1/openapi.json", "/api/v1/docs/"} == documented


def test_every_operation_has_an_id_of_its_own_and_may_answer_a_problem() -> None:
    ids = [operation.id for operation in OPERATIONS]

    assert len(set(ids)) == len(ids)
    for path in DOCUMENT["paths"].values():
        for said in path.values():
            assert set(said["x-error-codes"]) <= set(said["responses"])
            assert "internal" in said["x-error-codes"]["500"]


def test_the_models_and_their_migrations_agree(db: None) -> None:
    out = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert "No changes detected" in out.getvalue()


def test_every_room_with_tables_has_migrations() -> None:
    without = [
        name
        for name in ROOMS
        if (ROOT / name / "models").is_dir() and not list((ROOT / name / "migrations").glob("0001_*.py"))
    ]

    assert without == []


def test_an_app_is_public_or_per_agency_and_never_both() -> None:
    assert not {*settings.SHARED_APPS} & {*settings.TENANT_APPS}


def test_no_lock_file_holds_an_address_and_every_line_a_hash() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))

    assert len(locks) >= 3
    for lock in locks:
        text = lock.read_text()
        pinned = re.findall(r"^([a-z0-9][^\s=]*)==\S.* \\$", text, re.MULTILINE)
        assert "://" not in text
        assert not re.search(r"^\s*--(?:index|extra-index|find-links|trusted)", text, re.MULTILINE)
        assert pinned
        assert len(pinned) == len(re.findall(r"^[a-z0-9][^\s=]*==", text, re.MULTILINE))
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", text)) >= len(pinned)


def _routes(patterns: list[Any], before: str) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            found.append(here)
    return found


def _as_path(route: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
