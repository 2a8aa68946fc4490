"""manage.py streams: the process that tells operations as they change, to many who watch."""

import asyncio
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from api.streams.serving import serve_until_told
from tenants import metrics
from tenants.guard import check_start, refuse


class Command(BaseCommand):
    help = "Serve /api/v1/operations/{id}/events to many at once (docs/streams.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8002)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if settings.TOKEN_KEK_FILE is not None:
            refuse("TOKEN_KEK_FILE: an API process must not be given the key of tokens.")
        check_start(rings=["data"])
        metrics.serve()
        asyncio.run(serve_until_told(host=host, port=port))
        # A thread may still wait for a database that does not answer; nothing is lost with it.
        os._exit(0)
