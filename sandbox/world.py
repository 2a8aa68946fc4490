"""One world to be run: its folder, its ports, its two servers, and the environment that its processes get."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sandbox import checks, keys
from sandbox.faults import Refused
from sandbox.home import TAG, Home, write_private
from sandbox.postgres_server import Postgres
from sandbox.redis_server import Redis
from sandbox.servers import Server

# Never in a process's environment, which any process of the same user can read: they travel as NAME_FILE.
SECRETS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HMRC_CLIENT_SECRETS", "TOKEN_KEK")
# Held by workers and the scheduler, or by workers alone: an API process has no business with them.
FOR_SOME = ("HMRC_CLIENT_SECRETS_FILE", "TOKEN_KEK_FILE")


AGENCY_HOST = "demo.localhost"


@dataclass(frozen=True)
class World:
    """What `make run` runs. `caller` is the environment it was called with, which overrides our defaults."""

    home: Home
    caller: Mapping[str, str]
    port: int
    sandbox_port: int

    @classmethod
    def of(cls, *, home: Home, caller: Mapping[str, str]) -> "World":
        """Raises Refused for a port that is wrong or busy, and for a given server that can't be used."""
        port, sandbox_port = checks.port("PORT", 8000, caller), checks.port("SANDBOX_PORT", 8001, caller)
        if port == sandbox_port:
            raise Refused("PORT and SANDBOX_PORT must differ")
        if database := checks.value("DATABASE_URL", caller):
            checks.database(database)
        if redis := checks.value("REDIS_URL", caller):
            checks.cache(redis)
        return cls(home=home, caller=caller, port=port, sandbox_port=sandbox_port)

    @cached_property
    def streams_port(self) -> int:
        """Where operations are watched: STREAMS_PORT, or a free port that is remembered. Raises Refused."""
        return checks.port("STREAMS_PORT", self.home.port("streams"), self.caller)

    @cached_property
    def console_port(self) -> int:
        """Where the console is: CONSOLE_PORT, or 5173 while that is free. Raises Refused."""
        return checks.port("CONSOLE_PORT", self.home.port("console", preferred=5173), self.caller)

    @property
    def console_url(self) -> str:
        """The console, for a browser: an origin other than the API's."""
        return f"http://localhost:{self.console_port}"

    @property
    def base_url(self) -> str:
        """The API, for a client that can't resolve names under localhost."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def agency_url(self) -> str:
        """The demo agency by its own host name."""
        return f"http://{AGENCY_HOST}:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The stand-in, for programs."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @cached_property
    def servers(self) -> list[Server]:
        """The embedded servers that are wanted, prepared on disk: those for which the caller gave no address."""
        wanted: dict[str, Server] = {"DATABASE_URL": Postgres(self.home), "REDIS_URL": Redis(self.home)}
        ours = {name: server for name, server in wanted.items() if not checks.value(name, self.caller)}
        for name, server in ours.items():
            server.prepare()
            write_private(self.home.keys / name.lower(), server.url + "\n")
        return list(ours.values())

    @property
    def database_url(self) -> str:
        """Where the database is, password included."""
        return checks.value("DATABASE_URL", self.caller) or (self.home.keys / "database_url").read_text().strip()

    def environ(self) -> dict[str, str]:
        """What every process gets: the caller's environment without secrets, and under it our defaults."""
        hidden = {*SECRETS, *FOR_SOME}
        shown = {name: value for name, value in self.caller.items() if name not in hidden}
        files = {f"{name}_FILE": self._file(name, default) for name, default in self._secret_files().items()}
        return {**self._defaults(), **shown, **files, TAG: str(self.home.path)}

    def client_secrets(self) -> dict[str, str]:
        """What only those get that speak to HMRC."""
        return {"HMRC_CLIENT_SECRETS_FILE": self._file("HMRC_CLIENT_SECRETS", self.home.sandbox / "client_secret")}

    def token_key(self) -> dict[str, str]:
        """What only those get that may open a token."""
        return {"TOKEN_KEK_FILE": self._file("TOKEN_KEK", self.home.keys / "token_kek")}

    def stand_in(self) -> dict[str, str]:
        """What the stand-in gets besides: it must expect the client that the product is."""
        product = self.environ()
        return {
            "SANDBOX_HOME": str(self.home.sandbox),
            "SANDBOX_CLIENT_ID": product["HMRC_CLIENT_ID"],
            "SANDBOX_CLIENT_SECRETS_FILE": self.client_secrets()["HMRC_CLIENT_SECRETS_FILE"],
            "SANDBOX_REDIRECT_URIS": product["HMRC_REDIRECT_URI"],
        }

    def _secret_files(self) -> dict[str, Path]:
        return {name: self.home.keys / name.lower() for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}

    def _file(self, name: str, default: Path) -> str:
        """The file in which `name` travels: the caller's, one we write of the caller's value, or our own."""
        if self.caller.get(name):
            given = self.home.run / name.lower()
            write_private(given, self.caller[name] + "\n")
            return str(given)
        return self.caller.get(f"{name}_FILE") or str(default)

    def _defaults(self) -> dict[str, str]:
        home, local = self.home, f"http://localhost:{self.port}"
        return {
            "DJANGO_SETTINGS_MODULE": "api.settings",
            "PYTHONUNBUFFERED": "1",
            "HMRC_ENVIRONMENT": "local",
            "HMRC_API_URL": self.sandbox_url,
            "HMRC_TOKEN_URL": f"{self.sandbox_url}/oauth/token",
            "HMRC_AUTHORIZE_URL": f"http://localhost:{self.sandbox_port}/oauth/authorize",
            "HMRC_CLIENT_ID": keys.client_id(home),
            "HMRC_REDIRECT_URI": f"{local}/hmrc/callback",
            "PUBLIC_URL": local,
            "PRIVACY_URL": "https://quarterday.example/privacy",
            "TERMS_URL": "https://quarterday.example/terms",
            "SECURITY_CONTACT": "security@quarterday.example",
            "SERVER_LOCATION": "this computer",
            "STREAMS_PORT": str(self.streams_port),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,.localhost",
            "KEK_FILE": str(home.keys / "kek"),
            "ENVIRONMENT_ID_FILE": str(home.keys / "environment_id"),
            "CLOCK_FILE": str(home.path / "clock"),
            "EMAIL_URL": f"file:///{home.path / 'mail'}",
        }
