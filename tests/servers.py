"""A pytest plugin, loaded before Django: real PostgreSQL and Redis for the whole session, and the environment they
need."""

import base64
import os
import secrets
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sandbox.servers import embedded

_ROOT = Path(__file__).resolve().parents[1]
_NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
_world = ExitStack()


@pytest.hookimpl(wrapper=True)  # a wrapper runs before pytest-django reads the settings
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """
    Start the servers, unless DATABASE_URL and REDIS_URL name others. One that does not start is an error, never a skip.

    Each process has its own: an open transaction holds back the events of every database of its server. The one that
    only hands out the tests (`-n`) has none, and leaves the environment as it found it.
    """
    keys = Path(_world.enter_context(tempfile.TemporaryDirectory()))
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    if early_config.known_args_namespace.numprocesses and not process:
        with pytest.MonkeyPatch.context() as environ:
            for name, value in {**product(keys), **_NOWHERE}.items():
                environ.setenv(name, value)
            yield
        return
    home = Path(os.environ.get("QUARTERDAY_TEST_HOME", _ROOT / ".local" / "test"))
    addresses = _world.enter_context(embedded(home / process, environ=os.environ))
    os.environ |= {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
    for name, value in product(keys).items():
        os.environ.setdefault(name, value)
    yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them."""
    _world.close()


def product(folder: Path) -> dict[str, str]:
    """The environment of a product that runs on its own, with new keys in `folder`."""
    for ring in ("kek", "token_kek"):
        path = folder / ring
        path.touch(mode=0o600)
        path.write_text(f"test:{base64.b64encode(secrets.token_bytes(32)).decode()}\n")
    return {
        "DJANGO_SETTINGS_MODULE": "api.settings",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "HMRC_ENVIRONMENT": "local",
        "HMRC_CLIENT_ID": "test-client",
        "HMRC_CLIENT_SECRETS": "test-secret",
        "HMRC_REDIRECT_URI": "http://localhost:8000/hmrc/callback",
        "KEK_FILE": str(folder / "kek"),
        "TOKEN_KEK_FILE": str(folder / "token_kek"),
        "CLOCK_FILE": str(folder / "clock"),
        "EMAIL_URL": "memory:",
    }
