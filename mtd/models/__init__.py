from mtd.models.attempt import Attempt, AttemptOutcome, Step
from mtd.models.held import Held
from mtd.models.readings import Business, Obligation, Reading
from mtd.models.submission import Submission, SubmissionStatus

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Business",
    "Held",
    "Obligation",
    "Reading",
    "Step",
    "Submission",
    "SubmissionStatus",
]
