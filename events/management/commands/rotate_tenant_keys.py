"""manage.py rotate_tenant_keys: give agencies new data keys, which seal five minutes later. The old ones still open."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from events.sealing_keys import rotate
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.guard import rings_checked
from tenants.models import Agency
from tenants.models.agency import AgencyStatus
from tenants.named import add_agency, agencies
from tenants.vault import Purpose
from tenants.vault.providers import ring_of
from tenants.vault.versions import ROTATING


class Command(BaseCommand):
    help = "Give agencies new data keys. `manage.py reseal` then seals anew what the old ones sealed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_agency(parser)
        parser.add_argument(
            "--purpose", choices=[str(each) for each in ROTATING], help="this one; all, if none is named"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rings = rings_checked()
        purposes = [each for each in ROTATING if options["purpose"] in (None, each) and ring_of(each) in rings]
        if not purposes:
            raise CommandError("TOKEN_KEK_FILE: the keys of tokens can only be rotated where it is given.")
        staying = [agency for agency in agencies(options["agency"]) if agency.status != AgencyStatus.LEAVING]
        many = sum(self._rotate(agency, purposes) for agency in staying)
        self.stdout.write(json.dumps({"added": many, "purposes": purposes}))

    def _rotate(self, agency: Agency, purposes: list[Purpose]) -> int:
        with tenant(agency):
            added = rotate(by=SYSTEM, purposes=purposes, now=clock.now())
        for one in added:
            self.stdout.write(json.dumps({"agency_id": str(agency.pk), **one._asdict()}, default=str))
        return len(added)
