"""What a business declares for a tax year: accounting type, periods of account, the late accounting date rule."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.sandbox.hmrc.asking import Client, codes, refusal
from tests.sandbox.hmrc.driver import BEATRIX, Hmrc, body

TRADE = f"/individuals/business/details/{BEATRIX}/XBIS10000000006"
PROPERTY = f"/individuals/business/details/{BEATRIX}/XPIS10000000006"
NOBODYS = f"/individuals/business/details/{BEATRIX}/XBIS99999999999"
LATE = "late-accounting-date-rule-election"


@pytest.fixture
def beatrix(hmrc: Hmrc) -> Client:
    """Beatrix has a trade and a property; it is the autumn after 2025-26."""
    return Client(hmrc, hmrc.connect(BEATRIX)["access_token"])


def periods(*dates: tuple[str, str], has: bool = True) -> dict[str, Any]:
    listed = [{"startDate": start, "endDate": end} for start, end in dates]
    return {"periodsOfAccount": has} | ({"periodsOfAccountDates": listed} if listed else {})


class TestAccountingType:
    def test_is_that_of_the_business_until_it_is_set_for_a_year(self, beatrix: Client) -> None:
        assert beatrix.ask("PUT", f"{TRADE}/2025-26/accounting-type", {"accountingType": "ACCRUAL"}).status_code == 204

        found = [body(beatrix.ask("GET", f"{TRADE}/{year}/accounting-type")) for year in ("2024-25", "2025-26")]

        assert found == [{"accountingType": "CASH"}, {"accountingType": "ACCRUAL"}]

    @pytest.mark.parametrize(
        ("path", "send", "expected"),
        [
            (f"{NOBODYS}/2025-26", {"accountingType": "CASH"}, ["MATCHING_RESOURCE_NOT_FOUND"]),
            (f"{TRADE}/2023-24", {"accountingType": "CASH"}, ["RULE_TAX_YEAR_NOT_SUPPORTED"]),
            (f"{TRADE}/2025-27", {"accountingType": "CASH"}, ["RULE_TAX_YEAR_RANGE_INVALID"]),
            (f"{TRADE}/2025-26", {"accountingType": "BARTER"}, ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]),
            (
                "/individuals/business/details/AA000006A/X/25-26",
                {},
                ["FORMAT_BUSINESS_ID", "FORMAT_TAX_YEAR", "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"],
            ),
        ],
    )
    def test_is_refused_with_all_that_is_wrong(
        self, beatrix: Client, path: str, send: object, expected: list[str]
    ) -> None:
        assert codes(beatrix.ask("PUT", f"{path}/accounting-type", send)) == expected

    def test_is_not_changed_once_the_window_has_closed(self, hmrc: Hmrc) -> None:
        hmrc.is_today("2028-02-01")
        beatrix = Client(hmrc, hmrc.connect(BEATRIX)["access_token"])

        answer = beatrix.ask("PUT", f"{TRADE}/2025-26/accounting-type", {"accountingType": "CASH"})

        assert refusal(answer) == (400, ["RULE_OUTSIDE_AMENDMENT_WINDOW"])

    def test_of_an_unknown_business_is_not_found(self, beatrix: Client) -> None:
        assert codes(beatrix.ask("GET", f"{NOBODYS}/2025-26/accounting-type")) == ["MATCHING_RESOURCE_NOT_FOUND"]


class TestPeriodsOfAccount:
    def declare(self, client: Client, send: object, year: str = "2025-26", place: str = TRADE) -> TestResponse:
        return client.ask("PUT", f"{place}/{year}/periods-of-account", send)

    def test_come_back_as_they_were_declared_with_the_moment(self, beatrix: Client) -> None:
        sent = periods(("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-04-05"))
        assert self.declare(beatrix, sent).status_code == 204

        found = body(beatrix.ask("GET", f"{TRADE}/2025-26/periods-of-account"))

        assert found.pop("submittedOn").startswith("2026-11-22T12:00:0")
        assert found == sent

    def test_may_be_none(self, beatrix: Client) -> None:
        self.declare(beatrix, periods(has=False))

        assert body(beatrix.ask("GET", f"{TRADE}/2025-26/periods-of-account"))["periodsOfAccount"] is False

    def test_are_not_found_before_they_are_declared(self, beatrix: Client) -> None:
        answer = beatrix.ask("GET", f"{TRADE}/2025-26/periods-of-account")

        assert refusal(answer) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])

    @pytest.mark.parametrize(
        ("send", "expected"),
        [
            ({}, ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]),
            (periods() | {"periodsOfAccountDates": []}, ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]),
            (periods(), ["RULE_PERIODS_OF_ACCOUNT"]),
            (periods(("2025-04-06", "2026-04-05"), has=False), ["RULE_PERIODS_OF_ACCOUNT"]),
            (periods(("soon", "late")), ["FORMAT_END_DATE", "FORMAT_START_DATE"]),
            (periods(("2026-01-02", "2026-01-01")), ["RULE_END_DATE_BEFORE_START_DATE"]),
            (periods(("2026-04-06", "2026-04-07")), ["RULE_END_DATE", "RULE_START_DATE"]),
            (periods(("2025-01-01", "2025-04-05")), ["RULE_END_DATE"]),
            (periods(("2025-04-06", "2025-12-31"), ("2025-12-31", "2026-04-05")), ["RULE_PERIODS_OVERLAP"]),
        ],
    )
    def test_are_refused_with_all_that_is_wrong(self, beatrix: Client, send: object, expected: list[str]) -> None:
        assert refusal(self.declare(beatrix, send)) == (400, expected)

    def test_that_are_wrong_in_one_way_are_told_together(self, beatrix: Client) -> None:
        answer = self.declare(beatrix, periods(("2025-04-06", "never"), ("2025-05-06", "ever")))

        assert body(answer)["paths"] == ["/periodsOfAccountDates/0/endDate", "/periodsOfAccountDates/1/endDate"]

    def test_may_not_outlast_the_business(self, hmrc: Hmrc) -> None:
        ceased = {"type_of_business": "self-employment", "cessation_date": "2025-12-31"}
        user = hmrc.control("users", {"businesses": [ceased]})
        theirs = Client(hmrc, hmrc.connect(user["nino"])["access_token"])
        place = f"/individuals/business/details/{user['nino']}/{user['businesses'][0]['business_id']}"

        answers = [
            self.declare(theirs, periods(("2025-04-06", end)), place=place) for end in ("2026-01-01", "2025-12-31")
        ]

        assert codes(answers[0]) == ["RULE_CESSATION_DATE"]
        assert answers[1].status_code == 204


class TestLateAccountingDate:
    def elect(self, client: Client, year: str = "2025-26", place: str = TRADE, **headers: str) -> TestResponse:
        return client.ask("POST", f"{place}/{year}/{LATE}/disapply", **headers)

    def show(self, client: Client, year: str) -> dict[str, Any]:
        return body(client.ask("GET", f"{TRADE}/{year}/{LATE}"))

    def declare(self, client: Client, end: str, year: str = "2025-26") -> None:
        sent = periods((f"{int(end[:4]) - 1}-04-06", end))
        assert client.ask("PUT", f"{TRADE}/{year}/periods-of-account", sent).status_code == 204

    @pytest.mark.parametrize(
        ("end", "eligible"), [("2026-03-30", False), ("2026-03-31", True), ("2026-04-04", True), ("2026-04-05", False)]
    )
    def test_is_open_to_trades_whose_year_ends_just_before_the_tax_year(
        self, beatrix: Client, end: str, eligible: bool
    ) -> None:
        self.declare(beatrix, end)

        assert self.show(beatrix, "2025-26") == {"disapply": False, "eligible": eligible}
        assert self.elect(beatrix).status_code == (204 if eligible else 422)

    def test_holds_for_five_years(self, beatrix: Client) -> None:
        self.declare(beatrix, "2026-03-31")
        self.elect(beatrix)

        span = {"taxYearOfElection": "2025-26", "taxYearElectionExpires": "2029-30"}
        assert self.show(beatrix, "2025-26") == {"disapply": True, "eligible": True} | span
        assert self.show(beatrix, "2029-30") == {"disapply": True, "eligible": False} | span
        assert self.show(beatrix, "2030-31") == {"disapply": False, "eligible": False}

    def test_may_be_withdrawn_for_its_own_year(self, beatrix: Client) -> None:
        self.declare(beatrix, "2026-03-31")
        self.elect(beatrix)

        withdrawn = [beatrix.ask("DELETE", f"{TRADE}/2025-26/{LATE}/withdraw") for _ in range(2)]

        assert [one.status_code for one in withdrawn] == [204, 404]
        assert self.show(beatrix, "2025-26")["disapply"] is False

    def test_has_not_expired_in_its_later_years(self, beatrix: Client) -> None:
        self.declare(beatrix, "2025-04-04", year="2024-25")
        self.declare(beatrix, "2026-04-04")
        self.elect(beatrix, "2024-25")

        answers = [self.elect(beatrix), beatrix.ask("DELETE", f"{TRADE}/2025-26/{LATE}/withdraw")]

        assert [refusal(one) for one in answers] == [(422, ["RULE_ELECTION_PERIOD_NOT_EXPIRED"])] * 2

    def test_is_not_for_property(self, beatrix: Client) -> None:
        assert refusal(self.elect(beatrix, place=PROPERTY)) == (422, ["RULE_TYPE_OF_BUSINESS_INCORRECT"])

    def test_needs_an_accounting_date(self, beatrix: Client) -> None:
        assert refusal(self.elect(beatrix)) == (422, ["RULE_NO_ACCOUNTING_DATE_FOUND"])

    def test_waits_for_the_end_of_the_year_unless_a_test_says_otherwise(self, beatrix: Client) -> None:
        answers = [
            self.elect(beatrix, "2026-27"),
            self.elect(beatrix, "2026-27", suspend_temporal_validations="true"),
        ]

        assert codes(answers[0]) == ["RULE_TAX_YEAR_NOT_ENDED"]
        assert codes(answers[1]) == ["RULE_NO_ACCOUNTING_DATE_FOUND"]

    @pytest.mark.parametrize("place", [NOBODYS, PROPERTY])
    def test_that_was_never_made_is_not_found(self, beatrix: Client, place: str) -> None:
        assert beatrix.ask("DELETE", f"{place}/2025-26/{LATE}/withdraw").status_code == 404

    def test_of_an_unknown_business_is_not_found(self, beatrix: Client) -> None:
        assert beatrix.ask("GET", f"{NOBODYS}/2025-26/{LATE}").status_code == 404
