from mtd.models.readings import Business, Obligation, Reading
from mtd.models.submission import Submission, SubmissionStatus

__all__ = ["Business", "Obligation", "Reading", "Submission", "SubmissionStatus"]
