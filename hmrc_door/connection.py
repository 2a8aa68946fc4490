"""
Connections that say how far they came, and that an absolute deadline can end.

urllib3's own time-outs measure each silence; a server that drips a byte a second would never meet them.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from hmrc_door.failures import Phase


def at_once() -> None:
    """Nothing more has to be asked before a request leaves."""


@dataclass(eq=False)
class Watch:
    """The progress of one request. `leave` has the last word before its first byte."""

    leave: Callable[[], None] = at_once
    phase: Phase = Phase.UNSEEN
    expired: bool = False
    _socket: socket.socket | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def hold(self, sock: socket.socket) -> None:
        """From here on the deadline ends this connection."""
        with self._lock:
            self._socket = sock
            if self.expired:
                _cut(sock)

    def expire(self) -> None:
        """End the connection, now or as soon as there is one."""
        with self._lock:
            self.expired = True
            if self._socket is not None:
                _cut(self._socket)


_watch: ContextVar[Watch] = ContextVar("hmrc_door_watch")


@contextmanager
def watched(*, seconds: float, leave: Callable[[], None] = at_once) -> Iterator[Watch]:
    """Watch the one request made inside, and cut it off after `seconds`."""
    watch = Watch(leave=leave)
    token = _watch.set(watch)
    timer = Timer(seconds, watch.expire)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        _watch.reset(token)


class _Reporting:
    """Mixed into urllib3's connections: tells the watch of the current request how far this connection came."""

    sock: Any

    def connect(self) -> None:
        watch = _watch.get()
        watch.phase = Phase.CONNECTING
        super().connect()  # type: ignore[misc]
        watch.phase = Phase.CONNECTED
        watch.hold(self.sock)

    def request(self, *args: Any, **kwargs: Any) -> None:
        watch = _watch.get()
        if self.sock is None:
            self.connect()
        watch.phase = Phase.CONNECTED
        watch.hold(self.sock)
        watch.leave()
        super().request(*args, **kwargs)  # type: ignore[misc]


class _PlainConnection(_Reporting, HTTPConnection):
    pass


class _TlsConnection(_Reporting, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def tls_context() -> ssl.SSLContext:
    """No TLS below 1.2, as HMRC's reference guide asks. Whose certificates it takes is for the caller to add."""
    return create_urllib3_context(ssl_minimum_version=ssl.TLSVersion.TLSv1_2)


def pool_manager(**options: Any) -> PoolManager:
    """urllib3's pool manager with connections that report, and no TLS below 1.2."""
    manager = PoolManager(ssl_context=tls_context(), **options)
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
    return manager


def _cut(sock: socket.socket) -> None:
    # The plain socket's shutdown: that of an SSLSocket would take the session away from the thread that is reading.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
