"""The first read: does this grant serve this landlord? One call to HMRC with the landlord's NINO decides."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError

from events import audit
from hmrc_door import business_details
from hmrc_door.call import Lane, call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, ahead, claims, expiry, halting, standstill
from hmrc_oauth.backoff import Wait
from hmrc_oauth.checking import OPERATION, UNVERIFIED_KEPT, Check, fraud_headers, keep_claim, kept, nino_of, open_check
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.models import ClaimStatus, Grant, SessionStatus
from hmrc_oauth.refusals import NINO_MISMATCH, Verdict, is_of_application, turn_away, verdict_of
from hmrc_oauth.settling import atomic, fail, finish_operations
from hmrc_oauth.telling import tell
from landlords import invitations
from people.models import Operation
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import current_agency
from tenants.vault import Sealed

log = structlog.get_logger()

# Who was not enrolled may be by then; asked of ourselves, once a day, while the grant is kept.
RECHECK_AFTER = timedelta(days=1)
_RETRY = Wait(timedelta(seconds=2), timedelta(seconds=4))
_LONGEST = timedelta(minutes=5)

_NO_BUSINESS_YET = {"MATCHING_RESOURCE_NOT_FOUND", "NO_BUSINESS_FOUND"}


def run(*, grant_id: UUID) -> None:
    """Read the landlord's businesses with the grant and settle what follows. Safe to run twice, late, or never."""
    check, now = open_check(grant_id), clock.now()
    if check is None:
        return due.done(kind=due.Kind.CHECK, subject_id=grant_id)
    if not check.grant.usable:
        return _gone(check, now)
    nino = nino_of(check)
    if nino is None:
        return _refuse(check, NINO_MISMATCH, now)
    # Nobody waits for one that we make of ourselves.
    lane = due.lane_of(kind=due.Kind.CHECK, subject_id=grant_id) or Lane.INTERACTIVE
    try:
        bearer = access.bearer_of(check.grant, lane=lane, now=now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.CHECK, subject_id=grant_id, until=_RETRY.after(now))
    return _read(check, nino, bearer, lane, now)


def _read(check: Check, nino: Sealed, bearer: access.Bearer, lane: Lane, now: datetime) -> None:
    request, agency, grant_id = business_details.list_businesses(nino), str(current_agency().pk), check.grant.pk
    if halting.stands_still(request, kind=due.Kind.CHECK, subject_id=grant_id, now=now):
        return None
    # Looked at again soon if this process dies in the middle: a read may be repeated.
    due.put_off(kind=due.Kind.CHECK, subject_id=grant_id, until=now + timedelta(seconds=90))
    try:
        outcome = call(request, bearer=bearer, lane=lane, agency=agency, headers=fraud_headers(check))
    except ReconnectRequired:  # wiped while the call waited for its slot
        return _gone(check, now)
    standstill.note(request.api, outcome, now=clock.now())
    return _settle(check, nino, outcome, bearer)


def wipe_unverified(*, grant_id: UUID, now: datetime) -> None:
    """Seven days are over: the grant that never served anyone is wiped."""
    with atomic():
        check = open_check(grant_id, hold=True)
        if check is not None and check.grant.verified_at is None:
            until = check.grant.granted_at + kept(check)
            if now < until:
                due.put_off(kind=due.Kind.WIPE_GRANT, subject_id=grant_id, until=until)
                return
            check.grant.wipe()
            claims.drop(landlord_id=check.connection.landlord_id, now=now)
            check.connection.forget_grant(grant=check.grant, now=now)
        due.done(kind=due.Kind.WIPE_GRANT, subject_id=grant_id)


def _settle(asked: Check, nino: Sealed, outcome: Outcome, bearer: access.Bearer) -> None:
    """What HMRC said, held against what stands now: much may have happened while the call was under way."""
    with atomic():
        now, check = clock.now(), open_check(asked.grant.pk, hold=True)
        if check is None or not check.grant.usable:
            return _gone(check or asked, now)
        if nino_of(check) != nino:  # corrected meanwhile: the answer is about another number
            return due.put_off(kind=due.Kind.CHECK, subject_id=check.grant.pk, until=now)
        return _take(check, outcome, bearer, now=now)


def _take(check: Check, outcome: Outcome, bearer: access.Bearer, *, now: datetime) -> None:
    match outcome:
        case Answered():
            _accept(check, now)
        case Refused(status=404) if outcome.code in _NO_BUSINESS_YET:
            _accept(check, now)
        case Refused(status=401) if not is_of_application(outcome):
            _unauthorised(check, bearer, now)
        case Refused() if verdict := verdict_of(outcome):
            _refuse(check, verdict, now)
        case _:
            due.put_off(kind=due.Kind.CHECK, subject_id=check.grant.pk, until=_later(check, now))
            log.warning("check.put_off", grant=str(check.grant.pk), outcome=type(outcome).__name__)


def _later(check: Check, now: datetime) -> datetime:
    """Short while somebody looks on, then longer: an answer that stays unclear must not eat HMRC's three a second."""
    asked = Operation.objects.filter(kind=OPERATION, subject_id=check.grant.pk, finished_at=None)
    since = asked.values_list("created_at", flat=True).first() or check.grant.granted_at
    return max(_RETRY.after(now), now + min((now - since) / 4, _LONGEST))


def _accept(check: Check, now: datetime) -> None:
    if check.is_landlords_word:
        return _hold_for_staff(check, now)
    try:
        with atomic():
            if check.grant.verify(now=now):
                _store_nino(check, now)
                _establish(check, now)
            elif check.connection.allow(grant=check.grant, now=now):
                _resume(check, now)
            due.done(kind=due.Kind.WIPE_GRANT, subject_id=check.grant.pk)
            _finish(check, now)
    except IntegrityError:
        # Between typing and confirming, another landlord was given the same NINO.
        _refuse(check, NINO_MISMATCH, now)
    return None


def _resume(check: Check, now: datetime) -> None:
    """HMRC had turned the connection away, and lets it act again: what waited goes."""
    ahead.plan(check.grant)
    expiry.plan(check.grant)
    tell([check.connection], "connection.recovered", now=now)
    due.put(kind=due.Kind.AFTER_CONNECT, subject_id=check.connection.landlord_id, lane=due.Lane.BULK)


def _hold_for_staff(check: Check, now: datetime) -> None:
    """HMRC says that the number typed is theirs who signed in. Whether that is our landlord, staff must say."""
    grant, connection = check.grant, check.connection
    with atomic():
        if connection.refuse(grant=grant, reason=claims.REASON, causes=[], now=now):
            keep_claim(check, ClaimStatus.WAITING, now)
            _end_session(check, SessionStatus.CONNECTED, claims.REASON, now)
            tell([connection], "connection.nino_unconfirmed", now=now)
            until = grant.granted_at + claims.KEPT
            due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=until)
        else:
            grant.wipe()  # the connection works by another grant: this one is not needed
            claims.drop(landlord_id=connection.landlord_id, now=now)
            _end_session(check, SessionStatus.FAILED, "superseded", now)
        _finish(check, now)


def _establish(check: Check, now: datetime) -> None:
    grant, connection, before = check.grant, check.connection, check.connection.grant
    connection.establish(grant=grant, now=now)
    ahead.plan(grant)
    if before is not None and before.pk != grant.pk:
        before.wipe()
        expiry.drop(before)
    expiry.plan(grant)
    claims.drop(landlord_id=connection.landlord_id, now=now)
    invitations.use_up(landlord_id=connection.landlord_id)
    if check.session is not None:
        check.session.settle(status=SessionStatus.CONNECTED, now=now)
    landlord_id = connection.landlord_id
    audit.record(
        by=SYSTEM,
        action="connection.connected",
        subject_type="landlord",
        subject_id=landlord_id,
        now=now,
        grant=str(grant.pk),
    )
    tell([connection], "connection.connected", now=now)
    due.put(kind=due.Kind.AFTER_CONNECT, subject_id=landlord_id, lane=due.Lane.BULK)
    log.info("connection.connected", connection=str(connection.pk), grant=str(grant.pk))


def _refuse(check: Check, verdict: Verdict, now: datetime) -> None:
    grant, connection, before = check.grant, check.connection, check.connection.grant
    reason, causes = verdict.reason, list(verdict.causes)
    with atomic():
        if turn_away(connection, grant=grant, verdict=verdict, now=now):
            _look_again(check, now)  # it worked by this very grant until now
        elif connection.refuse(grant=grant, reason=reason, causes=causes, now=now):
            if check.is_landlords_word:
                keep_claim(check, ClaimStatus.CHECKING, now)  # they may yet enrol: HMRC is asked again
            tell([connection], "connection.not_authorised", now=now, reason_code=reason)
            _look_again(check, now)
            _keep_for_a_correction(grant, instead_of=before)
        elif grant.verified_at is None:
            grant.wipe()  # the connection works by another grant: this one is not needed
        _end_session(check, SessionStatus.FAILED, reason, now)
        _finish(check, now, error=verdict.code)


def _look_again(check: Check, now: datetime) -> None:
    landlord_id, at = check.connection.landlord_id, now + RECHECK_AFTER
    due.put(kind=due.Kind.READINESS, subject_id=landlord_id, lane=due.Lane.BACKGROUND, at=at)


def _keep_for_a_correction(grant: Grant, *, instead_of: Grant | None) -> None:
    """The newest grant is the one that a corrected NINO may make work; one that has served is not limited in days."""
    if instead_of is not None and instead_of.pk != grant.pk:
        instead_of.wipe()
    if grant.verified_at is None:
        until = grant.granted_at + UNVERIFIED_KEPT
        due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=until)


def _end_session(check: Check, status: SessionStatus, reason: str, now: datetime) -> None:
    if check.session is not None:
        check.session.settle(status=status, reason=reason, now=now)


def _unauthorised(check: Check, bearer: access.Bearer, now: datetime) -> None:
    """The access token is over; a refresh will tell whether the grant is. That of a new grant, just made and refused,
    tells it unasked. A connection that worked is not given up for so little: it is asked once more when that counts.
    """
    grant, until = check.grant, _RETRY.after(now)
    if grant.expire_access(version=bearer.version, now=now):
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
    elif grant.token_version == bearer.version and grant.access_expires_at > now:
        if grant.verified_at is None:
            _gone(check, now)
            return
        until = max(until, min(grant.believed_at + timedelta(seconds=1), now + _LONGEST))
    # Else a newer token has come meanwhile, or is on its way.
    due.put_off(kind=due.Kind.CHECK, subject_id=grant.pk, until=until)


def _gone(check: Check, now: datetime) -> None:
    """HMRC has ended the grant. An unverified one leaves nothing behind; a connection that worked needs a new one."""
    grant, session = check.grant, check.session
    with atomic():
        check.connection.hold()
        if grant.verified_at is None:
            grant.wipe()
            claims.drop(landlord_id=grant.landlord_id, now=now)
            check.connection.forget_grant(grant=grant, now=now)
            if session is not None:
                fail(session, reason="refused", now=now)
        _finish(check, now, error="hmrc.reconnect_required")


def _finish(check: Check, now: datetime, *, error: str = "") -> None:
    due.done(kind=due.Kind.CHECK, subject_id=check.grant.pk)
    if check.session is not None:
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=check.session.pk)
    finish_operations(check.grant, kind=OPERATION, now=now, error=error)


def _store_nino(check: Check, now: datetime) -> None:
    landlord = check.connection.landlord
    if check.typed is None:
        return
    with check.typed.open(reason="confirmed by HMRC") as nino:
        landlord.put_nino(nino)
    confirmed = {name: getattr(landlord, name) for name in ("nino", "nino_index", "nino_mask")}
    landlord.change(expected=None, now=now, **confirmed)
