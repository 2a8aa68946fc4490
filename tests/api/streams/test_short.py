"""The stream that an API process tells by itself, for a few seconds and for few readers at a time."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.streams import short
from people.models import Operation
from tenants import clock
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import Caller, landlord_caller, problem
from tests.api.streams.reader import Event, parse
from tests.api.world import World


@pytest.fixture
def operation(alpha: Agency) -> Operation:
    with tenant(alpha):
        return Operation.open(kind="test", subject_type="test", subject_id=new_id(), now=clock.now())


@pytest.fixture(autouse=True)
def _no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short, "HOLD_S", 0.0)


def told(answer: Any) -> list[Event]:
    assert answer.headers["Content-Type"] == "text/event-stream"
    return list(parse(lines(answer.streaming_content)))


def lines(parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield from part.splitlines(keepends=True)


def test_tells_what_is_and_when_to_come_back(machine: Caller, operation: Operation) -> None:
    now, end = told(machine.get(f"operations/{operation.pk}/events"))

    assert now.data == machine.get(f"operations/{operation.pk}").json()
    assert (end.name, end.data) == ("end", {"reason": "age", "retry_ms": 2000})
    assert end.retry_ms == 2000


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json", "*/*"])
def test_is_a_stream_whatever_is_accepted(accept: str, machine: Caller, operation: Operation) -> None:
    assert told(machine.get(f"operations/{operation.pk}/events", Accept=accept))


def test_a_refusal_is_a_problem_to_whoever_accepts_streams(outsider: Caller, operation: Operation) -> None:
    refused = outsider.get(f"operations/{operation.pk}/events", Accept="text/event-stream")

    assert problem(refused) == (401, "auth.required")


def test_tells_the_end(alpha: Agency, machine: Caller, operation: Operation) -> None:
    with tenant(alpha):
        operation.succeed(now=clock.now())

    now, end = told(machine.get(f"operations/{operation.pk}/events"))

    assert (now.data["status"], end.data["reason"]) == ("succeeded", "done")
    assert machine.get(f"operations/{operation.pk}/events", Last_Event_ID=str(now.id)).status_code == 204


def test_waits_a_little_for_a_change(
    alpha: Agency, machine: Caller, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "HOLD_S", 20.0)
    events = parse(lines(machine.get(f"operations/{operation.pk}/events").streaming_content))

    assert next(events).data["status"] == "queued"
    with tenant(alpha):
        operation.succeed(now=clock.now())
    assert [each.name for each in events] == ["operation", "end"]


def test_holds_one_thread_at_a_time(machine: Caller, operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short, "HOLD_S", 20.0)
    first = machine.get(f"operations/{operation.pk}/events")
    events = parse(lines(first.streaming_content))
    next(events)

    assert [each.name for each in told(machine.get(f"operations/{operation.pk}/events"))] == ["operation", "end"]

    first.close()


def test_leaves_the_seat_to_the_next_when_the_reader_goes(
    machine: Caller, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short, "HOLD_S", 20.0)
    answer = machine.get(f"operations/{operation.pk}/events")
    next(parse(lines(answer.streaming_content)))

    answer.close()

    assert short._seat.acquire(blocking=False)
    short._seat.release()


def test_an_operation_that_is_gone_ends_it(alpha: Agency, machine: Caller, operation: Operation) -> None:
    answer = machine.get(f"operations/{operation.pk}/events")
    with tenant(alpha):
        Operation.objects.all().delete()

    assert [each.data["reason"] for each in told(answer)] == ["refused"]


def test_a_landlord_sees_their_own_and_no_other(alpha: Agency, alphas: World, operation: Operation) -> None:
    lena = landlord_caller(alpha, alphas.landlord_id, host="alpha.localhost")

    assert told(lena.get(f"operations/{alphas.operation_id}/events"))
    assert problem(lena.get(f"operations/{operation.pk}/events")) == (404, "not_found")


@pytest.mark.parametrize(("port", "host"), [(0, "alpha.localhost"), (8002, "alpha.localhost:8002")])
def test_the_address_named_is_the_callers_host(
    port: int, host: str, machine: Caller, operation: Operation, settings: Any
) -> None:
    settings.STREAMS_PORT = port

    said = machine.get(f"operations/{operation.pk}").json()

    assert said["events_url"] == f"http://{host}/api/v1/operations/{operation.pk}/events"
