"""What is said: one shape a resource."""

from api.outputs.agency import (
    AgencyOut,
    ApiKeyOut,
    AuditEventOut,
    ConfigOut,
    ErrorOut,
    EventOut,
    MadeKeyOut,
    MeOut,
    StaffOut,
)
from api.outputs.connections import BegunOut, ConnectionOut, ConnectSessionOut, HmrcHealthOut
from api.outputs.evidence import EvidenceOut
from api.outputs.fraud import FraudContextOut
from api.outputs.landlords import InvitationOut, InvitedOut, LandlordOut, LandlordSessionOut, RevealedOut
from api.outputs.work import BusinessOut, ObligationOut, OperationOut, QueueOut, SubmissionOut

__all__ = [
    "AgencyOut",
    "ApiKeyOut",
    "AuditEventOut",
    "BegunOut",
    "BusinessOut",
    "ConfigOut",
    "ConnectSessionOut",
    "ConnectionOut",
    "ErrorOut",
    "EventOut",
    "EvidenceOut",
    "FraudContextOut",
    "HmrcHealthOut",
    "InvitationOut",
    "InvitedOut",
    "LandlordOut",
    "LandlordSessionOut",
    "MadeKeyOut",
    "MeOut",
    "ObligationOut",
    "OperationOut",
    "QueueOut",
    "RevealedOut",
    "StaffOut",
    "SubmissionOut",
]
