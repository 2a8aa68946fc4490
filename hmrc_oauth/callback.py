"""HMRC's redirect. Calls nobody: the state leads to the session, the code is sealed, the browser is sent on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from hmrc_oauth import connections
from hmrc_oauth.models import ConnectSession, SessionStatus
from tenants.context import tenant
from tenants.ids import digest
from tenants.models import ConnectState
from tenants.models.agency import AgencyStatus

STATE_KEPT = timedelta(days=30)
_OURS = {"connect_session", "status", "completion_code"}


class NowhereToGo(Exception):  # noqa: N818 - the one case in which a page is shown
    """The state leads nowhere, or nothing came with it: there is no address to send the person back to."""


@dataclass(frozen=True)
class Return:
    """What HMRC's redirect carried. Its repr is empty."""

    state: str
    code: str
    error: str
    error_code: str

    def __repr__(self) -> str:
        return "<Return>"


def land(*, given: Return, now: datetime) -> str:
    """Take in HMRC's return and say where the browser goes on. Runs in the public schema.

    A repeated return (back button, second tab) moves nothing and leads to the session's settled outcome.
    Raises NowhereToGo.
    """
    known = ConnectState.objects.filter(digest=digest(given.state)).first() if given.state else None
    if known is None or not (given.code or given.error):
        raise NowhereToGo
    with tenant(known.agency_id) as agency:
        if agency.status == AgencyStatus.LEAVING:
            raise NowhereToGo
        completion_code = None
        if given.code:
            completion_code = connections.receive(session_id=known.session_id, code=given.code, now=now)
        else:
            kept = given.error_code or given.error
            connections.receive_denial(session_id=known.session_id, error=given.error, hmrc_error=kept, now=now)
        return _onward(connections.get_session(session_id=known.session_id), completion_code, now)


def forget_old_states(*, now: datetime) -> int:
    """Digests of used states are kept for 30 days. Returns how many were dropped."""
    return ConnectState.objects.filter(created_at__lt=now - STATE_KEPT).delete()[0]


def _onward(session: ConnectSession, completion_code: str | None, now: datetime) -> str:
    said = {"connect_session": str(session.pk), "status": _status(session, now)}
    if completion_code:
        said["completion_code"] = completion_code
    parts = urlsplit(session.return_url)
    # A page that begins again at its own address has what we said the last time in its query: it would read that first.
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in _OURS]
    query = urlencode([*kept, *said.items()])
    return urlunsplit(parts._replace(query=query))


def _status(session: ConnectSession, now: datetime) -> str:
    if session.status == SessionStatus.DENIED:
        return "denied"
    late = session.status in {SessionStatus.WAITING_AT_HMRC, SessionStatus.RETURNED} and session.expires_at <= now
    return "failed" if late or session.status in {SessionStatus.EXPIRED, SessionStatus.FAILED} else "pending"
