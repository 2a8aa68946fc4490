from landlords.models.invitation import Invitation, InvitationPurpose, InvitationStatus, LandlordSession
from landlords.models.landlord import Landlord, MtdHandling
from landlords.models.property import Property, Share

__all__ = [
    "Invitation",
    "InvitationPurpose",
    "InvitationStatus",
    "Landlord",
    "LandlordSession",
    "MtdHandling",
    "Property",
    "Share",
]
