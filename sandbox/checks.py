"""What is looked at before anything is started, so that a wrong setting is one line and not a traceback."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from sandbox.faults import Broken, Refused
from sandbox.home import is_free

HIGHEST_PORT = 65535
CONNECT_WITHIN = 5  # seconds
POSTGRES_SCHEMES = ("postgres", "postgresql", "pgsql")
REDIS_SCHEMES = ("redis", "rediss", "redis+sentinel", "rediss+sentinel")


def port(name: str, default: int, environ: Mapping[str, str] = os.environ) -> int:
    """The port in setting `name`. Raises Refused if it is no port number, or if another program listens there."""
    given = environ.get(name) or str(default)
    if not given.isdecimal() or not 0 < int(given) <= HIGHEST_PORT:
        raise Refused(f"{name} must be a port number from 1 to 65535")
    if not is_free(int(given)):
        raise Refused(f"port {given} is busy: stop what listens there, or set {name} to another")
    return int(given)


def value(name: str, environ: Mapping[str, str]) -> str:
    """A setting, given as NAME or in the file NAME_FILE, or empty. Raises Refused if the file can't be read."""
    file = environ.get(f"{name}_FILE")
    if environ.get(name) or not file:
        return environ.get(name, "")
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise Refused(f"{name}_FILE can't be read: {error.strerror}") from None


def database(url: str, name: str = "DATABASE_URL") -> None:
    """Raises Refused, without the password, if `url` is no PostgreSQL address or nothing usable answers there."""
    place = _place(url, name, POSTGRES_SCHEMES, "postgresql://user:password@host:5432/database")
    try:
        psycopg.connect(_conninfo(url), connect_timeout=CONNECT_WITHIN).close()
    except psycopg.ProgrammingError:
        raise Refused(f"{name} has a part that PostgreSQL's client library does not understand") from None
    except psycopg.OperationalError as error:
        raise Refused(f"{name}: no PostgreSQL for us at {place}: {_reason(error, url)}") from None


def cache(url: str, name: str = "REDIS_URL") -> None:
    """Raises Refused, without the password, if `url` is no Redis address or nothing usable answers there."""
    place = _place(url, name, REDIS_SCHEMES, "redis://:password@host:6379/0")
    if "sentinel" in urlsplit(url).scheme:
        return  # which of them is the master is the application's question
    try:
        with redis.Redis.from_url(url, socket_timeout=CONNECT_WITHIN, socket_connect_timeout=CONNECT_WITHIN) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise Refused(f"{name}: no Redis for us at {place}: {_reason(error, url)}") from None


def database_is_empty(url: str) -> bool:
    """Whether nobody has put a table there yet. Raises Broken if it can't be asked."""
    query = "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    try:
        with psycopg.connect(_conninfo(url), connect_timeout=CONNECT_WITHIN) as connection:
            return connection.execute(query).fetchone() == (0,)
    except psycopg.Error as error:
        raise Broken(f"the database could not be asked whether it is new: {_reason(error, url)}") from None


def _conninfo(url: str) -> str:
    """Django's readers of addresses know one scheme more than libpq does."""
    return url.replace("pgsql://", "postgresql://", 1)


def _place(url: str, name: str, schemes: tuple[str, ...], example: str) -> str:
    """`host:port` of an address that has the right shape."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(f"{name} is not an address like {example}") from None
    if parts.scheme not in schemes or not parts.hostname:
        raise Refused(f"{name} is not an address like {example}")
    return f"{parts.hostname}:{port}" if port else str(parts.hostname)


def _reason(error: Exception, url: str) -> str:
    """The telling part of a client's complaint, with the password struck out should the client have quoted it."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    telling = next((line for line in lines if " failed: " in line), lines[0]).rpartition(" failed: ")[2]
    password = urlsplit(url).password
    return telling.strip().replace(password, "…") if password else telling.strip()
