"""HMRC. Figures are HMRC's own; ours are inside them."""

import os
from urllib.parse import urlsplit

from api.settings import env
from hmrc_door.environment import BadSetting, Environment

_NAMES = (
    "HMRC_ENVIRONMENT",
    "HMRC_API_URL",
    "HMRC_AUTHORIZE_URL",
    "HMRC_TOKEN_URL",
    "HMRC_CLIENT_ID",
    "HMRC_CLIENT_SECRETS",
    "HMRC_REDIRECT_URI",
    "HMRC_SCOPES",
    "HMRC_REQUESTS_PER_SECOND",
    "HMRC_EGRESS_ALLOW_LIST",
    "HMRC_EGRESS_ADDRESS",
)


def _given(name: str) -> str | None:
    return env.text(name, "") if name in os.environ or f"{name}_FILE" in os.environ else None


try:
    HMRC = Environment.read({name: _given(name) for name in _NAMES})
    HMRC.check()
except BadSetting as why:
    env.refuse(why.name, why.reason)

CLOCK_FILE = env.path("CLOCK_FILE")
if CLOCK_FILE is not None and HMRC.name == "production":
    env.refuse("CLOCK_FILE", "the clock can't be moved in production")

PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000" if HMRC.name == "local" else None)
if not urlsplit(PUBLIC_URL).hostname:
    env.refuse("PUBLIC_URL", "must be an absolute address such as https://connect.example.org")
