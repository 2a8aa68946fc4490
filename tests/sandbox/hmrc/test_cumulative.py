"""Property Business 6.0, the UK cumulative summary: exact figures, accumulated errors, and the rules about dates."""

from typing import Any

import pytest

from tests.sandbox.hmrc.driver import BEATRIX, HARRIET, HER_BUSINESS, IDRIS, Hmrc, body, update

EXPENSES_TOP = 99999999999.99


@pytest.fixture
def token(hmrc: Hmrc) -> str:
    return str(hmrc.connect()["access_token"])


def codes(answer: Any) -> list[str]:
    found = body(answer)
    return [one["code"] for one in found.get("errors", [found])]


class TestKeeping:
    def test_returns_what_was_sent_digit_for_digit(self, hmrc: Hmrc, token: str) -> None:
        sent = (
            '{"fromDate":"2026-04-06","toDate":"2026-10-05","ukProperty":{"income":{"periodAmount":99999999999.99,'
            '"taxDeducted":0.10,"otherIncome":1000.00,"rentARoom":{"rentsReceived":7}},'
            '"expenses":{"repairsAndMaintenance":-12345678901.07,"other":0}}}'
        )
        put = hmrc.cumulative("PUT", token, sent)

        got = hmrc.cumulative("GET", token)

        assert (put.status_code, put.data) == (204, b"")
        submitted_on = body(got)["submittedOn"]
        assert got.text == f'{{"submittedOn":"{submitted_on}",{sent[1:]}'
        assert submitted_on.startswith("2026-11-22T12:00:")
        assert submitted_on.endswith("Z")

    def test_replaces_the_whole_year_to_date(self, hmrc: Hmrc, token: str) -> None:
        hmrc.cumulative("PUT", token, update(periodAmount=100, otherIncome=5))

        hmrc.cumulative("PUT", token, update(periodAmount=200))

        assert body(hmrc.cumulative("GET", token))["ukProperty"] == {"income": {"periodAmount": 200}}
        assert hmrc.show("submissions")["submissions"][0]["times"] == 2

    def test_drops_fields_that_hmrc_does_not_know(self, hmrc: Hmrc, token: str) -> None:
        hmrc.cumulative("PUT", token, update(periodAmount=1, windowTax=2))

        assert body(hmrc.cumulative("GET", token))["ukProperty"] == {"income": {"periodAmount": 1}}

    def test_has_nothing_before_the_first_update(self, hmrc: Hmrc, token: str) -> None:
        answer = hmrc.cumulative("GET", token)

        assert (answer.status_code, codes(answer)) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])

    def test_keeps_years_apart(self, hmrc: Hmrc, token: str) -> None:
        hmrc.cumulative("PUT", token, update())

        assert hmrc.cumulative("GET", token, year="2025-26").status_code == 404


class TestTheBody:
    @pytest.mark.parametrize(
        ("send", "paths"),
        [
            ({}, ["/ukProperty"]),
            ([], None),
            ({"ukProperty": {}}, ["/ukProperty"]),
            ({"ukProperty": {"income": {}}}, ["/ukProperty/income"]),
            ({"ukProperty": {"windowTax": 1}}, ["/ukProperty"]),
            ({"ukProperty": {"income": {"periodAmount": "1.00"}}}, ["/ukProperty/income/periodAmount"]),
            ({"ukProperty": {"income": {"periodAmount": True}}}, ["/ukProperty/income/periodAmount"]),
            (
                {"fromDate": 20260406, "ukProperty": {"expenses": {"rentARoom": {}}}},
                ["/fromDate", "/ukProperty/expenses/rentARoom"],
            ),
        ],
    )
    def test_is_refused_with_the_paths_of_what_does_not_fit(
        self, hmrc: Hmrc, token: str, send: object, paths: list[str] | None
    ) -> None:
        answer = hmrc.cumulative("PUT", token, send)

        assert answer.status_code == 400
        assert codes(answer) == ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]
        assert body(answer).get("paths") == paths

    @pytest.mark.parametrize(
        "send", ["", "{", "NaN", '{"ukProperty":{"income":{"periodAmount":Infinity}}}', "[" * 9999]
    )
    def test_is_refused_when_it_is_not_json(self, hmrc: Hmrc, token: str, send: str) -> None:
        assert codes(hmrc.cumulative("PUT", token, send)) == ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]

    def test_lists_every_value_that_is_out_of_bounds(self, hmrc: Hmrc, token: str) -> None:
        send = update(periodAmount=-0.01, taxDeducted=1.001)
        send["ukProperty"]["expenses"] = {"other": -EXPENSES_TOP - 0.01, "travelCosts": -EXPENSES_TOP}

        answer = hmrc.cumulative("PUT", token, send)

        assert body(answer) == {
            "code": "FORMAT_VALUE",
            "message": "The value must be between 0 and 99999999999.99",
            "paths": [
                "/ukProperty/income/periodAmount",
                "/ukProperty/income/taxDeducted",
                "/ukProperty/expenses/other",
            ],
        }

    @pytest.mark.parametrize(
        ("expenses", "refused"),
        [
            ({"consolidatedExpenses": 10, "residentialFinancialCost": 5, "rentARoom": {"amountClaimed": 1}}, False),
            ({"consolidatedExpenses": 10, "residentialFinancialCostsCarriedForward": 5}, False),
            ({"consolidatedExpenses": 10, "travelCosts": 0}, True),
        ],
    )
    def test_has_consolidated_or_itemised_expenses(
        self, hmrc: Hmrc, token: str, expenses: dict[str, object], refused: bool
    ) -> None:
        send = update()
        send["ukProperty"]["expenses"] = expenses

        answer = hmrc.cumulative("PUT", token, send)

        assert (answer.status_code == 400) is refused
        if refused:
            assert (codes(answer), body(answer)["paths"]) == (["RULE_BOTH_EXPENSES_SUPPLIED"], ["/ukProperty/expenses"])

    def test_hears_of_all_that_is_wrong_at_once_sorted_by_code(self, hmrc: Hmrc, token: str) -> None:
        send = update(periodAmount=-1) | {"toDate": "2026-02-30"}
        send["ukProperty"]["expenses"] = {"consolidatedExpenses": 1, "other": 1}
        del send["fromDate"]

        answer = hmrc.cumulative("PUT", token, send)

        assert answer.status_code == 400
        assert (body(answer)["code"], body(answer)["message"]) == ("INVALID_REQUEST", "Invalid request")
        assert codes(answer) == [
            "FORMAT_TO_DATE",
            "FORMAT_VALUE",
            "RULE_BOTH_EXPENSES_SUPPLIED",
            "RULE_MISSING_SUBMISSION_DATES",
        ]

    def test_is_read_together_with_the_path(self, hmrc: Hmrc, token: str) -> None:
        answer = hmrc.cumulative("PUT", token, {}, business_id="XPIS1")

        assert codes(answer) == ["FORMAT_BUSINESS_ID", "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]


class TestThePlace:
    @pytest.mark.parametrize(
        ("year", "code"),
        [
            ("2026", "FORMAT_TAX_YEAR"),
            ("2026-2027", "FORMAT_TAX_YEAR"),
            ("2026-28", "RULE_TAX_YEAR_RANGE_INVALID"),
            ("2024-25", "RULE_TAX_YEAR_NOT_SUPPORTED"),
        ],
    )
    @pytest.mark.parametrize("method", ["PUT", "GET"])
    def test_has_a_tax_year_that_is_reported_alone(
        self, hmrc: Hmrc, token: str, method: str, year: str, code: str
    ) -> None:
        send: object = {} if method == "PUT" else None

        assert codes(hmrc.cumulative(method, token, send, year=year, business_id="nonsense")) == [code]

    def test_is_a_business_of_this_user(self, hmrc: Hmrc, token: str) -> None:
        anothers = hmrc.user(IDRIS)["businesses"][0]["business_id"]

        answers = [hmrc.cumulative("PUT", token, update(), business_id=one) for one in (anothers, "XPIS99999999999")]

        assert {(one.status_code, *codes(one)) for one in answers} == {(404, "MATCHING_RESOURCE_NOT_FOUND")}

    def test_is_a_uk_property_business(self, hmrc: Hmrc) -> None:
        token, shop = hmrc.connect(BEATRIX)["access_token"], hmrc.user(BEATRIX)["businesses"][1]["business_id"]

        put = hmrc.cumulative("PUT", token, update(), nino=BEATRIX, business_id=shop)
        got = hmrc.cumulative("GET", token, nino=BEATRIX, business_id=shop)

        assert (put.status_code, codes(put)) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])
        assert (got.status_code, codes(got)) == (400, ["RULE_TYPE_OF_BUSINESS_INCORRECT"])


class TestTheDates:
    def send(self, hmrc: Hmrc, token: str, from_date: str | None, to_date: str | None, **place: str) -> list[str]:
        dates = {"fromDate": from_date, "toDate": to_date}
        answer = hmrc.cumulative("PUT", token, update() | dates, **place)
        return [] if answer.status_code == 204 else codes(answer)

    @pytest.mark.parametrize("to_date", ["2026-07-05", "2026-10-05", "2026-08-17", "2026-11-21"])
    def test_may_end_at_a_quarters_end_or_on_any_day_that_is_over(self, hmrc: Hmrc, token: str, to_date: str) -> None:
        assert self.send(hmrc, token, "2026-04-06", to_date) == []

    @pytest.mark.parametrize(
        ("from_date", "to_date", "code"),
        [
            (None, None, "RULE_MISSING_SUBMISSION_DATES"),
            ("2026-04-06", None, "RULE_MISSING_SUBMISSION_DATES"),
            ("2026-04-06", "2026-04-05", "RULE_TO_DATE_BEFORE_FROM_DATE"),
            ("06/04/2026", "2026-07-05", "FORMAT_FROM_DATE"),
            ("2026-04-06", "2199-07-05", "FORMAT_TO_DATE"),
            ("2026-04-01", "2026-07-05", "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-07-06", "2026-10-05", "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-04-06", "2026-09-30", "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-04-06", "2027-04-06", "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-04-06", "2026-12-01", "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE"),
            ("2026-04-06", "2027-01-05", "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"),
        ],
    )
    def test_keep_hmrcs_rules(
        self, hmrc: Hmrc, token: str, from_date: str | None, to_date: str | None, code: str
    ) -> None:
        assert self.send(hmrc, token, from_date, to_date) == [code]

    @pytest.mark.parametrize(
        ("today", "expected"), [("2026-12-25", ["RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"]), ("2026-12-26", [])]
    )
    def test_may_run_ahead_of_a_quarters_end_by_ten_days(self, hmrc: Hmrc, today: str, expected: list[str]) -> None:
        hmrc.is_today(today)

        assert self.send(hmrc, hmrc.connect()["access_token"], "2026-04-06", "2027-01-05") == expected

    def test_never_move_backwards(self, hmrc: Hmrc, token: str) -> None:
        self.send(hmrc, token, "2026-04-06", "2026-10-05")

        again = self.send(hmrc, token, "2026-04-06", "2026-10-05")
        back = self.send(hmrc, token, "2026-04-06", "2026-07-05")

        assert (again, back) == ([], ["RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS"])
        assert body(hmrc.cumulative("GET", token))["toDate"] == "2026-10-05"

    @pytest.mark.parametrize(
        ("today", "expected"), [("2028-01-31", []), ("2028-02-01", ["RULE_OUTSIDE_AMENDMENT_WINDOW"])]
    )
    def test_are_open_for_a_year_after_the_final_declaration_was_due(
        self, hmrc: Hmrc, today: str, expected: list[str]
    ) -> None:
        hmrc.is_today(today)
        token = hmrc.connect()["access_token"]

        assert self.send(hmrc, token, "2025-04-06", "2026-04-05", year="2025-26") == expected

    @pytest.mark.parametrize(
        ("year_of_choice", "from_date", "to_date", "expected"),
        [
            ("2026-27", "2026-04-06", "2026-09-30", []),
            ("2026-27", "2026-04-01", "2026-09-30", ["RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"]),
            ("2025-26", "2026-04-01", "2026-09-30", []),
            ("2025-26", "2026-04-01", "2026-10-05", ["RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"]),
        ],
    )
    def test_follow_a_calendar_election(
        self, hmrc: Hmrc, year_of_choice: str, from_date: str, to_date: str, expected: list[str]
    ) -> None:
        choice = {"quarterly_type": "calendar", "year_of_choice": year_of_choice}
        user = hmrc.control("users", {"businesses": [{"type_of_business": "uk-property"} | choice]})
        token, place = hmrc.connect(user["nino"])["access_token"], user["businesses"][0]["business_id"]

        assert self.send(hmrc, token, from_date, to_date, nino=user["nino"], business_id=place) == expected

    def test_start_where_a_business_started_in_the_year(self, hmrc: Hmrc) -> None:
        business = {"type_of_business": "uk-property", "commencement_date": "2026-06-01"}
        user = hmrc.control("users", {"businesses": [business]})
        token, place = hmrc.connect(user["nino"])["access_token"], user["businesses"][0]["business_id"]

        sent = [
            self.send(hmrc, token, start, "2026-07-05", nino=user["nino"], business_id=place)
            for start in ("2026-04-06", "2026-06-01")
        ]

        assert sent == [["RULE_START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE"], []]

    def test_of_the_seed_are_hers(self, hmrc: Hmrc) -> None:
        assert hmrc.user(HARRIET)["businesses"][0]["business_id"] == HER_BUSINESS
