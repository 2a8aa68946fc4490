"""Going on with a connect session without the browser session that began it."""

from datetime import datetime
from uuid import UUID

from hmrc_oauth.models import ConnectSession
from hmrc_oauth.models.session import OPEN
from landlords import codes
from people.principal import PrincipalKind


def ask_code(*, session_id: UUID, now: datetime) -> None:
    """Mail a code to the landlord who began it, if one did and it is open. Whoever asks is not told."""
    open_ones = ConnectSession.objects.filter(
        status__in=OPEN, expires_at__gt=now, connection__landlord__archived_at=None
    )
    session = (
        open_ones.select_related("connection__landlord")
        .filter(pk=session_id, principal_kind=PrincipalKind.LANDLORD)
        .first()
    )
    if session is not None:
        codes.ask(landlord=session.connection.landlord, connect_session_id=session_id, now=now)
