from hmrc_oauth.models.connection import Connection, ConnectionState
from hmrc_oauth.models.grant import Grant, GrantStatus, Tokens
from hmrc_oauth.models.session import ConnectSession, SessionStatus

__all__ = ["ConnectSession", "Connection", "ConnectionState", "Grant", "GrantStatus", "SessionStatus", "Tokens"]
