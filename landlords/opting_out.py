"""A landlord wants no more mails from us, and says so by the link in one, or by their mail program."""

from datetime import datetime
from uuid import UUID

from landlords import invitations, one_click, stops
from landlords.models import Mail
from people.principal import Principal, PrincipalKind
from tenants.context import tenant
from tenants.faults import NotFound
from tenants.models import Agency


def opt_out(*, invitation_token: str, now: datetime) -> None:
    """Works on any host, and for a link that is used or spent. Raises CredentialMalformed, CredentialUnknown."""
    agency, invitation = invitations.find(invitation_token=invitation_token, now=now)
    with tenant(agency):
        _stop(invitation.landlord_id, now)


def opt_out_by_click(*, token: str, now: datetime) -> None:
    """The same for a mail's List-Unsubscribe, on any host. Raises NotFound."""
    named = one_click.read(token)
    agency = named and Agency.objects.filter(pk=named.agency_id).first()
    if named is None or agency is None or not agency.is_active:
        raise NotFound
    with tenant(agency):
        mail = Mail.objects.filter(pk=named.mail_id).first() if one_click.is_proven(named) else None
        if mail is None:
            raise NotFound
        _stop(mail.landlord_id, now)


def _stop(landlord_id: UUID, now: datetime) -> None:
    themselves = Principal(PrincipalKind.LANDLORD, landlord_id, frozenset())
    stops.put(by=themselves, landlord_id=landlord_id, now=now)
