"""manage.py create_operator_key: a key for POST /agencies, shown once."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants import credentials
from tenants.context import public
from tenants.ids import new_id


class Command(BaseCommand):
    help = "Make an operator's key and print it once."

    def handle(self, *args: Any, **options: Any) -> None:
        with public():
            self.stdout.write(credentials.mint(prefix="qdo", subject_id=new_id(), agency=None, expires_at=None))
