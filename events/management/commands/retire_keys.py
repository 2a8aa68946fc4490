"""manage.py retire_keys: delete old versions of data keys with which nothing is sealed any more."""

import json
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.sealing_keys import retire
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tenants.named import add_agency, agencies
from tenants.vault.keyring import LIFE_S
from tenants.vault.versions import Unused, unused

_DAYS = 35


class Command(BaseCommand):
    help = "Delete old versions of data keys with which nothing is sealed any more."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_agency(parser)
        says = f"only those that have not been sealed with for so long; longer than backups are kept ({_DAYS})"
        parser.add_argument("--older-than", type=int, default=_DAYS, metavar="DAYS", help=says)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["older_than"] < 0:
            raise CommandError("--older-than: days, none of them before today")
        every, older_than = agencies(options["agency"]), timedelta(days=options["older_than"])
        counted = [self._unused(agency, older_than) for agency in every]
        if any(before.versions for before in counted):
            self.stderr.write(f"Counts again in {LIFE_S / 60:.0f} minutes: somebody may still hold a value.")
            time.sleep(LIFE_S)
        retired = still_used = 0
        for agency, before in zip(every, counted, strict=True):
            with tenant(agency):
                done = retire(by=SYSTEM, before=before, now=clock.now())
            retired += len(done.versions)
            for kept in done.kept:
                still_used += bool(kept.values)
                self.stdout.write(json.dumps({"agency_id": str(agency.pk), "kept": kept._asdict()}))
        self.stdout.write(json.dumps({"retired": retired, "still_used": still_used}))
        if still_used:
            raise CommandError("Versions are left that values are still sealed with: run reseal first.")

    def _unused(self, agency: Agency, older_than: timedelta) -> Unused:
        with tenant(agency):
            return unused(older_than)
