"""Six digits by mail, for a landlord who lost the tab on the way back from HMRC."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from landlords import outgoing
from landlords.invitations import Started, begin_session
from landlords.models import Landlord, Mail, MailKind, SignInCode
from landlords.models.sign_in import CODE_LIFE

_DIGITS = 6
_MOST, _PER = 3, timedelta(hours=1)  # codes for one connect session


def ask(*, landlord: Landlord, connect_session_id: UUID, now: datetime) -> None:
    """Mail a code, unless too many were asked for; the caller is not told."""
    earlier = SignInCode.objects.filter(connect_session_id=connect_session_id, created_at__gt=now - _PER)
    if earlier.count() >= _MOST or not landlord.email:
        return
    code = SignInCode.objects.create(
        landlord=landlord, connect_session_id=connect_session_id, created_at=now, expires_at=now + CODE_LIFE
    )
    outgoing.queue([Mail(landlord=landlord, code=code, kind=MailKind.CODE, queued_at=now)], now=now)


def draw(code: SignInCode, *, now: datetime) -> str:
    """The digits, told to nobody but the mail: only their keyed digest stays."""
    digits = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    code.put(digits, now=now)
    return digits


def redeem(*, connect_session_id: UUID, code: str, now: datetime) -> Started | None:
    """A session of the landlord for the newest code of this connect session, once. None if it is wrong or over, or was
    tried five times: whoever calls must let this transaction stand, since the try is counted in it.
    """
    drawn = SignInCode.objects.filter(connect_session_id=connect_session_id, landlord__archived_at=None)
    newest = drawn.select_related("landlord").order_by("-created_at", "-id").first()
    if newest is None or not newest.spend_try(now=now):
        return None
    newest.refresh_from_db(fields=["digest"])
    if not secrets.compare_digest(bytes(newest.digest or b""), newest.digest_of(code)) or not newest.use(now=now):
        return None
    return begin_session(newest.landlord, invitation=None, now=now)
