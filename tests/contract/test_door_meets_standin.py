"""The door and the stand-in meet over a socket: every operation of the door is sent, answered and understood."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from hmrc_door import config, header_validation, token_endpoint
from hmrc_door.call import call
from hmrc_door.environment import Deadlines
from hmrc_door.errors import explain
from hmrc_door.hidden import Hidden
from hmrc_door.operation import Call, Operation
from hmrc_door.outcomes import Answered, Outcome, Refused, Unknown
from hmrc_door.pace import Lane
from hmrc_door.token_endpoint import ApplicationGranted, Granted
from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.door import OPERATIONS, call_of, fact_of
from tests.contract.preludes import prepare
from tests.contract.samples import Request, sample
from tests.contract.standin import CORRELATION_ID, Standin
from tests.contract.test_error_codes import NAMES, TROUBLE_AT_HMRC
from tests.contract.test_fraud_headers import BUILT
from tests.hmrc_door.conftest import OpenPace, an_environment, pace, redis, redis_server
from tests.sandbox.hmrc.driver import CLIENT_ID, PKCE, REDIRECT_URI, SECRETS, VERIFIER

__all__ = ["pace", "redis", "redis_server"]  # fixtures of the door's
AGENCY = "an-agency"
LISTING = facts.find("GET", "/individuals/business/details/{nino}/list")


class _Quiet(WSGIRequestHandler):
    """Says nothing of what comes in."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address(others: dict[str, Standin]) -> Iterator[str]:
    """Where the stand-in listens."""
    server = make_server("127.0.0.1", 0, others[PRODUCTION_LIKE].hmrc.app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def standin(fresh: Callable[[str], Standin], address: str, pace: OpenPace, monkeypatch: pytest.MonkeyPatch) -> Standin:
    """The stand-in at the other end of the door."""
    chosen = replace(
        an_environment(address, secrets=SECRETS),
        client_id=CLIENT_ID,
        deadlines=Deadlines(connect_s=5, read_s=10, total_s=20),
    )
    monkeypatch.setattr(config, "environment", lambda: chosen)
    return fresh(PRODUCTION_LIKE)


def _send(standin: Standin, sent: Call, request: Request, **headers: str) -> Outcome:
    bearer = Hidden(standin.token(request.token))
    return call(sent, bearer=bearer, lane=Lane.INTERACTIVE, agency=AGENCY, headers=headers)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_a_call_of_the_door_is_answered_as_hmrc_describes_it(operation: Operation[Any], standin: Standin) -> None:
    fact = fact_of(operation)
    request = prepare(standin, fact)

    outcome = _send(standin, call_of(operation, request), request)

    assert isinstance(outcome, Answered), outcome
    assert outcome.status == fact.success
    assert facts.complaints(fact.response, _body(outcome, fact), tax_year=request.tax_year) == []
    assert re.fullmatch(CORRELATION_ID, outcome.correlation_id)


@pytest.mark.parametrize(("status", "code"), TROUBLE_AT_HMRC.items())
def test_trouble_at_hmrc_is_understood_across_the_wire(status: int, code: str, standin: Standin) -> None:
    standin.strike({"kind": "status", "operation": NAMES[LISTING.method, LISTING.path], "status": status, "code": code})
    request = sample(LISTING)

    outcome = _send(standin, _listing(request), request)

    assert isinstance(outcome, Refused | Unknown)
    assert (outcome.status, outcome.code) == (status, code)
    assert explain(outcome).code != "hmrc.other"


def test_headers_that_went_with_a_call_are_told_back_as_valid(standin: Standin) -> None:
    request = sample(LISTING)
    _send(standin, _listing(request), request, **BUILT["web"])

    feedback = header_validation.get_feedback(api="business-details-mtd")
    told = _send(standin, feedback, sample(fact_of(header_validation.get_feedback)))

    assert isinstance(told, Answered)
    assert isinstance(told.body, dict)
    assert isinstance(told.body["requests"], list)
    assert [each["code"] for each in told.body["requests"] if isinstance(each, dict)] == ["VALID_HEADERS"]


def test_tokens_are_exchanged_and_refreshed_and_bought(standin: Standin) -> None:
    code = standin.hmrc.code(**PKCE)

    granted = token_endpoint.exchange(
        code=Hidden(code),
        code_verifier=Hidden(VERIFIER),
        redirect_uri=REDIRECT_URI,
        lane=Lane.INTERACTIVE,
        agency=AGENCY,
    )
    assert isinstance(granted, Granted)
    refreshed = token_endpoint.refresh(refresh_token=granted.tokens.refresh_token, lane=Lane.INTERACTIVE, agency=AGENCY)
    bought = token_endpoint.application_token(lane=Lane.INTERACTIVE, agency=AGENCY)

    assert isinstance(refreshed, Granted)
    assert isinstance(bought, ApplicationGranted)


def _listing(request: Request) -> Call:
    operation = next(each for each in OPERATIONS if fact_of(each) is LISTING)
    return call_of(operation, request)


def _body(outcome: Answered, fact: facts.Operation) -> Any:
    return None if fact.response is None and outcome.body == {} else outcome.body
