"""
HMRC's error codes and what they mean to us: one table, the source of `GET /errors`, the OpenAPI enum and the docs.

Our codes are never reused. HMRC's are those of its API conventions, Business Details 2.0, Obligations 3.0, the UK
property cumulative summary of Property Business 6.0, and (in lower case) the OAuth endpoints.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Who: TypeAlias = Literal["landlord", "agency", "operator", "nobody"]


@dataclass(frozen=True)
class Meaning:
    """What one of our codes says: in a line, whether trying again can help, who must act, and what they should do."""

    code: str
    title: str
    retryable: bool
    who: Who
    user_action: str


@dataclass(frozen=True)
class Row:
    """One meaning and HMRC's codes for it."""

    meaning: Meaning
    hmrc_codes: tuple[str, ...] = ()


def row(code: str, title: str, who: Who, user_action: str, *hmrc_codes: str, retryable: bool = False) -> Row:
    return Row(Meaning(code, title, retryable, who, user_action), hmrc_codes)


# The titles and actions of these five are in the words of the platform's own troubleshooting table.
PROMISED: tuple[Row, ...] = (
    row(
        "hmrc.not_connected",
        "Not authorised with HMRC",
        "landlord",
        'Complete the "Connect to HMRC" authorisation flow.',
    ),
    row(
        "hmrc.nino_missing",
        "Submission rejected by HMRC: NINO missing",
        "agency",
        "Put the landlord's National Insurance Number on file.",
    ),
    row(
        "hmrc.nino_mismatch",
        "Submission rejected by HMRC: NINO mismatch",
        "landlord",
        "Verify the National Insurance Number on file matches your Government Gateway account.",
    ),
    row(
        "hmrc.reconnect_required",
        "Token expired: refresh token revoked or expired",
        "landlord",
        'Re-authorise via "Connect to HMRC".',
        "invalid_grant",
    ),
    row(
        "hmrc.unavailable",
        "HMRC service outage: authorisation page not loading, or no answer",
        "nobody",
        "Check HMRC API service availability. Nothing is lost; Quarterday tries again.",
        "SERVER_ERROR",
        "SERVICE_UNAVAILABLE",
        "GATEWAY_TIMEOUT",
        "server_error",
        retryable=True,
    ),
)

PERMISSION: tuple[Row, ...] = (
    row(
        "hmrc.not_authorised",
        "HMRC does not let this sign-in act for this National Insurance Number",
        "landlord",
        "Check that you signed in with your own Government Gateway account, that the National Insurance Number on file "
        "is yours, and that you are signed up for Making Tax Digital for Income Tax.",
        "CLIENT_OR_AGENT_NOT_AUTHORISED",
        "FORBIDDEN",
    ),
    row(
        "hmrc.not_enrolled",
        "Not signed up for Making Tax Digital for Income Tax",
        "landlord",
        "Sign up for Making Tax Digital for Income Tax with HMRC, and check the National Insurance Number on file.",
        "CLIENT_NOT_MTD_ENROLLED",
    ),
    row(
        "hmrc.scope",
        "HMRC's permission does not cover this",
        "landlord",
        'Re-authorise via "Connect to HMRC" and grant every permission that is asked for.',
        "INVALID_SCOPE",
        "invalid_scope",
    ),
    row(
        "hmrc.denied",
        "The permission was not granted",
        "landlord",
        'Complete the "Connect to HMRC" authorisation flow and choose to give permission.',
        "access_denied",
    ),
    row(
        "hmrc.authorization_refused",
        "HMRC did not take the authorisation code: invalid, used or older than ten minutes",
        "landlord",
        'Start "Connect to HMRC" again.',
        "invalid_request",
    ),
    row(
        "hmrc.token_expired",
        "The access token has expired",
        "nobody",
        "Nothing: Quarterday renews it and tries again.",
        "INVALID_CREDENTIALS",
        retryable=True,
    ),
)

OPERATION: tuple[Row, ...] = (
    row(
        "hmrc.throttled",
        "HMRC's limit on requests was reached",
        "nobody",
        "Nothing: Quarterday pauses and tries again.",
        "MESSAGE_THROTTLED_OUT",
        retryable=True,
    ),
    row(
        "hmrc.maintenance",
        "HMRC is being maintained",
        "nobody",
        "Nothing: Quarterday tries again when HMRC is back.",
        "SCHEDULED_MAINTENANCE",
        retryable=True,
    ),
    row(
        "hmrc.internal_error",
        "HMRC failed on its own side",
        "nobody",
        "Nothing at first: Quarterday tries again. If it lasts, ask HMRC with the correlation id.",
        "INTERNAL_SERVER_ERROR",
        retryable=True,
    ),
    row(
        "hmrc.no_answer",
        "HMRC's answer was lost on the way",
        "nobody",
        "Nothing: Quarterday asks HMRC what it holds before it sends anything again.",
        retryable=True,
    ),
    row(
        "hmrc.not_sent",
        "The request has not been sent yet",
        "nobody",
        "Nothing: it is sent when its turn comes.",
        retryable=True,
    ),
    row(
        "hmrc.client_refused",
        "HMRC does not know our client id or secret",
        "operator",
        "Check HMRC_CLIENT_ID and HMRC_CLIENT_SECRETS against the application on HMRC's Developer Hub.",
        "invalid_client",
        "unauthorized_client",
    ),
    row(
        "hmrc.not_subscribed",
        "Our application is not subscribed to this HMRC API",
        "operator",
        "Subscribe the application to the API on HMRC's Developer Hub.",
        "RESOURCE_FORBIDDEN",
    ),
    row(
        "hmrc.credentials_rejected",
        "HMRC did not take the kind of credentials we sent",
        "operator",
        "Report it with the correlation id: the request was put together wrongly.",
        "MISSING_CREDENTIALS",
        "INCORRECT_ACCESS_TOKEN_TYPE",
        "UNAUTHORIZED",
    ),
    row(
        "hmrc.request_rejected",
        "HMRC did not take the form of the request",
        "operator",
        "Report it with the correlation id: the API's version or address may have changed.",
        "HTTPS_REQUIRED",
        "METHOD_NOT_ALLOWED",
        "INVALID_HTTP_METHOD",
        "ACCEPT_HEADER_INVALID",
        "INVALID_BODY_TYPE",
        "NOT_FOUND",
        "NOT_IMPLEMENTED",
        "INVALID_REQUEST",
        "unsupported_grant_type",
        "unsupported_response_type",
    ),
    row(
        "hmrc.moved",
        "HMRC has moved this address",
        "operator",
        "Compare HMRC_API_URL and HMRC_TOKEN_URL with HMRC's documentation.",
    ),
    row(
        "hmrc.test_scenario",
        "HMRC's sandbox does not know this test scenario",
        "operator",
        "Correct the Gov-Test-Scenario.",
        "RULE_INCORRECT_GOV_TEST_SCENARIO",
    ),
    row(
        "hmrc.other",
        "HMRC refused, with a code that Quarterday does not know",
        "operator",
        "Look up HMRC's own code, and report it.",
    ),
)
