"""Why a connection or a connect session is as it is, and what a person should do: the one table."""

from typing import NamedTuple

from django.conf import settings


class Reason(NamedTuple):
    """`user_action` may name {manage_authority}: HMRC's page on which a person ends what they have granted."""

    code: str
    user_action: str
    causes: tuple[str, ...] = ()


_TABLE = (
    Reason("denied", 'Permission was not given at HMRC. Choose "Connect to HMRC" again and grant it.'),
    Reason(
        "expired",
        'The attempt took too long and ended. Choose "Connect to HMRC" again; sign in at HMRC and come straight back.',
    ),
    Reason("code_refused", 'HMRC did not accept the return. Choose "Connect to HMRC" again.'),
    Reason("lost", "HMRC's answer was lost on the way and can't be had again. Choose \"Connect to HMRC\" once more."),
    # HMRC says invalid_grant, and no more, to a token that was removed and to one whose time is over.
    Reason("refused", 'HMRC has ended the authority. Re-authorise via "Connect to HMRC".', ("revoked", "grant_ended")),
    Reason("revoked", 'The authority was removed at HMRC. Re-authorise via "Connect to HMRC".'),
    Reason("grant_ended", 'HMRC\'s 18 months are over. Re-authorise via "Connect to HMRC".'),
    Reason(
        "nino_mismatch",
        "HMRC does not let this account act for this National Insurance number. Check the number, that the landlord "
        "signed in with their own personal account, and that they are signed up for Making Tax Digital for Income "
        "Tax; then check again.",
    ),
    Reason("not_enrolled", "Sign up for Making Tax Digital for Income Tax on GOV.UK, then check again."),
    Reason(
        "nino_unconfirmed",
        "The landlord need do nothing more: HMRC has confirmed the number that was typed. It is not the one on file, "
        "so the letting agency must confirm that it is the landlord's, or refuse it.",
    ),
    Reason("nino_refused", "The letting agency did not confirm the number. Ask the agency for a new link."),
    Reason("scope", 'The permission is too narrow. Choose "Connect to HMRC" again and grant all that is asked.'),
    Reason(
        "unavailable",
        "HMRC's sign-in was out of service. Nothing was changed: check HMRC API service availability, and choose "
        '"Connect to HMRC" again later.',
    ),
    Reason("application_fault", "HMRC refuses Quarterday itself. The operator has been told; try again later."),
    Reason("superseded", "A newer attempt took its place."),
    Reason(
        "disconnected",
        "Disconnected here. HMRC goes on listing the authority until the landlord removes it at {manage_authority}; to "
        'connect again, choose "Connect to HMRC".',
    ),
)
_REASONS = {reason.code: reason for reason in _TABLE}
CODES = tuple(_REASONS)

# What RFC 6749 (4.1.2.1) lets HMRC send a person back with besides their own no. Anything else is taken for that no.
_SENT_BACK = {
    **dict.fromkeys(("server_error", "temporarily_unavailable"), "unavailable"),
    **dict.fromkeys(
        ("invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type"), "application_fault"
    ),
}

_STATE_ACTIONS = {
    "not_connected": 'Complete the "Connect to HMRC" authorisation flow.',
    "connecting": "Finish signing in at HMRC.",
    "active": "",
    "refreshing": "",
    "uncertain": "Nothing: Quarterday is finding out what HMRC did with the last refresh.",
    "not_authorised": _REASONS["nino_mismatch"].user_action,
    "reconnect_required": 'Re-authorise via "Connect to HMRC".',
    "disconnected": _REASONS["disconnected"].user_action,
}


def of_return(error: str) -> str:
    """Why somebody came back from HMRC without a code, by OAuth's word for it."""
    return _SENT_BACK.get(error, "denied")


def user_action(*, reason: str, state: str = "") -> str:
    """A sentence that says what to do; empty if nothing."""
    sentence = _REASONS[reason].user_action if reason in _REASONS else _STATE_ACTIONS.get(state, "")
    return sentence.format(manage_authority=settings.HMRC.manage_authority_url)


def possible_causes(reason: str) -> tuple[str, ...]:
    """What may lie behind a reason, where HMRC doesn't tell."""
    return _REASONS[reason].causes if reason in _REASONS else ()
