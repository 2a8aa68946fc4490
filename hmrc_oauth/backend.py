"""The python-social-auth backend for HMRC, without its login half.

Nobody signs in by HMRC: a landlord grants authority. So social-auth gives us the authorize address, the state, PKCE
and the form of the exchange; its "session" is the sealed bag of one connect session; and it is never asked to store,
refresh or send.
"""

from collections.abc import Mapping
from typing import Any, NoReturn, cast
from urllib.parse import quote, urlencode

from django.conf import settings
from social_core.backends.oauth import BaseOAuth2PKCE
from social_core.storage import BaseStorage
from social_core.strategy import BaseStrategy

from tenants.ids import new_secret

_A_DAY_AND_TEN_MINUTES = 24 * 3600 + 600


class _Unused:
    """HMRC names no user and nothing of social-auth is stored: any use of this half is a mistake."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(f"social-auth's storage is not used here ({name})")


class _Nonce:
    """social-auth claims each state once. The claim that counts is ours: the connect session's guarded UPDATE."""

    @classmethod
    def use(cls, server_url: str, timestamp: int, salt: str) -> bool:
        return True

    @classmethod
    def consume(cls, server_url: str, timestamp: int, salt: str) -> bool:
        return True


class HmrcStorage(BaseStorage):
    user = association = code = partial = cast("Any", _Unused())
    nonce = cast("Any", _Nonce)


class HmrcStrategy(BaseStrategy[Any]):
    """Keeps social-auth's session in a dict that the connect session seals."""

    def __init__(self, bag: dict[str, Any], data: Mapping[str, str] | None = None) -> None:
        self.bag = bag
        self._data = dict(data or {})
        super().__init__(HmrcStorage)

    def get_setting(self, name: str) -> Any:
        return _SETTINGS[name]()

    def get_request_data(self, merge: bool = True) -> dict[str, str]:  # noqa: FBT001, FBT002 - social-auth's signature
        return self._data

    def session_get(self, name: str, default: Any = None) -> Any:
        return self.bag.get(name, default)

    def session_set(self, name: str, value: Any) -> None:
        self.bag[name] = value

    def session_pop(self, name: str) -> Any:
        return self.bag.pop(name, None)

    def build_absolute_uri(self, path: str | None = None) -> str:
        return path or ""  # the redirect URI is a setting, never made from the Host header

    def request_host(self) -> str:
        return ""


_SETTINGS: dict[str, Any] = {
    "SOCIAL_AUTH_HMRC_KEY": lambda: settings.HMRC.client_id,
    "SOCIAL_AUTH_HMRC_SECRET": lambda: "",  # the door holds the secrets, and only in workers
    "SOCIAL_AUTH_HMRC_SCOPE": lambda: list(settings.HMRC.scopes),
    "SOCIAL_AUTH_HMRC_IGNORE_DEFAULT_SCOPE": lambda: True,
}


class HmrcOAuth2(BaseOAuth2PKCE[Any]):
    """HMRC's authorization code flow with PKCE (S256)."""

    name = "hmrc"
    REDIRECT_STATE = False  # HMRC compares the redirect URI exactly
    STATE_LIFETIME = _A_DAY_AND_TEN_MINUTES
    SCOPE_SEPARATOR = " "
    PKCE_DEFAULT_CODE_VERIFIER_LENGTH = 64

    def authorization_url(self) -> str:
        return str(settings.HMRC.authorize_url)

    def access_token_url(self) -> str:
        return str(settings.HMRC.token_url)

    def state_token(self) -> str:
        return new_secret()

    def auth_url(self) -> str:
        """The address to send the browser to. social-auth's own leaves the query unquoted; HMRC wants it
        percent-encoded.
        """
        state = self.get_or_create_state()
        untyped: Any = self  # social-auth leaves these two without types
        params = {**untyped.auth_params(state), **untyped.get_scope_argument()}
        return f"{self.authorization_url()}?{urlencode(params, quote_via=quote)}"

    def extra_data(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {}

    def refresh_token(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("social-auth's read-call-save refresh loses tokens; hmrc_oauth.refresh is the only way")

    def exchange_form(self) -> tuple[str, str]:
        """The authorization code and its PKCE verifier, after social-auth has checked the state. Raises
        AuthException.
        """
        untyped: Any = self
        form = untyped.auth_complete_params(self.validate_state())
        return form["code"], form["code_verifier"]


def make(*, redirect_uri: str, bag: dict[str, Any], data: Mapping[str, str] | None = None) -> HmrcOAuth2:
    """A backend for one step of one connect session."""
    return HmrcOAuth2(HmrcStrategy(bag, data), redirect_uri=redirect_uri)
