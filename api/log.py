"""Structured logs: one JSON object a line, a constant event and ids. Redaction is the last line of defence, not the
first.
"""

import logging
import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# What must never be in a log: our bearer credentials and NINOs. HMRC's tokens never reach a logger at all.
_SECRETS = re.compile(r"\b(?:qd_(?:live|test)|qdl|qdi|qdo)_[0-9A-Za-z]{20,}|\b[A-Z]{2}\s?(?:[0-9]{2}\s?){3}[A-D]\b")


def configure(level: str = "INFO") -> None:
    """Send structlog and the standard library's logging to standard output, as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_standard(shared))


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blot out what looks like a credential of ours or a NINO, in every string of the event."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _SECRETS.sub("[redacted]", value)
    return event


def _standard(shared: list[Any]) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.add_logger_name, *shared],
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    }
    # django.request logs the text of what was raised, which may hold anything: api.problems says what can be said.
    noisy = ("urllib3", "requests", "social", "dramatiq", "django.security", "allauth", "fido2")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["out"], "level": "INFO"},
        "loggers": {**{name: {"level": "ERROR"} for name in noisy}, "django.request": {"level": "CRITICAL"}},
    }
