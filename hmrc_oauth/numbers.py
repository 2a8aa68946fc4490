"""A National Insurance number typed by somebody: what becomes of it depends on who."""

from datetime import datetime, timedelta

from hmrc_oauth import claims, errors
from hmrc_oauth.models import ClaimStatus, Connection, ConnectionState, Grant
from landlords import records
from landlords.errors import NinoConflict, NinoMissing
from landlords.models import Landlord
from people import limits
from people.principal import Principal

NINO_TRIES = 3  # corrections of one grant
TYPED = 10  # numbers that one landlord may type in an hour


def candidate(connection: Connection, given: str | None, by: Principal, now: datetime) -> str | None:
    """The NINO typed now, if it is not the one on file. It becomes the landlord's once HMRC has confirmed it, and staff
    too if it was typed by somebody with the landlord's link.
    """
    landlord = connection.landlord
    if not given:
        if landlord.nino is None:
            raise NinoMissing
        return None
    nino = _typed(landlord, given, by, now)
    if nino is not None and by.landlord_id is not None and connection.generation:
        raise errors.NinoMismatch(
            "The number typed is not the one that HMRC has confirmed for this connection. Ask the agency to correct it."
        )
    return nino


def _typed(landlord: Landlord, given: str, by: Principal, now: datetime) -> str | None:
    """None if it is the one on file. Raises Invalid, NinoConflict; SlowDown for a landlord who guesses."""
    if by.landlord_id is not None:
        limits.spend("typed_nino", str(by.landlord_id), most=TYPED, per=timedelta(hours=1), now=now)
    nino = records.parse_nino(given)
    if landlord.nino_index is not None and bytes(landlord.nino_index) == Landlord.index_of(nino):
        return None
    if Landlord.with_nino(nino, other_than=landlord.pk):
        raise NinoConflict
    return nino


def correct(connection: Connection, grant: Grant, given: str, *, by: Principal, now: datetime) -> None:
    """What staff correct goes on file; what a landlord corrects is a claim until HMRC and staff have confirmed it."""
    if grant.verified_at is not None and connection.state != ConnectionState.NOT_AUTHORISED:
        raise errors.NinoConfirmed
    if grant.nino_tries >= NINO_TRIES:
        raise errors.NoTriesLeft
    claims.drop(landlord_id=connection.landlord_id, now=now)
    if by.landlord_id is None:
        records.change(by=by, landlord_id=connection.landlord_id, given={"nino": given}, expected=None, now=now)
    elif nino := _typed(connection.landlord, given, by, now):
        claims.open_claim(connection.landlord, grant, nino, status=ClaimStatus.CHECKING, now=now)
    Grant.objects.filter(pk=grant.pk).update(nino_tries=grant.nino_tries + 1)
