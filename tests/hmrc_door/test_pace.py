"""The pace in real time, against a real Redis: processes that call a strict server, and what callers are told."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door import pace_gate
from hmrc_door.pace import Lane, NoSlot, Pace, PaceUnavailable, Slot, TooLate, Turn
from tests.hmrc_door.pace_fleet import Fleet
from tests.hmrc_door.redis_server import RedisServer, free_port
from tests.hmrc_door.strict import StrictServer, shortest

RATE = 40
MARGIN_MS = 190
FIRST, SECOND = "first", "second"


@pytest.fixture
def pace(redis: Redis) -> Pace:
    """A pace whose first, closed window is over."""
    fresh = Pace(redis=redis, calls_per_second=RATE)
    with suppress(NoSlot):
        take(fresh, timeout_s=0)
    redis.hset("{hmrc.pace}:state", "opens", "0")
    take(fresh)
    return fresh


@pytest.fixture(scope="module")
def fleet() -> Iterator[Fleet]:
    with Fleet() as started:
        yield started


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


def take(pace: Pace, *, timeout_s: float = 10) -> float:
    """Take a slot and say when it came."""
    pace.acquire(lane=Lane.BULK, agency="a", timeout_s=timeout_s)
    return time.monotonic()


def leave(pace: Pace) -> float:
    """Do as whoever calls HMRC does, who lets a slot go that came late, and say when the request left."""
    while True:
        with suppress(TooLate):
            pace.acquire(lane=Lane.BULK, agency="a", timeout_s=10).leave()
            return time.monotonic()


def a_turn(pace: Pace) -> Turn:
    with pace.turn(timeout_s=5) as turn:
        return turn


class TestNeverOneTooManyLeavesInAnySecond:
    def test_of_several_processes_and_threads(self, fleet: Fleet, redis_server: RedisServer, redis: Redis) -> None:
        with StrictServer(limit=RATE) as server:
            left = fleet.run(redis_port=redis_server.port, server=server, seconds=4)

        assert len(left) == len(server.arrivals) >= RATE
        assert shortest(left, limit=RATE) >= 1.0

    def test_when_redis_dies_and_comes_back_with_all_it_knew(self, fleet: Fleet, own_server: RedisServer) -> None:
        def restart() -> None:
            while len(server.arrivals) < RATE:
                time.sleep(0.01)
            own_server.kill()
            own_server.start()
            restarted.append(time.monotonic())

        restarted: list[float] = []
        with StrictServer(limit=RATE) as server:
            left = fleet.run(redis_port=own_server.port, server=server, seconds=5.5, meanwhile=restart)

        after = [at for at in left if at > restarted[0]]
        assert shortest(left, limit=RATE) >= 1.0
        assert 1.5 <= after[0] - restarted[0] <= 3

    def test_for_a_thousand_a_second(self, redis_server: RedisServer, redis: Redis) -> None:
        tier = Pace(redis=redis, calls_per_second=1000)

        with ThreadPoolExecutor(4) as callers:
            left = list(callers.map(lambda _: leave(tier), range(1200)))

        assert shortest(left, limit=1000) >= 1.0


class TestClosed:
    def test_when_redis_is_not_there(self) -> None:
        nowhere = Pace(redis=Redis(port=free_port(), retry=Retry(NoBackoff(), 0)), calls_per_second=3)

        with pytest.raises(PaceUnavailable):
            take(nowhere)
        with pytest.raises(PaceUnavailable), nowhere.turn(timeout_s=1):
            pass
        with pytest.raises(PaceUnavailable):
            nowhere.stats()
        with pytest.raises(PaceUnavailable):
            nowhere.pause(seconds=1, reason="a test")

    def test_after_a_failover_to_a_replica_that_holds_all(self, own_server: RedisServer, tmp_path: Path) -> None:
        replica = RedisServer(tmp_path / "replica")
        replica.folder.mkdir()
        replica.start()
        try:
            promoted = replica.client()
            promoted.replicaof("127.0.0.1", own_server.port)
            take(Pace(redis=own_server.client(), calls_per_second=RATE))
            own_server.client().wait(1, 5000)
            own_server.kill()
            promoted.replicaof("NO", "ONE")
            assert promoted.hget("{hmrc.pace}:state", "server")
            assert promoted.zcard("{hmrc.pace}:calls") == 1
            began = time.monotonic()

            assert take(Pace(redis=promoted, calls_per_second=RATE)) - began >= 1.5
        finally:
            replica.kill()
            own_server.start()

    def test_when_redis_holds_nonsense(self, redis: Redis) -> None:
        redis.set("{hmrc.pace}:state", "not a hash")

        with pytest.raises(PaceUnavailable):
            take(Pace(redis=redis, calls_per_second=3))

    @pytest.mark.parametrize("jump_s", [-60, 60])
    def test_when_redis_clock_is_set(self, pace: Pace, monkeypatch: pytest.MonkeyPatch, jump_s: int) -> None:
        here = time.monotonic
        monkeypatch.setattr(pace_gate, "monotonic", lambda: here() + jump_s)
        began = here()

        with pytest.raises(PaceUnavailable):
            take(pace)

        assert take(pace) - began >= 1.5

    def test_to_whom_the_time_runs_out(self, pace: Pace) -> None:
        pace.pause(seconds=30, reason="a test")

        with pytest.raises(NoSlot) as refused:
            take(pace, timeout_s=0.05)
        with pytest.raises(NoSlot):
            take(pace, timeout_s=-1)

        assert refused.value.reason == "no_slot"


class TestATurn:
    def test_is_taken_by_the_first_who_acquires_inside_it(self, pace: Pace) -> None:
        with pace.turn(timeout_s=5) as turn:
            slots = [pace.acquire(lane=Lane.BULK, agency="a", timeout_s=5) for _ in (FIRST, SECOND)]

        assert [slot.id == turn.id for slot in slots] == [True, False]
        assert turn.is_used

    def test_is_nothing_to_another_thread(self, pace: Pace) -> None:
        with pace.turn(timeout_s=5) as turn, ThreadPoolExecutor(1) as other:
            slot = other.submit(pace.acquire, lane=Lane.BULK, agency="a", timeout_s=5).result()

        assert slot.id != turn.id

    def test_that_comes_too_late_is_followed_by_another(self, pace: Pace) -> None:
        with pace.turn(timeout_s=5) as turn:
            time.sleep(0.3)
            slot = pace.acquire(lane=Lane.BULK, agency="a", timeout_s=5)

        assert slot.id != turn.id

    def test_unused_is_given_back(self, pace: Pace) -> None:
        before = pace.stats().calls_last_minute

        turn = a_turn(pace)
        turn.release()

        assert turn.is_used
        assert pace.stats().calls_last_minute == before

    def test_is_over_with_its_block(self, pace: Pace) -> None:
        turn = a_turn(pace)

        assert pace.acquire(lane=Lane.BULK, agency="a", timeout_s=5).id != turn.id

    def test_waits_its_time_and_no_longer(self, pace: Pace) -> None:
        pace.pause(seconds=30, reason="a test")
        began = time.monotonic()

        with pytest.raises(NoSlot), pace.turn(timeout_s=0.1):
            pytest.fail("nobody has a turn in a pause")

        assert 0.1 <= time.monotonic() - began < 15


class TestStats:
    def test_tell_what_was_used_and_what_hmrc_refused(self, pace: Pace) -> None:
        take(pace)
        pace.pause(seconds=-5, reason="hmrc_503")

        stats = pace.stats()

        assert (stats.calls_last_minute, stats.budget_used) == (2, 2 / (60 * RATE))
        assert (stats.refused_last_hour, stats.paused_until, stats.margin_ms) == (1, None, MARGIN_MS)

    def test_tell_a_pause_and_its_reason(self, pace: Pace) -> None:
        pace.pause(seconds=30, reason="hmrc_429")

        stats = pace.stats()

        assert stats.paused_reason == "hmrc_429"
        assert stats.paused_until is not None
        assert 15 <= (stats.paused_until - datetime.now(tz=UTC)).total_seconds() <= 30


class TestASlot:
    @pytest.mark.parametrize(("age_ms", "fresh"), [(0, True), (20, True), (41, False)])
    def test_is_good_only_for_its_room(self, age_ms: float, fresh: bool) -> None:
        slot = Slot(asked_at=time.monotonic() - age_ms / 1000, good_for_ms=40)

        assert slot.is_fresh is fresh

    def test_that_is_stale_lets_nothing_leave(self) -> None:
        with pytest.raises(TooLate):
            Slot(asked_at=time.monotonic() - 1, good_for_ms=40).leave()

    def test_that_was_answered_says_so_by_when_its_request_left(self) -> None:
        told: list[tuple[str, float]] = []
        slot = Slot(
            id=FIRST,
            asked_at=time.monotonic(),
            good_for_ms=40,
            report=lambda slot_id, *, left_at: told.append((slot_id, left_at)),
        )
        slot.leave()

        slot.answered()

        assert told[0][0] == FIRST
        assert slot.asked_at <= told[0][1] <= time.monotonic()

    def test_can_be_answered_while_redis_is_away(self) -> None:
        def away(_slot_id: str, *, left_at: float) -> None:
            raise PaceUnavailable

        Slot(asked_at=time.monotonic(), good_for_ms=40, report=away).answered()

    def test_that_was_answered_changes_the_margin(self, pace: Pace) -> None:
        slot = pace.acquire(lane=Lane.BULK, agency="a", timeout_s=5)
        slot.leave()

        slot.answered()

        assert pace.stats().margin_ms != MARGIN_MS
