"""manage.py forecast_refresh: the table of docs/refresh.md, what each policy costs."""

from typing import Any

from django.core.management.base import BaseCommand

from hmrc_oauth.forecast import table


class Command(BaseCommand):
    help = "Print what each refresh policy costs, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("\n".join(table()))
