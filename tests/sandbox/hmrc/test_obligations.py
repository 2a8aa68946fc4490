"""Obligations 3.0: cumulative periods, due dates, filters, and how an update fulfils them."""

import pytest

from tests.sandbox.hmrc.driver import BEATRIX, HER_BUSINESS, NO_BUSINESS, Hmrc, body, update

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
