from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from people.scopes import Scope


class PrincipalKind(StrEnum):
    STAFF = "staff"
    API_KEY = "api_key"
    LANDLORD = "landlord"
    OPERATOR = "operator"
    SYSTEM = "system"
    NOBODY = "nobody"  # at a public page


@dataclass(frozen=True)
class Principal:
    """Who is calling. `id` is the staff member's, the key's or the landlord's: the same landlord in another session
    is the same principal.
    """

    kind: PrincipalKind
    id: UUID
    scopes: frozenset[Scope]

    @property
    def is_authenticated(self) -> bool:
        """What DRF asks of a user."""
        return True

    @property
    def landlord_id(self) -> UUID | None:
        """The one landlord this caller may see, if it is a landlord."""
        return self.id if self.kind is PrincipalKind.LANDLORD else None

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes


SYSTEM = Principal(PrincipalKind.SYSTEM, UUID(int=0), frozenset())
