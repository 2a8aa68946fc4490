from landlords.models.imports import (
    ColumnMeaning,
    ImportClaim,
    ImportPart,
    ImportRow,
    ImportStatus,
    LandlordImport,
    RowStatus,
)
from landlords.models.invitation import Invitation, InvitationPurpose, InvitationStatus, LandlordSession
from landlords.models.landlord import Landlord, MtdHandling
from landlords.models.property import Property, Share

__all__ = [
    "ColumnMeaning",
    "ImportClaim",
    "ImportPart",
    "ImportRow",
    "ImportStatus",
    "Invitation",
    "InvitationPurpose",
    "InvitationStatus",
    "Landlord",
    "LandlordImport",
    "LandlordSession",
    "MtdHandling",
    "Property",
    "RowStatus",
    "Share",
]
