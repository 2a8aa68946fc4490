"""The due list can be lost: it is rebuilt from the agency's own rows, and nothing that is to be done is missing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from events.models import AuditEvent
from hmrc_oauth import connections
from hmrc_oauth.checking import UNVERIFIED_KEPT
from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import readings
from mtd.models import Submission, SubmissionStatus
from mtd.recovery import rebuild
from tenants import due
from tenants.db import connection
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import (
    KEY,
    a_landlord,
    begun,
    completed,
    connection_of,
    due_at,
    exchanged,
    returned,
)
from tests.mtd.scenes import queue

HOUSE = {"seal_audit", "tidy"}


@pytest.fixture
def lost(grant: Grant, landlord: Landlord, time: FakeClock) -> Any:
    """Rebuilds an empty list and says what is on it."""

    def run() -> set[tuple[str, Any]]:
        Due.objects.all().delete()
        rebuild(now=time.now)
        rows = Due.objects.exclude(kind__in=HOUSE).values_list("kind", "subject_id")
        return set(rows) - {("expiring", grant.pk), ("readiness", landlord.pk)}

    return run


def test_a_quiet_agency_needs_its_housekeeping_only(lost: Any) -> None:
    assert lost() == set()
    assert set(Due.objects.values_list("kind", flat=True)) == {*HOUSE, "expiring", "readiness"}


def test_a_warning_of_a_grants_end_is_found_until_the_last_was_given(lost: Any, grant: Grant, time: FakeClock) -> None:
    lost()
    assert due_at("expiring", grant.pk) == grant.ends_at - timedelta(days=90)

    grant.warn(days=1)
    lost()

    assert due_at("expiring", grant.pk) is None


@pytest.mark.parametrize("state", ["reconnect_required", "disconnected"])
def test_an_end_of_which_nobody_was_told_is_found(lost: Any, grant: Grant, landlord: Landlord, state: str) -> None:
    Connection.objects.update(state=state)
    connection = connection_of(landlord)

    assert lost() == {("tell_landlord", connection.pk)}
    assert connection.tell(now=connection.changed_at)
    assert lost() == set()


def test_every_session_under_way_is_found_where_it_stands(lost: Any, landlord: Landlord) -> None:
    waiting, (back, _), spending = begun(landlord).session, returned(landlord), completed(landlord)
    checking, first = exchanged(landlord)

    assert lost() == {
        *(("expire_session", session.pk) for session in (waiting, back, spending, checking)),
        ("exchange", spending.pk),
        ("check", first.pk),
        ("wipe_grant", first.pk),
    }
    assert due_at("wipe_grant", first.pk) == first.granted_at + UNVERIFIED_KEPT


@pytest.mark.parametrize("status", ["refreshing", "uncertain"])
def test_a_grant_in_a_claim_or_in_doubt_is_found(lost: Any, grant: Grant, status: str) -> None:
    Grant.objects.filter(pk=grant.pk).update(status=status, lease_ends_at=grant.ends_at)

    assert lost() == {("refresh", grant.pk)}


def test_what_people_asked_for_is_found(lost: Any, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
    connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
    connections.refresh(landlord_id=landlord.pk, now=time.now)
    reading = readings.ask(landlord_id=landlord.pk, what="businesses", lane=due.Lane.BULK, now=time.now)

    assert lost() == {("check", grant.pk), ("refresh", grant.pk), ("fetch", reading.pk)}


@pytest.mark.parametrize("status", ["queued", "sending", "unknown"])
def test_a_submission_that_is_not_settled_is_found(lost: Any, landlord: Landlord, status: str) -> None:
    submission = queue(landlord)
    Submission.objects.update(status=status)

    assert lost() == {("submit", submission.pk)}


@pytest.mark.parametrize("status", ["accepted", "rejected", "superseded", "cancelled"])
def test_a_submission_that_is_settled_is_not(lost: Any, landlord: Landlord, status: str) -> None:
    queue(landlord)
    Submission.objects.update(status=status)

    assert lost() == set()


def test_what_waits_for_a_connection_that_works_is_resumed_and_no_other(lost: Any, landlord: Landlord) -> None:
    queue(landlord)
    other = a_landlord(nino="AB654321B")
    Connection.of(other, now=landlord.created_at)
    Submission.objects.update(status=SubmissionStatus.WAITING_FOR_CONNECTION)

    assert lost() == {("after_connect", landlord.pk)}
    Connection.objects.update(state="reconnect_required", told_at=landlord.created_at + timedelta(days=99_999))
    assert lost() == set()


def test_nothing_is_sealed_where_nothing_was_audited(in_alpha: Agency, time: FakeClock) -> None:
    AuditEvent.objects.all().delete()
    Due.objects.all().delete()

    rebuild(now=time.now)

    assert list(Due.objects.values_list("kind", flat=True)) == ["tidy"]


def test_every_agencys_list_is_rebuilt_by_the_command(
    lost: Any, in_alpha: Agency, beta: Agency, landlord: Landlord, capsys: pytest.CaptureFixture[str]
) -> None:
    submission = queue(landlord)
    Due.objects.all().delete()
    connection.set_schema_to_public()

    call_command("rebuild_due")

    assert Due.objects.get(kind="submit").subject_id == submission.pk
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        [str(in_alpha.pk), "5"],
        [str(beta.pk), "1"],
    ]


def test_what_is_on_the_list_keeps_its_time(lost: Any, landlord: Landlord, time: FakeClock) -> None:
    submission = queue(landlord)
    later = time.now.replace(hour=23)
    due.put(kind=due.Kind.SUBMIT, subject_id=submission.pk, lane=due.Lane.DEADLINE, at=later)

    rebuild(now=time.now)
    missing = rebuild(now=time.now)

    assert due_at("submit", submission.pk) == later
    assert missing == 0
