"""Self Assessment Test Support 1.0: businesses, and the whole of a taxpayer's test data."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc import trouble
from tests.sandbox.hmrc.asking import SUPPORT, Client, codes, refusal
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, HER_BUSINESS, IDRIS, NO_BUSINESS, Hmrc, body, update

STATE = f"{SUPPORT}/vendor-state"
CHECKPOINTS = f"{STATE}/checkpoints"
TRADE: dict[str, Any] = {
    "typeOfBusiness": "self-employment",
    "tradingName": "Umbershaw Bindery",
    "businessAddressLineOne": "9 Paper Row",
    "businessAddressPostcode": "TS1 1PA",
    "businessAddressCountryCode": "GB",
}
PROPERTY: dict[str, Any] = {"typeOfBusiness": "uk-property"}
LATENCY = {
    "latencyEndDate": "2027-04-05",
    "taxYear1": "2025-26",
    "latencyIndicator1": "A",
    "taxYear2": "2026-27",
    "latencyIndicator2": "Q",
}
FULL = TRADE | {
    "firstAccountingPeriodStartDate": "2025-04-06",
    "firstAccountingPeriodEndDate": "2026-04-05",
    "latencyDetails": LATENCY,
    "quarterlyTypeChoice": {"quarterlyPeriodType": "calendar", "taxYearOfChoice": "2026-27"},
    "commencementDate": "2025-04-06",
    "cessationDate": "2030-04-05",
    "businessAddressLineTwo": "Nether Quillcombe",
}


@pytest.fixture
def rosalind(hmrc: Hmrc) -> Client:
    """Rosalind has no business yet."""
    return Client(hmrc, hmrc.connect(NO_BUSINESS)["access_token"])


def create(client: Client, send: object, **headers: str) -> TestResponse:
    return client.ask("POST", f"{SUPPORT}/business/{NO_BUSINESS}", send, version="1.0", **headers)


def details(client: Client, business_id: str) -> dict[str, Any]:
    return body(client.ask("GET", f"/individuals/business/details/{NO_BUSINESS}/{business_id}"))


class TestCreatingABusiness:
    @pytest.mark.parametrize(
        ("name", "longest"), [("tradingName", 105), ("businessAddressLineOne", 35), ("businessAddressLineFour", 35)]
    )
    def test_takes_no_empty_text_and_none_that_is_too_long(self, rosalind: Client, name: str, longest: int) -> None:
        answers = [create(rosalind, TRADE | {name: "x" * length}) for length in (0, longest, longest + 1)]

        assert [answer.status_code for answer in answers] == [400, 201, 400]
        assert body(answers[0]) == body(answers[2])
        assert body(answers[0])["paths"] == [f"/{name}"]

    def test_makes_no_second_property_beside_one_that_came_meanwhile(
        self, rosalind: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meanwhile: list[TestResponse] = []
        monkeypatch.setattr(trouble, "sleep", lambda _: meanwhile.append(create(rosalind, PROPERTY)))
        rosalind.hmrc.control("faults", {"kind": "hang", "operation": "business_create"})

        answer = create(rosalind, PROPERTY)

        assert [one.status_code for one in meanwhile] == [201]
        assert codes(answer) == ["RULE_PROPERTY_BUSINESS_ADDED"]

    def test_makes_one_that_business_details_tells_of_in_full(self, rosalind: Client) -> None:
        answer = create(rosalind, FULL | {"accountingType": "ACCRUALS"})

        made = body(answer)["businessId"]
        assert answer.status_code == 201
        period = {"start": "2025-04-06", "end": "2026-04-05"}
        assert details(rosalind, made) == FULL | {"businessId": made, "accountingPeriods": [period]}

    def test_sets_its_accounting_type(self, rosalind: Client) -> None:
        made = body(create(rosalind, TRADE | {"accountingType": "ACCRUALS"}))["businessId"]
        path = f"/individuals/business/details/{NO_BUSINESS}/{made}/2025-26/accounting-type"

        assert body(rosalind.ask("GET", path)) == {"accountingType": "ACCRUAL"}

    def test_of_property_is_for_one_of_each_type(self, rosalind: Client) -> None:
        kinds = ["uk-property", "foreign-property", "uk-property", "foreign-property"]

        answers = [create(rosalind, {"typeOfBusiness": kind}) for kind in kinds]

        assert [answer.status_code for answer in answers] == [201, 201, 400, 400]
        assert codes(answers[2]) == ["RULE_PROPERTY_BUSINESS_ADDED"]

    def test_of_trade_is_for_as_many_as_there_are(self, rosalind: Client) -> None:
        assert len({body(create(rosalind, TRADE))["businessId"] for _ in range(3)}) == 3

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"accountingType": "BARTER"}, ["FORMAT_ACCOUNTING_TYPE"]),
            ({"businessAddressCountryCode": "ZZ"}, ["FORMAT_COUNTRY_CODE"]),
            ({"commencementDate": "2026-02-30"}, ["FORMAT_DATE"]),
            ({"businessAddressPostcode": "nowhere"}, ["FORMAT_POSTCODE"]),
            ({"typeOfBusiness": "castle"}, ["FORMAT_TYPE_OF_BUSINESS"]),
            ({"latencyDetails": LATENCY | {"latencyIndicator2": "B"}}, ["FORMAT_LATENCY_INDICATOR"]),
            ({"latencyDetails": LATENCY | {"taxYear1": "2025"}}, ["FORMAT_TAX_YEAR"]),
            ({"latencyDetails": LATENCY | {"taxYear1": "2025-27"}}, ["RULE_TAX_YEAR_RANGE_INVALID"]),
            ({"quarterlyTypeChoice": {"quarterlyPeriodType": "weekly"}}, ["FORMAT_QUARTERLY_PERIOD_TYPE"]),
            ({"latencyDetails": {"taxYear1": "2025-26"}}, ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]),
            ({"typeOfBusiness": None}, ["RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"]),
            ({"firstAccountingPeriodEndDate": "2026-04-05"}, ["MISSING_FIRST_ACCOUNTING_PERIOD_START_DATE"]),
            ({"firstAccountingPeriodStartDate": "2025-04-06"}, ["MISSING_FIRST_ACCOUNTING_PERIOD_END_DATE"]),
            (
                {"firstAccountingPeriodStartDate": "2025-04-06", "firstAccountingPeriodEndDate": "2027-04-05"},
                ["RULE_FIRST_ACCOUNTING_DATE_RANGE_INVALID"],
            ),
            ({"businessAddressPostcode": None}, ["MISSING_POSTCODE"]),
            ({"businessAddressLineOne": None}, ["RULE_MISSING_BUSINESS_ADDRESS"]),
            ({"tradingName": None}, ["RULE_MISSING_TRADING_NAME"]),
            ({"commencementDate": "2026-11-22"}, ["RULE_COMMENCEMENT_DATE_NOT_SUPPORTED"]),
            (
                {"typeOfBusiness": "uk-property"},
                ["RULE_UNEXPECTED_BUSINESS_ADDRESS", "RULE_UNEXPECTED_TRADING_NAME"],
            ),
            ({"commencementDate": "soon", "accountingType": "BARTER"}, ["FORMAT_ACCOUNTING_TYPE", "FORMAT_DATE"]),
        ],
    )
    def test_is_refused_with_all_that_is_wrong_in_a_round(
        self, rosalind: Client, change: dict[str, Any], expected: list[str]
    ) -> None:
        assert refusal(create(rosalind, TRADE | change)) == (400, expected)

    def test_names_the_paths_of_wrong_dates(self, rosalind: Client) -> None:
        answer = create(rosalind, PROPERTY | {"commencementDate": "soon", "cessationDate": "late"})

        assert body(answer)["paths"] == ["/commencementDate", "/cessationDate"]

    def test_may_begin_in_the_future_where_a_test_says_so(self, rosalind: Client) -> None:
        send = PROPERTY | {"commencementDate": "2027-01-01"}

        assert create(rosalind, send, suspend_temporal_validations="true").status_code == 201

    def test_of_someone_else_is_refused(self, client: Client) -> None:
        assert refusal(create(client, PROPERTY)) == (403, ["CLIENT_OR_AGENT_NOT_AUTHORISED"])


class TestDeletingABusiness:
    def delete(self, client: Client, business_id: str) -> TestResponse:
        return client.ask("DELETE", f"{SUPPORT}/business/{NO_BUSINESS}/{business_id}", version="1.0")

    def test_forgets_it(self, rosalind: Client) -> None:
        made = body(create(rosalind, PROPERTY))["businessId"]

        assert [self.delete(rosalind, made).status_code for _ in range(2)] == [204, 404]

    def test_is_refused_for_what_is_no_id_and_for_anothers(self, rosalind: Client) -> None:
        assert refusal(self.delete(rosalind, "X1")) == (400, ["FORMAT_BUSINESS_ID"])
        assert refusal(self.delete(rosalind, HER_BUSINESS)) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])


class TestVendorState:
    def test_is_deleted_once(self, client: Client) -> None:
        client.hmrc.cumulative("PUT", client.token, update())

        answers = [client.ask("DELETE", f"{STATE}?nino={HARRIET}", version="1.0") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [204, 404]
        assert client.hmrc.show("submissions")["submissions"] == []
        assert client.ask_for("business_list").status_code == 404

    def test_is_that_of_the_token_alone(self, client: Client) -> None:
        client.ask("DELETE", STATE, version="1.0")

        idris = client.hmrc.connect(IDRIS)["access_token"]
        assert client.hmrc.businesses(idris, IDRIS).status_code == 200
        assert codes(client.ask("DELETE", f"{STATE}?nino={IDRIS}", version="1.0")) == ["CLIENT_OR_AGENT_NOT_AUTHORISED"]

    def test_of_the_first_users_comes_back_with_a_reset(self, client: Client) -> None:
        client.ask("DELETE", STATE, version="1.0")
        client.hmrc.control("reset", {})

        token = client.hmrc.connect()["access_token"]
        assert HER_BUSINESS in client.hmrc.businesses(token).text


class TestACheckpoint:
    def keep(self, client: Client) -> str:
        answer = client.ask("POST", f"{CHECKPOINTS}?nino={HARRIET}", version="1.0")
        assert answer.status_code == 201
        return str(body(answer)["checkpointId"])

    def restore(self, client: Client, checkpoint: str) -> TestResponse:
        return client.ask("POST", f"{CHECKPOINTS}/{checkpoint}/restore", version="1.0")

    def test_brings_back_all_that_was_held(self, client: Client) -> None:
        hmrc, token = client.hmrc, client.token
        hmrc.cumulative("PUT", token, update("2026-07-05"))
        client.ask_for("accounting_type_put")
        kept = [hmrc.cumulative("GET", token).data, hmrc.obligations(token).data, hmrc.businesses(token).data]
        checkpoint = self.keep(client)

        hmrc.cumulative("PUT", token, update("2026-10-05"))
        client.ask("DELETE", f"{SUPPORT}/business/{HARRIET}/{HER_BUSINESS}", version="1.0")
        answer = self.restore(client, checkpoint)

        assert (answer.status_code, answer.data) == (201, b"")
        assert [hmrc.cumulative("GET", token).data, hmrc.obligations(token).data, hmrc.businesses(token).data] == kept
        assert body(client.ask_for("accounting_type_get")) == {"accountingType": "ACCRUAL"}

    def test_brings_it_back_as_often_as_is_asked_and_after_a_restart(self, start: Start) -> None:
        hmrc = start()
        client = Client(hmrc, hmrc.connect()["access_token"])
        checkpoint = self.keep(client)
        again = Client(start(), client.token)

        for _ in range(2):
            again.ask("DELETE", STATE, version="1.0")
            assert self.restore(again, checkpoint).status_code == 201
            assert HER_BUSINESS in again.hmrc.businesses(again.token).text

    def test_leaves_others_alone(self, client: Client) -> None:
        checkpoint = self.keep(client)
        idris = client.hmrc.connect(IDRIS)["access_token"]
        client.hmrc.call("DELETE", STATE, token=idris, version="1.0")

        self.restore(client, checkpoint)

        assert client.hmrc.businesses(idris, IDRIS).status_code == 404

    def test_is_listed_until_it_is_deleted(self, client: Client) -> None:
        kept = [self.keep(client), self.keep(client)]

        listed = body(client.ask("GET", CHECKPOINTS, version="1.0"))["checkpoints"]
        deleted = [client.ask("DELETE", f"{CHECKPOINTS}/{kept[0]}", version="1.0") for _ in range(2)]

        assert [one["checkpointId"] for one in listed] == kept
        assert listed[0]["checkpointCreationTimestamp"].startswith("2026-11-22T12:00:0")
        assert [one.status_code for one in deleted] == [204, 404]
        assert self.restore(client, kept[0]).status_code == 404

    def test_needs_something_to_keep(self, rosalind: Client) -> None:
        answer = rosalind.ask("POST", f"{CHECKPOINTS}?nino={NO_BUSINESS}", version="1.0")

        assert refusal(answer) == (404, ["MATCHING_RESOURCE_NOT_FOUND"])

    @pytest.mark.parametrize(("method", "query"), [("POST", ""), ("POST", "?nino=x"), ("GET", "?nino=x")])
    def test_needs_a_nino(self, client: Client, method: str, query: str) -> None:
        assert codes(client.ask(method, f"{CHECKPOINTS}{query}", version="1.0")) == ["FORMAT_NINO"]

    def test_is_told_by_its_id(self, client: Client) -> None:
        path = f"{CHECKPOINTS}/first"

        answers = [client.ask("DELETE", path, version="1.0"), client.ask("POST", f"{path}/restore", version="1.0")]

        assert [codes(one) for one in answers] == [["FORMAT_CHECKPOINT_ID"]] * 2

    def test_of_another_is_not_found(self, client: Client) -> None:
        checkpoint = self.keep(client)
        idris = Client(client.hmrc, client.hmrc.connect(IDRIS)["access_token"])

        assert self.restore(idris, checkpoint).status_code == 404
