"""
The only sender: one request, one outcome, no retries, no redirects followed.

A redirect is not followed here: it comes back as Refused (HMRC did nothing at this address), and `redirects` decides.
URLs hold NINOs, so that neither they nor an exception's text leave this file.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from hmrc_door.connection import at_once, pool_manager, watched
from hmrc_door.environment import Deadlines
from hmrc_door.failures import Phase, outcome_of
from hmrc_door.outcomes import NotSent, Outcome, Unknown, classify
from hmrc_door.pace_slot import TooLate

TOO_LATE = "too_late"
MOST_BYTES = 2 * 1024 * 1024
_CHUNK = 64 * 1024
_BODILESS = frozenset({204, 304})
_TALKATIVE = ("connection", "connectionpool", "poolmanager", "response", "util.retry", "http2.connection")


@dataclass(frozen=True, kw_only=True, repr=False)
class WireRequest:
    """
    One request, complete. With `fresh` it gets a connection of its own, closed afterwards.

    `template` and `parts` say how the path was made, where HMRC documents it: what may be remembered of it.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    fresh: bool = False
    template: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)

    def __repr__(self) -> str:
        return f"WireRequest({self.method})"


def send(request: WireRequest, *, leave: Callable[[], None] = at_once) -> Outcome:
    """
    Send `request` once and say, within its deadline, what became of it. Never raises.

    `leave` is called when the connection is open, right before the first byte; if it raises TooLate, nothing is sent.
    """
    if not request.fresh:
        return _send(request, session=_pooled(), leave=leave)
    # A kept-alive socket that the server has just closed looks like an unknown outcome: fatal for a single-use token.
    with _session() as session:
        return _send(request, session=session, leave=leave)


def _send(request: WireRequest, *, session: requests.Session, leave: Callable[[], None]) -> Outcome:
    status: int | None = None
    with watched(seconds=request.deadlines.total_s, leave=leave) as watch:
        try:
            with _begun(request, session=session) as response:
                status = response.status_code
                body = _read(response)
        except TooLate:
            return NotSent(reason=TOO_LATE)
        except Exception as error:  # noqa: BLE001  whatever it is, it is an outcome, and its text may hold the URL
            if watch.expired:
                return _late(watch.phase, status=status)
            return outcome_of(error, phase=watch.phase, status=status)
        if body is None:
            return Unknown(reason="oversized", status=status)
        if not body and watch.phase is Phase.CONNECTED and not _says_where_it_ends(response):
            return Unknown(reason="deadline" if watch.expired else "truncated", status=status)
        return classify(status=status, headers=response.headers, body=body)


def _late(phase: Phase, *, status: int | None) -> NotSent | Unknown:
    return Unknown(reason="deadline", status=status) if phase is Phase.CONNECTED else NotSent(reason="deadline")


def _begun(request: WireRequest, *, session: requests.Session) -> requests.Response:
    return session.request(
        request.method,
        request.url,
        headers={**request.headers, "Connection": "close" if request.fresh else "keep-alive"},
        data=request.body,
        timeout=(request.deadlines.connect_s, request.deadlines.read_s),
        allow_redirects=False,
        stream=True,
    )


def _read(response: requests.Response) -> bytes | None:
    """The whole body, or None if it is larger than anything HMRC sends."""
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _says_where_it_ends(response: requests.Response) -> bool:
    """Headers that were cut off read like headers that are over; only a declared length tells a body that is empty."""
    declared = {"Content-Length", "Transfer-Encoding"} & {name.title() for name in response.headers}
    return bool(declared) or response.status_code in _BODILESS


class _Adapter(HTTPAdapter):
    """requests' adapter over our connections."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002  requests' signature
        self.poolmanager = pool_manager(num_pools=connections, maxsize=maxsize, block=block, **options)


@cache
def _pooled() -> requests.Session:
    return _session()


def _session() -> requests.Session:
    session = requests.Session()
    session.mount("https://", _Adapter(max_retries=0))
    session.mount("http://", _Adapter(max_retries=0))
    # Neither a netrc, which would put in an Authorization of its own, nor a proxy that nobody configured here.
    session.trust_env = False
    # A cookie of one landlord's answer must not travel with another's call.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.clear()
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": "Quarterday"})
    return session


class _Mute(logging.Filter):
    """Lets only warnings pass, and only their level: their texts hold URLs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args, record.exc_info = "withheld: may hold an address", None, None
        return record.levelno >= logging.WARNING


for _name in ("requests", "urllib3", *(f"urllib3.{part}" for part in _TALKATIVE)):
    logging.getLogger(_name).addFilter(_Mute())
    logging.getLogger(_name).setLevel(logging.WARNING)
