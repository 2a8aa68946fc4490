"""Sending one submission to HMRC, once: claim, refresh just before use, send, settle; or read back, if it is not
known what happened.
"""

import json
from datetime import datetime, timedelta
from decimal import InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from events import outbox
from hmrc_door import errors as hmrc_errors
from hmrc_door import property_business
from hmrc_door.call import Call, Lane, call
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused
from hmrc_oauth import access, connections, fraud_contexts
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.models import Connection
from mtd import figures
from mtd.models import Submission, SubmissionStatus
from mtd.models.submission import LEASE, NEVER_SENT, SETTLED, UNSENT
from mtd.settling import drop, tell
from people.models import Operation
from tenants import clock, due
from tenants.context import current_agency
from tenants.db import connection as database
from tenants.faults import NotFound

log = structlog.get_logger()

_SOON = timedelta(seconds=2)
_LONGEST = timedelta(minutes=5)
_READ_BACK_AFTER = timedelta(seconds=5)


def run(*, submission_id: UUID) -> None:
    """Send the submission, or read back what became of it. Safe to run twice, late, or never."""
    submission = Submission.objects.select_related("landlord").filter(pk=submission_id).first()
    if submission is None or submission.status in SETTLED:
        return due.done(kind=due.Kind.SUBMIT, subject_id=submission_id)
    now = clock.now()
    try:
        connection = access.get_usable(landlord_id=submission.landlord_id, now=now)
        bearer = access.bearer(connection, lane=due.Lane.DEADLINE, now=now)
    except (NotConnected, ReconnectRequired, NotFound):
        return _park(submission, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.SUBMIT, subject_id=submission_id, until=now + _SOON)
    if not _claim(submission, now):
        return None
    submission.refresh_from_db()
    return _attempt(_Attempt(submission, connection, bearer))


class _Attempt(NamedTuple):
    """One claimed try: what is sent, for whom, and with which token."""

    submission: Submission
    connection: Connection
    bearer: access.Bearer


def _attempt(attempt: _Attempt) -> None:
    submission = attempt.submission
    doubtful = submission.status == SubmissionStatus.UNKNOWN
    request = _request(submission, doubtful=doubtful)
    try:
        outcome = call(
            request,
            bearer=attempt.bearer,
            lane=Lane.DEADLINE,
            agency=str(current_agency().pk),
            # Reading back is our own doing; the figures go with the click that sent them, however late.
            headers=fraud_contexts.of_host() if doubtful else fraud_contexts.of_person(submission.fraud_context_id),
        )
    except ReconnectRequired:  # wiped while the call waited for its slot
        return _back(submission, SubmissionStatus.UNKNOWN if doubtful else SubmissionStatus.QUEUED, until=clock.now())
    attempt.connection.used(now=clock.now())
    return (_read_back if doubtful else _take)(attempt, outcome, clock.now())


def _claim(submission: Submission, now: datetime) -> bool:
    """Take the right to try. Of one business and tax year, one at a time, and never an older one after a newer one."""
    with transaction.atomic():
        _lock_figure(submission)
        # One that was sent is not superseded: first it is read back what became of it.
        if submission.status in UNSENT and _newer(submission).exists():
            drop(submission, to=SubmissionStatus.SUPERSEDED, now=now)
            return False
        if _others(submission).filter(status__in=[SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN]).exists():
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + _SOON)
            return False
        claimed = submission.claim()
        if claimed:
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + LEASE + _SOON)
            if submission.status == SubmissionStatus.SENDING:
                _doubt(submission, now)  # its sender is gone
            for operation in Operation.objects.filter(pk=submission.pk):
                operation.start()
    return claimed


def _others(submission: Submission) -> QuerySet[Submission]:
    same = {name: getattr(submission, name) for name in ("landlord_id", "business_id", "tax_year")}
    return Submission.objects.filter(**same).exclude(pk=submission.pk)


def _newer(submission: Submission) -> QuerySet[Submission]:
    later = Q(created_at__gt=submission.created_at) | Q(created_at=submission.created_at, pk__gt=submission.pk)
    return _others(submission).filter(later).exclude(status__in=NEVER_SENT)


def _lock_figure(submission: Submission) -> None:
    name = f"{submission.landlord_id}:{submission.business_id}:{submission.tax_year}"
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


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
    return {
        "fromDate": submission.period_start.isoformat(),
        "toDate": submission.period_end.isoformat(),
        "ukProperty": amounts,
    }


def _take(attempt: _Attempt, outcome: Outcome, now: datetime) -> None:
    submission = attempt.submission
    match outcome:
        case Answered():
            _accept(submission, outcome, now, outcome="confirmed", hmrc_status=outcome.status)
        case NotSent() | Refused(status=429):
            _back(submission, SubmissionStatus.QUEUED, until=now + _wait(submission))
        case Refused(status=401):
            # Nothing was done. A newer token, if the grant lives; parked, if it does not.
            access.refused(attempt.connection, attempt.bearer, lane=due.Lane.DEADLINE, now=now)
            _back(submission, SubmissionStatus.QUEUED, until=now + _wait(submission))
        case Refused():
            _reject(submission, outcome, now)
        case _:
            _back(submission, SubmissionStatus.UNKNOWN, until=now + _READ_BACK_AFTER)


def _read_back(attempt: _Attempt, answer: Outcome, now: datetime) -> None:
    submission = attempt.submission
    match answer:
        case Answered() if _same(submission, answer.body):
            _accept(submission, answer, now, outcome="reconciled")
        case Answered() | Refused(status=404):
            # HMRC does not hold it: it never arrived, and is sent (again), unless something newer was asked for.
            _back(submission, SubmissionStatus.QUEUED, until=now)
        case Refused(status=401):
            access.refused(attempt.connection, attempt.bearer, lane=due.Lane.DEADLINE, now=now)
            _back(submission, SubmissionStatus.UNKNOWN, until=now + _wait(submission))
        case _:
            _back(submission, SubmissionStatus.UNKNOWN, until=now + max(_READ_BACK_AFTER, _wait(submission)))


def _wait(submission: Submission) -> timedelta:
    return min(_SOON * max(submission.attempts, 1), _LONGEST)


def _accept(submission: Submission, answer: Answered, now: datetime, **more: Any) -> None:
    _settle(submission, SubmissionStatus.ACCEPTED, now, correlation_id=answer.correlation_id, **more)


def _same(submission: Submission, body: Any) -> bool:
    if not isinstance(body, dict):
        return False
    ours = _body(submission)
    dates = all(body.get(name) == ours[name] for name in ("fromDate", "toDate"))
    try:
        return dates and _amounts(body.get("ukProperty")) == _amounts(ours["ukProperty"])
    except InvalidOperation:  # something that is no amount: not ours
        return False


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
            # Only then: else another took over, and the place on the list is theirs.
            due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
            tell(submission, status, now, **more)
    log.info("submission.settled", submission=str(submission.pk), status=status, hmrc_code=more.get("hmrc_code", ""))


def _back(submission: Submission, status: SubmissionStatus, *, until: datetime) -> None:
    with transaction.atomic():
        if not submission.move(to=status):
            return  # another took over
        if status == SubmissionStatus.UNKNOWN != submission.status:
            _doubt(submission, clock.now())
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=until)


def _doubt(submission: Submission, now: datetime) -> None:
    outbox.publish(type="submission.unknown", subject_type="submission", subject_id=submission.pk, now=now)


def _park(submission: Submission, now: datetime) -> None:
    with transaction.atomic():
        works = connections.lock(landlord_id=submission.landlord_id).can_file
        if works and submission.landlord.archived_at is None:
            # Reconnected since we looked: whoever resumes what waits has been and gone.
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now)
            return
        waiting = Submission.objects.filter(pk=submission.pk, status=SubmissionStatus.QUEUED)
        if waiting.update(status=SubmissionStatus.WAITING_FOR_CONNECTION):
            outbox.publish(
                type="submission.waiting_for_connection",
                subject_type="submission",
                subject_id=submission.pk,
                now=now,
                landlord_id=str(submission.landlord_id),
            )
            due.done(kind=due.Kind.SUBMIT, subject_id=submission.pk)
        else:  # one whose outcome is not known can't be read back either: looked at again in a while
            due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now + timedelta(minutes=1))
