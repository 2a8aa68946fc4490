from landlords.models.invitation import Invitation, InvitationStatus, LandlordSession
from landlords.models.landlord import Landlord

__all__ = ["Invitation", "InvitationStatus", "Landlord", "LandlordSession"]
