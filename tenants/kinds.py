"""What can be due, and which of it is a call to HMRC."""

from enum import StrEnum


class Kind(StrEnum):
    """Everything that can be due. The value is the name of the actor that answers."""

    EXCHANGE = "exchange"
    CHECK = "check"
    REFRESH = "refresh"
    REFRESH_AHEAD = "refresh_ahead"
    EXPIRE_SESSION = "expire_session"
    WIPE_GRANT = "wipe_grant"
    FETCH = "fetch"
    SUBMIT = "submit"
    BATCH = "batch"
    IMPORT = "import"
    WRITE = "write"
    CALCULATE = "calculate"
    AFTER_CONNECT = "after_connect"
    TELL_LANDLORD = "tell_landlord"
    EXPIRING = "expiring"
    MERGE = "merge"
    ERASE = "erase"
    EXPORT = "export"
    WIPE_EXPORT = "wipe_export"
    OFF_BOARD = "off_board"
    INVITE = "invite"
    MAIL = "mail"
    REMIND = "remind"
    SIGN_IN = "sign_in"
    READINESS = "readiness"
    RELAY = "relay"
    DELIVER = "deliver"
    TELL_STAFF = "tell_staff"
    SEAL_AUDIT = "seal_audit"
    TIDY = "tidy"


# What is done for an agency that is closed to everything else.
OF_CLOSED = frozenset({Kind.OFF_BOARD})
# Rung for only so often, by a sweep of their own.
RATIONED = (Kind.REFRESH_AHEAD,)
# Rung for once an agency, however many rows it has of it: whoever answers does all of them.
TOGETHER = (Kind.RELAY,)
# What waits for strangers' servers: it has a queue and a process of its own.
OUTWARD = frozenset({Kind.DELIVER})


# Calls to HMRC: each takes a turn of the pace. Everything else is done at once.
CALLS = frozenset({Kind.EXCHANGE, Kind.CHECK, Kind.REFRESH, Kind.FETCH, Kind.SUBMIT, Kind.WRITE, Kind.CALCULATE})
# Those that spend codes and tokens, for which a reserve of carriers stands by.
TOKENS = frozenset({Kind.EXCHANGE, Kind.REFRESH})
