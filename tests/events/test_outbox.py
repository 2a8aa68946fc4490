"""The outbox: no event without its change, and an order in which a reader misses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from events import outbox
from events.models import Event
from tenants.models import Agency


def _publish(kind: str, subject: UUID, now: datetime) -> None:
    outbox.publish(type=kind, subject_type="test", subject_id=subject, now=now, place=1)


def _settled(subject: UUID) -> list[str]:
    return [event.type for event in Event.objects.settled().filter(subject_id=subject)]


@contextmanager
def _meanwhile(agency: Agency) -> Iterator[Any]:
    """A second connection with a transaction of its own, in which the block runs."""
    here: Any = connections["default"]
    other = here.copy()
    other.set_tenant(agency)

    @contextmanager
    def turn() -> Iterator[None]:
        connections["default"] = other
        try:
            yield
        finally:
            connections["default"] = here

    # Django runs nothing at the commit of a transaction that was begun by hand.
    other.on_commit = lambda *_: None
    other.set_autocommit(False)
    try:
        yield other, turn
    finally:
        other.rollback()
        other.close()


def test_an_event_says_what_happened_to_what_and_when(in_alpha: Agency, subject: UUID, now: datetime) -> None:
    _publish("thing.done", subject, now)

    event = Event.objects.get(subject_id=subject)
    assert (event.type, event.subject_type, event.data, event.occurred_at) == ("thing.done", "test", {"place": 1}, now)


def test_an_event_of_a_change_that_was_rolled_back_never_happened(stage: Agency, subject: UUID, now: datetime) -> None:
    with transaction.atomic():
        _publish("thing.done", subject, now)
        transaction.set_rollback(True)

    assert not Event.objects.filter(subject_id=subject).exists()


def test_an_event_is_seen_once_its_transaction_is_over(stage: Agency, subject: UUID, now: datetime) -> None:
    with transaction.atomic():
        _publish("thing.done", subject, now)
        inside = _settled(subject)

    assert (inside, _settled(subject)) == ([], ["thing.done"])


def test_what_commits_late_holds_back_what_came_after_it_so_that_nobody_skips_it(
    stage: Agency, subject: UUID, now: datetime
) -> None:
    with _meanwhile(stage) as (other, turn):
        with turn():
            _publish("slow", subject, now)
        _publish("quick", subject, now)

        while_slow_is_open = _settled(subject)
        other.commit()

        assert while_slow_is_open == []
        assert _settled(subject) == ["slow", "quick"]


def test_a_slow_transaction_that_is_rolled_back_lets_the_others_through(
    stage: Agency, subject: UUID, now: datetime
) -> None:
    with _meanwhile(stage) as (other, turn):
        with turn():
            _publish("slow", subject, now)
        _publish("quick", subject, now)

        other.rollback()

        assert _settled(subject) == ["quick"]


def test_a_reader_who_polls_while_others_write_sees_every_event_once_and_in_order(
    stage: Agency, subject: UUID, now: datetime
) -> None:
    seen: list[tuple[int, int]] = []
    for turn_number in range(5):
        with _meanwhile(stage) as (other, turn):
            with turn():
                _publish(f"slow-{turn_number}", subject, now)
            _publish(f"quick-{turn_number}", subject, now)
            seen += _after(seen, subject)
            other.commit()
        seen += _after(seen, subject)

    every = Event.objects.filter(subject_id=subject).order_by("transaction", "position")
    assert seen == list(every.values_list("transaction", "position"))
    assert len(seen) == 10


def test_events_of_one_transaction_keep_their_order(stage: Agency, subject: UUID, now: datetime) -> None:
    with transaction.atomic():
        for kind in ("first", "second", "third"):
            _publish(kind, subject, now)

    assert _settled(subject) == ["first", "second", "third"]


@pytest.mark.parametrize("field", ["id", "position"])
def test_no_two_events_share_an_identity(field: str, in_alpha: Agency, subject: UUID, now: datetime) -> None:
    for _ in range(10):
        _publish("thing.done", subject, now)

    assert len(set(Event.objects.filter(subject_id=subject).values_list(field, flat=True))) == 10


def _after(seen: list[tuple[int, int]], subject: UUID) -> list[tuple[int, int]]:
    last = seen[-1] if seen else (0, 0)
    rows = Event.objects.settled().filter(subject_id=subject).values_list("transaction", "position")
    return [row for row in rows if row > last]
