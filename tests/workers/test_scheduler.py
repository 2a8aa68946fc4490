"""The scheduler: one leader, who rings for what nobody rang for, rings again, and is followed by another if it dies."""

import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection as django_connection

from hmrc_door.pace import NoSlot
from tenants import due
from tenants.db import connection
from tenants.models import Agency, ConnectState, Due
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor
from workers import scheduler

Ring = tuple[str, Any, Any]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Ring]:
    """Every bell that was rung."""
    bells: list[Ring] = []
    monkeypatch.setattr("tenants.doorbell.ring", lambda *ring: bells.append(ring))
    return bells


@pytest.fixture
def other_scheduler() -> Iterator[psycopg.Connection[Any]]:
    """A second scheduler's connection to the same database."""
    given = {name: value for name, value in django_connection.get_connection_params().items() if name in _CONNECTS}
    with psycopg.connect(**given, autocommit=True) as other:
        yield other


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch, door: FakeDoor) -> Callable[[int], None]:
    """Let the scheduler lead for so many ticks, without the waits between them."""
    monkeypatch.setattr(scheduler, "time", _NoWait)

    def lead(many: int, *, each: Callable[[int], None] = lambda _: None) -> None:
        seen = iter(range(many + 1))

        def stopping() -> bool:
            tick = next(seen)
            each(tick)
            return tick == many

        scheduler.lead(stopping=stopping)

    return lead


@pytest.fixture(autouse=True)
def _let_go_of_the_lock(db: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


_CONNECTS = {"dbname", "user", "password", "host", "port"}


class _NoWait:
    @staticmethod
    def sleep(seconds: float) -> None:
        """A tick is as long as the test says."""


def leads(other: psycopg.Connection[Any]) -> bool:
    """Whether the other scheduler can take the lead."""
    found = other.execute("SELECT pg_try_advisory_lock(%s)", [scheduler._LEADER]).fetchone()
    return bool(found and found[0])


def due_since(agency: Agency, time: FakeClock, **ago: float) -> Due:
    """One thing that was put on the list and not rung for."""
    at = time.now - timedelta(**ago)
    return Due.objects.create(agency_id=agency.pk, kind="tidy", subject_id=uuid4(), lane="background", due_at=at)


class TestTheLead:
    def test_is_held_by_one(self, alpha: Agency, other_scheduler: psycopg.Connection[Any]) -> None:
        assert scheduler._is_leader()

        assert not leads(other_scheduler)

    def test_is_kept_from_tick_to_tick(self, alpha: Agency, other_scheduler: psycopg.Connection[Any]) -> None:
        assert all(scheduler._is_leader() for _ in range(3))

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [scheduler._LEADER])
        assert leads(other_scheduler)

    def test_is_taken_over_when_the_leader_dies(
        self,
        alpha: Agency,
        time: FakeClock,
        rung: list[Ring],
        other_scheduler: psycopg.Connection[Any],
        ticks: Callable[..., None],
    ) -> None:
        waiting = due_since(alpha, time, seconds=1)
        assert leads(other_scheduler)

        def die_at_the_second_tick(tick: int) -> None:
            assert rung == [] or tick > 2
            if tick == 2:
                other_scheduler.close()
                _wait_until_gone(other_scheduler)

        ticks(4, each=die_at_the_second_tick)

        assert rung == [("tidy", alpha.pk, waiting.subject_id)]


class TestATick:
    def test_rings_for_what_is_due_and_not_for_what_is_not(
        self, alpha: Agency, time: FakeClock, rung: list[Ring], ticks: Callable[[int], None]
    ) -> None:
        waiting = due_since(alpha, time, seconds=1)
        due_since(alpha, time, seconds=-1)

        ticks(1)

        assert rung == [("tidy", alpha.pk, waiting.subject_id)]

    def test_rings_again_only_when_nobody_answered_for_a_while(
        self, alpha: Agency, time: FakeClock, rung: list[Ring], ticks: Callable[..., None]
    ) -> None:
        due_since(alpha, time, seconds=1)

        ticks(41, each=lambda _: time.advance(seconds=1))

        assert len(rung) == 2

    def test_rings_for_what_was_put_off_when_its_time_comes(
        self, in_alpha: Agency, time: FakeClock, rung: list[Ring]
    ) -> None:
        subject = uuid4()
        due.put(kind=due.Kind.EXPIRING, subject_id=subject, lane=due.Lane.BACKGROUND)
        due.put_off(kind=due.Kind.EXPIRING, subject_id=subject, until=time.now + timedelta(seconds=2))
        connection.set_schema_to_public()

        early = due.sweep(now=time.advance(seconds=1))
        then = due.sweep(now=time.advance(seconds=1))

        assert (early, then) == (0, 1)

    def test_rings_for_the_oldest_first_and_for_so_many_at_once(
        self, alpha: Agency, time: FakeClock, rung: list[Ring]
    ) -> None:
        newer, older = due_since(alpha, time, seconds=1), due_since(alpha, time, seconds=9)

        due.sweep(now=time.now, limit=1)
        due.sweep(now=time.now, limit=1)

        assert [ring[2] for ring in rung] == [older.subject_id, newer.subject_id]

    def test_forgets_old_states_once_an_hour(
        self, alpha: Agency, time: FakeClock, rung: list[Ring], ticks: Callable[..., None]
    ) -> None:
        def an_old_state() -> None:
            created = time.now - timedelta(days=31)
            ConnectState.objects.create(
                digest=uuid4().bytes * 2, agency_id=alpha.pk, session_id=uuid4(), created_at=created
            )

        seen: list[int] = []

        def each(tick: int) -> None:
            seen.append(ConnectState.objects.count())
            an_old_state()
            time.advance(minutes=40)

        ticks(4, each=each)

        assert seen == [0, 0, 1, 0, 1]

    def test_needs_no_redis(
        self,
        alpha: Agency,
        time: FakeClock,
        rung: list[Ring],
        door: FakeDoor,
        ticks: Callable[[int], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def no_slot(**_: object) -> None:
            raise NoSlot

        monkeypatch.setattr(door, "acquire", no_slot)
        due_since(alpha, time, seconds=1)

        ticks(1)

        assert len(rung) == 1


def _wait_until_gone(other: psycopg.Connection[Any]) -> None:
    """PostgreSQL frees a dead session's locks a moment after it is gone."""
    with connection.cursor() as cursor:
        for _ in range(10_000):
            cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()")
            if cursor.fetchone() is None:
                return
    raise AssertionError("the other scheduler's lock is still there")


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def _shows_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("workers.gauges.register", lambda: None)

    @pytest.fixture(autouse=True)
    def _signals(self) -> Iterator[None]:
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        yield
        for number, handler in before.items():
            signal.signal(number, handler)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_stops_when_it_is_told_to(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
    ) -> None:
        seen: list[bool] = []

        def lead(*, stopping: Callable[[], bool]) -> None:
            seen.append(stopping())
            signal.raise_signal(number)
            seen.append(stopping())

        monkeypatch.setattr("workers.management.commands.scheduler.lead", lead)

        call_command("scheduler")

        assert seen == [False, True]
