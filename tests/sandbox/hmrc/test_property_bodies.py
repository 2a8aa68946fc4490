"""Property Business 6.0: HMRC's rules about a body by itself, all found at once, with their paths."""

from typing import Any

import pytest

from tests.sandbox.hmrc.driver import Hmrc, body
from tests.sandbox.hmrc.property_calls import FRANCE, NO_SUCH_ID, SPAIN, Taxpayer, codes, new_taxpayer


@pytest.fixture(scope="module")
def harriet(shared_hmrc: Hmrc) -> Taxpayer:
    return Taxpayer(shared_hmrc)


@pytest.fixture(scope="module")
def abroad(shared_hmrc: Hmrc) -> Taxpayer:
    return new_taxpayer(shared_hmrc, type_of_business="foreign-property")


def annual(**allowances: Any) -> dict[str, Any]:
    return {"ukProperty": {"allowances": allowances}}


def building(**changes: Any) -> dict[str, Any]:
    first_year = {"qualifyingDate": "2025-05-01", "qualifyingAmountExpenditure": 900}
    return {"amount": 100.5, "firstYear": first_year, "building": {"name": "Old Mill", "postcode": "TS1 1PA"}} | changes


def paths(answer: Any) -> dict[str, list[str]]:
    """Return the paths by code."""
    found = body(answer)
    return {one["code"]: one.get("paths", []) for one in found.get("errors", [found])}


class TestAnnualSubmissions:
    @pytest.mark.parametrize(
        ("send", "expected"),
        [
            (
                annual(propertyIncomeAllowance=1000.01),
                {"FORMAT_VALUE": ["/ukProperty/allowances/propertyIncomeAllowance"]},
            ),
            (
                annual(propertyIncomeAllowance=10, annualInvestmentAllowance=5),
                {"RULE_BOTH_ALLOWANCES_SUPPLIED": ["/ukProperty/allowances"]},
            ),
            (
                {
                    "ukProperty": {
                        "adjustments": {"privateUseAdjustment": 1, "nonResidentLandlord": False},
                        "allowances": {"propertyIncomeAllowance": 10},
                    }
                },
                {"RULE_PROPERTY_INCOME_ALLOWANCE": ["/ukProperty/allowances/propertyIncomeAllowance"]},
            ),
            (
                annual(structuredBuildingAllowance=[building(), building(building={"postcode": "TS1 1PA"})]),
                {"RULE_BUILDING_NAME_NUMBER": ["/ukProperty/allowances/structuredBuildingAllowance/1/building"]},
            ),
            (
                annual(
                    enhancedStructuredBuildingAllowance=[
                        building(building={"name": "n" * 91, "number": "7#", "postcode": "TS1 1PA"})
                    ]
                ),
                {
                    "FORMAT_STRING": [
                        "/ukProperty/allowances/enhancedStructuredBuildingAllowance/0/building/name",
                        "/ukProperty/allowances/enhancedStructuredBuildingAllowance/0/building/number",
                    ]
                },
            ),
            (
                annual(
                    structuredBuildingAllowance=[
                        building(firstYear={"qualifyingDate": "2025-02-30", "qualifyingAmountExpenditure": -1})
                    ]
                ),
                {
                    "FORMAT_DATE": ["/ukProperty/allowances/structuredBuildingAllowance/0/firstYear/qualifyingDate"],
                    "FORMAT_VALUE": [
                        "/ukProperty/allowances/structuredBuildingAllowance/0/firstYear/qualifyingAmountExpenditure"
                    ],
                },
            ),
            (
                {"ukProperty": {"adjustments": {"balancingCharge": 1}}},
                {"RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": ["/ukProperty/adjustments/nonResidentLandlord"]},
            ),
            (
                {"ukProperty": {"adjustments": {"nonResidentLandlord": "no"}}},
                {"RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": ["/ukProperty/adjustments/nonResidentLandlord"]},
            ),
            (
                annual(structuredBuildingAllowance=[]),
                {"RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": ["/ukProperty/allowances/structuredBuildingAllowance"]},
            ),
        ],
    )
    def test_are_refused_for(self, harriet: Taxpayer, send: object, expected: dict[str, list[str]]) -> None:
        answer = harriet.annual("PUT", send)

        assert (answer.status_code, paths(answer)) == (400, expected)

    def test_know_holiday_lettings_up_to_2024_25(self, harriet: Taxpayer) -> None:
        send = {"ukFhlProperty": {"allowances": {"electricChargePointAllowance": 5}}}

        before, after = (harriet.annual("PUT", send, year=year) for year in ("2024-25", "2025-26"))

        assert codes(before) == []
        assert paths(after) == {"RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": ["/ukProperty"]}


class TestPeriodSummaries:
    def send(self, **changes: Any) -> dict[str, Any]:
        return {
            "fromDate": "2024-04-06",
            "toDate": "2024-07-05",
            "ukNonFhlProperty": {"income": {"periodAmount": 1}},
        } | changes

    def test_have_dates_in_order(self, harriet: Taxpayer) -> None:
        answer = harriet.period("POST", self.send(toDate="2024-04-05"))

        assert codes(answer) == ["RULE_TO_DATE_BEFORE_FROM_DATE"]

    def test_hear_of_all_that_is_wrong_at_once(self, harriet: Taxpayer) -> None:
        property_ = {"income": {"periodAmount": 1.001}, "expenses": {"consolidatedExpenses": 1, "other": 1}}

        answer = harriet.period("POST", self.send(fromDate="6 April", toDate="2024-13-01", ukNonFhlProperty=property_))

        assert paths(answer) == {
            "FORMAT_FROM_DATE": ["/fromDate"],
            "FORMAT_TO_DATE": ["/toDate"],
            "FORMAT_VALUE": ["/ukNonFhlProperty/income/periodAmount"],
            "RULE_BOTH_EXPENSES_SUPPLIED": ["/ukNonFhlProperty/expenses"],
        }

    @pytest.mark.parametrize(("year", "refused"), [("2023-24", ["FORMAT_VALUE"]), ("2024-25", [])])
    def test_may_have_expenses_below_nought_from_2024_25(
        self, harriet: Taxpayer, year: str, refused: list[str]
    ) -> None:
        send = {"ukFhlProperty": {"expenses": {"travelCosts": -1}}}

        answer = harriet.period("PUT", send, year=year, submission=NO_SUCH_ID)

        assert codes(answer) == (refused or ["MATCHING_RESOURCE_NOT_FOUND"])


class TestForeignProperty:
    @pytest.mark.parametrize(
        ("entries", "expected"),
        [
            ([{"countryCode": "FRANCE"}], {"FORMAT_COUNTRY_CODE": ["/foreignProperty/0/countryCode"]}),
            ([FRANCE, {"countryCode": "ZZZ"}], {"RULE_COUNTRY_CODE": ["/foreignProperty/1/countryCode"]}),
            (
                [FRANCE, SPAIN, FRANCE],
                {"RULE_DUPLICATE_COUNTRY_CODE": ["/foreignProperty/0/countryCode", "/foreignProperty/2/countryCode"]},
            ),
            ([{}], {"RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED": ["/foreignProperty/0/countryCode"]}),
        ],
    )
    def test_is_named_by_country_up_to_2025_26(
        self, abroad: Taxpayer, entries: list[dict[str, Any]], expected: dict[str, list[str]]
    ) -> None:
        assert paths(abroad.foreign("PUT", "annual", {"foreignProperty": entries}, year="2025-26")) == expected

    @pytest.mark.parametrize(
        ("ids", "expected"),
        [
            (["7"], {"FORMAT_PROPERTY_ID": ["/foreignProperty/0/propertyId"]}),
            (
                [NO_SUCH_ID, NO_SUCH_ID],
                {"RULE_DUPLICATE_PROPERTY_ID": ["/foreignProperty/0/propertyId", "/foreignProperty/1/propertyId"]},
            ),
            ([NO_SUCH_ID], {"RULE_PROPERTY_ID_MISMATCH": ["/foreignProperty/0/propertyId"]}),
        ],
    )
    @pytest.mark.parametrize("what", ["annual", "cumulative"])
    def test_is_named_by_its_id_from_2026_27(
        self, abroad: Taxpayer, what: str, ids: list[str], expected: dict[str, list[str]]
    ) -> None:
        dates = {"fromDate": "2026-04-06", "toDate": "2026-10-05"} if what == "cumulative" else {}
        send = dates | {"foreignProperty": [{"propertyId": one} for one in ids]}

        assert paths(abroad.foreign("PUT", what, send)) == expected

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"propertyName": "n" * 106}, {"FORMAT_PROPERTY_NAME": ["/propertyName"]}),
            ({"countryCode": "fra"}, {"FORMAT_COUNTRY_CODE": ["/countryCode"]}),
            ({"countryCode": "ZZZ"}, {"RULE_COUNTRY_CODE": ["/countryCode"]}),
            ({"endDate": "2026-13-01", "endReason": "disposal"}, {"FORMAT_END_DATE": ["/endDate"]}),
            ({"endDate": "2026-12-01", "endReason": "bored"}, {"FORMAT_END_REASON": ["/endReason"]}),
            ({"endDate": "2026-12-01"}, {"RULE_MISSING_END_DETAILS": []}),
            ({"endReason": "disposal"}, {"RULE_MISSING_END_DETAILS": []}),
            ({"endDate": "2026-04-05", "endReason": "disposal"}, {"RULE_END_DATE_BEFORE_TAX_YEAR_START": ["/endDate"]}),
            ({"endDate": "2027-04-06", "endReason": "disposal"}, {"RULE_END_DATE_AFTER_TAX_YEAR_END": ["/endDate"]}),
        ],
    )
    def test_has_details_that_fit(
        self, abroad: Taxpayer, change: dict[str, str], expected: dict[str, list[str]]
    ) -> None:
        send = {"propertyName": "Villa", "countryCode": "FRA"} | change

        assert paths(abroad.foreign("POST", "details", send)) == expected

    def test_is_asked_for_by_an_id(self, abroad: Taxpayer) -> None:
        found = [
            codes(abroad.ask("GET", f"/business/property/foreign/NINO/BUSINESS/{what}/2026-27?propertyId=7"))
            for what in ("annual", "cumulative", "details")
        ]

        assert found == [["FORMAT_PROPERTY_ID"]] * 3
