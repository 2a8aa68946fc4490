"""The secrets that a new world is given. An old world gets no second one: its data was sealed with the first."""

import base64
import secrets
import uuid

from sandbox.home import Home, remembered


def make_for_new_database(home: Home) -> None:
    """Make the vault's two keys, Django's secret key and the environment's id, where they are missing."""
    home.secret("kek", _key)
    home.secret("token_kek", _key)
    home.secret("secret_key", lambda: secrets.token_urlsafe(50))
    home.secret("environment_id", lambda: str(uuid.uuid4()))


def client_id(home: Home) -> str:
    """The name by which the stand-in knows us, made on first use."""
    return remembered(home.sandbox / "client_id", lambda: secrets.token_urlsafe(21))


def make_client_secret(home: Home) -> None:
    """Make the password by which the stand-in knows us, if it is missing."""
    remembered(home.sandbox / "client_secret", lambda: str(uuid.uuid4()))


def _key() -> str:
    return f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}"
