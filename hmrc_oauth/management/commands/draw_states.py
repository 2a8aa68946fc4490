"""Prints docs/connection.md: the states of a connection and of its grant, drawn from the tables that the code obeys."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import TextChoices

from hmrc_oauth import reasons
from hmrc_oauth.models.states import CONNECTION_MOVES, GRANT_MOVES, ConnectionState, GrantStatus, Move

_HEAD = """\
# The states of a connection

Written by `manage.py draw_states > docs/connection.md` from the tables in `hmrc_oauth/models/states`, which every
change goes through. What the steps of a refresh are stands in [refresh](refresh.md).

A landlord has one connection for ever; grants come and go. What the API shows as `state` is the connection's. While an
active connection's grant is being refreshed, or nobody knows what HMRC did with it, that shines through: `refreshing`
and `uncertain`.
"""


def document() -> str:
    """The whole page, as Markdown."""
    connection = _diagram(CONNECTION_MOVES, start=ConnectionState.NOT_CONNECTED)
    grant = _diagram(GRANT_MOVES, start=GrantStatus.ACTIVE)
    parts = [_HEAD, "## Connection\n", connection, "## Grant\n", grant, "## What a person should do\n", _actions()]
    return "\n".join(parts)


def _diagram(moves: Mapping[Any, Move], *, start: TextChoices) -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {start.value}"]
    return "\n".join([*lines, *(f"    {way}" for way in _ways(moves)), "```", ""])


def _ways(moves: Mapping[Any, Move]) -> Iterator[str]:
    for event, move in moves.items():
        for source in move.sources:
            yield f"{source} --> {move.to}: {event}"


def _actions() -> str:
    rows = [(f"`{state}`", reasons.user_action(reason="", state=state)) for state in ConnectionState.values]
    rows += [(f"reason `{code}`", reasons.user_action(reason=code)) for code in reasons.CODES]
    table = [f"| {what} | {action} |" for what, action in rows if action]
    return "\n".join(["| state or reason | `user_action` |", "|---|---|", *table, ""])


class Command(BaseCommand):
    """`manage.py draw_states > docs/connection.md`."""

    help = "Prints docs/connection.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(document(), ending="")
