"""Create Test User 1.0: individuals, organisations, agents, and the services they may have."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.api.create_test_user import services
from tests.sandbox.hmrc.driver import HARRIET, Hmrc, body


def create(hmrc: Hmrc, kind: str, send: object) -> TestResponse:
    token = body(hmrc.token("client_credentials"))["access_token"]
    return hmrc.call("POST", f"/create-test-user/{kind}", token=token, version="1.0", send=send)


class TestAnIndividual:
    def create(self, hmrc: Hmrc, **send: object) -> TestResponse:
        return create(hmrc, "individuals", send)

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

    def test_keeps_the_numbers_that_were_chosen(self, hmrc: Hmrc) -> None:
        made = body(
            self.create(
                hmrc,
                serviceNames=["customs-services", "national-insurance"],
                nino="CE123456D",
                eoriNumber="GB123456789000",
            )
        )

        assert (made["nino"], made["eoriNumber"]) == ("CE123456D", "GB123456789000")

    def test_may_be_refused_for_a_body_that_is_none(self, hmrc: Hmrc) -> None:
        assert (create(hmrc, "individuals", []).status_code) == 400


class TestAnOrganisation:
    def test_gets_the_numbers_of_all_its_services(self, hmrc: Hmrc) -> None:
        wanted = services.of(services.ORGANISATION)

        made = body(create(hmrc, "organisations", {"serviceNames": list(wanted)}))

        assert {number for service in wanted.values() for number in service.numbers} < made.keys()
        assert made["organisationDetails"].keys() == {"name", "address"}

    def test_may_sign_in_and_be_a_landlord(self, hmrc: Hmrc) -> None:
        made = body(create(hmrc, "organisations", {"serviceNames": ["mtd-income-tax"]}))

        answer = hmrc.businesses(hmrc.connect(made["nino"])["access_token"], made["nino"])

        assert body(answer)["code"] == "MATCHING_RESOURCE_NOT_FOUND"

    def test_keeps_what_was_chosen(self, hmrc: Hmrc) -> None:
        chosen = {"exciseNumber": "GBWK254706100", "taxPayerType": "Individual", "pillar2Id": "XAPLR0123456789"}
        names = ["excise-movement-control-system", "pillar-2"]

        made = body(create(hmrc, "organisations", {"serviceNames": names} | chosen))

        assert chosen.items() <= made.items()


class TestAnAgent:
    def test_has_an_account_number_and_no_particulars(self, hmrc: Hmrc) -> None:
        made = body(create(hmrc, "agents", {"serviceNames": ["agent-services"]}))

        assert made.keys() == {"userId", "password", "userFullName", "emailAddress", "agentServicesAccountNumber"}
        assert re.fullmatch(r"NARN\d{7}", made["agentServicesAccountNumber"])

    def test_is_nobodys_client(self, hmrc: Hmrc) -> None:
        made = body(create(hmrc, "agents", {"serviceNames": []}))
        nino = next(user["nino"] for user in hmrc.show("users")["users"] if user["user_id"] == made["userId"])

        assert hmrc.businesses(hmrc.connect(nino)["access_token"], HARRIET).status_code == 403


@pytest.mark.parametrize(
    ("kind", "send", "path"),
    [
        ("agents", {"serviceNames": ["self-assessment"]}, "/serviceNames"),
        ("individuals", {"serviceNames": ["corporation-tax"]}, "/serviceNames"),
        ("individuals", {"serviceNames": [], "eoriNumber": "GB"}, "/eoriNumber"),
        ("organisations", {"serviceNames": [], "exciseNumber": "12"}, "/exciseNumber"),
        ("organisations", {"serviceNames": "pillar-2"}, "/serviceNames"),
    ],
)
def test_what_a_kind_of_user_may_not_have_is_refused(hmrc: Hmrc, kind: str, send: dict[str, Any], path: str) -> None:
    answer = create(hmrc, kind, send)

    assert (answer.status_code, body(answer)["code"], body(answer)["paths"]) == (400, "INVALID_REQUEST", [path])


def test_the_services_are_listed_with_who_may_have_them(hmrc: Hmrc) -> None:
    token = body(hmrc.token("client_credentials"))["access_token"]

    listed = hmrc.call("GET", "/create-test-user/services", token=token, version="1.0").get_json()

    assert len(listed) == len(services.ALL)
    assert {"key": "agent-services", "name": "Agent Services", "allowedUserTypes": ["AGENT"]} in listed
