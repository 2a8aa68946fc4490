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
from api.outputs.batches import BatchInFullOut, BatchOut, BatchRowOut
from api.outputs.connections import BegunOut, ConnectionOut, ConnectSessionOut, HmrcHealthOut
from api.outputs.evidence import EvidenceOut
from api.outputs.fraud import FraudContextOut
from api.outputs.landlords import InvitationOut, InvitedOut, LandlordOut, LandlordSessionOut, RevealedOut
from api.outputs.mandates import MandateOut
from api.outputs.work import BusinessOut, ObligationOut, OperationOut, QueueOut, SubmissionOut
from api.outputs.year_end import (
    AnnualSubmissionOut,
    CalculationInFullOut,
    CalculationOut,
    ItsaStatusOut,
    QuarterlyTypeOut,
    TermsOut,
    WriteOut,
)

__all__ = [
    "AgencyOut",
    "AnnualSubmissionOut",
    "ApiKeyOut",
    "AuditEventOut",
    "BatchInFullOut",
    "BatchOut",
    "BatchRowOut",
    "BegunOut",
    "BusinessOut",
    "CalculationInFullOut",
    "CalculationOut",
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
    "ItsaStatusOut",
    "LandlordOut",
    "LandlordSessionOut",
    "MadeKeyOut",
    "MandateOut",
    "MeOut",
    "ObligationOut",
    "OperationOut",
    "QuarterlyTypeOut",
    "QueueOut",
    "RevealedOut",
    "StaffOut",
    "SubmissionOut",
    "TermsOut",
    "WriteOut",
]
