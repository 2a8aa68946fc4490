"""The token endpoint answers as the facts have it, for each way of asking and each error."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.standin import Standin, content
from tests.sandbox.hmrc.driver import Hmrc

TOKEN = facts.token_endpoint()
AN_ERROR = {"error*": "~^[a-z_]+$", "error_description*": "s 1 -"}
GRANTS: dict[str, Callable[[Hmrc], TestResponse]] = {
    "authorization_code": lambda hmrc: hmrc.exchange(hmrc.code()),
    "refresh_token": lambda hmrc: hmrc.refresh(hmrc.connect()["refresh_token"]),
    "client_credentials": lambda hmrc: hmrc.token("client_credentials"),
}


def _failing(hmrc: Hmrc) -> TestResponse:
    hmrc.control("faults", {"kind": "server_error", "operation": "token"})
    return hmrc.token("client_credentials")


ERRORS: dict[tuple[int, str], Callable[[Hmrc], TestResponse]] = {
    (400, "invalid_request"): lambda hmrc: hmrc.token(None),
    (400, "invalid_grant"): lambda hmrc: hmrc.refresh("no-such-token"),
    (401, "invalid_client"): lambda hmrc: hmrc.token("client_credentials", client_secret="wrong"),
    (500, "server_error"): _failing,
}


def test_every_grant_type_and_error_of_the_facts_has_a_row() -> None:
    assert isinstance(TOKEN.request, dict)
    assert TOKEN.request["grant_type*"] == f"={'|'.join(GRANTS)}"
    assert set(TOKEN.codes) == ERRORS.keys()


@pytest.mark.parametrize("grant_type", GRANTS)
def test_tokens_are_given_as_described(grant_type: str, fresh: Callable[[str], Standin]) -> None:
    response = GRANTS[grant_type](fresh(PRODUCTION_LIKE).hmrc)

    assert response.status_code == TOKEN.success
    assert facts.complaints(TOKEN.response, content(response)) == []


@pytest.mark.parametrize(("status", "code"), ERRORS)
def test_an_error_is_as_described(status: int, code: str, fresh: Callable[[str], Standin]) -> None:
    response = ERRORS[status, code](fresh(PRODUCTION_LIKE).hmrc)

    assert (response.status_code, content(response)["error"]) == (status, code)
    assert facts.complaints(AN_ERROR, content(response)) == []
