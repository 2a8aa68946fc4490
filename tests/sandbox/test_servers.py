import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis

from sandbox import leash, orphans
from sandbox.faults import Broken, Refused
from sandbox.home import ROOT
from sandbox.servers import Addresses, embedded
from tests.sandbox.runs import wait_until

T = TypeVar("T")
HOLD = "import time; print('up', flush=True); time.sleep(600)"
WRITE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE kept ()")
"""


def _if_there(act: Callable[[], T], otherwise: T) -> T:
    """What a process says or does, unless it has ended since it was found: PostgreSQL's helpers come and go."""
    try:
        return act()
    except psutil.NoSuchProcess:
        return otherwise


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that all tests of this file share, in a folder that is closed to everyone else."""
    return tmp_path_factory.mktemp("world").resolve() / "home"


@pytest.fixture(scope="module")
def addresses(home: Path) -> Iterator[Addresses]:
    with embedded(home) as found:
        yield found


def _with_servers(home: Path, *command: str) -> list[str]:
    return [sys.executable, "-m", "sandbox.with_servers", "--home", str(home), "--", *command]


def _without_addresses() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}


def _held(home: Path) -> "subprocess.Popen[str]":
    """A command that has both servers and keeps them."""
    argv = _with_servers(home, sys.executable, "-c", HOLD)
    process = subprocess.Popen(argv, cwd=ROOT, env=_without_addresses(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home that was used once, and that each of these tests starts and ends again."""
    home = tmp_path_factory.mktemp("again").resolve() / "home"
    argv = _with_servers(home, sys.executable, "-c", WRITE)
    subprocess.run(argv, cwd=ROOT, env=_without_addresses(), check=True)
    yield home
    orphans.end_all(home)


class TestBoth:
    def test_postgresql_18_answers(self, addresses: Addresses) -> None:
        with psycopg.connect(addresses.database_url) as connection:
            version = connection.info.server_version

        assert version // 10000 == 18

    def test_redis_keeps_an_append_only_file(self, addresses: Addresses) -> None:
        with redis.Redis.from_url(addresses.redis_url) as client:
            settings = client.config_get("append*")

        assert (settings["appendonly"], settings["appendfsync"]) == ("yes", "everysec")

    @pytest.mark.parametrize("name", ["postgres", "redis"])
    def test_a_wrong_password_is_refused(self, addresses: Addresses, name: str) -> None:
        database = addresses.database_url.replace(urlsplit(addresses.database_url).password or "?", "wrong")
        cache = addresses.redis_url.replace(urlsplit(addresses.redis_url).password or "?", "wrong")

        with pytest.raises((psycopg.OperationalError, redis.AuthenticationError)):
            psycopg.connect(database) if name == "postgres" else redis.Redis.from_url(cache).ping()

    def test_neither_password_is_in_a_command_line_or_a_log(self, addresses: Addresses, home: Path) -> None:
        passwords = [str(urlsplit(url).password) for url in (addresses.database_url, addresses.redis_url)]

        seen = [" ".join(_if_there(process.cmdline, [])) for process in orphans.find(home)]
        seen += [log.read_text() for log in (home / "logs").iterdir()]

        assert len(seen) > 2
        assert not [text for text in seen for password in passwords if password in text]

    def test_everything_on_disk_is_private(self, addresses: Addresses, home: Path) -> None:
        modes = {
            file: stat.S_IMODE(file.stat().st_mode) for file in home.rglob("*") if file.is_dir() or "keys" in file.parts
        }

        assert not {file: oct(mode) for file, mode in modes.items() if mode & 0o077}

    def test_the_addresses_do_not_show_themselves(self, addresses: Addresses) -> None:
        assert str(urlsplit(addresses.database_url).password) not in repr(addresses)


class TestTheRole:
    def test_is_no_superuser(self, addresses: Addresses) -> None:
        with psycopg.connect(addresses.database_url) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

        assert row == (False,)

    def test_may_make_databases_and_trusted_extensions(self, addresses: Addresses) -> None:
        with psycopg.connect(addresses.database_url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE another")
            connection.execute("CREATE EXTENSION pg_trgm")
            row = connection.execute("SELECT similarity('rent', 'rents') > 0.5").fetchone()

        assert row == (True,)


class TestOneHome:
    def test_has_one_user_at_a_time(self, addresses: Addresses, home: Path) -> None:
        done = subprocess.run(
            _with_servers(home, "true"), cwd=ROOT, env=_without_addresses(), capture_output=True, text=True, check=False
        )

        assert (done.returncode, done.stderr) == (2, f"already running (pid {os.getpid()})\n")


class TestASecondStart:
    def test_finds_the_data_and_the_ports_of_the_first(self, used: Path) -> None:
        ports = (used / "ports.json").read_text()

        with embedded(used) as addresses, psycopg.connect(addresses.database_url) as connection:
            connection.execute("SELECT FROM kept")

        assert (used / "ports.json").read_text() == ports

    def test_follows_a_kill_of_everything(self, used: Path) -> None:
        with _held(used) as process:
            for victim in orphans.find(used):
                _if_there(victim.kill, None)
            process.kill()

        with embedded(used) as addresses, psycopg.connect(addresses.database_url) as connection:
            connection.execute("SELECT FROM kept")

    def test_is_not_needed_to_clean_up_after_a_killed_one(self, used: Path) -> None:
        with _held(used) as process:
            assert len(orphans.find(used)) > 2
            process.kill()

        wait_until(lambda: not orphans.find(used), within=10)

    def test_ends_servers_that_outlived_their_starter(self, used: Path) -> None:
        with _held(used) as process:
            frozen = orphans.find(used)
            for server in frozen:
                _if_there(server.suspend, None)
            process.kill()

        with embedded(used) as addresses, psycopg.connect(addresses.database_url) as connection:
            connection.execute("SELECT FROM kept")

        assert not [each.pid for each in frozen if each.is_running() and _if_there(each.status, "zombie") != "zombie"]

    def test_takes_another_port_if_the_first_is_taken(self, used: Path) -> None:
        with embedded(used) as first:
            old = urlsplit(first.redis_url).port or 0
        with socket.create_server(("127.0.0.1", old)), embedded(used) as second:
            new = urlsplit(second.redis_url).port

        assert new != old

    def test_without_the_password_says_which_file_is_missing(self, used: Path) -> None:
        password = used / "keys" / "postgres_password"
        aside = password.rename(used / "aside")

        with pytest.raises(Refused, match=r"keys/postgres_password is missing"), embedded(used):
            pass

        aside.rename(password)


def test_a_database_half_made_by_a_killed_start_is_made_anew(tmp_path: Path) -> None:
    home = tmp_path.resolve() / "home"
    draft = home / "pg.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with embedded(home) as addresses, psycopg.connect(addresses.database_url) as connection:
        row = connection.execute("SELECT 1").fetchone()

    assert row == (1,)
    assert not draft.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="these tests run as a plain user already")
def test_a_plain_user_has_servers_of_their_own(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    user = pwd.getpwnam("daemon")
    os.chown(mine, user.pw_uid, user.pw_gid)
    argv = leash.command(_with_servers(mine / "home", sys.executable, "-c", WRITE), as_owner_of=str(mine))

    subprocess.run(argv, cwd=ROOT, env=_without_addresses(), check=True)

    assert {file.stat().st_uid for file in (mine / "home").iterdir()} == {user.pw_uid}


def test_given_addresses_are_used_and_nothing_is_started(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://db.example/rents", "REDIS_URL": "redis://cache.example/0"}

    with embedded(tmp_path / "home", environ=given) as addresses:
        started = orphans.find((tmp_path / "home").resolve())

    assert (addresses.database_url, addresses.redis_url) == tuple(given.values())
    assert not started


def test_a_server_that_does_not_start_is_named_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules["sandbox.postgres_server"].SETTINGS, "shared_buffers", "much")

    with pytest.raises(Broken, match=r"(?s)postgres did not start: .*shared_buffers"), embedded(tmp_path / "home"):
        pass


class TestWithServers:
    @pytest.mark.parametrize(
        ("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -KILL $$", 128 + signal.SIGKILL)]
    )
    def test_the_exit_code_is_the_commands(self, home: Path, script: str, code: int, tmp_path: Path) -> None:
        given = {**os.environ, "DATABASE_URL": "postgresql://db.example/rents", "REDIS_URL": "redis://cache.example/0"}

        done = subprocess.run(_with_servers(tmp_path / "home", "sh", "-c", script), cwd=ROOT, env=given, check=False)

        assert done.returncode == code

    def test_a_polite_signal_ends_the_command_and_then_the_servers(self, tmp_path: Path) -> None:
        home = tmp_path.resolve() / "home"

        with _held(home) as process:
            process.terminate()

        assert process.returncode == 128 + signal.SIGTERM
        assert not orphans.find(home)
