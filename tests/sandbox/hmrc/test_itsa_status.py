"""Individual Details 2.0: the ITSA status of a tax year, as Test Support set it or as it is presumed."""

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.modes import HMRC_SANDBOX
from tests.sandbox.hmrc.asking import SUPPORT, Client, codes, refusal, turn_to
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, IDRIS, NOT_ENROLLED, Hmrc, body


def show(client: Client, year: str = "2026-27", query: str = "", nino: str = HARRIET) -> TestResponse:
    return client.ask("GET", f"/individuals/person/itsa-status/{nino}/{year}{query}")


def detail(status: str, submitted: str = "2026-05-01T09:00:00.000Z", **more: object) -> dict[str, Any]:
    return {"submittedOn": submitted, "status": status, "statusReason": "Rollover"} | more


def put(client: Client, *details: object, year: str = "2026-27") -> TestResponse:
    path = f"{SUPPORT}/itsa-status/{HARRIET}/{year}"
    return client.ask("POST", path, {"itsaStatusDetails": list(details)}, version="1.0")


def found(answer: TestResponse) -> dict[str, list[str]]:
    return {
        one["taxYear"]: [detail["status"] for detail in one["itsaStatusDetails"]]
        for one in body(answer)["itsaStatuses"]
    }


class TestAStatus:
    def test_is_mandated_for_who_is_signed_up(self, client: Client) -> None:
        assert found(show(client)) == {"2026-27": ["MTD Mandated"]}

    def test_is_known_from_the_first_quarterly_year_to_the_year_after_this(self, client: Client) -> None:
        assert list(found(show(client, "2025-26", "?futureYears=true"))) == ["2025-26", "2026-27", "2027-28"]
        assert refusal(show(client, "2024-25")) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])

    def test_is_the_newest_that_was_set_and_with_its_history_all_of_them(self, client: Client) -> None:
        put(
            client,
            detail("MTD Voluntary"),
            detail("Annual", "2026-06-01T09:00:00.000Z"),
            detail("Dormant", "2026-05-31T09:00:00.000Z"),
        )

        assert found(show(client)) == {"2026-27": ["Annual"]}
        assert found(show(client, query="?history=true")) == {"2026-27": ["Annual", "Dormant", "MTD Voluntary"]}

    def test_keeps_the_income_to_the_penny(self, client: Client) -> None:
        put(client, detail("Annual", businessIncome2YearsPrior=99999999999.99))

        assert '"businessIncome2YearsPrior":99999999999.99' in show(client).text

    def test_outlives_a_restart(self, start: Start) -> None:
        hmrc = start()
        token = hmrc.connect()["access_token"]
        put(Client(hmrc, token), detail("Dormant"))

        assert found(show(Client(start(), token))) == {"2026-27": ["Dormant"]}

    def test_is_not_presumed_by_hmrcs_sandbox(self, start: Start, tmp_path: Path) -> None:
        turn_to(tmp_path, HMRC_SANDBOX)
        hmrc = start()
        client = Client(hmrc, hmrc.connect()["access_token"])

        before = client.ask_for("itsa_status", scenario="STATEFUL")
        put(client, detail("MTD Exempt"))

        assert codes(before) == ["MATCHING_RESOURCE_NOT_FOUND"]
        assert found(client.ask_for("itsa_status", scenario="STATEFUL")) == {"2026-27": ["MTD Exempt"]}
        assert found(client.ask_for("itsa_status")) == {"2026-27": ["MTD Mandated"]}

    @pytest.mark.parametrize(("of", "by"), [(NOT_ENROLLED, NOT_ENROLLED), (IDRIS, HARRIET)])
    def test_of_who_is_not_signed_up_or_not_the_user_is_one_refusal(self, hmrc: Hmrc, of: str, by: str) -> None:
        client = Client(hmrc, hmrc.connect(by)["access_token"])

        assert refusal(show(client, nino=of)) == (403, ["CLIENT_NOT_MTD_ENROLLED"])

    def test_is_refused_with_all_that_is_wrong(self, client: Client) -> None:
        answer = show(client, "26-27", "?futureYears=yes&history=no")

        assert codes(answer) == ["FORMAT_FUTURE_YEARS", "FORMAT_HISTORY", "FORMAT_TAX_YEAR"]

    def test_is_asked_for_one_year(self, client: Client) -> None:
        assert codes(show(client, "2026-28")) == ["RULE_TAX_YEAR_RANGE_INVALID"]


class TestSettingOne:
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"status": "Retired"}, "FORMAT_STATUS"),
            ({"statusReason": "Tired"}, "FORMAT_STATUS_REASON"),
            ({"submittedOn": "2026-05-01"}, "FORMAT_SUBMITTED_ON"),
            ({"submittedOn": "2026-02-30T09:00:00.000Z"}, "FORMAT_SUBMITTED_ON"),
            ({"businessIncome2YearsPrior": 1.234}, "FORMAT_BUSINESS_INCOME_2_YEARS_PRIOR"),
            ({"businessIncome2YearsPrior": -1}, "FORMAT_BUSINESS_INCOME_2_YEARS_PRIOR"),
            ({"businessIncome2YearsPrior": "1"}, "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"),
            ({"status": None}, "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"),
        ],
    )
    def test_is_refused_where_a_field_is_wrong(self, client: Client, change: dict[str, Any], expected: str) -> None:
        answer = put(client, detail("Annual") | change)

        assert refusal(answer) == (400, [expected])
        assert body(answer)["paths"] == [f"/itsaStatusDetails/0/{next(iter(change))}"]

    def test_is_refused_for_two_of_one_moment(self, client: Client) -> None:
        assert codes(put(client, detail("Annual"), detail("Dormant"))) == ["DUPLICATE_SUBMITTED_ON"]

    def test_is_refused_without_any(self, client: Client) -> None:
        assert codes(put(client)) == ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]

    @pytest.mark.parametrize(
        ("year", "expected"), [("2026", "FORMAT_TAX_YEAR"), ("2026-28", "RULE_TAX_YEAR_RANGE_INVALID")]
    )
    def test_is_for_one_tax_year(self, client: Client, year: str, expected: str) -> None:
        assert codes(put(client, detail("Annual"), year=year)) == [expected]
