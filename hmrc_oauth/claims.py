"""A NINO typed by whoever holds a landlord's link, and not the one on file: HMRC is asked whether it is theirs, and
then staff whether they are the landlord.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from events import audit
from hmrc_oauth.errors import NothingToConfirm
from hmrc_oauth.models import ClaimStatus, Connection, Grant, NinoClaim
from hmrc_oauth.models.claim import OPEN
from hmrc_oauth.telling import tell
from landlords import nino as ninos
from landlords import records
from landlords.models import Landlord
from people.principal import SYSTEM, Principal
from tenants import due
from tenants.ids import new_id

# So long staff have: the landlord need not sign in at HMRC again meanwhile.
KEPT = timedelta(days=30)
REASON = "nino_unconfirmed"


def open_claim(landlord: Landlord, grant: Grant, nino: str, *, status: ClaimStatus, now: datetime) -> NinoClaim:
    """Keep what was typed, sealed. An older claim of this landlord is dropped."""
    drop(landlord_id=landlord.pk, now=now)
    claim = NinoClaim(
        id=new_id(),
        landlord=landlord,
        grant=grant,
        nino_mask=ninos.mask(nino),
        was_mask=landlord.nino_mask,
        status=status,
        created_at=now,
    )
    claim.nino = claim.seal("nino", nino)
    claim.save(force_insert=True)
    return claim


def of(landlord_id: UUID) -> NinoClaim | None:
    """The claim that is open for this landlord."""
    return NinoClaim.objects.filter(landlord_id=landlord_id, status__in=OPEN).first()


def drop(*, landlord_id: UUID, now: datetime) -> None:
    """What was typed does not matter any more."""
    claim = of(landlord_id)
    if claim is not None:
        claim.decide(ClaimStatus.DROPPED, by=SYSTEM, now=now)


def confirm(*, by: Principal, landlord_id: UUID, now: datetime) -> Connection:
    """It is the landlord's. It goes on file, and HMRC is asked once more: its yes makes the connection work.

    Raises NotFound, NothingToConfirm, NinoConflict.
    """
    with transaction.atomic():
        connection, claim = _waiting(landlord_id, now)
        with claim.nino.open(reason="confirmed by staff") as nino:
            records.change(by=by, landlord_id=landlord_id, given={"nino": nino}, expected=None, now=now)
        claim.decide(ClaimStatus.CONFIRMED, by=by, now=now)
        due.put(kind=due.Kind.CHECK, subject_id=claim.grant_id, lane=due.Lane.INTERACTIVE)
        _tell(connection, claim, "confirmed", by, now)
    return connection


def refuse(*, by: Principal, landlord_id: UUID, now: datetime) -> Connection:
    """It is somebody else's. Their permission is wiped at once, and the connection is as if they had never come.

    Raises NotFound, NothingToConfirm.
    """
    with transaction.atomic():
        connection, claim = _waiting(landlord_id, now)
        claim.decide(ClaimStatus.REFUSED, by=by, now=now)
        claim.grant.wipe()
        connection.forget_grant(grant=claim.grant, now=now, reason="nino_refused")
        for kind in (due.Kind.CHECK, due.Kind.WIPE_GRANT):
            due.done(kind=kind, subject_id=claim.grant_id)
        _tell(connection, claim, "refused", by, now)
    return connection


def _waiting(landlord_id: UUID, now: datetime) -> tuple[Connection, NinoClaim]:
    connection = Connection.of(records.get(landlord_id=landlord_id), now=now).hold()
    claim = of(landlord_id)
    if claim is None or claim.status != ClaimStatus.WAITING or not claim.grant.usable:
        raise NothingToConfirm
    return connection, claim


def _tell(connection: Connection, claim: NinoClaim, what: str, by: Principal, now: datetime) -> None:
    audit.record(
        by=by,
        action=f"nino.{what}",
        subject_type="landlord",
        subject_id=claim.landlord_id,
        now=now,
        claim=str(claim.pk),
        grant=str(claim.grant_id),
    )
    tell([connection], f"connection.nino_{what}", now=now)
