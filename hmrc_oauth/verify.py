"""The first read: does this grant serve this landlord? One call to HMRC with the landlord's NINO decides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import structlog
from django.db import IntegrityError

from events import audit
from hmrc_door import business_details
from hmrc_door.call import Lane, call
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_oauth import access, ahead, expiry, fraud_contexts, halting, standstill
from hmrc_oauth.backoff import Wait
from hmrc_oauth.errors import ReconnectRequired
from hmrc_oauth.models import Connection, ConnectSession, Grant, SessionStatus
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

# An unverified grant is kept, sealed and unusable for filing, so that a typing error does not cost a second sign-in.
UNVERIFIED_KEPT = timedelta(days=7)
_OPERATION = "connection.check"
_RETRY = Wait(timedelta(seconds=2), timedelta(seconds=4))
_LONGEST = timedelta(minutes=5)

_NO_BUSINESS_YET = {"MATCHING_RESOURCE_NOT_FOUND", "NO_BUSINESS_FOUND"}


class _Check(NamedTuple):
    """A grant, the connection it is for, and the attempt that brought it."""

    grant: Grant
    connection: Connection
    session: ConnectSession | None


def run(*, grant_id: UUID) -> None:
    """Read the landlord's businesses with the grant and settle what follows. Safe to run twice, late, or never."""
    check, now = _open(grant_id), clock.now()
    if check is None:
        return due.done(kind=due.Kind.CHECK, subject_id=grant_id)
    if not check.grant.usable:
        return _gone(check, now)
    nino = _nino(check)
    if nino is None:
        return _refuse(check, NINO_MISMATCH, now)
    try:
        bearer = access.bearer_of(check.grant, lane=due.Lane.INTERACTIVE, now=now)
    except access.AwaitingToken:
        return due.put_off(kind=due.Kind.CHECK, subject_id=grant_id, until=_RETRY.after(now))
    return _read(check, nino, bearer, now)


def _read(check: _Check, nino: Sealed, bearer: access.Bearer, now: datetime) -> None:
    request, agency, grant_id = business_details.list_businesses(nino), str(current_agency().pk), check.grant.pk
    if halting.stands_still(request, kind=due.Kind.CHECK, subject_id=grant_id, now=now):
        return None
    # Looked at again soon if this process dies in the middle: a read may be repeated.
    due.put_off(kind=due.Kind.CHECK, subject_id=grant_id, until=now + timedelta(seconds=90))
    try:
        outcome = call(request, bearer=bearer, lane=Lane.INTERACTIVE, agency=agency, headers=_fraud_headers(check))
    except ReconnectRequired:  # wiped while the call waited for its slot
        return _gone(check, now)
    standstill.note(request.api, outcome, now=clock.now())
    return _settle(check, nino, outcome, bearer)


def wipe_unverified(*, grant_id: UUID, now: datetime) -> None:
    """Seven days are over: the grant that never served anyone is wiped."""
    with atomic():
        check = _open(grant_id, hold=True)
        if check is not None and check.grant.verified_at is None:
            until = check.grant.granted_at + UNVERIFIED_KEPT
            if now < until:
                due.put_off(kind=due.Kind.WIPE_GRANT, subject_id=grant_id, until=until)
                return
            check.grant.wipe()
            check.connection.forget_grant(grant=check.grant, now=now)
        due.done(kind=due.Kind.WIPE_GRANT, subject_id=grant_id)


def _open(grant_id: UUID, *, hold: bool = False) -> _Check | None:
    """The rows as they stand; with `hold`, the connection is locked first, so that they stay so."""
    landlord_id = Grant.objects.filter(pk=grant_id).values_list("landlord_id", flat=True).first()
    if landlord_id is None:
        return None
    connection = Connection.objects.select_related("landlord").get(landlord_id=landlord_id)
    held = connection.hold() if hold else connection
    session = ConnectSession.objects.filter(grant=grant_id).order_by("-created_at").first()
    return _Check(Grant.objects.get(pk=grant_id), held, session)


def _settle(asked: _Check, nino: Sealed, outcome: Outcome, bearer: access.Bearer) -> None:
    """What HMRC said, held against what stands now: much may have happened while the call was under way."""
    with atomic():
        now, check = clock.now(), _open(asked.grant.pk, hold=True)
        if check is None or not check.grant.usable:
            return _gone(check or asked, now)
        if _nino(check) != nino:  # corrected meanwhile: the answer is about another number
            return due.put_off(kind=due.Kind.CHECK, subject_id=check.grant.pk, until=now)
        return _take(check, outcome, bearer, now=now)


def _take(check: _Check, outcome: Outcome, bearer: access.Bearer, *, now: datetime) -> None:
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


def _later(check: _Check, now: datetime) -> datetime:
    """Short while somebody looks on, then longer: an answer that stays unclear must not eat HMRC's three a second."""
    asked = Operation.objects.filter(kind=_OPERATION, subject_id=check.grant.pk, finished_at=None)
    since = asked.values_list("created_at", flat=True).first() or check.grant.granted_at
    return max(_RETRY.after(now), now + min((now - since) / 4, _LONGEST))


def _accept(check: _Check, now: datetime) -> None:
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


def _resume(check: _Check, now: datetime) -> None:
    """HMRC had turned the connection away, and lets it act again: what waited goes."""
    ahead.plan(check.grant)
    expiry.plan(check.grant)
    tell([check.connection], "connection.recovered", now=now)
    due.put(kind=due.Kind.AFTER_CONNECT, subject_id=check.connection.landlord_id, lane=due.Lane.BULK)


def _establish(check: _Check, now: datetime) -> None:
    grant, connection, before = check.grant, check.connection, check.connection.grant
    connection.establish(grant=grant, now=now)
    ahead.plan(grant)
    if before is not None and before.pk != grant.pk:
        before.wipe()
        expiry.drop(before)
    expiry.plan(grant)
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


def _refuse(check: _Check, verdict: Verdict, now: datetime) -> None:
    grant, connection, before = check.grant, check.connection, check.connection.grant
    reason, causes = verdict.reason, list(verdict.causes)
    with atomic():
        if turn_away(connection, grant=grant, verdict=verdict, now=now):
            pass  # it worked by this very grant until now
        elif connection.refuse(grant=grant, reason=reason, causes=causes, now=now):
            tell([connection], "connection.not_authorised", now=now, reason_code=verdict.reason)
            _keep_for_a_correction(grant, instead_of=before)
        elif grant.verified_at is None:
            grant.wipe()  # the connection works by another grant: this one is not needed
        if check.session is not None:
            check.session.settle(status=SessionStatus.FAILED, reason=verdict.reason, now=now)
        _finish(check, now, error=verdict.code)


def _keep_for_a_correction(grant: Grant, *, instead_of: Grant | None) -> None:
    """The newest grant is the one that a corrected NINO may make work; one that has served is not limited in days."""
    if instead_of is not None and instead_of.pk != grant.pk:
        instead_of.wipe()
    if grant.verified_at is None:
        until = grant.granted_at + UNVERIFIED_KEPT
        due.put(kind=due.Kind.WIPE_GRANT, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=until)


def _unauthorised(check: _Check, bearer: access.Bearer, now: datetime) -> None:
    """The access token is over; a refresh will tell whether the grant is. One just made and refused is, unasked."""
    grant = check.grant
    if grant.expire_access(version=bearer.version, now=now):
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
    elif grant.token_version == bearer.version and grant.access_expires_at > now:
        _gone(check, now)
        return
    # Else a newer token has come meanwhile, or is on its way.
    due.put_off(kind=due.Kind.CHECK, subject_id=grant.pk, until=_RETRY.after(now))


def _gone(check: _Check, now: datetime) -> None:
    """HMRC has ended the grant. An unverified one leaves nothing behind; a connection that worked needs a new one."""
    grant, session = check.grant, check.session
    with atomic():
        check.connection.hold()
        if grant.verified_at is None:
            grant.wipe()
            check.connection.forget_grant(grant=grant, now=now)
            if session is not None:
                fail(session, reason="refused", now=now)
        _finish(check, now, error="hmrc.reconnect_required")


def _finish(check: _Check, now: datetime, *, error: str = "") -> None:
    due.done(kind=due.Kind.CHECK, subject_id=check.grant.pk)
    if check.session is not None:
        due.done(kind=due.Kind.EXPIRE_SESSION, subject_id=check.session.pk)
    finish_operations(check.grant, kind=_OPERATION, now=now, error=error)


def _fraud_headers(check: _Check) -> Mapping[str, str]:
    """Of whoever asked for this check, or else of whoever set out to connect. A check that nobody waits for is ours."""
    asked = Operation.objects.filter(kind=_OPERATION, subject_id=check.grant.pk, finished_at=None).first()
    if asked is not None:
        return fraud_contexts.of_person(asked.fraud_context_id)
    if check.session is not None and check.session.is_open:
        return fraud_contexts.of_person(check.session.fraud_context_id)
    return fraud_contexts.of_host()


def _nino(check: _Check) -> Sealed | None:
    session = check.session
    candidate: Sealed | None = session.nino if session is not None and session.is_open else None
    return candidate or check.connection.landlord.nino


def _store_nino(check: _Check, now: datetime) -> None:
    session, landlord = check.session, check.connection.landlord
    if session is None or session.nino is None or not session.is_open:
        return
    with session.nino.open(reason="confirmed by HMRC") as nino:
        landlord.put_nino(nino)
    confirmed = {name: getattr(landlord, name) for name in ("nino", "nino_index", "nino_mask")}
    landlord.change(expected=None, now=now, **confirmed)
