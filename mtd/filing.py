"""Sending one submission to HMRC, once: claim, refresh just before use, send, settle; or read back, if it is not known what happened."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction

from events import audit, outbox
from hmrc_door import errors as hmrc_errors
from hmrc_door import property_business
from hmrc_door.call import Call, Lane, call
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused, Unknown
from hmrc_oauth import access
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.models import Connection
from mtd import figures
from mtd.models import Submission, SubmissionStatus
from people.models import Operation
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import current_agency
from tenants.faults import NotFound

log = structlog.get_logger()

_SOON = timedelta(seconds=2)
_READ_BACK_AFTER = timedelta(seconds=5)


def run(*, submission_id: UUID) -> None:
    """Send the submission, or read back what became of it. Safe to run twice, late, or never."""
    submission = Submission.objects.select_related("landlord").filter(pk=submission_id).first()
    if submission is None or submission.status in {SubmissionStatus.ACCEPTED, SubmissionStatus.REJECTED, SubmissionStatus.SUPERSEDED}:
        return due.done(kind=due.Kind.SUBMIT, subject_id=submission_id)
    now = clock.now()
    try:
        connection = access.get_usable(landlord_id=submission.landlord_id, now=now)
        token = access.bearer(connection, lane=due.Lane.DEADLINE, now=now)
    except (NotConnected, ReconnectRequired, NotFound):
        return _park(submission, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.SUBMIT, subject_id=submission_id, until=now + _SOON)
    if not _claim(submission):
        return None
    submission.refresh_from_db()
    doubtful = submission.status == SubmissionStatus.UNKNOWN
    outcome = call(_request(submission, doubtful=doubtful), bearer=token, lane=Lane.DEADLINE, agency=str(current_agency().pk))
    connection.used(now=clock.now())
    return (_read_back if doubtful else _take)(submission, connection, outcome, clock.now())


def _claim(submission: Submission) -> bool:
    with transaction.atomic():
        claimed = submission.claim()
        if claimed:
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=clock.now() + timedelta(seconds=125))
            for operation in Operation.objects.filter(pk=submission.pk):
                operation.start()
    return claimed


def _request(submission: Submission, *, doubtful: bool) -> Call:
    place: dict[str, Any] = {
        "nino": submission.landlord.nino,
        "business_id": submission.business_id,
        "tax_year": submission.tax_year,
    }
    if doubtful:
        return property_business.get_uk_cumulative(**place)
    return property_business.put_uk_cumulative(**place, body=_body(submission))


def _body(submission: Submission) -> dict[str, Any]:
    with submission.figures.open(reason="submit") as sealed:
        amounts = figures.from_plain(json.loads(sealed))
    return {"fromDate": submission.period_start.isoformat(), "toDate": submission.period_end.isoformat(), "ukProperty": amounts}


def _take(submission: Submission, connection: Connection, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Answered():
            _settle(submission, SubmissionStatus.ACCEPTED, now, outcome="confirmed", hmrc_status=outcome.status, correlation_id=outcome.correlation_id)
        case NotSent() | Refused(status=429):
            _back(submission, SubmissionStatus.QUEUED, until=now + _SOON)
        case Refused(status=401):
            # Nothing was done. A newer token, if the grant lives; parked, if it does not.
            access.refused(connection, lane=due.Lane.DEADLINE, now=now)
            _back(submission, SubmissionStatus.QUEUED, until=now + _SOON)
        case Refused():
            _reject(submission, outcome, now)
        case Unknown():
            _back(submission, SubmissionStatus.UNKNOWN, until=now + _READ_BACK_AFTER)


def _read_back(submission: Submission, connection: Connection, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Answered() if _same(submission, outcome.body):
            _settle(submission, SubmissionStatus.ACCEPTED, now, outcome="reconciled", correlation_id=outcome.correlation_id)
        case Answered() | Refused(status=404):
            # HMRC does not hold it: it never arrived, and is sent (again).
            _back(submission, SubmissionStatus.QUEUED, until=now)
        case Refused(status=401):
            access.refused(connection, lane=due.Lane.DEADLINE, now=now)
            _back(submission, SubmissionStatus.UNKNOWN, until=now + _SOON)
        case _:
            _back(submission, SubmissionStatus.UNKNOWN, until=now + _READ_BACK_AFTER)


def _same(submission: Submission, body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    ours = _body(submission)
    dates = all(body.get(name) == ours[name] for name in ("fromDate", "toDate"))
    return dates and _amounts(body.get("ukProperty")) == _amounts(ours["ukProperty"])


def _amounts(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _amounts(inner) for name, inner in node.items()}
    return figures.plain(figures.from_plain(str(node)))


def _reject(submission: Submission, outcome: Refused, now: datetime) -> None:
    meaning = hmrc_errors.explain(outcome)
    said = [{"code": code} for code in outcome.error.codes]
    _settle(
        submission,
        SubmissionStatus.REJECTED,
        now,
        outcome="refused",
        reason_code=meaning.code,
        hmrc_status=outcome.status,
        hmrc_code=outcome.code[:100],
        hmrc_errors=said,
        correlation_id=outcome.correlation_id,
    )


def _settle(submission: Submission, status: SubmissionStatus, now: datetime, **more: Any) -> None:
    with transaction.atomic():
        if submission.move(to=status, settled_at=now, sent_at=submission.sent_at or now, **more):
            _tell(submission, status, now, **more)
        due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
    log.info("submission.settled", submission=str(submission.pk), status=status, hmrc_code=more.get("hmrc_code", ""))


def _tell(submission: Submission, status: SubmissionStatus, now: datetime, **more: Any) -> None:
    ids = {"landlord_id": str(submission.landlord_id), "reason_code": more.get("reason_code", "")}
    subject: dict[str, Any] = {"subject_type": "submission", "subject_id": submission.pk, "now": now}
    outbox.publish(type=f"submission.{status}", **subject, **ids)
    audit.record(by=SYSTEM, action=f"submission.{status}", **subject, correlation_id=more.get("correlation_id", ""))
    for operation in Operation.objects.filter(pk=submission.pk):
        if status == SubmissionStatus.REJECTED:
            operation.fail(now=now, code=more.get("reason_code", "hmrc.other"))
        else:
            operation.succeed(now=now, result={"submission": str(submission.pk), "status": status})


def _back(submission: Submission, status: SubmissionStatus, *, until: datetime) -> None:
    with transaction.atomic():
        if submission.move(to=status) and status == SubmissionStatus.UNKNOWN:
            outbox.publish(type="submission.unknown", subject_type="submission", subject_id=submission.pk, now=clock.now())
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=until)


def _park(submission: Submission, now: datetime) -> None:
    with transaction.atomic():
        waiting = Submission.objects.filter(pk=submission.pk, status=SubmissionStatus.QUEUED)
        if waiting.update(status=SubmissionStatus.WAITING_FOR_CONNECTION):
            outbox.publish(type="submission.waiting_for_connection", subject_type="submission", subject_id=submission.pk, now=now)
            due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
        else:  # one whose outcome is not known can't be read back either: looked at again in a while
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + timedelta(minutes=1))
