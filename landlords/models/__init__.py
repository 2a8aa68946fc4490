from landlords.models.campaign import (
    Campaign,
    CampaignKind,
    CampaignMember,
    Deliver,
    InvitationBatch,
    InvitationRow,
    InvitationRowStatus,
)
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
from landlords.models.mailing import Mail, MailKind, MailSettings, MailStatus, MailStop, StopReason
from landlords.models.property import Property, Share
from landlords.models.sign_in import LinkRequest, SignInCode

__all__ = [
    "Campaign",
    "CampaignKind",
    "CampaignMember",
    "ColumnMeaning",
    "Deliver",
    "ImportClaim",
    "ImportPart",
    "ImportRow",
    "ImportStatus",
    "Invitation",
    "InvitationBatch",
    "InvitationPurpose",
    "InvitationRow",
    "InvitationRowStatus",
    "InvitationStatus",
    "Landlord",
    "LandlordImport",
    "LandlordSession",
    "LinkRequest",
    "Mail",
    "MailKind",
    "MailSettings",
    "MailStatus",
    "MailStop",
    "MtdHandling",
    "Property",
    "RowStatus",
    "Share",
    "SignInCode",
    "StopReason",
]
