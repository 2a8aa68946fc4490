"""Business Details 2.0: the list, and one business."""

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

    def test_tells_all_that_is_known_of_it(self, hmrc: Hmrc) -> None:
        latency = {
            "end_date": "2027-04-05",
            "tax_year_1": "2025-26",
            "indicator_1": "A",
            "tax_year_2": "2026-27",
            "indicator_2": "Q",
        }
        known = {
            "type_of_business": "foreign-property",
            "quarterly_type": "calendar",
            "year_of_choice": "2026-27",
            "commencement_date": "2025-06-01",
            "cessation_date": "2026-12-31",
            "latency": latency,
        }
        user = hmrc.control("users", {"businesses": [known]})
        token, business_id = hmrc.connect(user["nino"])["access_token"], user["businesses"][0]["business_id"]

        answer = hmrc.call("GET", f"/individuals/business/details/{user['nino']}/{business_id}", token=token)

        assert body(answer) == {
            "businessId": business_id,
            "typeOfBusiness": "foreign-property",
            "quarterlyTypeChoice": {"quarterlyPeriodType": "calendar", "taxYearOfChoice": "2026-27"},
            "commencementDate": "2025-06-01",
            "cessationDate": "2026-12-31",
            "latencyDetails": {
                "latencyEndDate": "2027-04-05",
                "taxYear1": "2025-26",
                "latencyIndicator1": "A",
                "taxYear2": "2026-27",
                "latencyIndicator2": "Q",
            },
        }
