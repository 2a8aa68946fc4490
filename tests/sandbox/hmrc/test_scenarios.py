"""The two modes, and the Gov-Test-Scenario header in each: tested over the table of every operation."""

from pathlib import Path

import pytest

from sandbox.hmrc import settings
from sandbox.hmrc.api.catalogue import OPERATIONS
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.modes import HMRC_SANDBOX, PRODUCTION_LIKE
from sandbox.hmrc.store import Store
from tests.sandbox.hmrc.asking import DETAILS, REQUESTS, SUPPORT, Client, codes, refusal, turn_to
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import body

BY_NAME = {operation.name: operation for operation in OPERATIONS}
FIXED = {"business_list": "XBIS12345678901", "obligations": "XBIS12345678901", "business_details": "XBIS12345678901"}


@pytest.fixture
def sandbox(start: Start, tmp_path: Path) -> Client:
    turn_to(tmp_path, HMRC_SANDBOX)
    hmrc = start()
    return Client(hmrc, hmrc.connect()["access_token"])


@pytest.mark.parametrize("name", REQUESTS)
def test_every_scenario_answers_what_it_is_named_for_in_either_mode(client: Client, name: str) -> None:
    answers = {scenario: client.ask_for(name, scenario=scenario) for scenario in BY_NAME[name].scenarios}

    for scenario, answer in answers.items():
        wanted = BY_NAME[name].scenarios[scenario]
        if isinstance(wanted, Problem):
            assert refusal(answer) == (wanted.status, [wanted.code]), scenario
    assert answers


@pytest.mark.parametrize("name", REQUESTS)
def test_a_scenario_that_is_not_listed_is_refused(client: Client, name: str) -> None:
    assert refusal(client.ask_for(name, scenario="GOOD_WEATHER")) == (400, ["RULE_INCORRECT_GOV_TEST_SCENARIO"])


@pytest.mark.parametrize("name", REQUESTS)
def test_the_default_of_hmrcs_sandbox_is_fixed(sandbox: Client, name: str) -> None:
    answers = [sandbox.ask_for(name, scenario=scenario) for scenario in ("", "N/A - DEFAULT", "DEFAULT")]

    assert {answer.status_code for answer in answers} <= {200, 204}
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("name", FIXED)
def test_hmrcs_sandbox_tells_of_its_own_businesses(sandbox: Client, name: str) -> None:
    assert FIXED[name] in sandbox.ask_for(name).text


def test_hmrcs_sandbox_keeps_state_where_it_is_asked_to(sandbox: Client) -> None:
    sandbox.ask_for("accounting_type_put", scenario="STATEFUL")

    assert body(sandbox.ask_for("accounting_type_get", scenario="STATEFUL")) == {"accountingType": "ACCRUAL"}
    assert "XPIS10000000001" in sandbox.ask_for("business_list", scenario="STATEFUL").text


@pytest.mark.parametrize("name", [name for name in REQUESTS if not BY_NAME[name].sandbox_keeps_state])
def test_obligations_are_never_stateful_in_hmrcs_sandbox(sandbox: Client, name: str) -> None:
    assert codes(sandbox.ask_for(name, scenario="STATEFUL")) == ["RULE_INCORRECT_GOV_TEST_SCENARIO"]


@pytest.mark.parametrize("name", ["business_list", "obligations"])
def test_in_the_production_like_mode_state_answers_with_or_without_its_name(client: Client, name: str) -> None:
    answers = [client.ask_for(name), client.ask_for(name, scenario="STATEFUL")]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].data == answers[1].data
    assert "XPIS10000000001" in answers[0].text


def test_a_fixed_answer_needs_a_sound_request(client: Client) -> None:
    answers = [
        client.ask("GET", f"{DETAILS}/nonsense", scenario="PROPERTY"),
        client.ask("PUT", f"{DETAILS}/XPIS10000000001/2026-27", {}, scenario="BUSINESS_ID_NOT_FOUND"),
        Client(client.hmrc, "f" * 32).ask_for("business_list", scenario="PROPERTY"),
    ]

    assert [code for answer in answers for code in codes(answer)] == [
        "FORMAT_BUSINESS_ID",
        "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED",
        "INVALID_CREDENTIALS",
    ]


def test_a_fixed_answer_changes_nothing(client: Client) -> None:
    client.ask_for("accounting_type_put", scenario="DEFAULT")

    assert body(client.ask_for("accounting_type_get")) == {"accountingType": "CASH"}


def test_an_operation_without_scenarios_leaves_the_header_unread(client: Client) -> None:
    answer = client.ask("GET", f"{SUPPORT}/vendor-state/checkpoints", version="1.0", scenario="GOOD_WEATHER")

    assert (answer.status_code, body(answer)) == (200, {"checkpoints": []})


def test_the_mode_that_was_set_outlives_the_process_and_yields_to_a_reset(start: Start, tmp_path: Path) -> None:
    start()
    turn_to(tmp_path, HMRC_SANDBOX)

    hmrc = start()
    fixed = Client(hmrc, hmrc.connect()["access_token"]).ask_for("business_list")
    hmrc.control("reset", {})
    stateful = Client(hmrc, hmrc.connect()["access_token"]).ask_for("business_list")

    assert ("XBIS12345678901" in fixed.text, "XBIS12345678901" in stateful.text) == (True, False)


def test_a_mode_that_is_none_is_not_set(tmp_path: Path) -> None:
    mode = settings.mode(Store(file=tmp_path / "state.sqlite3"), default=PRODUCTION_LIKE)

    with pytest.raises(ValueError, match="mode"):
        mode.set("wishful")

    assert mode.get() == PRODUCTION_LIKE


class TestDynamic:
    @pytest.mark.parametrize(
        ("business_id", "kind"),
        [
            ("XBIS12345678901", "self-employment"),
            ("XPIS12345678901", "uk-property"),
            ("XFIS12345678901", "foreign-property"),
            ("XAIS12345678901", "property-unspecified"),
        ],
    )
    def test_tells_of_the_business_that_is_asked_for(self, client: Client, business_id: str, kind: str) -> None:
        found = body(client.ask("GET", f"{DETAILS}/{business_id}", scenario="DYNAMIC"))

        assert (found["businessId"], found["typeOfBusiness"]) == (business_id, kind)

    def test_knows_no_other_business(self, client: Client) -> None:
        assert codes(client.ask_for("business_details", scenario="DYNAMIC")) == ["NO_BUSINESS_FOUND"]

    def test_echoes_the_dates_and_the_status_of_obligations(self, client: Client) -> None:
        query = "fromDate=2026-05-01&toDate=2026-06-30&status=fulfilled&typeOfBusiness=uk-property"
        path = f"{REQUESTS['obligations'][1]}?{query}&businessId=XPIS12345678901"

        (found,) = body(client.ask("GET", path, version="3.0", scenario="DYNAMIC"))["obligations"]

        (detail,) = found["obligationDetails"]
        assert found["businessId"] == "XPIS12345678901"
        assert (detail["periodStartDate"], detail["periodEndDate"]) == ("2026-05-01", "2026-06-30")
        assert detail["status"] == "fulfilled"

    def test_echoes_the_tax_year_of_a_final_declaration(self, client: Client) -> None:
        path = f"{REQUESTS['crystallisation'][1]}?taxYear=2022-23"

        (found,) = body(client.ask("GET", path, version="3.0", scenario="DYNAMIC"))["obligations"]

        assert found == {
            "periodStartDate": "2022-04-06",
            "periodEndDate": "2023-04-05",
            "dueDate": "2024-01-31",
            "status": "open",
        }


def test_fixed_obligations_pass_the_filter_as_all_do(client: Client) -> None:
    path = REQUESTS["obligations"][1]
    kind, nobody = "typeOfBusiness=foreign-property", "typeOfBusiness=uk-property&businessId=XPIS99999999999"

    found = body(client.ask("GET", f"{path}?{kind}", version="3.0", scenario="CUMULATIVE"))["obligations"]

    assert [one["businessId"] for one in found] == ["XFIS12345678901"]
    assert [one["dueDate"][5:] for one in found[0]["obligationDetails"]] == ["08-07", "11-07", "02-07", "05-07"]
    assert codes(client.ask("GET", f"{path}?{nobody}", version="3.0", scenario="OPEN")) == ["NO_OBLIGATIONS_FOUND"]
