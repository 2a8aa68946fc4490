"""Work whose next call is an operation of HMRC's that is paused: it stands still, loses no try, and goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hmrc_door import business_details, calculations, obligations, property_business
from hmrc_door.halted import halted
from hmrc_door.operation import Operation
from hmrc_oauth import verify
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import businesses, calculating, fetching, filing, readings, writing
from mtd import calculations as calculations_room
from mtd.models import Attempt, Calculation, CalculationType, Submission, Write
from mtd.quarters import QuarterlyType
from people.models import Operation as Asked
from tenants import due, pauses
from tenants.due import NEVER, Kind, Lane
from tenants.models import PauseScope
from tests.hmrc_oauth.fake_door import NOTHING_THERE, UNKNOWN, FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import KEY, again, due_at
from tests.mtd.scenes import BUSINESS, mandated, queue

DONE = answered(status=204)
GET, PUT = property_business.get_uk_cumulative, property_business.put_uk_cumulative


@contextmanager
def paused(operation: Operation[Any], time: FakeClock) -> Iterator[None]:
    """As a carrier answers while an operator has paused it; then it is resumed."""
    pauses.pause(scope=PauseScope.OPERATION, name=operation.name, reason="asked for", now=time.now)
    with halted(pauses.operations()):
        yield
    pauses.resume(scope=PauseScope.OPERATION, name=operation.name, now=time.now)


def _fetch(landlord: Landlord, time: FakeClock) -> UUID:
    operation = readings.ask(landlord_id=landlord.pk, what="obligations", lane=Lane.BULK, now=time.now)
    return UUID(str(operation.pk))


def _calculation(landlord: Landlord, time: FakeClock) -> UUID:
    asked: dict[str, Any] = {"tax_year": "2026-27", "kind": CalculationType.IN_YEAR, "fraud_context_id": None}
    made = calculations_room.ask(by=KEY, landlord_id=landlord.pk, now=time.now, **asked)
    return UUID(str(made.pk))


def _submission(landlord: Landlord, time: FakeClock) -> UUID:
    return UUID(str(queue(landlord).pk))


def _check(landlord: Landlord, time: FakeClock) -> UUID:
    grant = Grant.objects.get(landlord_id=landlord.pk)
    due.put(kind=Kind.CHECK, subject_id=grant.pk, lane=Lane.INTERACTIVE)
    return UUID(str(grant.pk))


@pytest.mark.parametrize(
    ("kind", "ask", "run", "operation"),
    [
        (Kind.FETCH, _fetch, lambda pk: fetching.run(operation_id=pk), obligations.list_obligations),
        (Kind.CALCULATE, _calculation, lambda pk: calculating.run(operation_id=pk), calculations.trigger_calculation),
        (Kind.SUBMIT, _submission, lambda pk: filing.run(submission_id=pk), PUT),
        (Kind.CHECK, _check, lambda pk: verify.run(grant_id=pk), business_details.list_businesses),
    ],
)
def test_it_asks_nothing_counts_no_try_and_goes_on_at_once(
    grant: Grant,
    landlord: Landlord,
    time: FakeClock,
    door: FakeDoor,
    kind: Kind,
    ask: Callable[[Landlord, FakeClock], UUID],
    run: Callable[[UUID], None],
    operation: Operation[Any],
) -> None:
    subject = ask(landlord, time)

    with paused(operation, time):
        run(subject)
        stands = due_at(kind, subject)
        time.advance(hours=1)

    assert door.asked == []
    assert stands == NEVER
    assert due_at(kind, subject) == time.now
    assert not Attempt.objects.exists()
    assert {*Calculation.objects.values_list("attempts", flat=True)} <= {0}
    assert {*Submission.objects.values_list("attempts", flat=True)} <= {0}
    assert {*Asked.objects.values_list("attempts", "finished_at")} <= {(0, None)}


def test_what_hmrc_holds_is_read_while_only_sending_is_paused(
    grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor
) -> None:
    submission = queue(landlord, is_known=False)
    door.will(NOTHING_THERE, DONE)

    with paused(PUT, time):
        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)
        assert due_at("submit", submission.pk) == NEVER
    filing.run(submission_id=submission.pk)

    assert again(submission).status == "accepted"
    assert len(door.asked) == 2


def test_what_is_in_doubt_stays_in_doubt_and_is_read_back_later(
    grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor
) -> None:
    submission = queue(landlord)
    door.will(UNKNOWN)
    filing.run(submission_id=submission.pk)
    time.advance(seconds=10)

    with paused(GET, time):
        for _ in range(3):
            filing.run(submission_id=submission.pk)

    assert again(submission).status == "unknown"
    assert Attempt.objects.count() == 1
    assert due_at("submit", submission.pk) == time.now


class TestAWrite:
    @pytest.fixture
    def write(self, grant: Grant, landlord: Landlord, time: FakeClock) -> Write:
        mandated(landlord)
        landlord.businesses.create(business_id=BUSINESS, type_of_business="uk-property", trading_name="")
        asked: dict[str, Any] = {"business_id": BUSINESS, "tax_year": "2026-27", "kind": QuarterlyType.CALENDAR}
        return businesses.choose_quarterly_type(
            by=KEY, landlord_id=landlord.pk, fraud_context_id=None, now=time.now, **asked
        )

    def test_is_not_tried(self, write: Write, time: FakeClock, door: FakeDoor) -> None:
        with paused(business_details.put_quarterly_type, time):
            writing.run(write_id=write.pk)
            stands = due_at("write", write.pk)

        assert (stands, again(write).attempts, door.asked) == (NEVER, 0, [])

    def test_in_doubt_is_not_given_up(self, write: Write, time: FakeClock, door: FakeDoor) -> None:
        door.will(UNKNOWN)
        writing.run(write_id=write.pk)

        with paused(business_details.get_business, time):
            for _ in range(3):
                time.advance(minutes=10)
                Grant.objects.update(access_expires_at=time.now + timedelta(hours=3))
                writing.run(write_id=write.pk)

        assert (again(write).status, again(write).attempts) == ("unknown", 1)
