from mtd.models.attempt import Attempt, AttemptOutcome, Step
from mtd.models.batch import Batch, BatchPart, BatchRow
from mtd.models.calculation import Calculation, CalculationStatus, CalculationType
from mtd.models.held import Held
from mtd.models.mandate import Channel, Mandate, MandateEnd, MandateKind
from mtd.models.readiness import Readiness, ReadinessStatus
from mtd.models.readings import AnnualSubmission, Business, ItsaStatus, Obligation, Reading
from mtd.models.submission import Submission, SubmissionStatus
from mtd.models.write import Write, WriteKind, WriteStatus

__all__ = [
    "AnnualSubmission",
    "Attempt",
    "AttemptOutcome",
    "Batch",
    "BatchPart",
    "BatchRow",
    "Business",
    "Calculation",
    "CalculationStatus",
    "CalculationType",
    "Channel",
    "Held",
    "ItsaStatus",
    "Mandate",
    "MandateEnd",
    "MandateKind",
    "Obligation",
    "Readiness",
    "ReadinessStatus",
    "Reading",
    "Step",
    "Submission",
    "SubmissionStatus",
    "Write",
    "WriteKind",
    "WriteStatus",
]
