"""Obligations 3.0: cumulative periods, due dates, filters, and how an update fulfils them."""

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc import settings
from sandbox.hmrc.filings import FINAL_DECLARATION, Filing, Filings
from sandbox.hmrc.store import Store
from tests.sandbox.hmrc.asking import REQUESTS, SUPPORT, Client, codes, refusal
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import BEATRIX, HARRIET, HER_BUSINESS, NO_BUSINESS, Hmrc, body, update

ALL_2026 = {"fromDate": "2026-04-06", "toDate": "2027-04-05"}


@pytest.fixture
def token(hmrc: Hmrc) -> str:
    return str(hmrc.connect()["access_token"])


def details(hmrc: Hmrc, token: str, **query: str) -> list[dict[str, str]]:
    found = body(hmrc.obligations(token, **query))["obligations"]
    return [detail for one in found for detail in one["obligationDetails"]]


@pytest.mark.parametrize(
    ("year", "due"),
    [
        ({"fromDate": "2025-04-06", "toDate": "2026-04-05"}, ["2025-08-05", "2025-11-05", "2026-02-05", "2026-05-05"]),
        (ALL_2026, ["2026-08-07", "2026-11-07", "2027-02-07", "2027-05-07"]),
    ],
)
def test_a_year_has_four_cumulative_periods_with_hmrcs_due_dates(
    hmrc: Hmrc, token: str, year: dict[str, str], due: list[str]
) -> None:
    found = details(hmrc, token, **year)

    assert [one["dueDate"] for one in found] == due
    assert {one["periodStartDate"] for one in found} == {year["fromDate"]}
    assert [one["periodEndDate"][5:] for one in found] == ["07-05", "10-05", "01-05", "04-05"]
    assert {one["status"] for one in found} == {"open"}


def test_an_update_fulfils_its_period_and_those_before_it(hmrc: Hmrc, token: str) -> None:
    hmrc.cumulative("PUT", token, update("2026-10-05"))

    found = details(hmrc, token, **ALL_2026)

    assert [(one["status"], one.get("receivedDate")) for one in found] == [
        ("fulfilled", "2026-11-22"),
        ("fulfilled", "2026-11-22"),
        ("open", None),
        ("open", None),
    ]


def test_an_update_that_stops_short_of_a_periods_end_leaves_it_open(hmrc: Hmrc, token: str) -> None:
    hmrc.cumulative("PUT", token, update("2026-10-04"))

    assert [one["status"] for one in details(hmrc, token, **ALL_2026)] == ["fulfilled", "open", "open", "open"]


def test_the_received_date_is_that_of_the_first_update_to_reach_the_end(hmrc: Hmrc, token: str) -> None:
    hmrc.cumulative("PUT", token, update("2026-07-05"))
    hmrc.is_today("2026-11-25")
    token = hmrc.connect()["access_token"]
    hmrc.cumulative("PUT", token, update("2026-07-05"))

    assert details(hmrc, token, **ALL_2026)[0]["receivedDate"] == "2026-11-22"


def test_without_dates_it_looks_a_year_ahead(hmrc: Hmrc, token: str) -> None:
    assert [one["periodEndDate"] for one in details(hmrc, token)] == ["2027-01-05", "2027-04-05"]


def test_without_dates_all_that_is_open_is_listed_on_request(hmrc: Hmrc, token: str) -> None:
    hmrc.cumulative("PUT", token, update("2026-10-05"))

    found = details(hmrc, token, status="open")

    assert len(found) == 6
    assert {one["status"] for one in found} == {"open"}


def test_only_property_businesses_are_listed(hmrc: Hmrc) -> None:
    token = hmrc.connect(BEATRIX)["access_token"]

    found = body(hmrc.obligations(token, BEATRIX))["obligations"]

    assert [one["typeOfBusiness"] for one in found] == ["uk-property"]


def test_a_business_may_be_picked(hmrc: Hmrc, token: str) -> None:
    found = body(hmrc.obligations(token, typeOfBusiness="uk-property", businessId=HER_BUSINESS))["obligations"]

    assert [one["businessId"] for one in found] == [HER_BUSINESS]


@pytest.mark.parametrize(
    "query",
    [
        {"typeOfBusiness": "foreign-property"},
        {"typeOfBusiness": "uk-property", "businessId": "XPIS99999999999"},
        {"status": "fulfilled"},
        {"fromDate": "2019-04-06", "toDate": "2020-04-05"},
    ],
)
def test_nothing_found_is_a_404_of_its_own(hmrc: Hmrc, token: str, query: dict[str, str]) -> None:
    answer = hmrc.obligations(token, **query)

    assert (answer.status_code, body(answer)["code"]) == (404, "NO_OBLIGATIONS_FOUND")


def test_nothing_is_found_for_a_user_without_a_business(hmrc: Hmrc) -> None:
    answer = hmrc.obligations(hmrc.connect(NO_BUSINESS)["access_token"], NO_BUSINESS)

    assert body(answer)["code"] == "NO_OBLIGATIONS_FOUND"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"businessId": HER_BUSINESS}, ["MISSING_TYPE_OF_BUSINESS"]),
        ({"fromDate": "2026-04-06"}, ["MISSING_TO_DATE"]),
        ({"toDate": "2026-04-06"}, ["MISSING_FROM_DATE"]),
        ({"fromDate": "2026-05-06", "toDate": "2026-04-06"}, ["RANGE_TO_DATE_BEFORE_FROM_DATE"]),
        ({"fromDate": "2018-04-05", "toDate": "2018-05-06"}, ["RULE_FROM_DATE_NOT_SUPPORTED"]),
        ({"fromDate": "2026-04-06", "toDate": "2027-04-07"}, ["RULE_DATE_RANGE_INVALID"]),
        ({"fromDate": "2026-04-06", "toDate": "2026-04-06"}, ["RULE_DATE_RANGE_INVALID"]),
        ({"status": "Open", "typeOfBusiness": "shop"}, ["FORMAT_STATUS", "FORMAT_TYPE_OF_BUSINESS"]),
        (
            {"businessId": "X", "fromDate": "soon", "toDate": "2100-01-01"},
            ["FORMAT_BUSINESS_ID", "FORMAT_FROM_DATE", "FORMAT_TO_DATE"],
        ),
    ],
)
def test_a_bad_query_is_told_all_its_faults(hmrc: Hmrc, token: str, query: dict[str, str], codes: list[str]) -> None:
    answer = hmrc.obligations(token, **query)

    found = body(answer)
    assert answer.status_code == 400
    assert [one["code"] for one in found.get("errors", [found])] == codes


def test_later_tax_years_appear_when_the_clock_reaches_them(hmrc: Hmrc) -> None:
    hmrc.is_today("2027-05-01")
    token = hmrc.connect()["access_token"]

    assert "2027-08-07" in {one["dueDate"] for one in details(hmrc, token, status="open")}


def someone(hmrc: Hmrc, **facts: object) -> tuple[Client, str]:
    """Return the client and the NINO of someone new, whose one property is like that."""
    user = hmrc.control("users", {"businesses": [{"type_of_business": "uk-property"} | facts]})
    return Client(hmrc, hmrc.connect(user["nino"])["access_token"]), user["nino"]


def open_periods(client: Client, nino: str) -> list[tuple[str, str]]:
    answer = client.hmrc.obligations(client.token, nino, status="open")
    entries = body(answer).get("obligations", [])
    return [(one["periodStartDate"], one["periodEndDate"]) for entry in entries for one in entry["obligationDetails"]]


class TestWhoHasNone:
    LATENCY: ClassVar = {
        "end_date": "2027-04-05",
        "tax_year_1": "2025-26",
        "indicator_1": "A",
        "tax_year_2": "2026-27",
        "indicator_2": "Q",
    }

    def test_a_new_business_reports_a_year_annually_if_it_chose_so(self, hmrc: Hmrc) -> None:
        client, nino = someone(hmrc, latency=self.LATENCY)

        assert {start for start, _ in open_periods(client, nino)} == {"2026-04-06"}

    def test_a_new_business_that_chose_annual_twice_has_no_obligations(self, hmrc: Hmrc) -> None:
        client, nino = someone(hmrc, latency=self.LATENCY | {"indicator_2": "A"})

        assert open_periods(client, nino) == []

    def test_nor_has_a_taxpayer_whose_status_is_annual(self, client: Client) -> None:
        detail = {"submittedOn": "2026-05-01T09:00:00.000Z", "status": "Annual", "statusReason": "MTD ITSA Opt-Out"}
        path = f"{SUPPORT}/itsa-status/{HARRIET}/2026-27"
        assert client.ask("POST", path, {"itsaStatusDetails": [detail]}, version="1.0").status_code == 204

        assert {start for start, _ in open_periods(client, HARRIET)} == {"2025-04-06"}

    def test_the_newest_status_of_the_year_decides(self, client: Client) -> None:
        reason = {"statusReason": "MTD ITSA Opt-Out"}
        details = [
            {"submittedOn": "2026-06-01T09:00:00.000Z", "status": "MTD Voluntary"} | reason,
            {"submittedOn": "2026-05-01T09:00:00.000Z", "status": "Annual"} | reason,
        ]
        path = f"{SUPPORT}/itsa-status/{HARRIET}/2026-27"
        client.ask("POST", path, {"itsaStatusDetails": details}, version="1.0")

        assert {start for start, _ in open_periods(client, HARRIET)} == {"2025-04-06", "2026-04-06"}

    def test_a_business_has_none_before_it_begins(self, hmrc: Hmrc) -> None:
        client, nino = someone(hmrc, commencement_date="2026-08-01")

        assert open_periods(client, nino) == [
            ("2026-08-01", "2026-10-05"),
            ("2026-08-01", "2027-01-05"),
            ("2026-08-01", "2027-04-05"),
        ]

    def test_a_business_has_none_in_the_years_after_its_end(self, hmrc: Hmrc) -> None:
        client, nino = someone(hmrc, cessation_date="2025-06-01")

        assert {start for start, _ in open_periods(client, nino)} == {"2025-04-06"}


class TestTheLag:
    def test_lets_an_update_fulfil_its_obligation_only_later(self, start: Start, tmp_path: Path) -> None:
        start()
        settings.lag_seconds(Store(file=tmp_path / "state.sqlite3")).set(3600)
        hmrc = start()
        token = hmrc.connect()["access_token"]

        hmrc.cumulative("PUT", token, update("2026-07-05"))
        at_once = details(hmrc, token, **ALL_2026)[0]["status"]
        hmrc.pass_time(3601)
        later = details(hmrc, token, **ALL_2026)[0]["status"]

        assert (at_once, later) == ("open", "fulfilled")

    @pytest.mark.parametrize("seconds", [-1.0, 86_401.0, math.nan])
    def test_is_at_most_a_day(self, tmp_path: Path, seconds: float) -> None:
        lag = settings.lag_seconds(Store(file=tmp_path / "state.sqlite3"))

        with pytest.raises(ValueError, match="lag_seconds"):
            lag.set(seconds)


class TestFinalDeclarations:
    def ask(self, client: Client, query: str = "") -> TestResponse:
        return client.ask("GET", f"{REQUESTS['crystallisation'][1]}{query}", version="3.0")

    def test_are_one_for_each_year_with_a_business(self, client: Client) -> None:
        found = body(self.ask(client))["obligations"]

        assert [(one["periodStartDate"], one["periodEndDate"], one["dueDate"], one["status"]) for one in found] == [
            ("2025-04-06", "2026-04-05", "2027-01-31", "open"),
            ("2026-04-06", "2027-04-05", "2028-01-31", "open"),
        ]

    def test_may_be_picked_by_year_and_status(self, client: Client) -> None:
        picked = body(self.ask(client, "?taxYear=2025-26&status=open"))["obligations"]

        assert [one["periodStartDate"] for one in picked] == ["2025-04-06"]
        assert refusal(self.ask(client, "?status=fulfilled")) == (404, ["NO_OBLIGATIONS_FOUND"])
        assert refusal(self.ask(client, "?taxYear=2027-28")) == (404, ["NO_OBLIGATIONS_FOUND"])

    def test_are_fulfilled_by_the_declaration(self, client: Client, tmp_path: Path) -> None:
        declare(tmp_path, tax_year="2025-26", moment="2026-11-20T12:00:00")

        found = body(self.ask(client, "?taxYear=2025-26"))["obligations"]

        assert [(one["status"], one["receivedDate"]) for one in found] == [("fulfilled", "2026-11-20")]

    def test_are_none_for_a_taxpayer_without_a_business(self, hmrc: Hmrc) -> None:
        client = Client(hmrc, hmrc.connect(NO_BUSINESS)["access_token"])

        answer = client.ask("GET", f"/obligations/details/{NO_BUSINESS}/crystallisation", version="3.0")

        assert codes(answer) == ["NO_OBLIGATIONS_FOUND"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("taxYear=2016-17", ["RULE_TAX_YEAR_NOT_SUPPORTED"]),
            ("taxYear=2025-27", ["RULE_TAX_YEAR_RANGE_INVALID"]),
            ("taxYear=last&status=late", ["FORMAT_STATUS", "FORMAT_TAX_YEAR"]),
        ],
    )
    def test_are_refused_with_all_that_is_wrong(self, client: Client, query: str, expected: list[str]) -> None:
        assert refusal(self.ask(client, f"?{query}")) == (400, expected)


def declare(home: Path, *, tax_year: str, moment: str) -> None:
    store = Store(file=home / "state.sqlite3")
    declaration = Filing(
        kind=FINAL_DECLARATION,
        nino=HARRIET,
        business_id=HARRIET,
        tax_year=tax_year,
        body="{}",
        to_date=None,
        submitted_at=datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp(),
    )
    Filings(store=store).put(declaration)
