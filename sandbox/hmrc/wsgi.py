"""The door for a WSGI server: granian serves `sandbox.hmrc.wsgi:app`, configured by the environment."""

import logging
import os
import sys

import structlog
from flask import Flask

from sandbox.hmrc.app import create_app
from sandbox.hmrc.config import BadConfig, Config


def build() -> Flask:
    """Build the application, or stop with one line that names the setting."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    try:
        return create_app(Config.read(os.environ))
    except BadConfig as error:
        print(f"HMRC stand-in: {error}", file=sys.stderr, flush=True)
        raise SystemExit(2) from None


app = build()
