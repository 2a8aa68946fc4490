from datetime import datetime
from typing import Self

from django.db import models

from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused
from mtd.models.submission import Submission
from tenants.ids import new_id


class Step(models.TextChoices):
    """What is asked of HMRC for a submission, one call each."""

    READ = "read"  # before it is sent: what would it replace?
    PUT = "put"
    READ_BACK = "read_back"  # after an answer was lost: did it arrive?


class AttemptOutcome(models.TextChoices):
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


WITHOUT_EFFECT = (AttemptOutcome.REFUSED, AttemptOutcome.NOT_SENT)


class Attempt(models.Model):
    """One call to HMRC for a submission: written down before it is sent, completed once by its answer.

    Without an outcome it is under way, or whoever sent it is gone: HMRC may have seen it. Ids and codes only.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attempts_made", db_index=False)
    what = models.CharField(max_length=16, choices=Step.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=AttemptOutcome.choices, blank=True)
    reason = models.CharField(max_length=32, blank=True)
    hmrc_status = models.PositiveSmallIntegerField(null=True)
    hmrc_code = models.CharField(max_length=100, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)
    held_digest = models.BinaryField(max_length=32, null=True)  # of what HMRC was found to hold

    class Meta:
        indexes = [models.Index(fields=["submission", "begun_at"], name="attempt_by_submission")]

    # Factories

    @classmethod
    def begin(cls, submission: Submission, *, what: Step, now: datetime) -> Self:
        """About to send."""
        return cls.objects.create(submission=submission, what=what, begun_at=now)

    # Mutators

    def complete(self, outcome: Outcome, *, now: datetime, held_digest: bytes | None = None) -> None:
        """What came of it. Once: an outcome is never written over."""
        told = {name: getattr(outcome, name, "") for name in ("reason", "correlation_id")}
        code = getattr(outcome, "code", "")
        Attempt.objects.filter(pk=self.pk, ended_at=None).update(
            ended_at=now,
            outcome=_kind(outcome),
            hmrc_status=getattr(outcome, "status", None),
            hmrc_code=code[:100],
            held_digest=held_digest,
            **told,
        )


def _kind(outcome: Outcome) -> AttemptOutcome:
    match outcome:
        case Answered():
            return AttemptOutcome.ANSWERED
        case Refused():
            return AttemptOutcome.REFUSED
        case NotSent():
            return AttemptOutcome.NOT_SENT
        case _:
            return AttemptOutcome.UNKNOWN
