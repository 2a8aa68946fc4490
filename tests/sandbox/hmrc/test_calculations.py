"""Individual Calculations 8.0: triggered, ready after five seconds, listed, retrieved, declared."""

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.api import exact
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, Hmrc, body, update
from tests.sandbox.hmrc.property_calls import NO_SUCH_ID, Taxpayer, codes, new_taxpayer

EXPENSES = {"repairsAndMaintenance": 5000, "residentialFinancialCost": 4000}
TRIGGER_SCENARIOS = [
    "BUSINESS_VALIDATION_FAILURE",
    "CALCULATION_IN_PROGRESS",
    "FINAL_DECLARATION_RECEIVED",
    "INCOME_SOURCES_CHANGED",
    "NO_INCOME_SUBMISSIONS_EXIST",
    "RECENT_SUBMISSIONS_EXIST",
    "RESIDENCY_CHANGED",
    "TAX_YEAR_NOT_ENDED",
]
DECLARE_SCENARIOS = [
    "FINAL_DECLARATION_IN_PROGRESS",
    "FINAL_DECLARATION_RECEIVED",
    "FINAL_DECLARATION_TAX_YEAR",
    "INCOME_SOURCES_CHANGED",
    "INCOME_SOURCES_INVALID",
    "NO_INCOME_SUBMISSIONS_EXIST",
    "OUTSIDE_AMENDMENT_WINDOW",
    "RECENT_SUBMISSIONS_EXIST",
    "RESIDENCY_CHANGED",
    "SUBMISSION_FAILED",
    "TAX_YEAR_NOT_SUPPORTED",
]
EXAMPLES = [
    "DYNAMIC",
    "UK_MULTIPLE_INCOMES_EXAMPLE",
    "UK_PROP_DIVIDENDS_EXAMPLE",
    "UK_PROP_GIFTAID_EXAMPLE",
    "UK_PROP_SAVINGS_EXAMPLE",
    "UK_SE_GIFTAID_EXAMPLE",
    "UK_SE_SAVINGS_EXAMPLE",
    "SCOT_SE_DIVIDENDS_EXAMPLE",
]


@pytest.fixture
def harriet(hmrc: Hmrc) -> Taxpayer:
    return Taxpayer(hmrc)


@pytest.fixture(scope="module")
def anyone(shared_hmrc: Hmrc) -> Taxpayer:
    return Taxpayer(shared_hmrc)


def file_update(taxpayer: Taxpayer, to_date: str = "2026-10-05", amount: int = 60_000) -> None:
    send = update(to_date, periodAmount=amount)
    send["ukProperty"]["expenses"] = EXPENSES
    assert codes(taxpayer.update(send)) == []


def file_whole_year(taxpayer: Taxpayer) -> None:
    taxpayer.is_today("2027-04-20")
    file_update(taxpayer, "2027-04-05")


def ready(taxpayer: Taxpayer, kind: str = "in-year", **more: str) -> str:
    """Trigger a calculation and wait for it."""
    calculation_id = body(taxpayer.calculate(kind, **more))["calculationId"]
    taxpayer.hmrc.pass_time(5)
    return str(calculation_id)


def declare(taxpayer: Taxpayer, calculation_id: str, kind: str = "final-declaration", **headers: str) -> TestResponse:
    return taxpayer.calculations("POST", f"2026-27/{calculation_id}/{kind}", **headers)


def retrieve(taxpayer: Taxpayer, calculation_id: str, year: str = "2026-27") -> Any:
    answer = taxpayer.calculations("GET", f"{year}/{calculation_id}")
    assert codes(answer) == []
    return exact.loads(answer.data)


class TestACalculation:
    def test_is_there_after_five_seconds(self, harriet: Taxpayer) -> None:
        file_update(harriet)
        triggered = harriet.calculate()
        path = f"2026-27/{body(triggered)['calculationId']}"

        at_once = [harriet.calculations("GET", one) for one in (path, "2026-27")]
        harriet.hmrc.pass_time(5)
        later = [harriet.calculations("GET", one) for one in (path, "2026-27")]

        assert triggered.status_code == 202
        assert [codes(one) for one in at_once] == [["MATCHING_RESOURCE_NOT_FOUND"]] * 2
        assert [one.status_code for one in later] == [200, 200]

    def test_is_true_to_what_was_sent(self, harriet: Taxpayer) -> None:
        file_update(harriet)
        harriet.annual("PUT", {"ukProperty": {"allowances": {"annualInvestmentAllowance": 1000}}})

        found = retrieve(harriet, ready(harriet))

        calculation = found["calculation"]
        assert calculation["businessProfitAndLoss"][0]["taxableProfit"] == 54_000
        assert calculation["reliefs"]["residentialFinanceCosts"]["totalResidentialFinanceCostsRelief"] == 800
        assert calculation["taxCalculation"]["incomeTax"]["incomeTaxCharged"] == Decimal("9032.00")
        assert calculation["taxCalculation"]["totalIncomeTaxAndNicsDue"] == Decimal("8232.00")
        assert calculation["endOfYearEstimate"]["incomeTaxNicAmount"] == Decimal("8232.00")
        assert found["inputs"]["incomeSources"]["businessIncomeSources"][0]["latestPeriodEndDate"] == "2026-10-05"
        assert (found["metadata"]["periodFrom"], found["metadata"]["periodTo"]) == ("2026-04-06", "2026-10-05")
        assert [one["id"] for one in found["messages"]["info"]] == ["C00001"]

    def test_stays_as_it_was_when_more_is_sent(self, harriet: Taxpayer) -> None:
        file_update(harriet)
        calculation_id = ready(harriet)
        before = retrieve(harriet, calculation_id)

        file_update(harriet, amount=90_000)

        assert retrieve(harriet, calculation_id) == before

    def test_adds_up_the_periods_of_an_earlier_year(self, harriet: Taxpayer) -> None:
        for dates in (("2024-04-06", "2024-07-05"), ("2024-07-06", "2024-10-05")):
            figures = {"ukNonFhlProperty": {"income": {"periodAmount": 10_000}}}
            harriet.period("POST", {"fromDate": dates[0], "toDate": dates[1]} | figures)

        found = retrieve(harriet, ready(harriet, year="2024-25"), "2024-25")

        assert found["calculation"]["taxCalculation"]["incomeTax"]["totalTaxableIncome"] == 20_000 - 12_570
        assert found["metadata"]["calculationType"] == "in-year"

    def test_warns_of_a_loss(self, harriet: Taxpayer) -> None:
        file_update(harriet, amount=100)

        found = retrieve(harriet, ready(harriet))

        assert [one["id"] for one in found["messages"]["warnings"]] == ["C00002"]
        assert found["calculation"]["businessProfitAndLoss"][0]["adjustedIncomeTaxLoss"] == 4900

    def test_is_its_taxpayers_own(self, harriet: Taxpayer) -> None:
        file_update(harriet)
        calculation_id = ready(harriet)

        stranger = new_taxpayer(harriet.hmrc)

        assert codes(stranger.calculations("GET", f"2026-27/{calculation_id}")) == ["MATCHING_RESOURCE_NOT_FOUND"]
        assert codes(harriet.calculations("GET", f"2025-26/{calculation_id}")) == ["MATCHING_RESOURCE_NOT_FOUND"]

    def test_outlives_a_restart(self, start: Start) -> None:
        taxpayer = Taxpayer(start())
        file_update(taxpayer)
        calculation_id = ready(taxpayer)

        again = Taxpayer(start())
        again.hmrc.pass_time(60)
        assert retrieve(again, calculation_id)["metadata"]["calculationId"] == calculation_id


class TestTheList:
    def test_has_the_newest_first_and_can_be_narrowed(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        first, second = ready(harriet), ready(harriet, "intent-to-finalise")

        every, some = (
            body(harriet.calculations("GET", f"2026-27{query}"))["calculations"]
            for query in ("", "?calculationType=in-year")
        )

        assert [one["calculationId"] for one in every] == [second, first]
        assert [one["calculationId"] for one in some] == [first]
        assert every[0] == {
            "calculationId": second,
            "calculationTimestamp": every[0]["calculationTimestamp"],
            "calculationType": "intent-to-finalise",
            "calculationTrigger": "attended",
            "calculationOutcome": "PROCESSED",
            "liabilityAmount": 8632.0,
            "fromDate": "2026-04-06",
            "toDate": "2027-04-05",
        }

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("2026-27?calculationType=guess", "FORMAT_CALCULATION_TYPE"),
            ("2024-25?calculationType=intent-to-amend", "RULE_CALCULATION_TYPE_NOT_ALLOWED"),
            ("2016-17", "RULE_TAX_YEAR_NOT_SUPPORTED"),
            ("2026-28", "RULE_TAX_YEAR_RANGE_INVALID"),
            ("2026", "FORMAT_TAX_YEAR"),
            ("2025-26", "MATCHING_RESOURCE_NOT_FOUND"),
        ],
    )
    def test_is_refused_for(self, anyone: Taxpayer, query: str, code: str) -> None:
        assert codes(anyone.calculations("GET", query)) == [code]


class TestATrigger:
    @pytest.mark.parametrize(
        ("kind", "year", "expected"),
        [
            ("guess", "2026-27", ["FORMAT_CALCULATION_TYPE"]),
            ("final-declaration", "2026", ["FORMAT_CALCULATION_TYPE", "FORMAT_TAX_YEAR"]),
            ("in-year", "2016-17", ["RULE_TAX_YEAR_NOT_SUPPORTED"]),
            ("intent-to-amend", "2024-25", ["RULE_CALCULATION_TYPE_NOT_ALLOWED"]),
            ("in-year", "2026-27", ["RULE_NO_INCOME_SUBMISSIONS_EXIST"]),
            ("intent-to-finalise", "2026-27", ["RULE_TAX_YEAR_NOT_ENDED"]),
            ("intent-to-amend", "2026-27", ["RULE_DECLARATION_NOT_RECEIVED"]),
        ],
    )
    def test_is_refused_for(self, anyone: Taxpayer, kind: str, year: str, expected: list[str]) -> None:
        assert codes(anyone.calculate(kind, year=year)) == expected

    def test_is_premature_before_the_years_last_update(self, harriet: Taxpayer) -> None:
        harriet.is_today("2027-04-20")
        file_update(harriet, "2027-01-05")

        assert codes(harriet.calculate("intent-to-finalise")) == ["RULE_PREMATURE_FINALISATION"]

    def test_may_finalise_a_year_that_is_reported_annually(self, hmrc: Hmrc) -> None:
        latency = {"end_date": "2028-04-05", "tax_year_1": "2026-27", "indicator_1": "A"}
        taxpayer = new_taxpayer(hmrc, latency=latency | {"tax_year_2": "2027-28", "indicator_2": "Q"})
        taxpayer.update({"ukProperty": {"income": {"periodAmount": 20_000}}})
        taxpayer.is_today("2027-04-06")

        metadata = retrieve(taxpayer, ready(taxpayer, "intent-to-finalise"))["metadata"]

        assert (metadata["periodFrom"], metadata["periodTo"]) == ("2026-04-06", "2027-04-05")

    def test_may_suspend_todays_date(self, harriet: Taxpayer) -> None:
        suspended = {"suspend_temporal_validations": "true"}
        send = update("2027-04-05")
        harriet.update(send, **suspended)

        assert codes(harriet.calculate("intent-to-finalise", **suspended)) == []

    @pytest.mark.parametrize("scenario", TRIGGER_SCENARIOS)
    def test_has_hmrcs_scenarios(self, anyone: Taxpayer, scenario: str) -> None:
        assert codes(anyone.calculate(Gov_Test_Scenario=scenario)) == [f"RULE_{scenario}"]


class TestADeclaration:
    def test_makes_the_calculation_final(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        calculation_id = ready(harriet, "intent-to-finalise")

        answer = declare(harriet, calculation_id)

        metadata = retrieve(harriet, calculation_id)["metadata"]
        (entry,) = body(harriet.calculations("GET", "2026-27"))["calculations"]
        assert (answer.status_code, answer.data) == (204, b"")
        assert metadata["calculationType"] == "declare-finalisation"
        assert metadata["finalisationTimestamp"].startswith("2027-04-20T")
        assert entry["calculationType"] == "final-declaration"
        assert codes(harriet.calculate()) == ["RULE_FINAL_DECLARATION_RECEIVED"]
        assert codes(declare(harriet, calculation_id)) == ["RULE_FINAL_DECLARATION_RECEIVED"]

    def test_may_be_amended_for_a_year(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        declare(harriet, ready(harriet, "intent-to-finalise"))
        file_update(harriet, "2027-04-05", amount=70_000)
        calculation_id = ready(harriet, "intent-to-amend")

        confirmed = declare(harriet, calculation_id, "confirm-amendment")

        metadata = retrieve(harriet, calculation_id)["metadata"]
        assert confirmed.status_code == 204
        assert metadata["calculationType"] == "confirm-amendment"
        assert "confirmationTimestamp" in metadata

    def test_and_its_amendment_end_with_the_window(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        declare(harriet, ready(harriet, "intent-to-finalise"))
        calculation_id = ready(harriet, "intent-to-amend")

        harriet.is_today("2029-02-01")

        assert codes(harriet.calculate("intent-to-amend")) == ["RULE_OUTSIDE_AMENDMENT_WINDOW"]
        assert codes(declare(harriet, calculation_id, "confirm-amendment")) == ["RULE_OUTSIDE_AMENDMENT_WINDOW"]

    def test_is_refused_once_more_was_sent(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        calculation_id = ready(harriet, "intent-to-finalise")

        file_update(harriet, "2027-04-05", amount=70_000)

        assert codes(declare(harriet, calculation_id)) == ["RULE_RECENT_SUBMISSIONS_EXIST"]

    def test_is_refused_once_there_is_another_business(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        calculation_id = ready(harriet, "intent-to-finalise")

        support = "/self-assessment-test-support/business/NINO"
        harriet.ask("POST", support, {"typeOfBusiness": "foreign-property"}, version="1.0")

        assert codes(declare(harriet, calculation_id)) == ["RULE_INCOME_SOURCES_CHANGED"]

    def test_is_refused_once_the_business_is_gone(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        calculation_id = ready(harriet, "intent-to-finalise")

        harriet.ask("DELETE", "/self-assessment-test-support/business/NINO/BUSINESS", version="1.0")

        assert codes(declare(harriet, calculation_id)) == ["RULE_NO_INCOME_SUBMISSIONS_EXIST"]

    def test_fulfils_the_years_crystallisation_obligation(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)
        path = f"/obligations/details/{HARRIET}/crystallisation?taxYear=2026-27"

        def status() -> str:
            answer = harriet.hmrc.call("GET", path, token=harriet.token, version="3.0")
            return str(body(answer)["obligations"][0]["status"])

        before = status()
        declare(harriet, ready(harriet, "intent-to-finalise"))

        assert (before, status()) == ("open", "fulfilled")

    def test_is_refused_for_what_was_not_meant_to_be_final(self, harriet: Taxpayer) -> None:
        file_whole_year(harriet)

        assert codes(declare(harriet, ready(harriet))) == ["RULE_SUBMISSION_FAILED"]

    def test_waits_for_the_end_of_the_year(self, harriet: Taxpayer) -> None:
        file_update(harriet)

        assert codes(declare(harriet, ready(harriet))) == ["RULE_FINAL_DECLARATION_TAX_YEAR"]

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("2026-27/717f3a7a/final-declaration", ["FORMAT_CALCULATION_ID"]),
            (f"2026-27/{NO_SUCH_ID}/in-year", ["FORMAT_CALCULATION_TYPE"]),
            ("2026/717/perhaps", ["FORMAT_CALCULATION_ID", "FORMAT_CALCULATION_TYPE", "FORMAT_TAX_YEAR"]),
            (f"2024-25/{NO_SUCH_ID}/confirm-amendment", ["RULE_TAX_YEAR_NOT_SUPPORTED"]),
            (f"2026-27/{NO_SUCH_ID}/final-declaration", ["MATCHING_RESOURCE_NOT_FOUND"]),
        ],
    )
    def test_is_refused_for(self, anyone: Taxpayer, path: str, expected: list[str]) -> None:
        assert codes(anyone.calculations("POST", path)) == expected

    @pytest.mark.parametrize("scenario", DECLARE_SCENARIOS)
    def test_has_hmrcs_scenarios(self, anyone: Taxpayer, scenario: str) -> None:
        assert codes(declare(anyone, NO_SUCH_ID, Gov_Test_Scenario=scenario)) == [f"RULE_{scenario}"]


class TestFixedAnswers:
    @pytest.mark.parametrize("scenario", EXAMPLES)
    def test_are_calculations_of_the_year_that_was_asked_for(self, anyone: Taxpayer, scenario: str) -> None:
        found = body(anyone.calculations("GET", f"2025-26/{NO_SUCH_ID}", Gov_Test_Scenario=scenario))

        (source,) = found["inputs"]["incomeSources"]["businessIncomeSources"]
        assert (found["metadata"]["calculationId"], found["metadata"]["taxYear"]) == (NO_SUCH_ID, "2025-26")
        assert found["inputs"]["personalInformation"]["identifier"] == HARRIET
        assert source["incomeSourceType"] == ("self-employment" if "_SE_" in scenario else "uk-property")
        assert found["inputs"]["personalInformation"]["taxRegime"] == (
            "scotland" if scenario.startswith("SCOT") else "uk"
        )
        assert found["calculation"]["taxCalculation"]["totalIncomeTaxAndNicsDue"] > 0

    def test_hold_no_results_beside_errors(self, anyone: Taxpayer) -> None:
        path = f"2026-27/{NO_SUCH_ID}"

        found = body(anyone.calculations("GET", path, Gov_Test_Scenario="ERROR_MESSAGES_EXIST"))

        assert "calculation" not in found
        assert len(found["messages"]["errors"]) == 1

    def test_are_there_for_every_operation(self, anyone: Taxpayer) -> None:
        default = {"Gov_Test_Scenario": "DEFAULT"}

        answers = [
            anyone.calculate(**default),
            anyone.calculations("GET", "2024-25", **default),
            anyone.calculations("GET", "2022-23", Gov_Test_Scenario="DYNAMIC"),
            declare(anyone, NO_SUCH_ID, **default),
            declare(anyone, NO_SUCH_ID, Gov_Test_Scenario="NOT_FOUND"),
        ]

        assert [one.status_code for one in answers] == [202, 200, 200, 204, 404]
        assert body(answers[1])["calculations"][0]["calculationOutcome"] == "PROCESSED"
        assert body(answers[2])["calculations"][0]["taxYear"] == "2022-23"
