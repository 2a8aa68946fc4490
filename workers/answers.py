"""What is done for each kind of thing that can be due: ids in, one domain call. Each may run twice, late or never."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog

from events import audit, notices
from events.delivery import relay, sending
from hmrc_oauth import ahead, connections, exchange, expiry, letters, needs, refresh, stopping, verify
from landlords import bulk, importing, posting, reminders, sign_in
from leaving import erasure, exports, off_boarding
from mtd import calculating, fetching, filing, intake, merging, readiness, retention, work, writing
from tenants import clock
from tenants.context import tenant
from tenants.due import OF_CLOSED, Kind, done
from tenants.errors import UnknownHost
from tenants.faults import NotFound

log = structlog.get_logger()

_Answer = Callable[[UUID], Any]

ANSWERS: Mapping[Kind, _Answer] = MappingProxyType(
    {
        Kind.EXCHANGE: lambda session: exchange.run(session_id=session),
        Kind.CHECK: lambda grant: verify.run(grant_id=grant),
        Kind.REFRESH: lambda grant: refresh.run(grant_id=grant),
        Kind.FETCH: lambda operation: fetching.run(operation_id=operation),
        Kind.SUBMIT: lambda submission: filing.run(submission_id=submission),
        Kind.WRITE: lambda write: writing.run(write_id=write),
        Kind.CALCULATE: lambda operation: calculating.run(operation_id=operation),
        Kind.BATCH: lambda batch: intake.run(batch_id=batch),
        Kind.IMPORT: lambda asked: importing.run(import_id=asked, confirmed=needs.confirmed),
        Kind.REFRESH_AHEAD: lambda grant: ahead.run(grant_id=grant, has_work=work.is_ahead, now=clock.now()),
        Kind.AFTER_CONNECT: lambda landlord: fetching.after_connect(landlord_id=landlord, now=clock.now()),
        Kind.EXPIRE_SESSION: lambda session: connections.expire(session_id=session, now=clock.now()),
        Kind.WIPE_GRANT: lambda grant: verify.wipe_unverified(grant_id=grant, now=clock.now()),
        Kind.TELL_LANDLORD: lambda connection: letters.run(connection_id=connection),
        Kind.INVITE: lambda batch: bulk.run(batch_id=batch, settled=needs.settled),
        Kind.MAIL: lambda mail: posting.run(mail_id=mail),
        Kind.REMIND: lambda invitation: reminders.run(invitation_id=invitation, settled=needs.settled, now=clock.now()),
        Kind.SIGN_IN: lambda request: sign_in.run(request_id=request, now=clock.now()),
        Kind.READINESS: lambda landlord: readiness.run(landlord_id=landlord, now=clock.now()),
        Kind.EXPIRING: lambda grant: expiry.run(grant_id=grant, now=clock.now()),
        Kind.EXPORT: lambda export: exports.run(export_id=export),
        Kind.WIPE_EXPORT: lambda export: exports.wipe(export_id=export, now=clock.now()),
        Kind.ERASE: lambda landlord: erasure.run(landlord_id=landlord, now=clock.now()),
        Kind.OFF_BOARD: lambda agency: off_boarding.run(agency_id=agency),
        Kind.MERGE: lambda duplicate: merging.run(duplicate_id=duplicate, now=clock.now()),
        Kind.RELAY: lambda agency: relay.run(agency_id=agency),
        Kind.DELIVER: lambda endpoint: sending.run(endpoint_id=endpoint, is_stopping=stopping.has_begun),
        Kind.TELL_STAFF: lambda endpoint: notices.run(endpoint_id=endpoint, now=clock.now()),
        Kind.TIDY: lambda _: retention.tidy(now=clock.now()),
        Kind.SEAL_AUDIT: lambda _: audit.seal_chain(now=clock.now()),
    }
)


def answer(kind: Kind, *, agency_id: UUID, subject_id: UUID) -> None:
    """Enter the agency and do it. A suspended agency's waits; what is no longer there is nothing to do."""
    with suppress(UnknownHost), tenant(agency_id) as entered:
        if entered.is_active or kind in OF_CLOSED:
            _answer(kind, subject_id)


def _answer(kind: Kind, subject_id: UUID) -> None:
    try:
        ANSWERS[kind](subject_id)
    except NotFound:
        done(kind=kind, subject_id=subject_id)
        log.info("actor.nothing_to_do", subject=str(subject_id))
