"""A landlord wants no more mails from us, and says so by the link in one."""

from datetime import datetime

from landlords import invitations, stops
from people.principal import Principal, PrincipalKind
from tenants.context import tenant


def opt_out(*, invitation_token: str, now: datetime) -> None:
    """Works on any host, and for a link that is used or spent. Raises CredentialMalformed, CredentialUnknown."""
    agency, invitation = invitations.find(invitation_token=invitation_token, now=now)
    with tenant(agency):
        landlord_id = invitation.landlord_id
        themselves = Principal(PrincipalKind.LANDLORD, landlord_id, frozenset())
        stops.put(by=themselves, landlord_id=landlord_id, now=now)
