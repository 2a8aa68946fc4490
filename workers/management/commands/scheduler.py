"""manage.py scheduler: the clock that finds what nobody rang for."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from tenants import metrics
from tenants.guard import check_start
from workers import gauges
from workers.scheduler import lead


class Command(BaseCommand):
    help = "Ring for what is due. Any number may run; one leads."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        check_start(rings=["data"])
        stopped: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, _: stopped.append(got))
        gauges.register()
        metrics.serve()
        lead(stopping=lambda: bool(stopped))
