from mtd.models.calculation import Calculation, CalculationStatus, CalculationType
from mtd.models.readings import AnnualSubmission, Business, ItsaStatus, Obligation, Reading
from mtd.models.submission import Submission, SubmissionStatus
from mtd.models.write import Write, WriteKind, WriteStatus

__all__ = [
    "AnnualSubmission",
    "Business",
    "Calculation",
    "CalculationStatus",
    "CalculationType",
    "ItsaStatus",
    "Obligation",
    "Reading",
    "Submission",
    "SubmissionStatus",
    "Write",
    "WriteKind",
    "WriteStatus",
]
