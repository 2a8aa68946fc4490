"""Why a connection or a connect session is as it is, and what a person should do: the one table."""

from typing import NamedTuple


class Reason(NamedTuple):
    code: str
    user_action: str


_TABLE = (
    Reason("denied", 'Permission was not given at HMRC. Choose "Connect to HMRC" again and grant it.'),
    Reason(
        "expired",
        'The attempt took too long and ended. Choose "Connect to HMRC" again; sign in at HMRC and come straight back.',
    ),
    Reason("code_refused", 'HMRC did not accept the return. Choose "Connect to HMRC" again.'),
    Reason("lost", "HMRC's answer was lost on the way and can't be had again. Choose \"Connect to HMRC\" once more."),
    Reason("refused", 'HMRC has ended the authority. Re-authorise via "Connect to HMRC".'),
    Reason("revoked", 'The authority was removed at HMRC. Re-authorise via "Connect to HMRC".'),
    Reason("grant_ended", 'HMRC\'s 18 months are over. Re-authorise via "Connect to HMRC".'),
    Reason(
        "nino_mismatch",
        "HMRC does not let this account act for this National Insurance number. Check the number, that the landlord "
        "signed in with their own personal account, and that they are signed up for Making Tax Digital for Income "
        "Tax; then check again.",
    ),
    Reason("not_enrolled", "Sign up for Making Tax Digital for Income Tax on GOV.UK, then check again."),
    Reason("scope", 'The permission is too narrow. Choose "Connect to HMRC" again and grant all that is asked.'),
    Reason("application_fault", "HMRC refuses Quarterday itself. The operator has been told; try again later."),
    Reason("superseded", "A newer attempt took its place."),
    Reason(
        "disconnected",
        "Disconnected here. To end the authority at HMRC too, remove it there under "
        '"Manage who can deal with HMRC for you".',
    ),
)
_ACTIONS = {reason.code: reason.user_action for reason in _TABLE}
CODES = tuple(_ACTIONS)

_STATE_ACTIONS = {
    "not_connected": 'Complete the "Connect to HMRC" authorisation flow.',
    "connecting": "Finish signing in at HMRC.",
    "active": "",
    "refreshing": "",
    "uncertain": "Nothing: Quarterday is finding out what HMRC did with the last refresh.",
}


def user_action(*, reason: str, state: str = "") -> str:
    """A sentence that says what to do; empty if nothing."""
    return _ACTIONS.get(reason) or _STATE_ACTIONS.get(state, "")
