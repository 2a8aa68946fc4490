from hmrc_oauth.models.claim import ClaimStatus, NinoClaim
from hmrc_oauth.models.connection import Connection
from hmrc_oauth.models.grant import Grant, Tokens
from hmrc_oauth.models.session import ConnectSession, SessionStatus
from hmrc_oauth.models.states import ConnectionState, GrantStatus

__all__ = [
    "ClaimStatus",
    "ConnectSession",
    "Connection",
    "ConnectionState",
    "Grant",
    "GrantStatus",
    "NinoClaim",
    "SessionStatus",
    "Tokens",
]
