"""What can be told to stand still, by the name that an operator types."""

import getpass
import os

from django.core.management.base import CommandError, CommandParser

from hmrc_door.operations import OPERATIONS
from tenants.lanes import ORDER
from tenants.models import PauseScope
from tenants.named import agency_at


def add_operator(parser: CommandParser) -> None:
    """Who does this, for the audit trail: the account that runs it, unless they say who they are."""
    parser.add_argument("--by", default=_account(), help="your name, for the audit trail; this account's if not given")


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"uid {os.getuid()}"


def name_of(scope: str, typed: str) -> str:
    """The name under which it is paused. An agency is named by its host. Raises CommandError for what there is not."""
    if scope == PauseScope.AGENCY:
        return str(agency_at(typed).pk)
    known = list(ORDER) if scope == PauseScope.LANE else sorted(each.name for each in OPERATIONS)
    if typed not in known:
        raise CommandError(f"no {scope} has this name; there are: {', '.join(known)}")
    return typed
