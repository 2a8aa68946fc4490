"""
manage.py hmrc_rehearsal: call every operation HMRC wants to see in its sandbox, and write the evidence file.

The landlord is a test user of HMRC's sandbox, connected in the ordinary way. Test data made on the way is deleted.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hmrc_oauth.errors import FraudContextUnknown, NotConnected, ReconnectRequired
from mtd.rehearsal import NoToken, Performed, conduct
from tenants.context import tenant
from tenants.faults import NotFound
from tenants.named import agency_at


class Command(BaseCommand):
    help = "Call every operation HMRC wants to see in its sandbox, and write the evidence file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, help="host name of the agency")
        parser.add_argument("--landlord", required=True, help="the agency's reference of the landlord")
        parser.add_argument("--fraud-context", type=UUID, help="id of a context that a person's browser has left")
        parser.add_argument("--out", type=Path, default=Path("rehearsal.json"), help="the evidence file")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.HMRC.name == "production":
            raise CommandError("a rehearsal is for HMRC's sandbox: set HMRC_ENVIRONMENT=sandbox")
        if not options["out"].parent.is_dir():
            raise CommandError("--out: there is no such folder")
        agency = agency_at(options["agency"])
        try:
            with tenant(agency):
                evidence = conduct(
                    reference=options["landlord"], fraud_context=options["fraud_context"], tell=self._tell
                )
                evidence.write(options["out"])
        except NotFound:
            raise CommandError("no landlord with a NINO has this reference") from None
        except FraudContextUnknown:
            raise CommandError("no context of this id is kept that may go with this landlord's calls") from None
        except (NotConnected, ReconnectRequired):
            raise CommandError("the landlord is not connected: connect as this test user first") from None
        except NoToken:
            raise CommandError("no fresh access token came: do the workers run?") from None
        total = len(evidence.performed)
        self.stdout.write(f"{total - len(evidence.failed)} of {total} succeeded; written to {options['out']}")
        if evidence.failed:
            raise SystemExit(1)

    def _tell(self, done: Performed) -> None:
        name = done.call.operation if done.call else "-"
        self.stdout.write(f"{'ok' if done.succeeded else 'failed':6} {name:55} {done.says}")
