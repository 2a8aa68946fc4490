"""What is due: rows in PostgreSQL are the truth, bells in Redis only save time."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import TestCase

from tenants import clock, doorbell, due, lanes, pauses, turns
from tenants.context import tenant
from tenants.due import Kind, Lane
from tenants.ids import new_id
from tenants.models import Agency, Due, PauseScope

Rings = list[tuple[str, UUID, UUID]]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Rings:
    """Every bell that is rung for one thing."""
    heard: Rings = []
    monkeypatch.setattr(doorbell, "ring", lambda *ring: heard.append(ring))
    return heard


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """At which posts a carrier is woken."""
    heard: list[str] = []
    monkeypatch.setattr(doorbell, "wake", heard.append)
    return heard


@pytest.fixture(autouse=True)
def _noon_and_nothing_to_do(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    Due.objects.all().delete()
    monkeypatch.setattr(clock, "now", lambda: now)


def _put(subject: UUID, at: datetime | None = None, kind: Kind = Kind.EXPIRING, lane: Lane = Lane.DEADLINE) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        due.put(kind=kind, subject_id=subject, lane=lane, at=at)


def test_a_bell_is_rung_once_the_row_is_committed_and_not_before(in_alpha: Agency, rings: Rings) -> None:
    subject = new_id()

    with TestCase.captureOnCommitCallbacks() as after_commit:
        due.put(kind=Kind.EXPIRING, subject_id=subject, lane=Lane.DEADLINE)
        assert rings == []
    after_commit[0]()

    assert rings == [("expiring", in_alpha.pk, subject)]


def test_what_is_rolled_back_is_neither_due_nor_rung_for(in_alpha: Agency, rings: Rings) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        due.put(kind=Kind.EXPIRING, subject_id=new_id(), lane=Lane.DEADLINE)
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

    due.put_off(kind=Kind.EXPIRING, subject_id=subject, until=later)

    assert due.sweep(now=later - timedelta(seconds=1)) == 0
    assert due.sweep(now=later) == 1
    assert rings == [("expiring", in_alpha.pk, subject)]


def test_of_two_who_take_it_one_may_go_on(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject, later = new_id(), now + timedelta(minutes=1)
    _put(subject)

    taken = [due.take(kind=Kind.EXPIRING, subject_id=subject, until=later) for _ in range(2)]

    assert taken == [True, False]
    assert due.sweep(now=later) == 1
    assert not due.take(kind=Kind.EXPIRING, subject_id=new_id(), until=later)


def test_done_it_is_off_the_list(in_alpha: Agency, rings: Rings, now: datetime) -> None:
    subject = new_id()
    _put(subject)

    due.done(kind=Kind.EXPIRING, subject_id=subject)

    assert due.sweep(now=now + timedelta(days=1)) == 0
    assert due.lane_of(kind=Kind.EXPIRING, subject_id=subject) is None


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
    assert [ring[2] for ring in rings] == subjects[:0:-1]


def test_the_sweep_rings_for_every_agency_from_the_public_schema(
    alpha: Agency, beta: Agency, rings: Rings, now: datetime
) -> None:
    for agency in (alpha, beta):
        with tenant(agency):
            _put(new_id(), at=now + timedelta(minutes=1))

    due.sweep(now=now + timedelta(hours=1))

    assert {ring[1] for ring in rings} == {alpha.pk, beta.pk}


def test_one_agency_can_not_put_off_or_take_off_what_is_anothers(
    alpha: Agency, beta: Agency, rings: Rings, now: datetime
) -> None:
    subject = new_id()
    with tenant(alpha):
        _put(subject)

    with tenant(beta):
        due.put_off(kind=Kind.EXPIRING, subject_id=subject, until=now + timedelta(days=1))
        due.done(kind=Kind.EXPIRING, subject_id=subject)
        seen = due.lane_of(kind=Kind.EXPIRING, subject_id=subject)

    assert seen is None
    assert Due.objects.get().due_at == now


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


class TestACall:
    @pytest.mark.parametrize("kind", sorted(due.CALLS))
    def test_wakes_a_carrier_once_it_is_committed_and_names_nothing(
        self, in_alpha: Agency, rings: Rings, woken: list[str], kind: Kind
    ) -> None:
        _put(new_id(), kind=kind)

        assert woken == (["hmrc", "tokens"] if kind in due.TOKENS else ["hmrc"])
        assert rings == []
        assert Due.objects.get().is_call

    def test_is_swept_up_by_waking_every_post_however_many_wait(
        self, in_alpha: Agency, rings: Rings, woken: list[str], now: datetime
    ) -> None:
        for kind in due.CALLS:
            _put(new_id(), kind=kind, at=now + timedelta(seconds=1))

        swept = [due.sweep(now=now + timedelta(seconds=after)) for after in (0, 1)]

        assert (swept, woken, rings) == ([0, 0], ["hmrc", "tokens"], [])

    def test_written_by_a_release_that_did_not_know_it_as_one_becomes_one(
        self, in_alpha: Agency, rings: Rings, woken: list[str], now: datetime
    ) -> None:
        Due.objects.create(agency_id=in_alpha.pk, kind=Kind.SUBMIT, subject_id=new_id(), lane="bulk", due_at=now)

        due.sweep(now=now)
        due.sweep(now=now)

        assert (woken, rings) == (["hmrc", "tokens"], [])

    @pytest.mark.parametrize("put", [due.put_all, due.add_all])
    def test_put_many_at_a_time_wakes_one_carrier_and_keeps_each_deadline(
        self, in_alpha: Agency, woken: list[str], now: datetime, put: Callable[..., None]
    ) -> None:
        days = {new_id(): date(2026, 11, 7), new_id(): date(2027, 2, 7)}

        with TestCase.captureOnCommitCallbacks(execute=True):
            put(kind=Kind.SUBMIT, lane=Lane.BULK, at=dict.fromkeys(days, now), deadlines=days)

        assert woken == ["hmrc"]
        assert dict(Due.objects.values_list("subject_id", "deadline")) == days

    def test_put_again_without_a_deadline_keeps_the_one_it_has(
        self, in_alpha: Agency, woken: list[str], now: datetime
    ) -> None:
        subject = new_id()
        due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.BULK, deadline=date(2026, 11, 7))

        due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.DEADLINE)

        assert Due.objects.get().deadline == date(2026, 11, 7)

    @pytest.mark.parametrize(
        ("before", "wanted", "after"),
        [("background", Lane.TOKEN, "token"), ("interactive", Lane.TOKEN, "interactive")],
    )
    def test_wanted_by_somebody_in_more_of_a_hurry_changes_lanes_and_waits_no_less(
        self, in_alpha: Agency, woken: list[str], now: datetime, before: str, wanted: Lane, after: str
    ) -> None:
        subject, later = new_id(), now + timedelta(minutes=1)
        _put(subject, kind=Kind.REFRESH, lane=Lane(before), at=later)

        due.want(kind=Kind.REFRESH, subject_id=subject, lane=wanted)

        row = Due.objects.get()
        assert (row.lane, row.due_at, woken) == (after, later, [])


class TestHowLongItIsOverdue:
    """`Due.waits_since`: picked, tried and put off, it has been due since it first was."""

    MINUTE = timedelta(minutes=1)

    @pytest.fixture
    def at(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Moves the clock to so many minutes after noon."""

        def move(minutes: float) -> datetime:
            moved = now + timedelta(minutes=minutes)
            monkeypatch.setattr(clock, "now", lambda: moved)
            return moved

        return move

    def overdue(self, kind: Kind = Kind.SUBMIT) -> timedelta | None:
        since = due.oldest(now=clock.now()).get(kind)
        return None if since is None else clock.now() - since

    def test_is_counted_from_when_it_was_first_due_through_picks_and_retries(self, in_alpha: Agency, at: Any) -> None:
        subject = new_id()
        _put(subject, kind=Kind.SUBMIT)

        turns.pick(now=at(1))
        assert self.overdue() == self.MINUTE
        due.put_off(kind=Kind.SUBMIT, subject_id=subject, until=at(2) + due.LONGEST_RETRY)
        assert self.overdue() == 2 * self.MINUTE
        due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.TOKEN, at=at(3) + self.MINUTE)
        assert self.overdue() == 3 * self.MINUTE

    def test_of_housework_that_only_one_may_take_is_counted_so_too(self, in_alpha: Agency, at: Any) -> None:
        subject = new_id()
        _put(subject)

        for minutes in (1, 5):
            assert due.take(kind=Kind.EXPIRING, subject_id=subject, until=at(minutes) + self.MINUTE)

        assert self.overdue(Kind.EXPIRING) == 5 * self.MINUTE

    @pytest.mark.parametrize("again", ["put_off", "put", "put_all"])
    def test_begins_anew_with_what_is_planned_for_later(self, in_alpha: Agency, at: Any, again: str) -> None:
        subject, later = new_id(), at(0) + timedelta(hours=1)
        _put(subject, kind=Kind.SUBMIT)
        turns.pick(now=at(1))

        if again == "put_all":
            due.put_all(kind=Kind.SUBMIT, lane=Lane.BULK, at={subject: later})
        elif again == "put":
            due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.BULK, at=later)
        else:
            due.put_off(kind=Kind.SUBMIT, subject_id=subject, until=later)

        assert self.overdue() is None
        at(61)
        assert self.overdue() == self.MINUTE

    def test_is_not_counted_before_it_is_due_though_it_comes_sooner_than_was_planned(
        self, in_alpha: Agency, at: Any, now: datetime
    ) -> None:
        subject = new_id()
        _put(subject, at=now + timedelta(days=1))

        due.put_off(kind=Kind.EXPIRING, subject_id=subject, until=at(1) + self.MINUTE)

        assert self.overdue(Kind.EXPIRING) is None
        at(3)
        assert self.overdue(Kind.EXPIRING) == self.MINUTE

    def test_is_nothing_of_a_suspended_agency(self, in_alpha: Agency, at: Any) -> None:
        _put(new_id(), kind=Kind.SUBMIT)
        at(1)
        Agency.objects.filter(pk=in_alpha.pk).update(status="suspended")

        assert self.overdue() is None


def _put_again(subject: UUID, now: datetime) -> None:
    _put(subject, kind=Kind.FETCH)


def _put_off(subject: UUID, now: datetime) -> None:
    due.put_off(kind=Kind.FETCH, subject_id=subject, until=now)


class TestACallWhoseOperationIsPaused:
    @pytest.fixture
    def halted(self, in_alpha: Agency, woken: list[str], now: datetime) -> UUID:
        subject = new_id()
        pauses.pause(scope=PauseScope.OPERATION, name="one", reason="asked for", now=now)
        _put(subject, kind=Kind.FETCH)
        due.halt(kind=Kind.FETCH, subject_id=subject, operation="one")
        woken.clear()
        return subject

    def test_is_off_the_list_until_the_pause_ends(self, halted: UUID, now: datetime, woken: list[str]) -> None:
        later = now + timedelta(hours=2)
        while_paused = turns.waits(now=later)

        with TestCase.captureOnCommitCallbacks(execute=True):
            pauses.resume(scope=PauseScope.OPERATION, name="one", now=later)

        row = Due.objects.get()
        assert (while_paused, row.due_at, row.halted_by, woken) == (False, later, "", ["hmrc"])

    @pytest.mark.parametrize(("scope", "name"), [(PauseScope.OPERATION, "other"), (PauseScope.LANE, "one")])
    def test_is_not_let_go_by_the_end_of_another_pause(
        self, halted: UUID, now: datetime, scope: PauseScope, name: str
    ) -> None:
        pauses.pause(scope=scope, name=name, reason="asked for", now=now)

        assert pauses.resume(scope=scope, name=name, now=now)
        assert Due.objects.get().due_at == due.NEVER

    def test_that_has_ended_since_it_was_looked_at_goes(self, in_alpha: Agency, now: datetime) -> None:
        subject = new_id()
        _put(subject, kind=Kind.FETCH)

        due.halt(kind=Kind.FETCH, subject_id=subject, operation="one")

        row = Due.objects.get()
        assert (row.due_at, row.halted_by) == (now, "")

    @pytest.mark.parametrize("move", [_put_again, _put_off])
    def test_goes_when_it_is_put_anew(
        self, halted: UUID, now: datetime, move: Callable[[UUID, datetime], None]
    ) -> None:
        move(halted, now)

        row = Due.objects.get()
        assert (row.due_at, row.halted_by) == (now, "")


class TestAsItsDayComesNear:
    @pytest.mark.parametrize(("days", "lane"), [(-3, "deadline"), (0, "deadline"), (7, "deadline"), (8, "bulk")])
    def test_bulk_work_goes_with_what_is_due(self, in_alpha: Agency, now: datetime, days: int, lane: str) -> None:
        day = clock.today() + timedelta(days=days)
        due.put(kind=Kind.SUBMIT, subject_id=new_id(), lane=Lane.BULK, deadline=day)

        due.promote()

        assert Due.objects.get().lane == lane == lanes.by_deadline(day, today=clock.today())

    def test_what_has_no_day_stays(self, in_alpha: Agency, now: datetime) -> None:
        due.put(kind=Kind.SUBMIT, subject_id=new_id(), lane=Lane.BULK)
        due.put(kind=Kind.FETCH, subject_id=new_id(), lane=Lane.BACKGROUND, deadline=clock.today())

        assert due.promote() == 0
        assert lanes.by_deadline(None, today=clock.today()) is Lane.BULK

    def test_it_changes_lanes_whenever_it_is_put_off(self, in_alpha: Agency, now: datetime) -> None:
        subject = new_id()
        due.put(kind=Kind.SUBMIT, subject_id=subject, lane=Lane.BULK, deadline=clock.today())

        due.put_off(kind=Kind.SUBMIT, subject_id=subject, until=now)

        assert Due.objects.get().lane == "deadline"
