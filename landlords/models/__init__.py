from landlords.models.invitation import Invitation, InvitationPurpose, InvitationStatus, LandlordSession
from landlords.models.landlord import Landlord

__all__ = ["Invitation", "InvitationPurpose", "InvitationStatus", "Landlord", "LandlordSession"]
