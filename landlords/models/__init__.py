from landlords.models.campaign import (
    Campaign,
    CampaignKind,
    CampaignMember,
    Deliver,
    InvitationBatch,
    InvitationRow,
    RowStatus,
)
from landlords.models.invitation import Invitation, InvitationPurpose, InvitationStatus, LandlordSession
from landlords.models.landlord import Landlord
from landlords.models.mailing import Mail, MailKind, MailSettings, MailStatus, MailStop, StopReason
from landlords.models.sign_in import LinkRequest, SignInCode

__all__ = [
    "Campaign",
    "CampaignKind",
    "CampaignMember",
    "Deliver",
    "Invitation",
    "InvitationBatch",
    "InvitationPurpose",
    "InvitationRow",
    "InvitationStatus",
    "Landlord",
    "LandlordSession",
    "LinkRequest",
    "Mail",
    "MailKind",
    "MailSettings",
    "MailStatus",
    "MailStop",
    "RowStatus",
    "SignInCode",
    "StopReason",
]
