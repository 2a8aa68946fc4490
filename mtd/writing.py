"""Sending one write to HMRC, once: claim, send, settle; or ask HMRC what it holds, if it is not known what happened."""

from datetime import datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import transaction

from hmrc_door import errors as hmrc_errors
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused
from hmrc_oauth import access, connections, fraud_contexts, halting, refusals, standstill
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from mtd import leave, writes
from mtd.calling import SEND_WITHIN_S, Line, is_nothing, open_line
from mtd.models import Write, WriteKind, WriteStatus
from mtd.models.write import LEASE, SETTLED, UNSENT
from mtd.write_kinds import KINDS, Content, Kind, content_of
from people.models import Operation
from people.principal import SYSTEM
from tenants import clock, due
from tenants.faults import NotFound

log = structlog.get_logger()

POINTS = (
    "writing.begun",
    "writing.in_claim",
    "writing.after_claim",
    "writing.after_answer",
    "writing.in_settling",
    "writing.after_settling",
)
_SOON = timedelta(seconds=2)
_LONGEST = timedelta(minutes=5)
_LOOKS = 40  # then nobody is asked any more; about three hours
# What HMRC's answer raises when it has not the form that its documentation gives.
_NOT_UNDERSTOOD = (LookupError, TypeError, ValueError, AttributeError)


class _Attempt(NamedTuple):
    """One claimed try."""

    write: Write
    kind: Kind
    content: Content
    line: Line
    send_until: float


def run(*, write_id: UUID) -> None:
    """Send it, or find out what became of it. Safe to run twice, late, or never."""
    write = Write.objects.select_related("landlord").filter(pk=write_id).exclude(status__in=SETTLED).first()
    if write is None:
        return due.done(kind=due.Kind.WRITE, subject_id=write_id)
    now = clock.now()
    failpoint("writing.begun")
    try:
        line = open_line(landlord_id=write.landlord_id, lane=due.Lane.DEADLINE, now=now)
    except (NotConnected, ReconnectRequired, NotFound):
        return _park(write, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.WRITE, subject_id=write_id, until=now + _SOON)
    send_until = monotonic() + SEND_WITHIN_S  # counted from before the claim: a pause after it must not go unseen
    if _stands_still(write, now) or not _claim(write, now):
        return None
    failpoint("writing.after_claim")
    write.refresh_from_db()
    kind = KINDS[WriteKind(write.kind)]
    return _attempt(_Attempt(write, kind, content_of(write, reason="sent to HMRC"), line, send_until))


def _stands_still(write: Write, now: datetime) -> bool:
    kind = KINDS[WriteKind(write.kind)]
    make = kind.send if write.status in UNSENT else kind.look
    request = make(write, content_of(write, reason="named for HMRC"))
    return halting.stands_still(request, kind=due.Kind.WRITE, subject_id=write.pk, now=now)


def _claim(write: Write, now: datetime) -> bool:
    """Take the right to try. Of one place, one at a time, and never an older after a newer."""
    with transaction.atomic():
        writes.lock(write)
        write.refresh_from_db(fields=["status"])
        if write.status in UNSENT and _is_dropped(write, now):
            return False
        others = Write.objects.filter(**write.place).exclude(pk=write.pk)
        if others.filter(status__in=[WriteStatus.SENDING, WriteStatus.UNKNOWN]).exists():
            due.put_off(kind=due.Kind.WRITE, subject_id=write.pk, until=now + _SOON)
            return False
        claimed = write.claim()
        if claimed:
            due.put_off(kind=due.Kind.WRITE, subject_id=write.pk, until=now + LEASE + _SOON)
            for operation in Operation.objects.filter(pk=write.pk):
                operation.start()
        failpoint("writing.in_claim")
    return claimed


def _is_dropped(write: Write, now: datetime) -> bool:
    """Whether it is not to be sent any more: since it came, or since it was sent and turned out not to have arrived."""
    unasked = leave.refusal_of_click(landlord_id=write.landlord_id, kind=write.created_by_kind, at=write.created_at)
    if writes.newer(write).exists():
        writes.drop(write, to=WriteStatus.SUPERSEDED, now=now)
    elif unasked:
        writes.drop(write, to=WriteStatus.CANCELLED, now=now, reason=unasked.code)
    else:
        return False
    return True


def _attempt(attempt: _Attempt) -> None:
    write, kind, content, line, send_until = attempt
    is_doubtful = write.status == WriteStatus.UNKNOWN
    request = (kind.look if is_doubtful else kind.send)(write, content)
    # Looking is our own doing; what is sent goes with the click that sent it, however late.
    headers = fraud_contexts.of_host() if is_doubtful else fraud_contexts.of_person(write.fraud_context_id)
    try:
        outcome = line.send(request, headers=headers, timeout_s=max(0.0, send_until - monotonic()))
    except ReconnectRequired:  # wiped while the call waited for its slot
        return _back(write, WriteStatus(write.status) if is_doubtful else WriteStatus.QUEUED, until=clock.now())
    failpoint("writing.after_answer")
    with transaction.atomic():
        line.connection.used(now=clock.now())
        (_take_look if is_doubtful else _take)(attempt, outcome, clock.now())
        failpoint("writing.in_settling")
    failpoint("writing.after_settling")
    return None


def _take(attempt: _Attempt, outcome: Outcome, now: datetime) -> None:
    write, kind = attempt.write, attempt.kind
    match outcome:
        case Answered():
            _accept(attempt, outcome, now, outcome="confirmed", hmrc_status=outcome.status)
        case Refused() if refusals.is_of_application(outcome):
            _back(write, WriteStatus.QUEUED, until=standstill.later(tries=write.attempts, now=now))
        case NotSent() | Refused(status=401 | 429):
            _back(write, WriteStatus.QUEUED, until=now + _wait(write))
        case Refused() if outcome.code in kind.already and write.doubted_at is not None:
            _back(write, WriteStatus.UNKNOWN, until=now, hmrc_code=outcome.code[:100])
        case Refused() if (verdict := refusals.verdict_of(outcome)) and not verdict.ends_work:
            with transaction.atomic():
                _back(write, WriteStatus.QUEUED, until=now)
                _park(write, now)
        case Refused():
            _reject(write, outcome, now)
        case _:
            _back(write, WriteStatus.UNKNOWN, until=now + kind.sure_after, doubted_at=now, sent_at=now)


def _take_look(attempt: _Attempt, outcome: Outcome, now: datetime) -> None:
    write, kind = attempt.write, attempt.kind
    sure_at = (write.doubted_at or now) + kind.sure_after
    is_told = isinstance(outcome, Answered) or is_nothing(outcome)
    match outcome:
        case Refused() if refusals.is_of_application(outcome):
            _back(write, WriteStatus.UNKNOWN, until=standstill.later(tries=write.attempts, now=now))
        case Answered() if _holds(attempt, outcome.body):
            _accept(attempt, outcome, now, outcome="reconciled")
        case _ if is_told and write.hmrc_code:
            # HMRC holds another's: what it said to our second try was its answer to the first, too.
            meaning = hmrc_errors.meaning_of(hmrc_code=write.hmrc_code)
            _settle(write, WriteStatus.REJECTED, now, outcome="refused", reason_code=meaning.code)
        case _ if is_told and now >= sure_at:
            _back(write, WriteStatus.QUEUED, until=now)  # it never arrived
        case _ if is_told:
            _back(write, WriteStatus.UNKNOWN, until=sure_at, doubted_at=write.doubted_at or now)
        case _ if write.attempts >= _LOOKS:
            _settle(write, WriteStatus.UNCONFIRMED, now, outcome="unknown", reason_code="hmrc.no_answer")
        case _:
            _back(write, WriteStatus.UNKNOWN, until=now + max(kind.sure_after, _wait(write)))


def _holds(attempt: _Attempt, body: Any) -> bool:
    try:
        return attempt.kind.holds(attempt.content, body)
    except _NOT_UNDERSTOOD:
        return False


def _wait(write: Write) -> timedelta:
    return min(_SOON * max(write.attempts, 1), _LONGEST)


def _accept(attempt: _Attempt, answer: Answered, now: datetime, **more: Any) -> None:
    with transaction.atomic():
        seen = {"correlation_id": answer.correlation_id, **more}
        if _settle(attempt.write, WriteStatus.ACCEPTED, now, **seen):
            attempt.kind.accepted(attempt.write, attempt.content, now)


def _reject(write: Write, outcome: Refused, now: datetime) -> None:
    _settle(
        write,
        WriteStatus.REJECTED,
        now,
        outcome="refused",
        reason_code=refusals.code_of(outcome),
        hmrc_status=outcome.status,
        hmrc_code=outcome.code[:100],
        correlation_id=outcome.correlation_id,
    )


def _settle(write: Write, status: WriteStatus, now: datetime, **more: Any) -> bool:
    with transaction.atomic():
        is_ours = write.move(to=status, settled_at=now, sent_at=write.sent_at or now, **more)
        if is_ours:  # else another took over, and the place on the list is theirs
            due.done(kind=due.Kind.WRITE, subject_id=write.pk)
            writes.tell(write, status, by=SYSTEM, now=now, **more)
    log.info("write.settled", write=str(write.pk), kind=write.kind, status=status, hmrc_code=more.get("hmrc_code", ""))
    return is_ours


def _back(write: Write, status: WriteStatus, *, until: datetime, **more: Any) -> None:
    with transaction.atomic():
        if not write.move(to=status, **more):
            return  # another took over
        if status == WriteStatus.UNKNOWN != write.status:
            writes.tell(write, status, by=SYSTEM, now=clock.now())
        due.put_off(kind=due.Kind.WRITE, subject_id=write.pk, until=until)


def _park(write: Write, now: datetime) -> None:
    with transaction.atomic():
        works = connections.lock(landlord_id=write.landlord_id).can_file
        if works and write.landlord.archived_at is None:
            # Reconnected since we looked: whoever resumes what waits has been and gone.
            due.put_off(kind=due.Kind.WRITE, subject_id=write.pk, until=now)
        elif write.park():
            writes.tell(write, WriteStatus.WAITING_FOR_CONNECTION, by=SYSTEM, now=now)
            due.done(kind=due.Kind.WRITE, subject_id=write.pk)
        else:  # one whose outcome is not known can't be looked for either: tried again in a while
            due.put_off(kind=due.Kind.WRITE, subject_id=write.pk, until=now + timedelta(minutes=1))
