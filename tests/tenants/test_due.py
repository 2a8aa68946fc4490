"""What is due: rows in PostgreSQL are the truth, bells in Redis only save time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import TestCase

from tenants import clock, doorbell, due
from tenants.context import tenant
from tenants.due import Kind, Lane
from tenants.ids import new_id
from tenants.models import Agency, Due

Rings = list[tuple[str, str, UUID, UUID]]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Rings:
    """Every bell that is rung."""
    heard: Rings = []
    monkeypatch.setattr(doorbell, "ring", lambda *ring: heard.append(ring))
    return heard


@pytest.fixture(autouse=True)
def _noon_and_nothing_to_do(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    Due.objects.all().delete()
    monkeypatch.setattr(clock, "now", lambda: now)


def _put(subject: UUID, at: datetime | None = None, kind: Kind = Kind.SUBMIT, lane: Lane = Lane.DEADLINE) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        due.put(kind=kind, subject_id=subject, lane=lane, at=at)


def test_a_bell_is_rung_once_the_row_is_committed_and_not_before(in_alpha: Agency, rings: Rings) -> None:
    subject = new_id()

    with TestCase.captureOnCommitCallbacks() as after_commit:
        due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.DEADLINE)
        assert rings == []
    after_commit[0]()

    assert rings == [("submit", "deadline", in_alpha.pk, subject)]


def test_what_is_rolled_back_is_neither_due_nor_rung_for(in_alpha: Agency, rings: Rings) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        due.put(kind=Kind.SUBMIT, subject_id=new_id(), lane=Lane.DEADLINE)
        transaction.set_rollback(True)

    assert rings == []
    assert not Due.objects.exists()


def test_what_is_due_later_is_not_rung_for_yet(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    _put(new_id(), at=now + timedelta(seconds=1))

    assert rings == []
    assert due.sweep(now=now) == 0


def test_put_twice_it_is_one_row_with_the_latest_word(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject = new_id()
    _put(subject, at=now + timedelta(hours=1))
    _put(subject, lane=Lane.INTERACTIVE)

    row = Due.objects.get()
    assert (row.lane, row.due_at, row.rung_at) == ("interactive", now, now)


def test_put_off_it_is_swept_up_when_its_time_comes(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject, later = new_id(), now + timedelta(minutes=1)
    _put(subject)
    rings.clear()

    due.put_off(kind=Kind.SUBMIT, subject_id=subject, until=later)

    assert due.sweep(now=later - timedelta(seconds=1)) == 0
    assert due.sweep(now=later) == 1
    assert rings == [("submit", "deadline", in_alpha.pk, subject)]


def test_of_two_who_take_it_one_may_go_on(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject, later = new_id(), now + timedelta(minutes=1)
    _put(subject)

    taken = [due.take(kind=Kind.SUBMIT, subject_id=subject, until=later) for _ in range(2)]

    assert taken == [True, False]
    assert due.sweep(now=later) == 1
    assert not due.take(kind=Kind.SUBMIT, subject_id=new_id(), until=later)


def test_done_it_is_off_the_list(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject = new_id()
    _put(subject)

    due.done(kind=Kind.SUBMIT, subject_id=subject)

    assert due.sweep(now=now + timedelta(days=1)) == 0
    assert due.lane_of(kind=Kind.SUBMIT, subject_id=subject) is None


def test_a_bell_nobody_answered_is_rung_again_after_20_seconds(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    _put(new_id())
    rings.clear()

    swept = [due.sweep(now=now + timedelta(seconds=after)) for after in (1, 20, 21, 22, 42)]

    assert swept == [0, 0, 1, 0, 1]


def test_the_sweep_takes_the_oldest_first_and_no_more_than_it_is_told(
    in_alpha: Agency, rings: Rings, now: datetime
) -> None:
    subjects = [new_id() for _ in range(4)]
    for minutes, subject in enumerate(subjects):
        _put(subject, at=now + timedelta(minutes=10 - minutes))

    many = due.sweep(now=now + timedelta(hours=1), limit=3)

    assert many == 3
    assert [ring[3] for ring in rings] == subjects[:0:-1]


def test_the_sweep_rings_for_every_agency_from_the_public_schema(
    alpha: Agency, beta: Agency, rings: Rings, now: datetime
) -> None:
    for agency in (alpha, beta):
        with tenant(agency):
            _put(new_id(), at=now + timedelta(minutes=1))

    due.sweep(now=now + timedelta(hours=1))

    assert {ring[2] for ring in rings} == {alpha.pk, beta.pk}


def test_one_agency_can_not_put_off_or_take_off_what_is_anothers(
    alpha: Agency, beta: Agency, rings: Rings, now: datetime
) -> None:
    subject = new_id()
    with tenant(alpha):
        _put(subject)

    with tenant(beta):
        due.put_off(kind=Kind.SUBMIT, subject_id=subject, until=now + timedelta(days=1))
        due.done(kind=Kind.SUBMIT, subject_id=subject)
        seen = due.position(kind=Kind.SUBMIT, subject_id=subject)

    assert seen is None
    assert Due.objects.get().due_at == now


def test_a_place_in_the_queue_counts_the_own_lane_only(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subjects = [new_id() for _ in range(3)]
    for subject in subjects:
        _put(subject)
    _put(new_id(), lane=Lane.INTERACTIVE)

    places = [due.position(kind=Kind.SUBMIT, subject_id=subject) for subject in subjects]

    assert places == [1, 2, 3]
    assert due.position(kind=Kind.SUBMIT, subject_id=new_id()) is None


def test_the_depth_of_a_lane_counts_calls_to_hmrc_that_are_due(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    _put(new_id())
    _put(new_id(), kind=Kind.FETCH, lane=Lane.BULK)
    _put(new_id(), kind=Kind.FETCH, lane=Lane.BULK, at=now + timedelta(hours=1))
    _put(new_id(), kind=Kind.SEAL_AUDIT, lane=Lane.BACKGROUND)

    assert due.depths() == {"deadline": 1, "bulk": 1}


@pytest.fixture
def _redis_is_down(settings: Any) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    doorbell._broker.cache_clear()
    yield
    doorbell._broker.cache_clear()


@pytest.mark.usefixtures("_redis_is_down")
def test_without_redis_the_row_stands_and_nobody_fails(in_alpha: Agency, now: datetime) -> None:
    subject = new_id()

    _put(subject)

    assert Due.objects.get().subject_id == subject
    assert due.sweep(now=now + due.RING_AGAIN * 2) == 1


def test_every_kind_has_a_queue_and_an_actor_that_answers() -> None:
    from workers import actors  # noqa: F401 - declares them
    from workers.broker import broker

    kinds = {str(kind) for kind in Kind}

    assert doorbell.QUEUES.keys() == kinds
    assert broker.get_declared_actors() >= kinds
