"""
POST /oauth/token: Authlib's server finds the grant and answers its errors; HMRC's peculiarities are the grants here.

    missing or unsupported field, redirect_uri mismatch,
    code unknown, expired or used, verifier missing or unexpected   400 invalid_request
    verifier does not match                                         400 invalid_grant
    refresh token unknown, used, expired or revoked                 400 invalid_grant
    refresh token in use by another request at this moment          400 invalid_request
    wrong client id or secret                                       401 invalid_client
    a fault of the server                                           500 server_error
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    OAuth2Request,
    UnsupportedGrantTypeError,
)
from authlib.oauth2.rfc6749.grants import BaseGrant, TokenEndpointMixin
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636.challenge import CODE_VERIFIER_PATTERN, create_s256_code_challenge

from sandbox.hmrc.config import Config, digest
from sandbox.hmrc.oauth.authorize import SCOPES
from sandbox.hmrc.oauth.grants import ACCESS_LASTS, Code, Grants, Tokens
from sandbox.hmrc.oauth.sends import Sends

# Authlib writes issued tokens and client ids to its debug log.
logging.getLogger("authlib").setLevel(logging.WARNING)

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class TokenCall:
    """A token request as it came. `pause` is called just before the effect, where a fault may make it wait."""

    form: dict[str, list[str]]
    now: float
    pause: Callable[[], None]


@dataclass(frozen=True)
class Application:
    """The one registered application, as Authlib wants to meet it."""

    config: Config

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method, endpoint) == ("hmrc", "token")

    def check_client_secret(self, secret: str) -> bool:
        # Every secret is compared, so that the time it takes does not tell which one came near.
        matches = [compare_digest(digest(secret), digest(known)) for known in self.config.client_secrets]
        return any(matches)


class TokenRequest(OAuth2Request):
    """Authlib's request, read from the body alone: HMRC takes neither the query nor Basic credentials."""

    def __init__(self, call: TokenCall) -> None:
        # Whether the transport is secure is the edge's affair; a stand-in speaks plain HTTP on loopback.
        super().__init__(method="POST", uri="https://stand-in/oauth/token")
        self.call = call
        self.payload = BasicOAuth2Payload({name: values[0] for name, values in call.form.items()})

    @property
    def form(self) -> dict[str, str]:
        form: dict[str, str] = self.payload.data
        return form

    def need(self, name: str) -> str:
        """Return a field that must be there, once. Raises InvalidRequestError."""
        given = self.call.form.get(name, [""])
        if len(given) > 1:
            raise InvalidRequestError(f"{name} is given more than once")
        if not given[0]:
            raise InvalidRequestError(f"{name} is required")
        return given[0]


class UnsupportedGrant(UnsupportedGrantTypeError):  # noqa: N818 - the word of the house
    """HMRC says invalid_request where the standard says unsupported_grant_type."""

    error = "invalid_request"

    def __init__(self, grant_type: str | None) -> None:
        super().__init__(grant_type)
        self.description = "grant_type is unsupported" if grant_type else "grant_type is required"


class HmrcGrant(BaseGrant, TokenEndpointMixin):
    """What the three grants share."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["hmrc"]
    request: TokenRequest

    @property
    def grants(self) -> Grants:
        grants: Grants = self.server.grants
        return grants

    def validate_token_request(self) -> None:
        self.request.client = self.authenticate_token_endpoint_client()

    def bearer(self, *, access: str, **more: str) -> Any:
        body = {"access_token": access, "token_type": "bearer", "expires_in": ACCESS_LASTS, **more}
        return 200, body, self.TOKEN_RESPONSE_HEADER


class CodeGrant(HmrcGrant):
    GRANT_TYPE = "authorization_code"

    def create_token_response(self) -> Any:
        code = self._code()
        self.request.call.pause()
        tokens = self.grants.spend_code(code, now=self.request.call.now)
        if tokens is None:
            raise InvalidRequestError("code is invalid")
        return self.bearer(access=tokens.access, refresh_token=tokens.refresh, scope=tokens.scope)

    def _code(self) -> Code:
        redirect_uri, given = self.request.need("redirect_uri"), self.request.need("code")
        code = self.grants.find_code(given, now=self.request.call.now)
        if code is None:
            raise InvalidRequestError("code is invalid")
        if code.redirect_uri != redirect_uri:
            raise InvalidRequestError("redirect_uri is invalid")
        self._verify(code)
        return code

    def _verify(self, code: Code) -> None:
        verifier = self.request.form.get("code_verifier")
        if code.challenge is None and verifier is None:
            return
        if code.challenge is None:
            raise InvalidRequestError("code_verifier is not expected")
        if not verifier:
            raise InvalidRequestError("code_verifier is required")
        if not CODE_VERIFIER_PATTERN.fullmatch(verifier):
            raise InvalidRequestError("code_verifier must be 43 to 128 characters long")
        if not compare_digest(create_s256_code_challenge(verifier), code.challenge):
            raise InvalidGrantError("code_verifier is invalid")


class RefreshGrant(HmrcGrant):
    GRANT_TYPE = "refresh_token"

    def create_token_response(self) -> Any:
        # HMRC's documented answer to a refresh leaves out the scope.
        tokens = self._rotate(self.request.need("refresh_token"))
        return self.bearer(access=tokens.access, refresh_token=tokens.refresh)

    def _rotate(self, refresh_token: str) -> Tokens:
        with self.server.sends.begin(refresh_token, now=self.request.call.now) as send:
            if not send.is_first:
                raise InvalidRequestError("Refresh operation is already in progress")
            self.request.call.pause()
            send.got = tokens = self.grants.rotate(refresh_token, now=self.request.call.now)
        if tokens is None:
            raise InvalidGrantError("refresh_token is invalid")
        return tokens


class ApplicationGrant(HmrcGrant):
    GRANT_TYPE = "client_credentials"

    def create_token_response(self) -> Any:
        scope = self.request.form.get("scope", "")
        if not SCOPES.keys() >= set(scope.split()):
            raise InvalidRequestError("scope is invalid")
        self.request.call.pause()
        return self.bearer(access=self.grants.issue_application(scope=scope, now=self.request.call.now))


class TokenServer(AuthorizationServer):
    """The token endpoint. `create_token_response(TokenCall)` returns a status and a JSON body."""

    def __init__(self, *, config: Config, grants: Grants, sends: Sends) -> None:
        super().__init__(scopes_supported=list(SCOPES))
        self.application = Application(config)
        self.grants = grants
        self.sends = sends
        self.register_client_auth_method("hmrc", self._authenticate)
        for grant in (CodeGrant, RefreshGrant, ApplicationGrant):
            self.register_grant(grant)

    def answer(self, call: TokenCall) -> Answer:
        """Serve one token request. Returns the status and the body."""
        answer: Answer = self.create_token_response(call)
        return answer

    def _authenticate(self, query_client: Callable[[str], Application | None], request: TokenRequest) -> Application:
        client_id, secret = request.need("client_id"), request.need("client_secret")
        client = query_client(client_id)
        if client is None or not client.check_client_secret(secret):
            raise InvalidClientError("invalid client id or secret", status_code=401)
        return client

    # What Authlib asks of a framework

    def query_client(self, client_id: str) -> Application | None:
        known = self.application.config.client_id
        return self.application if compare_digest(client_id.encode(), known.encode()) else None

    def create_oauth2_request(self, request: TokenCall) -> TokenRequest:
        return TokenRequest(request)

    def get_token_grant(self, request: TokenRequest) -> HmrcGrant:
        try:
            grant: HmrcGrant = super().get_token_grant(request)
        except UnsupportedGrantTypeError:
            raise UnsupportedGrant(request.payload.grant_type) from None
        return grant

    def handle_response(self, status: int, body: dict[str, Any], headers: object) -> Answer:
        return status, dict(body)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""
