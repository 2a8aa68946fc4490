"""Property Business 6.0: what is sent is kept, shown, replaced and deleted, and rules hold it against what is there."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.hmrc.modes import HMRC_SANDBOX
from tests.sandbox.hmrc.asking import turn_to
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import BEATRIX, IDRIS, Hmrc, body
from tests.sandbox.hmrc.property_calls import FRANCE, NO_SUCH_ID, SPAIN, Taxpayer, codes, new_taxpayer

KEPT = '{"ukProperty":{"allowances":{"annualInvestmentAllowance":1000.00}}}'

INCOME = {"income": {"rentIncome": {"rentAmount": 10}}}
YEAR = {"fromDate": "2026-04-06", "toDate": "2027-04-05"}


@pytest.fixture
def harriet(hmrc: Hmrc) -> Taxpayer:
    return Taxpayer(hmrc)


@pytest.fixture
def abroad(hmrc: Hmrc) -> Taxpayer:
    return new_taxpayer(hmrc, type_of_business="foreign-property")


def a_period(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"fromDate": start, "toDate": end, "ukNonFhlProperty": {"income": {"periodAmount": 100.25}}} | more


class TestAnnualSubmissions:
    def test_come_back_digit_for_digit(self, harriet: Taxpayer) -> None:
        put = harriet.annual("PUT", KEPT)

        got = harriet.annual("GET")

        assert (put.status_code, put.get_json()) == (200, {})
        assert got.text == f'{{"submittedOn":"{body(got)["submittedOn"]}",{KEPT[1:]}'

    def test_are_replaced_and_deleted_year_by_year(self, harriet: Taxpayer) -> None:
        for year, amount in (("2025-26", 1), ("2026-27", 2), ("2026-27", 3)):
            harriet.annual("PUT", {"ukProperty": {"allowances": {"otherCapitalAllowance": amount}}}, year=year)

        gone, again = (harriet.annual("DELETE", year="2026-27").status_code for _ in range(2))

        assert (gone, again) == (204, 404)
        assert codes(harriet.annual("GET", year="2026-27")) == ["MATCHING_RESOURCE_NOT_FOUND"]
        assert body(harriet.annual("GET", year="2025-26"))["ukProperty"]["allowances"] == {"otherCapitalAllowance": 1}

    def test_close_two_januaries_after_the_year(self, harriet: Taxpayer) -> None:
        answers = [harriet.annual(method, send, year="2023-24") for method, send in (("PUT", KEPT), ("DELETE", None))]
        suspended = harriet.annual("PUT", KEPT, year="2023-24", suspend_temporal_validations="true")

        assert [codes(one) for one in answers] == [["RULE_OUTSIDE_AMENDMENT_WINDOW"]] * 2
        assert suspended.status_code == 200

    def test_are_of_the_taxpayers_own_uk_property(self, hmrc: Hmrc) -> None:
        beatrix = Taxpayer(hmrc, BEATRIX, hmrc.user(BEATRIX)["businesses"][1]["business_id"])
        stranger = Taxpayer(hmrc, IDRIS)

        assert [codes(beatrix.annual(method, send)) for method, send in (("PUT", KEPT), ("GET", None))] == [
            ["RULE_TYPE_OF_BUSINESS_INCORRECT"]
        ] * 2
        assert codes(beatrix.annual("DELETE")) == ["MATCHING_RESOURCE_NOT_FOUND"]
        assert [codes(stranger.annual(method, send)) for method, send in (("PUT", KEPT), ("GET", None))] == [
            ["MATCHING_RESOURCE_NOT_FOUND"]
        ] * 2

    def test_outlive_a_restart(self, start: Start) -> None:
        Taxpayer(start()).annual("PUT", KEPT)

        assert codes(Taxpayer(start()).annual("GET")) == []

    def test_are_gone_after_a_reset(self, harriet: Taxpayer) -> None:
        harriet.annual("PUT", KEPT)

        harriet.hmrc.control("reset", {})
        harriet.hmrc.is_today("2026-11-22")

        assert codes(Taxpayer(harriet.hmrc).annual("GET")) == ["MATCHING_RESOURCE_NOT_FOUND"]


class TestPeriodSummaries:
    def test_are_added_listed_and_shown(self, harriet: Taxpayer) -> None:
        later, first = (
            body(harriet.period("POST", a_period(*dates)))["submissionId"]
            for dates in (("2024-07-06", "2024-10-05"), ("2024-04-06", "2024-07-05"))
        )

        listed = body(harriet.periods())["submissions"]
        shown = body(harriet.period("GET", submission=first))

        assert listed == [
            {"submissionId": first, "fromDate": "2024-04-06", "toDate": "2024-07-05"},
            {"submissionId": later, "fromDate": "2024-07-06", "toDate": "2024-10-05"},
        ]
        assert {name: shown[name] for name in ("fromDate", "toDate", "ukNonFhlProperty")} == a_period(
            "2024-04-06", "2024-07-05"
        )

    def test_are_amended_without_moving(self, harriet: Taxpayer) -> None:
        submission = body(harriet.period("POST", a_period("2024-04-06", "2024-07-05")))["submissionId"]

        put = harriet.period("PUT", {"ukFhlProperty": {"income": {"periodAmount": 7}}}, submission=submission)

        shown = body(harriet.period("GET", submission=submission))
        assert put.status_code == 200
        assert (shown["fromDate"], shown["toDate"]) == ("2024-04-06", "2024-07-05")
        assert shown["ukFhlProperty"] == {"income": {"periodAmount": 7}}
        assert "ukNonFhlProperty" not in shown

    @pytest.mark.parametrize(
        ("first_day", "last_day", "code"),
        [
            ("2024-07-06", "2024-10-05", "RULE_DUPLICATE_SUBMISSION"),
            ("2024-07-07", "2024-10-04", "RULE_OVERLAPPING_PERIOD"),
            ("2024-10-05", "2025-01-05", "RULE_OVERLAPPING_PERIOD"),
            ("2024-10-07", "2025-01-05", "RULE_NOT_CONTIGUOUS_PERIOD"),
            ("2024-04-06", "2024-07-04", "RULE_NOT_CONTIGUOUS_PERIOD"),
            ("2024-04-05", "2024-07-05", "RULE_MISALIGNED_PERIOD"),
            ("2025-01-06", "2025-04-06", "RULE_MISALIGNED_PERIOD"),
            ("2024-10-06", "2025-01-05", None),
            ("2024-04-06", "2024-07-05", None),
        ],
    )
    def test_lie_side_by_side_in_their_year(
        self, harriet: Taxpayer, first_day: str, last_day: str, code: str | None
    ) -> None:
        harriet.period("POST", a_period("2024-07-06", "2024-10-05"))

        assert codes(harriet.period("POST", a_period(first_day, last_day))) == ([code] if code else [])

    def test_are_a_404_while_there_are_none(self, harriet: Taxpayer) -> None:
        answers = [harriet.periods(), harriet.period("GET", submission=NO_SUCH_ID)]

        assert [codes(one) for one in answers] == [["MATCHING_RESOURCE_NOT_FOUND"]] * 2


class TestYearsKeptByTaxpayer:
    """Up to 2021-22, with and without furnished holiday lettings."""

    PARTS = ("furnished-holiday-lettings", "non-furnished-holiday-lettings")

    @pytest.mark.parametrize("part", PARTS)
    def test_have_an_annual_submission(self, harriet: Taxpayer, part: str) -> None:
        path = f"/business/property/uk/annual/{part}/NINO/2020-21"
        send = {"annualAllowances": {"otherCapitalAllowance": 5.5}}

        answers = [harriet.ask(method, path, data) for method, data in (("PUT", send), ("GET", None), ("DELETE", None))]

        assert [one.status_code for one in answers] == [200, 200, 204]
        assert answers[1].get_json() == send
        assert codes(harriet.ask("GET", path)) == ["MATCHING_RESOURCE_NOT_FOUND"]

    @pytest.mark.parametrize(("part", "status"), [(PARTS[0], 201), (PARTS[1], 200)])
    def test_have_periods_named_by_their_dates(self, harriet: Taxpayer, part: str, status: int) -> None:
        path = f"/business/property/uk/period/{part}/NINO"
        send = {"fromDate": "2020-04-06", "toDate": "2020-07-05", "income": {"periodAmount": 12.5}}

        none_yet = harriet.ask("GET", path).get_json()
        added = harriet.ask("POST", path, send)
        again = harriet.ask("POST", path, send)

        period = "2020-04-06_2020-07-05"
        assert none_yet == {"submissions": []}
        assert (added.status_code, added.get_json()) == (status, {"periodId": period})
        assert codes(again) == ["RULE_DUPLICATE_SUBMISSION"]
        assert harriet.ask("GET", f"{path}/{period}").get_json() == send
        assert harriet.ask("GET", path).get_json()["submissions"][0]["periodId"] == period

    @pytest.mark.parametrize(
        ("first_day", "last_day", "code"),
        [
            ("2017-04-05", "2017-07-05", "RULE_TAX_YEAR_NOT_SUPPORTED"),
            ("2022-04-06", "2022-07-05", "RULE_TAX_YEAR_NOT_SUPPORTED"),
            ("2021-01-06", "2021-04-06", "RULE_MISALIGNED_PERIOD"),
        ],
    )
    def test_are_told_by_the_dates(self, harriet: Taxpayer, first_day: str, last_day: str, code: str) -> None:
        send = {"fromDate": first_day, "toDate": last_day, "income": {"periodAmount": 1}}

        answer = harriet.ask("POST", "/business/property/uk/period/furnished-holiday-lettings/NINO", send)

        assert codes(answer) == [code]

    def test_may_be_amended_with_dates_that_fit_the_others(self, harriet: Taxpayer) -> None:
        path = "/business/property/uk/period/non-furnished-holiday-lettings/NINO"
        spans = (("2020-04-06", "2020-07-05"), ("2020-07-06", "2020-10-05"))
        sent = [{"fromDate": start, "toDate": end, "income": {"periodAmount": 1}} for start, end in spans]
        first, _ = (body(harriet.ask("POST", path, one))["periodId"] for one in sent)

        same, clash = (harriet.ask("PUT", f"{path}/{first}", one) for one in sent)

        assert (codes(same), codes(clash)) == ([], ["RULE_DUPLICATE_SUBMISSION"])


class TestForeignProperty:
    def add(self, abroad: Taxpayer, name: str = "Villa", **more: str) -> str:
        return str(body(abroad.foreign("POST", "details", {"propertyName": name, **FRANCE} | more))["propertyId"])

    def test_gets_an_id_and_keeps_its_country(self, abroad: Taxpayer) -> None:
        property_id = self.add(abroad)
        end = {"endDate": "2026-12-01", "endReason": "disposal"}

        put = abroad.ask(
            "PUT", f"/business/property/foreign/NINO/details/{property_id}/2026-27", {"propertyName": "Mas"} | end
        )

        found = body(abroad.foreign("GET", "details"))["foreignPropertyDetails"]
        assert put.status_code == 204
        assert [{name: value for name, value in one.items() if name != "submittedOn"} for one in found] == [
            {"propertyId": property_id, "propertyName": "Mas", **end, **FRANCE}
        ]

    def test_has_a_name_of_its_own(self, abroad: Taxpayer) -> None:
        self.add(abroad, "Villa")
        other = self.add(abroad, "Mas")

        again = abroad.foreign("POST", "details", {"propertyName": "Villa", **FRANCE})
        renamed = abroad.ask(
            "PUT", f"/business/property/foreign/NINO/details/{other}/2026-27", {"propertyName": "Villa"}
        )

        assert [codes(one) for one in (again, renamed)] == [["RULE_DUPLICATE_PROPERTY_NAME"]] * 2

    def test_is_found_by_its_id(self, abroad: Taxpayer) -> None:
        first, _ = self.add(abroad, "Villa"), self.add(abroad, "Mas")
        path = "/business/property/foreign/NINO/BUSINESS/details/2026-27?propertyId="

        assert [one["propertyName"] for one in body(abroad.ask("GET", path + first))["foreignPropertyDetails"]] == [
            "Villa"
        ]
        assert codes(abroad.ask("GET", path + NO_SUCH_ID)) == ["MATCHING_RESOURCE_NOT_FOUND"]
        missing = f"/business/property/foreign/NINO/details/{NO_SUCH_ID}/2026-27"
        assert codes(abroad.ask("PUT", missing, {"propertyName": "Mas"})) == ["MATCHING_RESOURCE_NOT_FOUND"]

    @pytest.mark.parametrize(
        ("business", "code"),
        [
            ({"commencement_date": "2027-05-01"}, "RULE_TAX_YEAR_BEFORE_BUSINESS_START"),
            ({"cessation_date": "2026-04-05"}, "RULE_PROPERTY_BUSINESS_CEASED"),
        ],
    )
    def test_belongs_to_a_business_of_that_year(self, hmrc: Hmrc, business: dict[str, str], code: str) -> None:
        abroad = new_taxpayer(hmrc, type_of_business="foreign-property", **business)

        assert codes(abroad.foreign("POST", "details", {"propertyName": "Villa", **FRANCE})) == [code]

    def test_has_updates_by_id_that_show_one_property_or_all(self, abroad: Taxpayer) -> None:
        ids = [self.add(abroad, name) for name in ("Villa", "Mas")]
        entries = [{"propertyId": one, "income": {"rentIncome": {"rentAmount": 10}}} for one in ids]
        send = {"fromDate": "2026-04-06", "toDate": "2026-10-05", "foreignProperty": entries}

        put = abroad.foreign("PUT", "cumulative", send)

        one = abroad.ask("GET", f"/business/property/foreign/NINO/BUSINESS/cumulative/2026-27?propertyId={ids[1]}")
        assert put.status_code == 204
        assert body(abroad.foreign("GET", "cumulative"))["foreignProperty"] == entries
        assert body(one)["foreignProperty"] == entries[1:]

    @pytest.mark.parametrize(
        ("first_day", "last_day", "code"),
        [
            ("2026-04-06", "2026-09-30", "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-04-07", "2026-10-05", "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"),
            ("2026-04-06", "2026-11-24", "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE"),
            ("2026-04-06", "2027-01-05", "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"),
            ("2026-04-06", "2026-07-05", "RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS"),
            ("2026-04-06", "2026-11-01", None),
        ],
    )
    def test_has_updates_whose_dates_align(
        self, abroad: Taxpayer, first_day: str, last_day: str, code: str | None
    ) -> None:
        send = {"fromDate": "2026-04-06", "toDate": "2026-10-05", "foreignProperty": [{"propertyId": self.add(abroad)}]}
        abroad.foreign("PUT", "cumulative", send)

        answer = abroad.foreign("PUT", "cumulative", send | {"fromDate": first_day, "toDate": last_day})

        assert codes(answer) == ([code] if code else [])

    def test_is_named_no_more_once_the_window_has_closed(self, abroad: Taxpayer) -> None:
        property_id = self.add(abroad)
        abroad.is_today("2029-02-01")

        answers = [
            abroad.foreign("POST", "details", {"propertyName": "Mas", **FRANCE}),
            abroad.ask(
                "PUT", f"/business/property/foreign/NINO/details/{property_id}/2026-27", {"propertyName": "Mas"}
            ),
        ]

        assert [codes(one) for one in answers] == [["RULE_OUTSIDE_AMENDMENT_WINDOW"]] * 2

    @pytest.mark.parametrize("what", ["annual", "cumulative"])
    def test_is_closed_two_januaries_after_the_year(self, abroad: Taxpayer, what: str) -> None:
        abroad.is_today("2028-02-01")
        dates = {"fromDate": "2025-04-06", "toDate": "2026-04-05"} if what == "cumulative" else {}

        answer = abroad.foreign("PUT", what, dates | {"foreignProperty": [FRANCE | INCOME]}, year="2025-26")

        assert codes(answer) == ["RULE_OUTSIDE_AMENDMENT_WINDOW"]

    def test_fulfils_its_obligations(self, abroad: Taxpayer) -> None:
        entries = [{"propertyId": self.add(abroad)} | INCOME]
        send = {"fromDate": "2026-04-06", "toDate": "2026-10-05", "foreignProperty": entries}
        abroad.foreign("PUT", "cumulative", send)

        found = abroad.hmrc.obligations(abroad.token, abroad.nino, status="fulfilled", **YEAR)

        details = body(found)["obligations"][0]["obligationDetails"]
        assert [one["periodEndDate"] for one in details] == ["2026-07-05", "2026-10-05"]

    def test_has_an_annual_submission(self, abroad: Taxpayer) -> None:
        entries = [FRANCE | {"allowances": {"otherCapitalAllowance": 3}}, SPAIN]

        abroad.foreign("PUT", "annual", {"foreignProperty": entries}, year="2025-26")

        assert body(abroad.foreign("GET", "annual", year="2025-26"))["foreignProperty"] == entries

    def test_has_periods_in_earlier_years(self, abroad: Taxpayer) -> None:
        income = {"foreignTaxCreditRelief": False, "rentIncome": {"rentAmount": 8.01}}
        send = {
            "fromDate": "2024-04-06",
            "toDate": "2024-07-05",
            "foreignNonFhlProperty": [FRANCE | {"income": income}],
        }

        added = abroad.foreign("POST", "period", send, year="2024-25")

        shown = abroad.ask(
            "GET", f"/business/property/foreign/NINO/BUSINESS/period/2024-25/{body(added)['submissionId']}"
        )
        assert added.status_code == 201
        assert {name: value for name, value in body(shown).items() if name != "submittedOn"} == send


class TestWhoReportsAnnually:
    UPDATE = {"ukProperty": {"income": {"periodAmount": 4321.09}}}
    DATES = {"fromDate": "2026-04-06", "toDate": "2026-10-05"}

    def latent(self, hmrc: Hmrc) -> Taxpayer:
        latency = {"end_date": "2028-04-05", "tax_year_1": "2026-27", "indicator_1": "A"}
        return new_taxpayer(hmrc, latency=latency | {"tax_year_2": "2027-28", "indicator_2": "Q"})

    def test_sends_no_dates_in_a_latent_year(self, hmrc: Hmrc) -> None:
        taxpayer = self.latent(hmrc)

        answers = [taxpayer.update(self.UPDATE | dates) for dates in (self.DATES, {})]

        assert [codes(one) for one in answers] == [["RULE_START_AND_END_DATE_NOT_ALLOWED"], []]

    def test_sends_no_dates_in_a_year_of_that_status(self, harriet: Taxpayer) -> None:
        status = {"submittedOn": "2026-04-10T09:00:00.000Z", "status": "Annual", "statusReason": "MTD ITSA Opt-Out"}
        path = "/self-assessment-test-support/itsa-status/NINO/2026-27"
        harriet.ask("POST", path, {"itsaStatusDetails": [status]}, version="1.0")

        answers = [harriet.update(self.UPDATE | dates) for dates in (self.DATES, {})]

        assert [codes(one) for one in answers] == [["RULE_START_AND_END_DATE_NOT_ALLOWED"], []]

    def test_is_shown_the_dates_of_the_year(self, hmrc: Hmrc) -> None:
        taxpayer = self.latent(hmrc)
        taxpayer.update(self.UPDATE)

        shown = body(taxpayer.ask("GET", "/business/property/uk/NINO/BUSINESS/cumulative/2026-27"))

        assert (shown["fromDate"], shown["toDate"]) == ("2026-04-06", "2027-04-05")

    def test_may_send_early_when_todays_date_is_left_out(self, harriet: Taxpayer) -> None:
        send = self.UPDATE | self.DATES | {"toDate": "2027-04-05"}

        answers = [harriet.update(send), harriet.update(send, suspend_temporal_validations="true")]

        assert [codes(one) for one in answers] == [["RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED"], []]


class TestTheTaxpayersData:
    """Test Support keeps and drops it as a whole."""

    CHECKPOINTS = "/self-assessment-test-support/vendor-state/checkpoints"

    def test_comes_back_with_a_checkpoint(self, harriet: Taxpayer) -> None:
        harriet.annual("PUT", KEPT)
        checkpoint = body(harriet.ask("POST", f"{self.CHECKPOINTS}?nino=NINO", version="1.0"))["checkpointId"]
        harriet.annual("DELETE")
        harriet.period("POST", a_period("2024-04-06", "2024-07-05"))

        harriet.ask("POST", f"{self.CHECKPOINTS}/{checkpoint}/restore?nino=NINO", version="1.0")

        assert codes(harriet.annual("GET")) == []
        assert codes(harriet.periods()) == ["MATCHING_RESOURCE_NOT_FOUND"]

    def test_is_dropped_with_the_vendor_state(self, harriet: Taxpayer) -> None:
        part = "/business/property/uk/annual/furnished-holiday-lettings/NINO/2020-21"
        harriet.ask("PUT", part, {"annualAllowances": {"otherCapitalAllowance": 5}})

        harriet.ask("DELETE", "/self-assessment-test-support/vendor-state?nino=NINO", version="1.0")

        assert codes(harriet.ask("GET", part)) == ["MATCHING_RESOURCE_NOT_FOUND"]


class TestHmrcsSandbox:
    """In the mode that answers as HMRC's sandbox does."""

    @pytest.fixture
    def taxpayer(self, start: Start, tmp_path: Path) -> Taxpayer:
        start()
        turn_to(tmp_path, HMRC_SANDBOX)
        return Taxpayer(start())

    def test_property_answers_are_fixed_unless_state_is_asked_for(self, taxpayer: Taxpayer) -> None:
        taxpayer.annual("PUT", KEPT)

        fixed, stateful = (taxpayer.annual("GET", **headers) for headers in ({}, {"Gov_Test_Scenario": "STATEFUL"}))

        assert "ukProperty" in body(fixed)
        assert codes(stateful) == ["MATCHING_RESOURCE_NOT_FOUND"]

    def test_calculations_keep_no_state(self, taxpayer: Taxpayer) -> None:
        answers = [taxpayer.calculate(), taxpayer.calculate(Gov_Test_Scenario="STATEFUL")]

        assert [codes(one) for one in answers] == [[], ["RULE_INCORRECT_GOV_TEST_SCENARIO"]]
