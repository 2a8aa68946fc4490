"""Whether HMRC lets us act for a landlord: the authorisation flow, its tokens, and refusals of a landlord's data."""

from hmrc_door.meanings.table import Row, row

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
        "USER_DENIED_AUTHORIZATION",
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
