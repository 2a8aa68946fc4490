"""Somebody who reads a stream, as a front end or an integrator would."""

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    name: str
    id: int | None
    data: dict[str, Any]
    retry_ms: int | None = None


class Reader:
    """One request for a stream. Its answer is read at once, its events as they are asked for."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str], *, method: str = "GET") -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._line.request(method, path, headers=dict(headers))
        self.answer = self._line.getresponse()
        self.status, self.headers = self.answer.status, self.answer.headers
        self.comments: list[str] = []

    def __iter__(self) -> Iterator[Event]:
        """Until the stream ends."""
        return parse(iter(self.answer.readline, b""), self.comments)

    def next(self) -> Event:
        """The next event. Raises StopIteration if the stream has ended."""
        return next(iter(self))

    def rest(self) -> list[Event]:
        """Everything until the end, which the server makes."""
        return list(self)

    def problem(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/problem+json"
        return dict(json.loads(self.answer.read()))

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing is sent for so long."""
        assert self._line.sock is not None
        self._line.sock.settimeout(seconds)
        try:
            return not self.answer.readline()
        except TimeoutError:
            return True

    def close(self) -> None:
        self.answer.close()
        self._line.close()


def parse(lines: Iterator[bytes], comments: list[str] | None = None) -> Iterator[Event]:
    """The events in these lines. What is no event but a comment goes to `comments`."""
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode().rstrip("\n").partition(": ")
        if colon and not name and comments is not None:
            comments.append(value)
        elif name:
            fields[name] = value
        elif "data" in fields:
            id_, retry = fields.get("id"), fields.get("retry")
            data = json.loads(fields["data"])
            yield Event(fields["event"], id_ and int(id_), data, retry and int(retry))  # type: ignore[arg-type]
            fields = {}
        else:
            fields = {}


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])
