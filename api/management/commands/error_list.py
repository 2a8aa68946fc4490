"""manage.py error_list: docs/errors.md, from the one register of codes."""

from typing import Any

from django.core.management.base import BaseCommand

from api import catalogue

_HEAD = """# Errors

Written by `manage.py error_list > docs/errors.md` from the register that `GET /api/v1/errors` lists, not by
hand. A code is stable and never reused. Codes without a status are no answer of their own: they say what became of
something at HMRC (`reason_code`, `errors[].code`). The last column holds HMRC's own codes.

| code | status | what it says | who | what to do | again | HMRC's codes |
|---|---|---|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Print the list of error codes as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")


def document() -> str:
    """The whole page."""
    return _HEAD + "".join(map(_row, catalogue.entries()))


def _row(entry: dict[str, Any]) -> str:
    said = entry["title"], entry["who"], entry["user_action"], "yes" if entry["retryable"] else "no"
    codes = " ".join(f"`{code}`" for code in entry["hmrc_codes"])
    return f"| `{entry['code']}` | {entry['status'] or ''} | {' | '.join(said)} | {codes} |\n"
