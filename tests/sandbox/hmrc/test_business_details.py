"""Business Details 2.0 and Create Test User 1.0."""

import re

from werkzeug.test import TestResponse

from tests.sandbox.hmrc.driver import BEATRIX, HARRIET, HER_BUSINESS, IDRIS, NO_BUSINESS, Hmrc, body


class TestTheList:
    def test_names_the_business_of_its_user(self, hmrc: Hmrc) -> None:
        answer = hmrc.businesses(hmrc.connect()["access_token"])

        assert body(answer) == {"listOfBusinesses": [{"typeOfBusiness": "uk-property", "businessId": HER_BUSINESS}]}

    def test_names_a_trade_too(self, hmrc: Hmrc) -> None:
        listed = body(hmrc.businesses(hmrc.connect(BEATRIX)["access_token"], BEATRIX))["listOfBusinesses"]

        assert [one["typeOfBusiness"] for one in listed] == ["uk-property", "self-employment"]
        assert listed[1]["tradingName"] == "Thornycombe Frames"

    def test_is_a_404_for_a_user_with_no_business(self, hmrc: Hmrc) -> None:
        answer = hmrc.businesses(hmrc.connect(NO_BUSINESS)["access_token"], NO_BUSINESS)

        assert (answer.status_code, body(answer)["code"]) == (404, "MATCHING_RESOURCE_NOT_FOUND")


class TestOneBusiness:
    def test_says_how_its_quarters_run(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]

        answer = hmrc.call("GET", f"/individuals/business/details/{HARRIET}/{HER_BUSINESS}", token=token)

        assert body(answer) == {
            "businessId": HER_BUSINESS,
            "typeOfBusiness": "uk-property",
            "commencementDate": "2019-04-06",
            "quarterlyTypeChoice": {"quarterlyPeriodType": "standard"},
        }

    def test_is_not_found_under_anothers_id_or_no_id(self, hmrc: Hmrc) -> None:
        token, anothers = hmrc.connect()["access_token"], hmrc.user(IDRIS)["businesses"][0]["business_id"]

        answers = [
            hmrc.call("GET", f"/individuals/business/details/{HARRIET}/{one}", token=token)
            for one in (anothers, "XPIS1")
        ]

        assert [(one.status_code, body(one)["code"]) for one in answers] == [
            (404, "NO_BUSINESS_FOUND"),
            (400, "FORMAT_BUSINESS_ID"),
        ]


class TestCreateTestUser:
    def create(self, hmrc: Hmrc, **send: object) -> TestResponse:
        token = body(hmrc.token("client_credentials"))["access_token"]
        return hmrc.call("POST", "/create-test-user/individuals", token=token, version="1.0", send=send)

    def test_makes_a_user_who_can_sign_in(self, hmrc: Hmrc) -> None:
        answer = self.create(hmrc, serviceNames=["national-insurance", "self-assessment", "mtd-income-tax"])

        made = body(answer)
        assert answer.status_code == 201
        assert {"userId", "password", "userFullName", "emailAddress", "saUtr", "nino", "mtdItId"} < made.keys()
        assert re.fullmatch(r"\d{12}", made["userId"])
        assert made["individualDetails"].keys() == {"firstName", "lastName", "dateOfBirth", "address"}
        assert hmrc.businesses(hmrc.connect(made["nino"])["access_token"], made["nino"]).status_code == 404

    def test_gives_only_the_numbers_of_the_services_asked_for(self, hmrc: Hmrc) -> None:
        made = body(self.create(hmrc, serviceNames=[]))

        assert made.keys().isdisjoint({"nino", "saUtr", "mtdItId"})

    def test_refuses_a_nino_twice(self, hmrc: Hmrc) -> None:
        answer = self.create(hmrc, serviceNames=["national-insurance"], nino=HARRIET)

        assert (answer.status_code, body(answer)["code"]) == (400, "NINO_ALREADY_USED")

    def test_refuses_what_is_no_service_and_what_is_no_nino(self, hmrc: Hmrc) -> None:
        answers = [
            self.create(hmrc),
            self.create(hmrc, serviceNames=["mtd-window-tax"]),
            self.create(hmrc, serviceNames=[], nino="QQ123456C"),
        ]

        assert [(one.status_code, body(one)["paths"]) for one in answers] == [
            (400, ["/serviceNames"]),
            (400, ["/serviceNames"]),
            (400, ["/nino"]),
        ]
