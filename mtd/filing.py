"""One call to HMRC for one submission: look first, send, or read back what became of it. docs/filing.md says why."""

from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hmrc_door.call import Lane, call
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused
from hmrc_door.versions import Api
from hmrc_oauth import access, fraud_contexts, refusals, standstill
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.failpoints import failpoint
from hmrc_oauth.models import Connection
from mtd import asking, held, intake, parked, settling
from mtd.calling import SEND_WITHIN_S, is_nothing
from mtd.claiming import claim
from mtd.errors import Altered, OutcomeUnreadable
from mtd.models import Attempt, AttemptOutcome, Step, Submission, SubmissionStatus
from mtd.models.submission import SETTLED, UNSENT
from tenants import clock, due
from tenants.context import current_agency
from tenants.faults import NotFound

POINTS = (
    "filing.begun",
    "filing.in_claim",
    "filing.after_claim",
    "filing.after_answer",
    "filing.in_settling",
    "filing.after_settling",
)
_SOON = timedelta(seconds=2)
_NOT_TO_BE_SENT = (*SETTLED, SubmissionStatus.WAITING_FOR_APPROVAL)
_LONGEST = timedelta(minutes=5)
_READ_BACK_AFTER = timedelta(seconds=5)
_REFUSALS = 5  # of a read-back, until it is taken for HMRC's last word


def run(*, submission_id: UUID) -> None:
    """Make the one call that comes next. Safe to run twice, late, or never."""
    found = Submission.objects.select_related("landlord", "batch_row__batch").filter(pk=submission_id)
    submission = found.first()
    if submission is None or submission.status in _NOT_TO_BE_SENT:
        return due.done(kind=due.Kind.SUBMIT, subject_id=submission_id)
    now = clock.now()
    if intake.holds(submission, now=now):
        return None
    failpoint("filing.begun")
    if submission.status in UNSENT and not asking.is_intact(submission):
        settling.drop(submission, to=SubmissionStatus.STOPPED, reason=Altered.code, now=now)
        return None
    try:
        connection = access.get_usable(landlord_id=submission.landlord_id, now=now)
        bearer = access.bearer(connection, lane=due.Lane.DEADLINE, now=now)
    except (NotConnected, ReconnectRequired, NotFound):
        return parked.park(submission, now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.SUBMIT, subject_id=submission_id, until=now + _SOON)
    return _claim_and_make(submission, connection, bearer, now)


def _claim_and_make(submission: Submission, connection: Connection, bearer: access.Bearer, now: datetime) -> None:
    if until := standstill.waits_until(Api.PROPERTY_BUSINESS, now=now):
        return due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=until)
    send_until = monotonic() + SEND_WITHIN_S  # counted from before the claim: a pause after it must not go unseen
    attempt = claim(submission, now)
    failpoint("filing.after_claim")
    return _make(_Try(submission, attempt, connection, bearer, send_until)) if attempt else None


class _Try(NamedTuple):
    """One claimed call: for what, for whom, and with which token."""

    submission: Submission
    attempt: Attempt
    connection: Connection
    bearer: access.Bearer
    send_until: float

    @property
    def step(self) -> Step:
        return Step(self.attempt.what)


def _make(this: _Try) -> None:
    submission = this.submission
    by_click = this.step is Step.PUT  # reading is our own doing; the figures go with the click that sent them
    try:
        outcome = call(
            asking.request(submission, this.step),
            bearer=this.bearer,
            lane=Lane.DEADLINE,
            agency=str(current_agency().pk),
            headers=fraud_contexts.of_person(submission.fraud_context_id) if by_click else fraud_contexts.of_host(),
            timeout_s=max(0.0, this.send_until - monotonic()),
        )
    except ReconnectRequired:  # wiped while the call waited for its slot: parked when next looked at
        outcome = NotSent(reason="reconnect_required")
    failpoint("filing.after_answer")
    with transaction.atomic():
        _take(this, outcome, clock.now())
        failpoint("filing.in_settling")
    failpoint("filing.after_settling")


def _take(this: _Try, outcome: Outcome, now: datetime) -> None:
    found = None if this.step is Step.PUT else _found(this.submission, outcome)
    this.attempt.complete(outcome, now=now, held_digest=found.digest if found else None)
    if not isinstance(outcome, NotSent):
        this.connection.used(now=now)
    if standstill.note(Api.PROPERTY_BUSINESS, outcome, now=now):
        return _put_off(this, now, until=standstill.later(tries=this.submission.attempts, now=now))
    verdict = refusals.heed(this.connection, outcome, nino=this.submission.landlord.nino, now=now)
    if verdict and (this.step is Step.READ_BACK or not verdict.ends_work):
        return _park(this, now)
    if isinstance(outcome, Refused) and outcome.status == 401:  # noqa: PLR2004
        # Nothing was done. A newer token, if the grant lives; parked, if it does not.
        access.refused(this.connection, this.bearer, lane=due.Lane.DEADLINE, now=now)
    match this.step:
        case Step.READ:
            _looked(this.submission, outcome, found, now)
        case Step.PUT:
            _sent(this.submission, outcome, now)
        case Step.READ_BACK:
            _looked_back(this.submission, outcome, found, now)
    return None


def _put_off(this: _Try, now: datetime, *, until: datetime) -> None:
    """HMRC's answer was not about the figures: as it was before the call."""
    if this.step is Step.READ_BACK:
        settling.doubt(this.submission, now, until=until)
    else:
        settling.back(this.submission, until=until)


def _park(this: _Try, now: datetime) -> None:
    """The connection has been turned away. What is in doubt is parked when it is next looked at."""
    _put_off(this, now, until=now)
    if this.step is not Step.READ_BACK:
        parked.park(this.submission, now)


def _looked(submission: Submission, outcome: Outcome, found: held.Found | None, now: datetime) -> None:
    if found:
        _hold(submission, found, now)
    elif isinstance(outcome, Refused) and outcome.status not in _PASSING:
        settling.reject(submission, outcome, now)
    else:
        settling.back(submission, until=now + _wait(submission))


def _sent(submission: Submission, outcome: Outcome, now: datetime) -> None:
    match outcome:
        case Answered():
            said = {"hmrc_status": outcome.status, "correlation_id": outcome.correlation_id}
            settling.accept(submission, now, outcome="confirmed", **said)
        case NotSent() | Refused(status=401 | 429):
            settling.back(submission, until=now + _wait(submission))
        case Refused():
            settling.reject(submission, outcome, now)
        case _:
            settling.doubt(submission, now, until=now + _READ_BACK_AFTER)


def _looked_back(submission: Submission, outcome: Outcome, found: held.Found | None, now: datetime) -> None:
    if isinstance(outcome, Answered) and found and found.digest == bytes(submission.digest):
        settling.accept(submission, now, outcome="reconciled", correlation_id=outcome.correlation_id)
    elif found:
        # It never arrived. What comes next is decided as for any that waits: sent, superseded or stopped.
        _hold(submission, found, now)
    elif _is_last_word(submission, outcome) or now >= settling.doubted_until(submission):
        refused = outcome if isinstance(outcome, Refused) else None
        settling.stop(submission, now, reason=OutcomeUnreadable.code, refused=refused)
    else:
        settling.doubt(submission, now, until=now + max(_READ_BACK_AFTER, _wait(submission)))


# HMRC's refusals that say nothing of what was asked.
_PASSING = frozenset({401, 429})


def _is_last_word(submission: Submission, outcome: Outcome) -> bool:
    if not isinstance(outcome, Refused) or outcome.status in _PASSING:
        return False
    refused = Attempt.objects.filter(submission=submission, what=Step.READ_BACK, outcome=AttemptOutcome.REFUSED)
    ours = Q(hmrc_code__in=refusals.OF_APPLICATION) | Q(hmrc_code="", hmrc_status__in=refusals.OF_APPLICATION_SILENTLY)
    return refused.exclude(hmrc_status__in=_PASSING).exclude(ours).count() >= _REFUSALS


def _hold(submission: Submission, found: held.Found, now: datetime) -> None:
    if settling.back(submission, until=now):
        due.put_off(kind=due.Kind.SUBMIT, subject_id=submission.pk, until=now, calls=1)
        held.note(submission, found, now=now)


def _found(submission: Submission, outcome: Outcome) -> held.Found | None:
    """What HMRC holds, by its answer; None if that does not tell."""
    if isinstance(outcome, Answered):
        return held.read(outcome.body, business_id=submission.business_id, tax_year=submission.tax_year)
    return held.NOTHING if is_nothing(outcome) else None


def _wait(submission: Submission) -> timedelta:
    return min(_SOON * max(submission.attempts, 1), _LONGEST)
