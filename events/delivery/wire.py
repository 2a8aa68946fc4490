"""Sends webhooks: one POST, one outcome, no redirects, no retries, to addresses that were looked at.

urllib3's own time-outs measure each silence; a server that drips a byte a second would never meet them. So the whole
request has one deadline, at which the connection is cut.
"""

import logging
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from events.delivery import addresses
from events.delivery.answers import (
    BROKEN,
    CLOSED,
    DELIVERED,
    GONE,
    LATE,
    REDIRECT,
    STATUS,
    TLS,
    UNREACHED,
    UNRESOLVED,
    Answer,
)

TOTAL_S = 15.0
_CONNECT_S, _SILENCE_S = 5.0, 10.0
_MOST_BYTES = 16 * 1024
_PORTS = {"http": 80, "https": 443}


@dataclass(eq=False)
class _Call:
    """One request under way: where it may connect to, and the connection that its deadline cuts."""

    addresses: list[str]
    expired: bool = False
    connected: bool = False
    _socket: socket.socket | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def hold(self, sock: socket.socket) -> None:
        with self._lock:
            self._socket = sock
            if self.expired:
                _cut(sock)

    def begin(self, sock: socket.socket) -> None:
        self.connected = True
        self.hold(sock)

    def expire(self) -> None:
        with self._lock:
            self.expired = True
            if self._socket is not None:
                _cut(self._socket)


_call: ContextVar[_Call] = ContextVar("webhook_call")


class _Pinned:
    """Mixed into urllib3's connections: connects to the addresses that were looked at, and to no other."""

    sock: Any
    port: int
    timeout: Any
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        call = _call.get()
        for address in call.addresses[:-1]:
            with suppress(OSError):
                return self._reach(call, address)
        return self._reach(call, call.addresses[-1])

    def _reach(self, call: _Call, address: str) -> socket.socket:
        sock = create_connection((address, self.port), self.timeout, socket_options=self.socket_options)
        call.hold(sock)
        return sock

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        _call.get().begin(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:  # kept from the request before
            _call.get().begin(self.sock)
        super().request(*args, **kwargs)  # type: ignore[misc]


class _PlainConnection(_Pinned, HTTPConnection):
    pass


class _TlsConnection(_Pinned, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - requests' signature
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class Receiver:
    """One endpoint's server, for a few seconds: its name is resolved once, its connections are kept for that long.

    May be used by several threads. `local`: plain HTTP and this machine's own addresses are allowed.
    """

    def __init__(self, url: str, *, local: bool, width: int) -> None:
        self._url, self._local = url, local
        self._session = _session(width)
        self._lock = Lock()
        self._found: list[str] | Answer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send it once. Never raises; no text of the answer, and none of an exception, leaves this file."""
        began = monotonic()
        found = self._addresses()
        if isinstance(found, Answer):
            return found
        with _deadline(_Call(found)) as call:
            try:
                answer = self._post(body, headers)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is an outcome
                answer = Answer(_outcome_of(error, connected=call.connected))
        if call.expired:  # headers that were cut off read like headers that are over
            answer = Answer(LATE)
        return answer._replace(latency_ms=round((monotonic() - began) * 1000))

    def _post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        with self._session.post(
            self._url,
            data=body,
            headers=dict(headers),
            timeout=(_CONNECT_S, _SILENCE_S),
            allow_redirects=False,
            stream=True,
        ) as response:
            response.raw.read(_MOST_BYTES, decode_content=False)  # what is longer ends the connection
            return _answer(response.status_code, response.headers.get("Retry-After", ""))

    def _addresses(self) -> list[str] | Answer:
        with self._lock:
            if self._found is None:
                self._found = self._look_up()
            return self._found

    def _look_up(self) -> list[str] | Answer:
        try:
            where = urlsplit(self._url)
            if where.scheme not in (("http", "https") if self._local else ("https",)) or not where.hostname:
                return Answer(CLOSED)
            port = where.port or _PORTS[where.scheme]
            return addresses.find(where.hostname, port, loopback=self._local)
        except (addresses.Refused, ValueError):
            return Answer(CLOSED)
        except addresses.Unresolved:
            return Answer(UNRESOLVED)


def _answer(code: int, retry_after: str) -> Answer:
    if 200 <= code < 300:  # noqa: PLR2004
        return Answer(DELIVERED, code)
    if 300 <= code < 400:  # noqa: PLR2004
        return Answer(REDIRECT, code)
    wait = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 6 else 0  # noqa: PLR2004
    return Answer(GONE if code == 410 else STATUS, code, retry_after_s=wait)  # noqa: PLR2004


def _outcome_of(error: BaseException, *, connected: bool) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return TLS
    if isinstance(error, requests.exceptions.Timeout):
        return LATE
    return BROKEN if connected else UNREACHED


@contextmanager
def _deadline(call: _Call) -> Iterator[_Call]:
    token = _call.set(call)
    timer = Timer(TOTAL_S, call.expire)
    timer.daemon = True
    timer.start()
    try:
        yield call
    finally:
        timer.cancel()
        _call.reset(token)


def _session(width: int) -> requests.Session:
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(max_retries=0, pool_connections=1, pool_maxsize=width))
    session.trust_env = False  # neither a netrc nor a proxy
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers.clear()
    session.headers.update({"User-Agent": "Quarterday-Webhooks", "Content-Type": "application/json", "Accept": "*/*"})
    return session


def _cut(sock: socket.socket) -> None:
    # The plain socket's shutdown: that of an SSLSocket would take the session away from the thread that is reading.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Mute(logging.Filter):
    """urllib3 says where it connects to, and an endpoint's address may hold its secret."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args, record.exc_info = "withheld: may hold an address", None, None
        return record.levelno >= logging.WARNING


for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_Mute())
    logging.getLogger(_name).setLevel(logging.WARNING)
