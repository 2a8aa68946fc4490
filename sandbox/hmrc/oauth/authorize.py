"""The rules of HMRC's authorize request. Broken ones are shown to the user's browser, never redirected."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from sandbox.hmrc import redirects
from sandbox.hmrc.config import Config
from sandbox.hmrc.oauth.journeys import Request

SCOPES = {
    "read:self-assessment": "View your Self Assessment information: your businesses, what is due and what was sent",
    "write:self-assessment": "Change your Self Assessment information: send quarterly updates and other figures",
}
_SINGLE = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class BadRequest(Exception):  # noqa: N818 - the word of the house
    """An authorize request breaks a rule: `error` and `description` as HMRC words them."""

    status = 400

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


class ServerError(BadRequest):
    """The request may be right, but HMRC's server is not."""

    status = 500

    def __init__(self) -> None:
        super().__init__("server_error", "an internal server error occurred")


def read(*, query: str, config: Config) -> Request:
    """Read the query string of an authorize request as it came. Raises BadRequest."""
    values = _single_values(query)
    for error, description in _faults(values, query, config):
        raise BadRequest(error, description)
    return Request(
        redirect_uri=values["redirect_uri"],
        scope=" ".join(values["scope"].split()),
        state=values.get("state"),
        challenge=values.get("code_challenge"),
    )


def _single_values(query: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, _, value in (pair.partition("=") for pair in query.split("&") if pair):
        plain = unquote_plus(name)
        if plain in values and plain in _SINGLE:
            raise BadRequest("invalid_request", f"{plain} is given more than once")
        values[plain] = unquote_plus(value)
    return values


def _faults(values: Mapping[str, str], query: str, config: Config) -> Iterator[tuple[str, str]]:
    yield from _application_faults(values, query, config)
    yield from _wish_faults(values)
    yield from (("invalid_request", reason) for reason in _pkce_faults(values))


def _application_faults(values: Mapping[str, str], query: str, config: Config) -> Iterator[tuple[str, str]]:
    if "client_secret" in values:
        yield "invalid_request", "client_secret must not be sent to the authorize endpoint"
    if not values.get("client_id"):
        yield "invalid_request", "client_id is required"
    if values.get("client_id") != config.client_id:
        yield "invalid_request", "client_id is invalid"
    if not values.get("redirect_uri"):
        yield "invalid_request", "redirect_uri is required"
    # HMRC asks for a percent-encoded redirect URI. A bare "://" works until the URI has a query of its own.
    if re.search(r"(^|&)redirect_uri=[^&]*://", query):
        yield "invalid_request", "redirect_uri must be percent-encoded"
    if not redirects.is_registered(uri=values.get("redirect_uri", ""), registered=config.redirect_uris):
        yield "invalid_request", "redirect_uri is invalid"


def _wish_faults(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not values.get("response_type"):
        yield "invalid_request", "response_type is required"
    if values.get("response_type") != "code":
        yield "unsupported_response_type", "response_type must be code"
    scopes = values.get("scope", "").split()
    if not scopes:
        yield "invalid_request", "scope is required"
    if not SCOPES.keys() >= set(scopes):
        yield "invalid_scope", "scope is invalid"


def _pkce_faults(values: Mapping[str, str]) -> Iterator[str]:
    challenge, method = values.get("code_challenge"), values.get("code_challenge_method")
    if challenge is None and method is None:
        return
    if challenge is None or method is None:
        yield "code_challenge and code_challenge_method are required together"
    if method != "S256":
        yield "code_challenge_method must be S256"
    if not _CHALLENGE.fullmatch(challenge or ""):
        yield "code_challenge is invalid"
