"""manage.py reseal: seal anew whatever was sealed with an older version of an agency's keys. Killed, it goes on when it
is started again.
"""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.context import tenant
from tenants.guard import rings_checked
from tenants.named import add_agency, agencies
from tenants.vault.providers import SETTINGS
from tenants.vault.reseal import Resealed, reseal
from tenants.vault.versions import waiting_until


class Command(BaseCommand):
    help = "Seal everything with the newest keys; tokens only where this process is given their ring."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_agency(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        rings, total = rings_checked(), Counter[str]()
        for setting in (setting for ring, setting in SETTINGS.items() if ring not in rings):
            self.stderr.write(f"{setting} is not given: what it protects is left as it is.")
        if (until := waiting_until()) is not None:
            self.stderr.write(f"New keys do not seal before {until.isoformat()}: seal anew once more after that.")
        for agency in agencies(options["agency"]):
            with tenant(agency):
                for told in reseal():
                    self._tell(str(agency.pk), told)
                    total.update(done=told.done, broken=told.broken, left=told.left)
        self.stdout.write(json.dumps({name: total[name] for name in ("done", "broken", "left")}))
        if total["broken"] or total["left"]:
            raise CommandError(
                "Not all was sealed anew: see the lines above (broken: the log says which; left: again)."
            )

    def _tell(self, agency_id: str, told: Resealed) -> None:
        counts = {"done": told.done, "broken": told.broken, "left": told.left}
        if any(counts.values()):
            column = f"{told.column.model}.{told.column.name}"
            self.stdout.write(json.dumps({"agency_id": agency_id, "column": column, **counts}))
