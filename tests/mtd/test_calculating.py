"""A calculation that HMRC takes its time over, or will not give."""

from datetime import timedelta

import pytest

from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import calculating, calculations
from mtd.models import Calculation, CalculationStatus, CalculationType
from people.models import Operation
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOTHING_THERE,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, again, due_at, events

TRIGGERED = answered({"calculationId": "717f3a7a-db8e-41e9-a2b1-0f4ae50b6b2d"}, status=202)
FAULTY = answered(
    {"metadata": {"periodTo": "2026-10-05"}, "messages": {"errors": [{"id": "C55316", "text": "No."}]}, "inputs": {}}
)


@pytest.fixture
def calculation(grant: Grant, landlord: Landlord, time: FakeClock) -> Calculation:
    return ask(landlord, time)


def ask(landlord: Landlord, time: FakeClock) -> Calculation:
    kind = CalculationType.IN_YEAR
    return calculations.ask(
        by=KEY, landlord_id=landlord.pk, tax_year="2026-27", kind=kind, fraud_context_id=None, now=time.now
    )


def ring(calculation: Calculation) -> Calculation:
    calculating.run(operation_id=calculation.pk)
    return again(calculation)


def test_asking_twice_while_hmrc_calculates_is_asking_once(
    calculation: Calculation, landlord: Landlord, time: FakeClock
) -> None:
    assert ask(landlord, time).pk == calculation.pk


def test_one_that_is_not_ready_is_asked_for_again_after_a_while(
    calculation: Calculation, door: FakeDoor, time: FakeClock
) -> None:
    door.will(TRIGGERED, NOTHING_THERE)

    ring(calculation)
    first = due_at("calculate", calculation.pk)
    waiting = ring(calculation)

    assert (first, waiting.status) == (time.now + timedelta(seconds=5), CalculationStatus.CALCULATING)
    assert due_at("calculate", calculation.pk) >= time.now + timedelta(seconds=4)


def test_one_that_never_comes_ends_as_such(calculation: Calculation, door: FakeDoor) -> None:
    door.will(TRIGGERED, NOTHING_THERE)
    ring(calculation)
    Calculation.objects.update(attempts=40)

    over = ring(calculation)

    assert (over.status, over.reason_code) == (CalculationStatus.FAILED, "hmrc.calculation_in_progress")
    assert due_at("calculate", calculation.pk) is None


def test_one_with_errors_is_ready_with_its_messages_and_can_not_be_declared(
    calculation: Calculation, door: FakeDoor
) -> None:
    door.will(TRIGGERED, FAULTY)
    ring(calculation)

    ready = ring(calculation)

    assert (ready.status, ready.has_errors) == (CalculationStatus.READY, True)
    assert calculations.content_of(ready)["messages"]["errors"] == [{"id": "C55316", "text": "No."}]
    assert "calculation.ready" in events()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (NOT_AUTHORISED, "hmrc.nino_mismatch"),
        (refused(400, "RULE_NO_INCOME_SUBMISSIONS_EXIST"), "hmrc.no_income_submitted"),
        (NOTHING_THERE, "hmrc.not_found"),
        (answered({"odd": 1}), "hmrc.other"),
        (answered([]), "hmrc.other"),
    ],
)
def test_one_that_hmrc_does_not_give_ends_with_our_code(
    calculation: Calculation, door: FakeDoor, answer: Answer, code: str
) -> None:
    door.will(answer)

    over = ring(calculation)

    assert (over.status, over.reason_code) == (CalculationStatus.FAILED, code)
    assert Operation.objects.get(pk=calculation.pk).error_code == code


@pytest.mark.parametrize("answer", [UNKNOWN, refused(400, "RULE_CALCULATION_IN_PROGRESS"), refused(429, "X")])
def test_one_that_is_held_up_is_triggered_again(calculation: Calculation, door: FakeDoor, answer: Answer) -> None:
    door.will(answer, TRIGGERED)

    assert ring(calculation).status == CalculationStatus.QUEUED
    assert ring(calculation).status == CalculationStatus.CALCULATING


def test_one_without_a_connection_ends_and_asks_nobody(
    calculation: Calculation, landlord: Landlord, door: FakeDoor
) -> None:
    Connection.objects.filter(landlord=landlord).update(state="reconnect_required")

    assert ring(calculation).reason_code == "hmrc.reconnect_required"
    assert door.asked == []


def test_one_that_is_over_is_not_asked_for_again(calculation: Calculation, door: FakeDoor) -> None:
    door.will(NOT_AUTHORISED)
    ring(calculation)

    assert ring(calculation).status == CalculationStatus.FAILED
    assert len(door.asked) == 1
