"""Where Prometheus reads what this process counts: a port of its own, since a process counts only what it did."""

import structlog
from django.conf import settings
from prometheus_client import start_http_server

log = structlog.get_logger()


def serve() -> None:
    """Answer `/metrics` at METRICS_HOST and METRICS_PORT, if there is a port. A port that is taken stops no work."""
    if not settings.METRICS_PORT:
        return
    try:
        start_http_server(settings.METRICS_PORT, addr=settings.METRICS_HOST)
    except OSError:
        log.exception("metrics.not_served", port=settings.METRICS_PORT)
