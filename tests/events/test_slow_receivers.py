"""Whoever takes long holds up nobody else."""

from datetime import timedelta
from threading import BoundedSemaphore, Event
from typing import Any

import pytest

from events.delivery import sending, settling, wire
from events.models import WebhookEndpoint
from tenants import clock
from tests.events.hooks import due, fresh, happen, log, made, relayed, sent, statuses
from tests.events.receiver import Receiver, status
from tests.hmrc_oauth.fake_door import FakeClock

pytestmark = pytest.mark.usefixtures("stage")
DONE = "connection.connected"


def test_a_receiver_that_hangs_costs_one_time_out_for_few_and_then_rests(
    receiver: Receiver, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TOTAL_S", 0.3)
    go_on = Event()
    receiver.answer = lambda handler, heard: [go_on.wait(10)].clear()
    endpoint = made(receiver.url).endpoint
    for _ in range(40):
        happen(DONE)
    relayed()

    sent(endpoint)
    go_on.set()

    assert 1 <= sum(each.tries for each in log(endpoint)) <= sending.WIDTH
    assert {each["outcome"] for row in log(endpoint) for each in row.attempts} == {"timeout"}
    assert fresh(endpoint).rest_until == due("deliver", endpoint.pk) == time.now + timedelta(seconds=2)


def test_those_that_took_long_share_some_places_and_the_others_need_none(
    receiver: Receiver, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_SLOW", BoundedSemaphore(1))
    slow, quick = made(receiver.url).endpoint, made(receiver.url).endpoint
    WebhookEndpoint.objects.filter(pk=slow.pk).update(is_slow=True)
    happen(DONE)
    relayed()

    with sending._SLOW:
        sent(slow)
        sent(quick)
        assert (statuses(slow), statuses(quick)) == (["pending"], ["delivered"])
        assert due("deliver", slow.pk) == time.now + timedelta(seconds=1)
        assert fresh(slow).lease_ends_at is None
    sent(slow)

    assert statuses(slow) == ["delivered"]
    assert fresh(slow).is_slow is False


def test_how_long_it_took_is_remembered(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "_SLOW_MS", -1)
    endpoint = made(receiver.url).endpoint
    happen(DONE)
    relayed()
    sent(endpoint)

    assert fresh(endpoint).is_slow is True


def test_one_endpoint_has_its_turn_and_then_others_have_theirs(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_TURN_S", 0)
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    endpoint = made(receiver.url).endpoint
    happen(DONE)
    relayed()
    before = clock.now()

    sent(endpoint)

    assert statuses(endpoint) == ["pending"]
    assert before <= (due("deliver", endpoint.pk) or before) <= clock.now()


def test_who_is_told_to_stop_begins_nothing_more(receiver: Receiver, time: FakeClock) -> None:
    endpoint = made(receiver.url).endpoint
    stopping: list[Any] = []

    def answer(handler: Any, heard: Any) -> None:
        stopping.append(heard)
        status(200)(handler, heard)

    receiver.answer = answer
    happen(*[DONE] * 5)
    relayed()

    sending.run(endpoint_id=endpoint.pk, is_stopping=lambda: bool(stopping))

    assert statuses(endpoint) == ["delivered", *["pending"] * 4]
    assert fresh(endpoint).lease_ends_at is None
    assert due("deliver", endpoint.pk) == time.now
