"""Every row of the tables in HMRC's reference guide, literally: its status, its code, and what they are to us."""

from decimal import Decimal
from time import monotonic

import pytest

from hmrc_door.bodies import read_error
from hmrc_door.errors import explain, meanings_of
from hmrc_door.outcomes import Outcome, Refused, Unknown, classify

# "Errors common across all APIs": status, scenario, code; then the outcome and our code.
ROWS = [
    (
        401,
        "No OAuth token supplied for user-restricted or application-restricted endpoint",
        "MISSING_CREDENTIALS",
        Refused,
        "hmrc.credentials_rejected",
    ),
    (
        401,
        "Invalid OAuth token supplied for user-restricted or application-restricted endpoint (including expired token)",
        "INVALID_CREDENTIALS",
        Refused,
        "hmrc.token_expired",
    ),
    (
        401,
        "Other issue with authentication of the supplied OAuth token",
        "UNAUTHORIZED",
        Refused,
        "hmrc.credentials_rejected",
    ),
    (
        401,
        "User-restricted API is being accessed with a server token",
        "INCORRECT_ACCESS_TOKEN_TYPE",
        Refused,
        "hmrc.credentials_rejected",
    ),
    (403, "Request done with HTTP", "HTTPS_REQUIRED", Refused, "hmrc.request_rejected"),
    (
        403,
        "The OAuth token's application is not subscribed to the API",
        "RESOURCE_FORBIDDEN",
        Refused,
        "hmrc.not_subscribed",
    ),
    (403, "The scope of the OAuth token is not sufficient to access the API", "INVALID_SCOPE", Refused, "hmrc.scope"),
    (
        403,
        "Supplied OAuth token not authorised to access data for given tax identifier(s)",
        "FORBIDDEN",
        Refused,
        "hmrc.not_authorised",
    ),
    (
        404,
        "No endpoint could be found in the API for the request path",
        "MATCHING_RESOURCE_NOT_FOUND",
        Refused,
        "hmrc.not_found",
    ),
    (405, "", "", Refused, "hmrc.request_rejected"),
    (406, "Missing or invalid Accept header", "ACCEPT_HEADER_INVALID", Refused, "hmrc.request_rejected"),
    (
        429,
        "The application has reached its maximum rate limit",
        "MESSAGE_THROTTLED_OUT",
        Refused,
        "hmrc.throttled",
    ),
    (500, "Internal server error", "INTERNAL_SERVER_ERROR", Unknown, "hmrc.internal_error"),
    (501, "API not implemented/deployed", "NOT_IMPLEMENTED", Refused, "hmrc.request_rejected"),
    (503, "Service unavailable", "SERVER_ERROR", Unknown, "hmrc.unavailable"),
    (503, "Scheduled maintenance", "SCHEDULED_MAINTENANCE", Unknown, "hmrc.maintenance"),
    (504, "Request timed out", "GATEWAY_TIMEOUT", Unknown, "hmrc.unavailable"),
]
JSON = '{{"code":"{code}","message":"{message}"}}'
XML = "<?xml version='1.0'?>\n<errorResponse><code>{code}</code><message>{message}</message></errorResponse>"


def answered(status: int, body: str) -> Outcome:
    return classify(status=status, headers={}, body=body.encode())


@pytest.mark.parametrize("form", [JSON, XML], ids=["json", "xml"])
@pytest.mark.parametrize(("status", "scenario", "code", "outcome", "ours"), ROWS)
def test_each_row_is_understood_in_json_and_in_xml(
    form: str, status: int, scenario: str, code: str, outcome: type[Outcome], ours: str
) -> None:
    result = answered(status, form.format(code=code, message=scenario))

    assert type(result) is outcome
    assert isinstance(result, Refused | Unknown)
    assert (result.status, result.code) == (status, code)
    assert result.error is not None
    assert result.error.message == scenario
    assert explain(result).code == ours


@pytest.mark.parametrize(("status", "ours"), {status: ours for status, _, _, _, ours in reversed(ROWS)}.items())
def test_each_status_without_a_body_has_a_meaning(status: int, ours: str) -> None:
    result = answered(status, "")

    assert isinstance(result, Refused | Unknown)
    expected = {401: "hmrc.token_expired", 403: "hmrc.other", 404: "hmrc.other"}.get(status, ours)
    assert explain(result).code == expected


class TestTheSamples:
    def test_a_field_of_its_own_is_kept(self) -> None:
        result = answered(
            403,
            '{"code":"ACCOUNT_SUSPENDED","message":"Account is temporarily suspended",'
            '"reactivationTimestamp":1431448640718}',
        )

        assert isinstance(result, Refused)
        assert result.error.message == "Account is temporarily suspended"
        assert dict(result.error.extra) == {"reactivationTimestamp": 1431448640718}
        assert (explain(result).code, result.code) == ("hmrc.other", "ACCOUNT_SUSPENDED")

    def test_several_errors_each_with_a_path(self) -> None:
        result = answered(
            400,
            '{"code":"BAD_REQUEST","message":"Bad request","errors":['
            '{"code":"MISSING_FIELD","message":"This field is required","path":"/firstName"},'
            '{"code":"INVALID_DATE","message":"Date is invalid","path":"/dateOfBirth"}]}',
        )

        assert isinstance(result, Refused)
        assert result.code == "BAD_REQUEST"
        assert [(fault.code, fault.message, fault.paths) for fault in result.error.faults] == [
            ("MISSING_FIELD", "This field is required", ("/firstName",)),
            ("INVALID_DATE", "Date is invalid", ("/dateOfBirth",)),
        ]
        assert [found.code for found in meanings_of(result)] == ["hmrc.other", "hmrc.other"]

    def test_an_error_in_xml_with_a_field_of_its_own(self) -> None:
        error = read_error(
            b"<?xml version='1.0'?><errorResponse><code>ACCOUNT_SUSPENDED</code>"
            b"<message>Account is temporarily suspended</message>"
            b"<reactivationTimestamp>1431448640718</reactivationTimestamp></errorResponse>"
        )

        assert (error.code, error.message) == ("ACCOUNT_SUSPENDED", "Account is temporarily suspended")
        assert dict(error.extra) == {"reactivationTimestamp": "1431448640718"}

    def test_several_errors_in_xml(self) -> None:
        error = read_error(
            b"<errorResponse><code>BAD_REQUEST</code><message>Bad request</message><errors>"
            b"<error><code>FORMAT_NINO</code><message>a &lt; b</message><path>/nino</path></error>"
            b"<error><code>FORMAT_TAX_YEAR</code><path>/taxYear</path></error></errors></errorResponse>"
        )

        assert error.code == "BAD_REQUEST"
        assert [(fault.code, fault.message, fault.paths) for fault in error.faults] == [
            ("FORMAT_NINO", "a < b", ("/nino",)),
            ("FORMAT_TAX_YEAR", "", ("/taxYear",)),
        ]

    @pytest.mark.parametrize("filler", [b" ", b"<error>", b"<code>", b'"code" ', b"<a>x"])
    def test_a_long_body_that_is_none_of_these_is_given_up_at_once(self, filler: bytes) -> None:
        began = monotonic()

        assert read_error(b"<code>" + filler * 100_000).code == ""
        assert monotonic() - began < 10

    def test_money_in_a_field_of_its_own_stays_exact(self) -> None:
        assert read_error(b'{"code":"X","limit":0.10}').extra == {"limit": Decimal("0.10")}
