"""Property Business 6.0: every operation's checks of its path, its scenarios and its fixed answer, from the table."""

import json
from typing import Any

import pytest

from sandbox.hmrc.api import exact
from sandbox.hmrc.api.property_business import DECLARED
from sandbox.hmrc.api.property_business.declaring import BASE, Declared, shape_in
from sandbox.hmrc.api.property_business.samples import Sample
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, Hmrc
from tests.sandbox.hmrc.property_calls import NO_SUCH_ID, Taxpayer, codes

PLACE = {
    "nino": HARRIET,
    "businessId": HER_BUSINESS,
    "submissionId": NO_SUCH_ID,
    "periodId": "2019-04-06_2020-04-05",
    "propId": NO_SUCH_ID,
}
BAD = {
    "businessId": ("XPIS1", "FORMAT_BUSINESS_ID"),
    "submissionId": ("717f3a7a-db8e-11e9-8a34-2a2ae2dbcce4", "FORMAT_SUBMISSION_ID"),
    "periodId": ("2019-04-06", "FORMAT_PERIOD_ID"),
    "propId": ("717f3a7a", "FORMAT_PROPERTY_ID"),
}
OTHER_NAMES = {
    "NOT_FOUND": "MATCHING_RESOURCE_NOT_FOUND",
    "MISALIGNED": "RULE_MISALIGNED_PERIOD",
    "NOT_CONTIGUOUS": "RULE_NOT_CONTIGUOUS_PERIOD",
    "OVERLAPPING": "RULE_OVERLAPPING_PERIOD",
}
# Scenarios that HMRC names after what is answered, not after an error.
ANSWERS = {"EMPTY", "DELETE", "CONSOLIDATED"} | {
    f"{part}_{kind}"
    for part in ("UK_PROPERTY", "UK_FHL", "UK_NON_FHL", "FOREIGN_FHL", "FOREIGN_NON_FHL")
    for kind in ("CONSOLIDATED", "FULL_EXPENSES")
}
ALLOWANCES = {"UK_PROPERTY_ALLOWANCE", "UK_FHL_PROPERTY_ALLOWANCE", "UK_ALL_OTHER_ALLOWANCES"} | {
    "UK_FHL_ALL_OTHER_ALLOWANCES"
}
BY_NAME = {one.name: one for one in DECLARED}
EVERY_SCENARIO = [
    (one.name, scenario) for one in DECLARED for scenario in one.scenarios.split() if "STATEFUL" not in scenario
]
WITH_YEARS = [one.name for one in DECLARED if "{taxYear}" in one.path]


@pytest.fixture(scope="module")
def harriet(shared_hmrc: Hmrc) -> Taxpayer:
    return Taxpayer(shared_hmrc)


def a_year(declared: Declared) -> str:
    return declared.years[0] or "2026-27"


def a_body(declared: Declared) -> str | None:
    """Return a sound body; the historic years have no tax year in the path, and their own dates in the body."""
    if not declared.body:
        return None
    year = a_year(declared) if "{taxYear}" in declared.path else ""
    found = Sample().of(shape_in(declared.body, year))
    days = {"fromDate": "2019-04-06", "toDate": "2020-04-05"}
    return exact.dumps({name: days.get(name, value) for name, value in found.items()})


def ask(taxpayer: Taxpayer, declared: Declared, *, scenario: str = "DEFAULT", **place: str) -> Any:
    path = f"{BASE}{declared.path}".format(**{"taxYear": a_year(declared)} | PLACE | place)
    send = a_body(declared)
    return taxpayer.hmrc.call(
        declared.method, path, token=taxpayer.token, version="6.0", send=send, Gov_Test_Scenario=scenario
    )


def expected(name: str, scenario: str) -> list[str]:
    if scenario in {"UK_PROPERTY", "FOREIGN_PROPERTY"}:
        is_own = name.startswith("uk") == scenario.startswith("UK")
        return [] if is_own else ["RULE_TYPE_OF_BUSINESS_INCORRECT"]
    if scenario in ANSWERS | ALLOWANCES:
        return []
    return [OTHER_NAMES.get(scenario, f"RULE_{scenario}")]


@pytest.mark.parametrize(("name", "scenario"), EVERY_SCENARIO)
def test_every_scenario_answers_what_it_is_named_for(harriet: Taxpayer, name: str, scenario: str) -> None:
    declared = BY_NAME[name]

    answer = ask(harriet, declared, scenario=scenario)

    wanted = expected(name, scenario)
    assert codes(answer) == wanted
    assert answer.status_code == (declared.status if not wanted else 404 if scenario == "NOT_FOUND" else 400)


@pytest.mark.parametrize("name", [one.name for one in DECLARED if one.scenarios])
def test_every_operation_has_a_fixed_answer_and_knows_its_scenarios(harriet: Taxpayer, name: str) -> None:
    declared = BY_NAME[name]

    answers = [ask(harriet, declared, scenario=scenario) for scenario in ("DEFAULT", "N/A - DEFAULT", "NO_SUCH")]

    assert [one.status_code for one in answers] == [declared.status, declared.status, 400]
    assert answers[0].data == answers[1].data
    assert codes(answers[2]) == ["RULE_INCORRECT_GOV_TEST_SCENARIO"]


@pytest.mark.parametrize("name", WITH_YEARS)
def test_a_bad_tax_year_is_reported_alone(harriet: Taxpayer, name: str) -> None:
    first, last = BY_NAME[name].years
    bad = {"2026": "FORMAT_TAX_YEAR", "2026-28": "RULE_TAX_YEAR_RANGE_INVALID"}
    before = {year_after(first, -1): "RULE_TAX_YEAR_NOT_SUPPORTED"}
    after = {year_after(last, 1): "RULE_TAX_YEAR_NOT_SUPPORTED"} if last else {}

    found = {
        year: codes(ask(harriet, BY_NAME[name], taxYear=year, businessId="nonsense")) for year in bad | before | after
    }

    assert found == {year: [code] for year, code in (bad | before | after).items()}


def year_after(year: str, step: int) -> str:
    starts_in = int(year[:4]) + step
    return f"{starts_in}-{(starts_in + 1) % 100}"


@pytest.mark.parametrize(
    ("name", "part"), [(one.name, part) for one in DECLARED for part in BAD if f"{{{part}}}" in one.path]
)
def test_every_part_of_a_path_has_its_format(harriet: Taxpayer, name: str, part: str) -> None:
    value, code = BAD[part]

    assert codes(ask(harriet, BY_NAME[name], **{part: value})) == [code]


@pytest.mark.parametrize("name", [one.name for one in DECLARED if one.body])
@pytest.mark.parametrize("send", ["{}", "[]", '{"windowTax":1}', '{"fromDate":"2026-04-06","toDate":"2026-07-05"}'])
def test_a_body_that_says_nothing_is_refused(harriet: Taxpayer, name: str, send: str) -> None:
    declared = BY_NAME[name]
    path = f"{BASE}{declared.path}".format(**PLACE, taxYear=a_year(declared))

    answer = harriet.hmrc.call(declared.method, path, token=harriet.token, version="6.0", send=send)

    assert codes(answer) == ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]


def test_a_fixed_answer_holds_one_kind_of_expenses_and_of_allowances(harriet: Taxpayer) -> None:
    full, consolidated = (
        ask(harriet, BY_NAME["uk_cumulative_get"], scenario=f"UK_PROPERTY_{kind}").get_json()["ukProperty"]["expenses"]
        for kind in ("FULL_EXPENSES", "CONSOLIDATED")
    )
    other, one = (
        ask(harriet, BY_NAME["uk_annual_get"], scenario=f"UK_{kind}", taxYear="2026-27").get_json()["ukProperty"]
        for kind in ("ALL_OTHER_ALLOWANCES", "PROPERTY_ALLOWANCE")
    )

    assert "consolidatedExpenses" not in full
    assert len(full) == 10
    assert set(consolidated) == {
        "consolidatedExpenses",
        "residentialFinancialCost",
        "residentialFinancialCostsCarriedForward",
        "rentARoom",
    }
    assert "propertyIncomeAllowance" not in other["allowances"]
    assert one["allowances"] == {"propertyIncomeAllowance": 999.99}
    assert "privateUseAdjustment" not in one["adjustments"]


def test_a_fixed_answer_of_one_part_has_no_other(harriet: Taxpayer) -> None:
    answer = ask(harriet, BY_NAME["uk_period_get"], scenario="UK_FHL_FULL_EXPENSES", taxYear="2024-25")

    assert set(json.loads(answer.data)) == {"submittedOn", "fromDate", "toDate", "ukFhlProperty"}
