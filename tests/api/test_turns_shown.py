"""Everything that waits for its turn says which it is, and when that is likely to come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hmrc_oauth.models import ConnectSession, Grant
from mtd.models import BatchRow, CalculationType, Submission, Write
from people.models import Operation
from tenants import clock, due
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.api.callers import Caller
from tests.api.world import World, batched, begin, calculated, submit


@pytest.fixture(autouse=True)
def _nothing_waits(alphas: World) -> None:
    Due.objects.all().delete()


def shown(machine: Caller, path: str) -> dict[str, Any]:
    answer = machine.get(path)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def waits(said: dict[str, Any]) -> bool:
    """Whether it says both where it stands and when it goes."""
    assert said.keys() >= {"queue_position", "estimated_start_at"}
    if said["queue_position"] is None:
        assert said["estimated_start_at"] is None
        return False
    assert said["queue_position"] >= 1
    assert datetime.fromisoformat(said["estimated_start_at"]) > clock.now() - timedelta(seconds=5)
    return True


@pytest.fixture
def submission(alpha: Agency, alphas: World) -> Submission:
    """Queued, and the only one."""
    with tenant(alpha):
        BatchRow.objects.all().delete()
        Submission.objects.exclude(pk=alphas.submission_id).delete()
        due.put(kind=due.Kind.SUBMIT, subject_id=UUID(alphas.submission_id), lane=due.Lane.BULK)
        return Submission.objects.select_related("landlord").get()


def test_a_submission(machine: Caller, submission: Submission) -> None:
    assert waits(shown(machine, f"submissions/{submission.pk}"))
    assert waits(shown(machine, f"operations/{submission.pk}"))


def test_a_page_of_them_asks_for_all_places_at_once(
    machine: Caller, alpha: Agency, submission: Submission, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert all(waits(each) for each in shown(machine, "submissions?limit=100")["results"])
        return len([each for each in asked if "tenants_due" in each["sql"]])

    for_one = queries()
    with tenant(alpha):
        for _ in range(5):
            submit(submission.landlord_id, now=now)

    assert queries() == for_one


def test_what_is_over_has_none(machine: Caller, alpha: Agency, submission: Submission, now: datetime) -> None:
    with tenant(alpha):
        Submission.objects.update(status="accepted", settled_at=now)

    assert not waits(shown(machine, f"submissions/{submission.pk}"))


def test_a_calculation(machine: Caller, alpha: Agency, submission: Submission, now: datetime) -> None:
    with tenant(alpha):
        made = calculated(submission.landlord, CalculationType.IN_YEAR, now=now)
        due.put(kind=due.Kind.CALCULATE, subject_id=made.pk, lane=due.Lane.BULK)

    assert waits(shown(machine, f"calculations/{made.pk}"))


def test_a_declaration(machine: Caller, alpha: Agency, alphas: World) -> None:
    with tenant(alpha):
        Write.objects.update(status="queued", settled_at=None)
        due.put(kind=due.Kind.WRITE, subject_id=Write.objects.get().pk, lane=due.Lane.DEADLINE)

    assert waits(shown(machine, f"calculations/{alphas.calculation_id}/final-declaration"))


@pytest.mark.parametrize("kind", [due.Kind.EXCHANGE, due.Kind.CHECK])
def test_a_connect_session_whose_code_or_grant_is_tried(
    machine: Caller, alpha: Agency, submission: Submission, now: datetime, kind: due.Kind
) -> None:
    with tenant(alpha):
        session = ConnectSession.objects.get(pk=begin(submission.landlord_id, now=now))
    before = shown(machine, f"connect-sessions/{session.pk}")
    with tenant(alpha):
        session.grant = Grant.objects.get() if kind is due.Kind.CHECK else None
        session.save(update_fields=["grant"])
        due.put(kind=kind, subject_id=session.grant_id or session.pk, lane=due.Lane.INTERACTIVE)

    assert (waits(before), waits(shown(machine, f"connect-sessions/{session.pk}"))) == (False, True)


def test_the_operation_of_a_batch_stands_where_its_last_row_does(
    machine: Caller, alpha: Agency, submission: Submission, now: datetime
) -> None:
    with tenant(alpha):
        batch_id = batched(submission.landlord_id, now=now)
        Operation.objects.filter(pk=batch_id).update(status="running", finished_at=None)
    before = shown(machine, f"operations/{batch_id}")
    with tenant(alpha):
        Submission.objects.exclude(pk=submission.pk).update(status="accepted")

    assert (waits(before), waits(shown(machine, f"operations/{batch_id}"))) == (True, False)


def test_a_submission_that_waits_for_its_connection_says_what_ends_the_wait(
    machine: Caller, submission: Submission, alpha: Agency
) -> None:
    path = f"submissions/{submission.pk}"
    before = shown(machine, path)["user_action"]
    with tenant(alpha):
        Submission.objects.update(status="waiting_for_connection")

    assert (before, shown(machine, path)["user_action"]) == ("", 'Re-authorise via "Connect to HMRC".')
