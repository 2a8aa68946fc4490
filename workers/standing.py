"""What can be told to stand still, by the name that an operator types."""

from django.core.management.base import CommandError

from hmrc_door.operations import OPERATIONS
from tenants.lanes import ORDER
from tenants.models import Agency, PauseScope


def name_of(scope: str, typed: str) -> str:
    """The name under which it is paused. An agency is named by its host. Raises CommandError for what there is not."""
    if scope == PauseScope.AGENCY:
        return str(agency_at(typed).pk)
    known = list(ORDER) if scope == PauseScope.LANE else sorted(each.name for each in OPERATIONS)
    if typed not in known:
        raise CommandError(f"no {scope} has this name; there are: {', '.join(known)}")
    return typed


def agency_at(host: str) -> Agency:
    """Raises CommandError."""
    found: Agency | None = Agency.objects.filter(domains__domain=host).first()
    if found is None:
        raise CommandError("no agency has this host name")
    return found
