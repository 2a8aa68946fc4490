"""Which agencies a command of manage.py is to go through."""

from uuid import UUID

from django.core.management.base import CommandError, CommandParser

from tenants.models import Agency


def add_agency(parser: CommandParser) -> None:
    """The argument that names one of them."""
    parser.add_argument("--agency", metavar="HOST_OR_ID", help="this one; all, if none is named")


def agencies(named: str | None) -> list[Agency]:
    """The one that was named, or all in the order of their age. Raises CommandError."""
    every = Agency.objects.order_by("pk")
    if named is None:
        return list(every)
    found = every.filter(pk=_id(named)) or every.filter(domains__domain=named.lower())
    if not found:
        raise CommandError("No agency has this host name or id.")
    return list(found)


def agency_at(host: str) -> Agency:
    """Raises CommandError."""
    found: Agency | None = Agency.objects.filter(domains__domain=host).first()
    if found is None:
        raise CommandError("no agency has this host name")
    return found


def _id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None
