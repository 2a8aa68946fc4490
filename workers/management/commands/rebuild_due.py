"""manage.py rebuild_due: put back what is missing from the due list, agency by agency."""

from typing import Any

from django.core.management.base import BaseCommand

from leaving.recovery import rebuild
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency


class Command(BaseCommand):
    help = "Rebuild the public due list from the agencies' own rows."

    def handle(self, *args: Any, **options: Any) -> None:
        for agency in Agency.objects.order_by("created_at").iterator():
            with tenant(agency):
                missing = rebuild(now=clock.now())
            self.stdout.write(f"{agency.pk} {missing}")
