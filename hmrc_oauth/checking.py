"""A check of a grant, as its rows stand: whose it is, which number HMRC is asked about, and who typed that."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from hmrc_oauth import claims, fraud_contexts
from hmrc_oauth.models import ClaimStatus, Connection, ConnectSession, Grant, NinoClaim
from people.models import Operation
from people.principal import PrincipalKind
from tenants.vault import Sealed

OPERATION = "connection.check"
# An unverified grant is kept, sealed and unusable for filing, so that a typing error does not cost a second sign-in.
UNVERIFIED_KEPT = timedelta(days=7)


class Check(NamedTuple):
    """A grant, the connection it is for, the attempt that brought it, and a number that the landlord typed since."""

    grant: Grant
    connection: Connection
    session: ConnectSession | None
    claim: NinoClaim | None

    @property
    def typed(self) -> Sealed | None:
        """The number that was typed in the attempt, if it is not over and the number not the one on file."""
        session = self.session
        found: Sealed | None = session.nino if session is not None and session.is_open else None
        return found

    @property
    def is_landlords_word(self) -> bool:
        """Whether the number that HMRC is asked about was typed by whoever holds the landlord's link."""
        session = self.session
        in_session = self.typed is not None and session is not None and session.principal_kind == PrincipalKind.LANDLORD
        return self.claim is not None or in_session


def open_check(grant_id: UUID, *, hold: bool = False) -> Check | None:
    """The rows as they stand; with `hold`, the connection is locked first, so that they stay so."""
    landlord_id = Grant.objects.filter(pk=grant_id).values_list("landlord_id", flat=True).first()
    if landlord_id is None:
        return None
    connection = Connection.objects.select_related("landlord").get(landlord_id=landlord_id)
    held = connection.hold() if hold else connection
    session = ConnectSession.objects.filter(grant=grant_id).order_by("-created_at").first()
    claim = NinoClaim.objects.filter(grant=grant_id, status=ClaimStatus.CHECKING).first()
    return Check(Grant.objects.get(pk=grant_id), held, session, claim)


def kept(check: Check) -> timedelta:
    claim = claims.of(check.connection.landlord_id)
    waits = claim is not None and claim.status == ClaimStatus.WAITING
    return claims.KEPT if waits else UNVERIFIED_KEPT


def keep_claim(check: Check, status: ClaimStatus, now: datetime) -> None:
    """Keep the number that the landlord typed beyond the attempt that it was typed in."""
    if check.claim is not None:
        _ = status == ClaimStatus.WAITING and check.claim.wait()
        return
    assert check.typed is not None
    with check.typed.open(reason="kept for staff") as nino:
        claims.open_claim(check.connection.landlord, check.grant, nino, status=status, now=now)


def fraud_headers(check: Check) -> Mapping[str, str]:
    """Of whoever asked for this check, or else of whoever set out to connect. A check that nobody waits for is ours."""
    asked = Operation.objects.filter(kind=OPERATION, subject_id=check.grant.pk, finished_at=None).first()
    if asked is not None:
        return fraud_contexts.of_person(asked.fraud_context_id)
    if check.session is not None and check.session.is_open:
        return fraud_contexts.of_person(check.session.fraud_context_id)
    return fraud_contexts.of_host()


def nino_of(check: Check) -> Sealed | None:
    claimed: Sealed | None = check.claim.nino if check.claim is not None else None
    return claimed or check.typed or check.connection.landlord.nino
