"""Choosing calendar quarters: when it may be, and what follows it."""

from datetime import date

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc import trouble
from sandbox.hmrc.api import quarters
from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.businesses import Business
from tests.sandbox.hmrc.asking import DETAILS, REQUESTS, Client, codes, refusal
from tests.sandbox.hmrc.driver import HER_BUSINESS, Hmrc, body, update


def choose(client: Client, kind: object = "calendar", year: str = "2026-27", business: str = "") -> TestResponse:
    return client.ask("PUT", f"{DETAILS}/{business or HER_BUSINESS}/{year}", {"quarterlyPeriodType": kind})


def periods(client: Client) -> list[tuple[str, str]]:
    path = f"{REQUESTS['obligations'][1]}?status=open"
    (found,) = body(client.ask("GET", path, version="3.0"))["obligations"]
    return [(one["periodStartDate"], one["periodEndDate"]) for one in found["obligationDetails"]]


def business_of(hmrc: Hmrc, **facts: object) -> tuple[Client, str]:
    """Return the client of someone new with such a business, and its path."""
    user = hmrc.control("users", {"businesses": [{"type_of_business": "uk-property"} | facts]})
    path = f"/individuals/business/details/{user['nino']}/{user['businesses'][0]['business_id']}"
    return Client(hmrc, hmrc.connect(user["nino"])["access_token"]), path


class TestAChoice:
    def test_moves_the_periods_of_its_year_and_of_no_earlier_one(self, client: Client) -> None:
        assert choose(client).status_code == 204

        assert periods(client) == [
            ("2025-04-06", "2025-07-05"),
            ("2025-04-06", "2025-10-05"),
            ("2025-04-06", "2026-01-05"),
            ("2025-04-06", "2026-04-05"),
            ("2026-04-06", "2026-06-30"),
            ("2026-04-06", "2026-09-30"),
            ("2026-04-06", "2026-12-31"),
            ("2026-04-06", "2027-03-31"),
        ]

    def test_lets_its_second_year_start_on_the_first_of_april(self, client: Client) -> None:
        choose(client)

        client.hmrc.is_today("2027-05-01")
        client.token = client.hmrc.connect()["access_token"]

        assert [start for start, end in periods(client) if end >= "2027-04-06"] == ["2027-04-01"] * 4

    def test_is_told_with_the_business(self, client: Client) -> None:
        choose(client)

        choice = body(client.ask_for("business_details"))["quarterlyTypeChoice"]

        assert choice == {"quarterlyPeriodType": "calendar", "taxYearOfChoice": "2026-27"}

    def test_binds_the_updates_that_follow(self, client: Client) -> None:
        choose(client)

        answers = [client.hmrc.cumulative("PUT", client.token, update(day)) for day in ("2026-10-05", "2026-09-30")]

        assert codes(answers[0]) == ["RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"]
        assert answers[1].status_code == 204

    def test_binds_the_update_that_was_under_way(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(trouble, "sleep", lambda _: choose(client))
        client.hmrc.control("faults", {"kind": "hang", "operation": "uk_cumulative_put"})

        answer = client.hmrc.cumulative("PUT", client.token, update("2026-10-05"))

        assert codes(answer) == ["RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"]

    def test_may_be_taken_back_before_the_first_update(self, client: Client) -> None:
        choose(client)
        choose(client, "standard")

        assert {end[5:] for _, end in periods(client)} == {"07-05", "10-05", "01-05", "04-05"}

    def test_of_what_holds_already_is_no_new_choice(self, client: Client) -> None:
        assert choose(client, "standard").status_code == 204

        assert body(client.ask_for("business_details"))["quarterlyTypeChoice"] == {"quarterlyPeriodType": "standard"}

    def test_outlives_a_change_back_in_a_later_year(self) -> None:
        business = Business(business_id=HER_BUSINESS, type_of_business="uk-property")

        changed = business.choosing("calendar", tax_year="2025-26").choosing("standard", tax_year="2027-28")

        years = ("2025-26", "2026-27", "2027-28")
        assert [changed.quarterly_type_in(year) for year in years] == ["calendar", "calendar", "standard"]
        starts = [quarters.start(TaxYear(starts_in), changed) for starts_in in (2025, 2026, 2027)]
        assert starts == [date(2025, 4, 6), date(2026, 4, 1), date(2027, 4, 6)]

    def test_is_undone_by_a_reset(self, client: Client) -> None:
        choose(client)
        client.hmrc.control("reset", {})
        client.hmrc.is_today("2026-11-22")
        client.token = client.hmrc.connect()["access_token"]

        assert body(client.ask_for("business_details"))["quarterlyTypeChoice"] == {"quarterlyPeriodType": "standard"}


class TestARefusal:
    def test_names_every_fault_of_the_request(self, client: Client) -> None:
        answers = [choose(client, "weekly", "2026", "XPIS1"), choose(client, "weekly"), choose(client, 7)]

        assert codes(answers[0]) == [
            "FORMAT_BUSINESS_ID",
            "FORMAT_TAX_YEAR",
            "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED",
        ]
        assert {body(answer)["paths"][0] for answer in answers[1:]} == {"/quarterlyPeriodType"}

    def test_meets_a_choice_after_the_first_update_of_the_year(self, client: Client) -> None:
        client.hmrc.cumulative("PUT", client.token, update())

        assert refusal(choose(client)) == (400, ["RULE_BUSINESS_ID_STATE_CONFLICT"])

    def test_meets_a_choice_for_a_business_that_has_ceased(self, hmrc: Hmrc) -> None:
        theirs, path = business_of(hmrc, cessation_date="2026-04-05")

        answer = theirs.ask("PUT", f"{path}/2026-27", {"quarterlyPeriodType": "calendar"})

        assert codes(answer) == ["RULE_BUSINESS_ID_STATE_CONFLICT"]

    @pytest.mark.parametrize("year", ["2025-26", "2027-28"])
    def test_meets_a_choice_for_another_year_than_this(self, client: Client, year: str) -> None:
        assert refusal(choose(client, year=year)) == (422, ["RULE_REQUEST_CANNOT_BE_FULFILLED"])

    def test_meets_a_choice_for_an_unspecified_property(self, hmrc: Hmrc) -> None:
        theirs, path = business_of(hmrc, type_of_business="property-unspecified")

        answer = theirs.ask("PUT", f"{path}/2026-27", {"quarterlyPeriodType": "calendar"})

        assert codes(answer) == ["RULE_REQUEST_CANNOT_BE_FULFILLED"]

    def test_meets_a_choice_for_a_business_of_someone_else(self, client: Client) -> None:
        assert refusal(choose(client, business="XPIS10000000002")) == (404, ["RULE_BUSINESS_ID_NOT_FOUND"])

    @pytest.mark.parametrize(
        ("commenced", "today", "status"),
        [
            ("2026-04-02", "2026-04-04", 400),
            ("2026-04-04", "2026-04-04", 204),
            ("2026-03-31", "2026-04-04", 204),
            ("2025-04-02", "2026-04-04", 204),
            ("2026-04-02", "2026-04-06", 204),
        ],
    )
    def test_meets_a_choice_in_the_first_days_of_april_by_who_began_in_them(
        self, hmrc: Hmrc, commenced: str, today: str, status: int
    ) -> None:
        hmrc.is_today(today)
        theirs, path = business_of(hmrc, commencement_date=commenced)
        year = "2025-26" if date.fromisoformat(today) < date(2026, 4, 6) else "2026-27"

        answer = theirs.ask("PUT", f"{path}/{year}", {"quarterlyPeriodType": "calendar"})

        assert answer.status_code == status
        assert status == 204 or codes(answer) == ["RULE_QUARTERLY_PERIOD_UPDATING"]
