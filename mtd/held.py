"""What HMRC holds of a business and tax year, as last seen: a PUT replaces all of it, whoever sent it."""

import json
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from mtd import figures
from mtd.models import Attempt, Held, Step, Submission, SubmissionStatus
from mtd.models.attempt import WITHOUT_EFFECT
from mtd.shapes import plain

FRESH = timedelta(hours=24)
_SHOWN = ("period_start", "period_end", "figures")
_PENNY = Decimal("0.01")


class Found(NamedTuple):
    """What HMRC holds, in our canonical form: `body` is JSON of the period and the figures. Both None for nothing."""

    digest: bytes | None
    body: str | None


NOTHING = Found(None, None)


def read(body: Any, *, business_id: str, tax_year: str) -> Found:
    """HMRC's answer, with nothing but what we send ourselves: no `submittedOn`, and money exact to the penny.

    What has not HMRC's form is told apart by its bytes, and shown without figures.
    """
    said = body if isinstance(body, dict) else {}
    start, end = (str(said.get(name, "")) for name in ("fromDate", "toDate"))
    try:
        amounts = _exact(said["ukProperty"])
    except (LookupError, InvalidOperation):
        whole = json.dumps(body, sort_keys=True, default=str)
        return Found(sha256(whole.encode()).digest(), _body(start, end, {}))
    digest = figures.digest(amounts, business_id=business_id, tax_year=tax_year, start=start, end=end)
    return Found(digest, _body(start, end, plain(amounts)))


def sent(submission: Submission) -> Found:
    """What HMRC holds once it has accepted this."""
    with submission.figures.open(reason="held at HMRC") as amounts:
        body = _body(submission.period_start.isoformat(), submission.period_end.isoformat(), json.loads(amounts))
    return Found(bytes(submission.digest), body)


def note(submission: Submission, found: Found, *, now: datetime) -> None:
    """Remember what HMRC holds of this submission's business and tax year."""
    row, _ = Held.objects.get_or_create(**submission.place, defaults={"read_at": now})
    row.digest, row.read_at = found.digest, now
    row.body = None if found.body is None else row.seal("body", found.body)
    row.submission = None if found.digest is None else _sent_with(submission, found.digest)
    row.save()


def last_seen(submission: Submission) -> Held | None:
    """What HMRC held when it was last looked at, however long ago."""
    return Held.objects.filter(**submission.place).first()


def opened(row: Held) -> dict[str, Any]:
    """The period and figures, in plain; None each where there are none."""
    if row.body is None:
        return dict.fromkeys(_SHOWN)
    with row.body.open(reason="shown to the caller") as body:
        shown: dict[str, Any] = json.loads(body)
    return shown


def is_fresh(held: Held | None, *, now: datetime) -> bool:
    return held is not None and now - held.read_at < FRESH


def would_overwrite(submission: Submission, seen: Held) -> bool:
    """Whether sending it erases what neither we sent nor the caller has agreed to replace."""
    if seen.digest is None:
        return False
    digest, agreed = bytes(seen.digest), (submission.digest, submission.replaces)
    if digest in [bytes(each) for each in agreed if each is not None]:
        return False
    return _sent_with(submission, digest) is None


def _sent_with(submission: Submission, digest: bytes) -> Submission | None:
    """The newest of ours that took these figures to HMRC, or may have."""
    arrived = Attempt.objects.filter(submission=OuterRef("pk"), what=Step.PUT).exclude(outcome__in=WITHOUT_EFFECT)
    same = Submission.objects.filter(**submission.place, digest=digest)
    return same.filter(Q(status=SubmissionStatus.ACCEPTED) | Exists(arrived)).order_by("-created_at", "-pk").first()


def _body(start: str, end: str, amounts: Any) -> str:
    return json.dumps(dict(zip(_SHOWN, (start, end, amounts), strict=True)))


def _exact(node: Any) -> Any:
    """Every amount a Decimal of at most two places. Raises InvalidOperation for what is none."""
    if isinstance(node, dict):
        return {name: _exact(inner) for name, inner in node.items()}
    amount = Decimal(str(node))
    if amount != amount.quantize(_PENNY):
        raise InvalidOperation
    return amount
