"""manage.py rotate_kek: wrap every agency's data keys with the first line of each key file that this process has."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.guard import rings_checked
from tenants.vault.kek import rewrap
from tenants.vault.providers import SETTINGS


class Command(BaseCommand):
    help = "Wrap all data keys with the first key of the ring's file. Stopped in the midst, start it again."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        all_done = [rewrap(ring) for ring in rings_checked()]
        for done in all_done:
            self.stdout.write(json.dumps({"file": SETTINGS[done.ring], **done._asdict()}))
        if any(done.left for done in all_done):
            raise CommandError("Not done: data keys are left that name an older key. Take no line away; run it again.")
