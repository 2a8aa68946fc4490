"""Every error that HMRC lists is understood by the door: the right outcome, and a meaning of ours."""

import json

import pytest

from hmrc_door.errors import explain, meaning_of
from hmrc_door.outcomes import Refused, Unknown, classify
from tests.contract import facts

# What HMRC's gateway and every API of its may answer (its reference guide; status and codes).
GATEWAY = {
    400: ("INVALID_REQUEST",),
    401: ("MISSING_CREDENTIALS", "INVALID_CREDENTIALS", "INCORRECT_ACCESS_TOKEN_TYPE", "UNAUTHORIZED"),
    403: ("INVALID_SCOPE", "RESOURCE_FORBIDDEN", "FORBIDDEN", "HTTPS_REQUIRED"),
    404: ("MATCHING_RESOURCE_NOT_FOUND", "NOT_FOUND"),
    405: ("METHOD_NOT_ALLOWED", "INVALID_HTTP_METHOD"),
    406: ("ACCEPT_HEADER_INVALID",),
    415: ("INVALID_BODY_TYPE",),
    429: ("MESSAGE_THROTTLED_OUT",),
    500: ("INTERNAL_SERVER_ERROR",),
    501: ("NOT_IMPLEMENTED",),
    503: ("SERVER_ERROR", "SCHEDULED_MAINTENANCE"),
    504: ("GATEWAY_TIMEOUT",),
}
LISTED = sorted({(status, code) for operation in facts.operations() for status, code in operation.codes})
OF_THE_GATEWAY = [(status, code) for status, codes in GATEWAY.items() for code in codes]
OF_OAUTH = list(facts.token_endpoint().codes)
EFFECT_UNKNOWN = {500, 503, 504}


def _classified(status: int, body: dict[str, object]) -> Refused | Unknown:
    headers = {"content-type": "application/json", "x-correlationid": "an-id"}
    outcome = classify(status=status, headers=headers, body=json.dumps(body).encode())
    assert isinstance(outcome, Refused | Unknown)
    return outcome


@pytest.mark.parametrize(("status", "code"), LISTED + OF_THE_GATEWAY)
def test_an_error_alone_is_understood(status: int, code: str) -> None:
    outcome = _classified(status, {"code": code, "message": "Some words", "paths": ["/a"]})

    assert isinstance(outcome, Unknown if status in EFFECT_UNKNOWN else Refused)
    assert outcome.code == code
    assert outcome.correlation_id == "an-id"
    assert explain(outcome).code != "hmrc.other"


@pytest.mark.parametrize(("status", "code"), OF_OAUTH)
def test_an_error_of_the_token_endpoint_is_understood(status: int, code: str) -> None:
    outcome = _classified(status, {"error": code, "error_description": "some words"})

    assert isinstance(outcome, Unknown if status in EFFECT_UNKNOWN else Refused)
    assert explain(outcome).code != "hmrc.other"


@pytest.mark.parametrize(
    "operation", [each for each in facts.operations() if len(each.errors.get(400, ())) > 1], ids=str
)
def test_several_errors_together_are_each_understood(operation: facts.Operation) -> None:
    errors = [{"code": code, "message": "Some words"} for code in operation.errors[400]]

    outcome = _classified(400, {"code": "INVALID_REQUEST", "message": "Invalid request", "errors": errors})

    assert isinstance(outcome, Refused)
    assert outcome.error.codes == operation.errors[400]
    assert "hmrc.other" not in {meaning_of(hmrc_code=code, status=400).code for code in outcome.error.codes}
