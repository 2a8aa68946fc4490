"""Whatever waits for a turn of the pace says which turn that is, and when."""

from typing import Any

import pytest

from hmrc_oauth.models import ConnectSession, Grant, SessionStatus, Tokens
from mtd.models import Submission
from people.models import Operation
from tenants import clock, due
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.api.callers import Caller
from tests.api.world import World


def place(answer: Any) -> tuple[bool, bool]:
    said = answer.json()
    return said["queue_position"] is not None, said["estimated_start_at"] is not None


@pytest.fixture
def business(alphas: World) -> str:
    return f"landlords/{alphas.landlord_id}/businesses/{alphas.business_id}"


def test_a_submission(machine: Caller, alphas: World, alpha: Agency) -> None:
    assert place(machine.get(f"submissions/{alphas.submission_id}")) == (True, True)

    with tenant(alpha):
        due.done(kind=due.Kind.SUBMIT, subject_id=Submission.objects.get(pk=alphas.submission_id).pk)

    assert place(machine.get(f"submissions/{alphas.submission_id}")) == (False, False)


def test_a_submission_of_a_paused_batch_has_no_time(machine: Caller, alphas: World) -> None:
    machine.post(f"submission-batches/{alphas.batch_id}/pause", {"reason": "wait"})
    (row,) = machine.get(f"submission-batches/{alphas.batch_id}/rows").json()["results"]

    assert place(machine.get(f"submissions/{row['submission_id']}")) == (True, False)


def test_a_batch_and_its_operation(machine: Caller, alphas: World, alpha: Agency) -> None:
    assert place(machine.get(f"submission-batches/{alphas.batch_id}")) == (True, True)

    with tenant(alpha):
        Due.objects.all().delete()

    assert place(machine.get(f"submission-batches/{alphas.batch_id}")) == (False, False)


def test_the_operation_of_a_batch_that_is_not_taken_in(machine: Caller, alphas: World, alpha: Agency) -> None:
    with tenant(alpha):
        Operation.objects.filter(pk=alphas.batch_id).update(status="running", finished_at=None)

    assert place(machine.get(f"operations/{alphas.batch_id}")) == (True, True)

    with tenant(alpha):
        Submission.objects.all().update(status="accepted")

    assert place(machine.get(f"operations/{alphas.batch_id}")) == (False, False)


def test_a_calculation(machine: Caller, alphas: World) -> None:
    wanted = {"landlord_id": alphas.landlord_id, "tax_year": "2026-27", "type": "in-year"}

    made = machine.post("calculations", wanted)

    assert place(made) == (True, True)
    assert place(machine.get(f"calculations/{made.json()['id']}")) == (True, True)
    assert place(machine.get(f"calculations/{alphas.calculation_id}")) == (False, False)


def test_a_write(machine: Caller, alphas: World, business: str) -> None:
    answer = machine.call(
        "PUT", f"{business}/annual-submissions/2026-27", {"allowances": {"otherCapitalAllowance": "1"}}
    )

    assert place(answer) == (True, True)


def test_a_connect_session_that_is_exchanged_or_checked(machine: Caller, alphas: World, alpha: Agency) -> None:
    path = f"connect-sessions/{alphas.session_id}"
    assert place(machine.get(path)) == (False, False)

    with tenant(alpha):
        session = ConnectSession.objects.get(pk=alphas.session_id)
        due.put(kind=due.Kind.EXCHANGE, subject_id=session.pk, lane=due.Lane.INTERACTIVE)
    assert place(machine.get(path)) == (True, True)

    with tenant(alpha):
        due.done(kind=due.Kind.EXCHANGE, subject_id=session.pk)
        grant = Grant.issue(
            landlord_id=session.connection.landlord_id,
            tokens=Tokens("another", "one", 14_400),
            scope="write:self-assessment",
            now=clock.now(),
        )
        ConnectSession.objects.filter(pk=session.pk).update(grant=grant, status=SessionStatus.EXCHANGING)
        due.put(kind=due.Kind.CHECK, subject_id=grant.pk, lane=due.Lane.INTERACTIVE)
    assert place(machine.get(path)) == (True, True)
