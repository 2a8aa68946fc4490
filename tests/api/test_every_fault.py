"""Every fault of a submission is told at once: those of its form, and those of what could be read all the same."""

from datetime import date
from typing import Any

import pytest

from landlords import records
from mtd import intake
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, pointers, problem
from tests.api.world import BUSINESS

FILE = (
    "submission-batches?tax_year=2026-27&period_start=2026-04-06&period_end=2026-07-05"
    "&declaration.accepted=true&declaration.covers_whole_business=true"
)


@pytest.fixture
def landlord(alpha: Agency, now: Any) -> str:
    """Connected, and without a mandate."""
    with tenant(alpha):
        landlord = records.create(by=SYSTEM, given={"full_name": "Lena", "nino": "AB123456C"}, now=now)
        world.connect(landlord, now=now)
    return str(landlord.pk)


def asked(landlord: str, **changes: Any) -> dict[str, Any]:
    return {
        "landlord_id": landlord,
        "business_id": BUSINESS,
        "tax_year": "2026-27",
        "period_start": "2026-04-06",
        "period_end": "2026-07-05",
        "figures": {"income": {"periodAmount": "1.00"}},
        "declaration": {"accepted": True, "covers_whole_business": True},
        "mandate": {"kind": "standing"},
        **changes,
    }


_CASES: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {"period_start": "2026-13-06", "period_end": "2026-07-04", "figures": {"income": {"periodAmount": "-5"}}},
        {
            "/period_start": "invalid",
            "/figures/income/periodAmount": "format_value",
        },
    ),
    (
        {"business_id": "nonsense", "period_start": "x", "declaration": {"accepted": False}, "mandate": None},
        {
            "/business_id": "format_business_id",
            "/period_start": "invalid",
            "/declaration/covers_whole_business": "required",
            "/declaration/accepted": "submission.declaration_missing",
            "/mandate": "mandate.missing",
        },
    ),
    (
        {"typo": 1, "period_end": "2026-11-30", "period_start": 5, "mandate": {"kind": "odd"}},
        {
            "/typo": "unknown_field",
            "/period_start": "invalid",
            "/period_end": "rule_advance_submission_requires_period_end_date",
            "/mandate/kind": "invalid_choice",
        },
    ),
    (
        {"landlord_id": "x", "tax_year": "2026-28", "figures": "none", "declaration": 5, "mandate": 5},
        {
            "/landlord_id": "invalid",
            "/tax_year": "rule_tax_year_range_invalid",
            "/figures": "not_a_dict",
            "/declaration": "invalid",
            "/mandate": "invalid",
        },
    ),
]


@pytest.mark.parametrize(("changes", "told"), _CASES)
def test_of_one_submission(
    machine: Caller, landlord: str, changes: dict[str, Any], told: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 25))

    answer = machine.post("submissions", asked(landlord, **changes), Idempotency_Key="one")

    assert problem(answer) == (422, "request.invalid")
    assert {each["pointer"]: each["code"] for each in answer.json()["errors"]} == told


def test_of_nothing_at_all(machine: Caller, landlord: str) -> None:
    answer = machine.post("submissions", {}, Idempotency_Key="one")

    assert set(pointers(answer)) == {f"/{name}" for name in asked(landlord) if name != "mandate"}
    assert {each["code"] for each in answer.json()["errors"]} == {"required"}


def test_of_what_is_no_object(machine: Caller, landlord: str) -> None:
    answer = machine.post("submissions", [1], Idempotency_Key="one")

    assert list(pointers(answer)) == [""]


def test_of_a_row_of_a_batch(machine: Caller, landlord: str, alpha: Agency) -> None:
    rows = [
        {name: value for name, value in asked(landlord, **changes).items() if name != "declaration"}
        for changes in (
            {},
            {"typo": 1, "period_start": "x", "figures": {"income": {"periodAmount": "-5"}}, "business_id": "odd"},
        )
    ]
    declaration = {"accepted": True, "covers_whole_business": True}

    batch = machine.post("submission-batches", {"submissions": rows, "declaration": declaration}, Idempotency_Key="b")
    with tenant(alpha):
        intake.run(batch_id=batch.json()["id"])
    first, second = machine.get(f"submission-batches/{batch.json()['id']}/rows").json()["results"]

    assert (first["status"], second["status"]) == ("queued", "refused")
    assert {each["pointer"]: each["code"] for each in second["errors"]} == {
        "/typo": "unknown_field",
        "/period_start": "invalid",
        "/figures/income/periodAmount": "format_value",
        "/business_id": "format_business_id",
    }


def test_of_a_row_that_names_nobody(machine: Caller, landlord: str, alpha: Agency) -> None:
    sound = {name: value for name, value in asked(landlord).items() if name != "declaration"}
    nameless = {name: value for name, value in sound.items() if name != "landlord_id"}
    declaration = {"accepted": True, "covers_whole_business": True}
    body = {"submissions": [sound, {**nameless, "period_end": "x"}], "declaration": declaration}

    batch = machine.post("submission-batches", body, Idempotency_Key="b")
    with tenant(alpha):
        intake.run(batch_id=batch.json()["id"])
    refused = machine.get(f"submission-batches/{batch.json()['id']}/rows?status=refused").json()["results"]

    assert [{each["pointer"] for each in row["errors"]} for row in refused] == [{"/landlord_id", "/period_end"}]


def test_a_row_of_a_file_with_a_cell_too_many_is_its_own_fault_alone(
    machine: Caller, landlord: str, alpha: Agency
) -> None:
    text = f"landlord_id,business_id,income.periodAmount,mandate.kind\n{landlord},{BUSINESS},1,standing\n{landlord},1\n"

    batch = machine.call("POST", FILE, raw=text.encode(), content_type="text/csv", Idempotency_Key="c")
    assert batch.status_code == 202, batch.content
    with tenant(alpha):
        intake.run(batch_id=batch.json()["id"])
    first, second = machine.get(f"submission-batches/{batch.json()['id']}/rows").json()["results"]

    assert (first["status"], second["status"]) == ("queued", "refused")
    (fault,) = second["errors"]
    assert (fault["pointer"], fault["code"], fault["column"]) == ("", "cell_count", None)
