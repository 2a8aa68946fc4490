"""The states of a connection and of a grant, and every way from one to another. docs/connection.md is drawn from it."""

from enum import StrEnum
from typing import NamedTuple

from django.db.models import TextChoices


class GrantStatus(TextChoices):
    ACTIVE = "active"
    REFRESHING = "refreshing"  # claimed: its refresh token may be on the wire
    UNCERTAIN = "uncertain"  # sent, and the answer is not known
    DEAD = "dead"  # HMRC refuses it, or the new pair was lost
    WIPED = "wiped"  # final: holds no token


# Those of which HMRC may still take a token.
USABLE = (GrantStatus.ACTIVE, GrantStatus.REFRESHING, GrantStatus.UNCERTAIN)
# Those that do not last: few at any time.
PASSING = (GrantStatus.REFRESHING, GrantStatus.UNCERTAIN)


class ConnectionState(TextChoices):
    NOT_CONNECTED = "not_connected"
    CONNECTING = "connecting"
    ACTIVE = "active"
    REFRESHING = "refreshing"  # shown, never stored: the grant knows
    UNCERTAIN = "uncertain"  # shown, never stored
    NOT_AUTHORISED = "not_authorised"
    RECONNECT_REQUIRED = "reconnect_required"
    DISCONNECTED = "disconnected"


class Move(NamedTuple):
    """One transition: from any of `sources` to `to`. From elsewhere it does not happen."""

    sources: tuple[str, ...]
    to: str


class GrantEvent(StrEnum):
    """What can happen to a grant."""

    CLAIMED = "claimed"
    PROBED = "probed"
    ABANDONED = "lease ran out"
    NOT_SPENT = "nothing was spent"
    PROBE_NOT_SPENT = "nothing was spent by a probe"
    DOUBTED = "answer unknown"
    RESTORED = "database restored"
    WITNESSED = "old access token still works"
    ANSWERED = "answered, however late"
    DIED = "refused, or lost"
    WIPED = "wiped"


class ConnectionEvent(StrEnum):
    """What can happen to a connection."""

    BEGUN = "connect begun"
    GIVEN_UP = "attempt ended"
    REFUSED = "HMRC refuses the first read"
    TURNED_AWAY = "HMRC refuses a later call"
    ALLOWED = "checked, and allowed again"
    ESTABLISHED = "first read succeeded"
    DIED = "grant dead"
    RECOVERED = "late answer"
    DISCONNECTED = "disconnected"
    FORGOTTEN = "unverified grant over"


_G, _C = GrantStatus, ConnectionState
_BEGINNABLE = (_C.NOT_CONNECTED, _C.DISCONNECTED, _C.NOT_AUTHORISED)
_STORED = (*_BEGINNABLE, _C.CONNECTING, _C.ACTIVE, _C.RECONNECT_REQUIRED)

GRANT_MOVES: dict[GrantEvent, Move] = {
    GrantEvent.CLAIMED: Move((_G.ACTIVE,), _G.REFRESHING),
    GrantEvent.PROBED: Move((_G.UNCERTAIN,), _G.UNCERTAIN),
    GrantEvent.ABANDONED: Move((_G.REFRESHING,), _G.UNCERTAIN),
    GrantEvent.NOT_SPENT: Move((_G.REFRESHING,), _G.ACTIVE),
    GrantEvent.PROBE_NOT_SPENT: Move((_G.UNCERTAIN,), _G.UNCERTAIN),
    GrantEvent.DOUBTED: Move((_G.REFRESHING, _G.UNCERTAIN), _G.UNCERTAIN),
    GrantEvent.RESTORED: Move((_G.ACTIVE,), _G.UNCERTAIN),
    GrantEvent.WITNESSED: Move((_G.UNCERTAIN,), _G.ACTIVE),
    GrantEvent.ANSWERED: Move((_G.ACTIVE, _G.REFRESHING, _G.UNCERTAIN, _G.DEAD), _G.ACTIVE),
    GrantEvent.DIED: Move((_G.REFRESHING, _G.UNCERTAIN), _G.DEAD),
    GrantEvent.WIPED: Move((_G.ACTIVE, _G.REFRESHING, _G.UNCERTAIN, _G.DEAD), _G.WIPED),
}
CONNECTION_MOVES: dict[ConnectionEvent, Move] = {
    # A connection that works, or that only needs a new grant, keeps its state until then.
    # So does one that HMRC turned away later: its reason is told until the new grant serves (Connection.begin).
    ConnectionEvent.BEGUN: Move(_BEGINNABLE, _C.CONNECTING),
    ConnectionEvent.GIVEN_UP: Move((_C.CONNECTING,), _C.NOT_CONNECTED),
    ConnectionEvent.REFUSED: Move((*_BEGINNABLE, _C.CONNECTING), _C.NOT_AUTHORISED),
    ConnectionEvent.TURNED_AWAY: Move((_C.ACTIVE,), _C.NOT_AUTHORISED),
    ConnectionEvent.ALLOWED: Move((_C.NOT_AUTHORISED,), _C.ACTIVE),
    ConnectionEvent.ESTABLISHED: Move(_STORED, _C.ACTIVE),
    ConnectionEvent.DIED: Move((_C.ACTIVE, _C.NOT_AUTHORISED), _C.RECONNECT_REQUIRED),
    ConnectionEvent.RECOVERED: Move((_C.RECONNECT_REQUIRED,), _C.ACTIVE),
    ConnectionEvent.DISCONNECTED: Move(
        (_C.NOT_CONNECTED, _C.CONNECTING, _C.ACTIVE, _C.NOT_AUTHORISED, _C.RECONNECT_REQUIRED), _C.DISCONNECTED
    ),
    ConnectionEvent.FORGOTTEN: Move((_C.NOT_AUTHORISED,), _C.NOT_CONNECTED),
}
