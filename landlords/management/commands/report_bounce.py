"""Tell that a mail did not arrive: for the operator's mail provider, or whoever reads its reports."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from landlords import stops
from people.principal import SYSTEM
from tenants import clock


class Command(BaseCommand):
    help = "Report a bounce by the Message-ID of the mail; its landlord is not mailed again, unless it was a soft one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("message_id")
        parser.add_argument("--kind", choices=stops.BOUNCES, default=stops.HARD)

    def handle(self, *args: Any, message_id: str, kind: str, **options: Any) -> None:
        if not stops.report_message(by=SYSTEM, message_id=message_id, kind=kind, now=clock.now()):
            raise CommandError("no mail of ours has this Message-ID")
        self.stdout.write("noted\n")
