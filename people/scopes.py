"""What may be done, and which role may do it: the one place."""

from enum import StrEnum


class Scope(StrEnum):
    """A permission. API keys carry a list of them, staff have those of their role, landlords a fixed few."""

    LANDLORDS_READ = "landlords:read"
    LANDLORDS_WRITE = "landlords:write"
    NINO_REVEAL = "nino:reveal"
    CONNECTIONS_READ = "connections:read"
    CONNECTIONS_WRITE = "connections:write"
    SUBMISSIONS_READ = "submissions:read"
    SUBMISSIONS_WRITE = "submissions:write"
    DECLARATIONS_WRITE = "declarations:write"
    EVENTS_READ = "events:read"
    AGENCY_READ = "agency:read"
    AGENCY_ADMIN = "agency:admin"
    OWNERS = "agency:owners"
    OPERATOR = "operator"


READ = frozenset(
    {
        Scope.LANDLORDS_READ,
        Scope.CONNECTIONS_READ,
        Scope.SUBMISSIONS_READ,
        Scope.EVENTS_READ,
        Scope.AGENCY_READ,
    }
)
WORK = READ | {Scope.LANDLORDS_WRITE, Scope.CONNECTIONS_WRITE, Scope.SUBMISSIONS_WRITE, Scope.DECLARATIONS_WRITE}
ADMIN = WORK | {Scope.NINO_REVEAL, Scope.AGENCY_ADMIN}

ROLES: dict[str, frozenset[Scope]] = {
    "owner": ADMIN | {Scope.OWNERS},
    "admin": ADMIN,
    "member": WORK,
    "read-only": READ,
}
LANDLORD = frozenset(
    {Scope.CONNECTIONS_READ, Scope.CONNECTIONS_WRITE, Scope.SUBMISSIONS_READ, Scope.DECLARATIONS_WRITE}
)
# What an API key may be given: everything but what only people may do.
KEY_SCOPES = ADMIN
