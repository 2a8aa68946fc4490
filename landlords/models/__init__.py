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
from landlords.models.landlord import Landlord

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
    "RowStatus",
]
