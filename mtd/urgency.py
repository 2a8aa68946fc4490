"""Who waits for what is asked of HMRC: a person, for whom it goes first, or a program."""

from datetime import timedelta

from django.db.models import Q

from people.models import Operation
from people.principal import Principal, PrincipalKind
from tenants import clock
from tenants.due import Lane
from tenants.ids import since

# A key may stand for a person at somebody's own front end: the first few that it asks for go first. What asks on and on
# is a program, and takes no turns from what is due.
OF_KEYS = 5
_WITHIN = timedelta(seconds=10)
_PEOPLE = (PrincipalKind.STAFF, PrincipalKind.LANDLORD)


def lane_for(by: Principal) -> Lane:
    """The lane of what this caller asks for now."""
    return Lane.INTERACTIVE if by.kind in _PEOPLE or _asked_lately() < OF_KEYS else Lane.BULK


def _asked_lately() -> int:
    asked = Q(kind__startswith="fetch.") | Q(kind="calculation")
    return Operation.objects.filter(asked, pk__gte=since(clock.machine() - _WITHIN)).count()
