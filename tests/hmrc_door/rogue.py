"""A server on loopback that reads one request per connection and then answers, or misbehaves, as it was told to."""

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Self, TypeAlias

Behaviour: TypeAlias = Callable[[socket.socket, Event], None]


class Rogue:
    """Behaves once per connection, by default as its `behaviour` says; `requests` holds what it read."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = answer(b"{}")
        self.requests: list[bytes] = []
        self.connections = 0
        self._over = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads: list[Thread] = []
        self._held: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def _spawn(self, work: Callable[[], None]) -> None:
        thread = Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._held.append(connection)
            self._spawn(lambda held=connection: self._serve(held))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            while request := _request(connection):
                self.requests.append(request)
                self.behaviour(connection, self._over)


def _request(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        more = connection.recv(65536)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def head(status: str = "200 OK", *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def answer(body: bytes, status: str = "200 OK", *headers: str) -> Behaviour:
    """A whole answer, on a connection that stays open."""
    return lambda held, _over: held.sendall(head(status, f"Content-Length: {len(body)}", *headers) + body)


def then_close(*parts: bytes) -> Behaviour:
    """These bytes, and an orderly end of the connection."""

    def behave(held: socket.socket, _over: Event) -> None:
        held.sendall(b"".join(parts))
        held.shutdown(socket.SHUT_RDWR)

    return behave


def reset(*parts: bytes) -> Behaviour:
    """These bytes, and a TCP reset."""

    def behave(held: socket.socket, _over: Event) -> None:
        held.sendall(b"".join(parts))
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        held.close()

    return behave


def hang(*parts: bytes) -> Behaviour:
    """These bytes, and then nothing, until the test is over."""

    def behave(held: socket.socket, over: Event) -> None:
        held.sendall(b"".join(parts))
        over.wait(10)

    return behave


def drip(start: bytes = b"HTTP/1.1 200 OK\r\nX-Drip: ", *, every_s: float) -> Behaviour:
    """This start (by default: of a header), and then one byte at a time without end: no single silence is long."""

    def behave(held: socket.socket, over: Event) -> None:
        held.sendall(start)
        while not over.wait(every_s):
            held.sendall(b"a")

    return behave
