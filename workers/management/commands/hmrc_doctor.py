"""manage.py hmrc_doctor: what stands between us and HMRC, and how to mend it. Exit code: 0 well, 1 warned, 2 worse."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hmrc_door import doctor
from hmrc_door.doctor import Finding, Level
from hmrc_door.fraud_facts import Method
from hmrc_oauth import fraud_contexts


class Command(BaseCommand):
    help = "Check credentials, addresses, TLS, clock, egress address, fraud-prevention headers and API versions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a finding, one a line")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Finding] = []
        say = self._as_json if options["json"] else self._as_row
        for finding in doctor.examine(
            settings.HMRC, method=Method.BATCH_PROCESS_DIRECT, host_headers=fraud_contexts.of_host()
        ):
            say(finding)
            found.append(finding)
        worst = doctor.worst(found)
        if worst is not Level.OK:
            raise SystemExit(int(worst))

    def _as_json(self, finding: Finding) -> None:
        said = {
            "check": finding.check,
            "level": finding.level.name.lower(),
            "says": finding.says,
            "mend": finding.mend,
        }
        self.stdout.write(json.dumps(said))

    def _as_row(self, finding: Finding) -> None:
        self.stdout.write(f"{finding.level.name.lower():8} {finding.check:14} {finding.says}")
        if finding.mend:
            self.stdout.write(f"{'':8} {'':14} → {finding.mend}")
