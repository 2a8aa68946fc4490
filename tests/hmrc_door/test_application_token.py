"""The application's own token: bought with our credentials, spent on nothing, and used where no landlord is asked."""

import pytest
import responses

from hmrc_door import create_test_user, header_validation
from hmrc_door.call import call
from hmrc_door.environment import Environment
from hmrc_door.outcomes import Answered, NotSent, Unknown
from hmrc_door.pace import Lane, NoSlot
from hmrc_door.token_endpoint import (
    ApplicationAnswer,
    ApplicationGranted,
    TokenFault,
    TokenRefused,
    application_token,
)
from tests.hmrc_door.conftest import OpenPace, form_sent

BASE = "http://127.0.0.1:8001"
TOKEN = f"{BASE}/oauth/token"

pytestmark = pytest.mark.usefixtures("environment")


def ask() -> ApplicationAnswer:
    return application_token(lane=Lane.BACKGROUND, agency="operator")


@responses.activate
def test_is_bought_with_our_credentials_alone(pace: OpenPace) -> None:
    responses.post(TOKEN, json={"access_token": "canary-app", "token_type": "bearer", "expires_in": 14400})

    answer = ask()

    assert isinstance(answer, ApplicationGranted)
    assert (answer.access_token.reveal(), answer.expires_in) == ("canary-app", 14400)
    assert "canary" not in repr(answer)
    assert form_sent() == {
        "grant_type": "client_credentials",
        "client_id": "quarterday-test",
        "client_secret": "canary-secret",
    }
    assert pace.asked == [(Lane.BACKGROUND, "operator", True)]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"access_token":""}', b'{"access_token":1}', b"<html>"])
@responses.activate
def test_that_does_not_come_is_no_grant(pace: OpenPace, body: bytes) -> None:
    responses.post(TOKEN, body=body)

    answer = ask()

    assert isinstance(answer, Unknown)
    assert (answer.reason, answer.status) == ("unreadable_answer", 200)


@pytest.mark.parametrize(
    ("status", "error", "fault"),
    [(401, "invalid_client", TokenFault.INVALID_CLIENT), (400, "invalid_request", TokenFault.INVALID_REQUEST)],
)
@responses.activate
def test_refused_says_why(pace: OpenPace, status: int, error: str, fault: TokenFault) -> None:
    responses.post(TOKEN, json={"error": error}, status=status)

    answer = ask()

    assert isinstance(answer, TokenRefused)
    assert answer.fault is fault


def test_without_a_slot_is_not_asked_for(pace: OpenPace) -> None:
    pace.refuses_with = NoSlot()

    assert ask() == NotSent(reason="no_slot")


@responses.activate
def test_opens_what_no_landlord_is_asked_for(pace: OpenPace, environment: Environment) -> None:
    responses.post(TOKEN, json={"access_token": "canary-app"})
    responses.post(f"{BASE}/create-test-user/individuals", json={"nino": "AA000001A"}, status=201)
    responses.get(f"{BASE}/test/fraud-prevention-headers/validate", json={"code": "VALID_HEADERS"})
    granted = ask()
    assert isinstance(granted, ApplicationGranted)

    for operation in (
        create_test_user.create_individual(body={"serviceNames": []}),
        header_validation.validate_headers(),
    ):
        outcome = call(operation, bearer=granted.access_token, lane=Lane.BACKGROUND, agency="operator")
        assert isinstance(outcome, Answered)

    sent = [made.request for made in responses.calls][1:]
    assert {request.headers["Authorization"] for request in sent} == {"Bearer canary-app"}
    assert {request.headers["Accept"] for request in sent} == {"application/vnd.hmrc.1.0+json"}
    assert sent[0].body == b'{"serviceNames":[]}'
