"""What can be shown of a submission afterwards: what was sent, by whose click, each call to HMRC, what came back."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from mtd import held, submissions
from mtd.errors import WouldOverwrite
from mtd.models import Attempt, Submission


class Holds(NamedTuple):
    """HMRC's figures as last seen; without a digest it held none. `submission_id`: ours, if we sent them."""

    digest: str | None
    submission_id: UUID | None
    read_at: datetime
    period_start: str | None
    period_end: str | None
    figures: dict[str, Any] | None


class Evidence(NamedTuple):
    submission: Submission
    calls: tuple[Attempt, ...]  # oldest first
    hmrc_holds: Holds | None


def get(*, submission_id: UUID) -> Evidence:
    """Raises NotFound."""
    submission = submissions.get(submission_id=submission_id)
    calls = Attempt.objects.filter(submission=submission).order_by("begun_at", "pk")
    return Evidence(submission, tuple(calls), _last_seen(submission))


def in_the_way(submission: Submission) -> Holds | None:
    """What HMRC holds and nobody agreed to replace, if the submission was stopped for that."""
    return _last_seen(submission) if submission.reason_code == WouldOverwrite.code else None


def _last_seen(submission: Submission) -> Holds | None:
    row = held.last_seen(submission)
    if row is None:
        return None
    digest = None if row.digest is None else bytes(row.digest).hex()
    return Holds(digest, row.submission_id, row.read_at, **held.opened(row))
