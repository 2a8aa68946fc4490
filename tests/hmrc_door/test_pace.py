"""The pace against a real Redis: three in any second, the first lane first, closed when Redis cannot tell."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hmrc_door.pace import CONNECTING_MS, HEARTBEAT_MS, LATENESS_MS, Lane, NoSlot, Pace, PaceUnavailable, Slot
from tests.hmrc_door.redis_server import RedisServer, free_port

STATE, LINE = "{hmrc.pace}:state", "{hmrc.pace}:line"


@pytest.fixture
def pace(redis: Redis) -> Pace:
    """A pace that has just granted nothing for a while: its first second is over."""
    fresh = Pace(redis=redis, calls_per_second=3)
    fresh.acquire(lane=Lane.BULK, agency="a", timeout_s=5)
    return fresh


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()


def take(pace: Pace, *, lane: Lane = Lane.BULK, timeout_s: float = 10) -> float:
    """Take a slot and say when it came."""
    pace.acquire(lane=lane, agency="a", timeout_s=timeout_s)
    return time.monotonic()


def send(pace: Pace) -> float:
    """Do as whoever calls HMRC does, who lets a slot go that came late, and say when the request left."""
    while not pace.acquire(lane=Lane.BULK, agency="a", timeout_s=10).is_fresh:
        pass
    return time.monotonic()


def worst_spread(stamps: list[float]) -> float:
    """The shortest time in which four were sent."""
    return min(fourth - first for first, fourth in zip(stamps, stamps[3:], strict=False))


class TestThreeInAnySecond:
    def test_holds_for_processes_and_threads_and_wastes_little(self, redis_server: RedisServer, redis: Redis) -> None:
        until = time.monotonic() + 12
        command = [sys.executable, "-m", "tests.hmrc_door.pace_worker", str(redis_server.port), str(until), "4"]
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]

        stamps = sorted(float(line) for worker in workers for line in worker.communicate()[0].split())

        rate = (len(stamps) - 1) / (stamps[-1] - stamps[0])
        assert worst_spread(stamps) > 1.0
        assert rate >= 2.8

    def test_holds_for_a_higher_tier_too(self, redis: Redis) -> None:
        tier = Pace(redis=redis, calls_per_second=40)

        with ThreadPoolExecutor(8) as callers:
            stamps = sorted(callers.map(lambda _: send(tier), range(90)))

        assert min(last - first for first, last in zip(stamps, stamps[40:], strict=False)) > 1.0

    def test_leaves_room_for_a_connection_that_is_opened_first(self, pace: Pace) -> None:
        connecting = pace.acquire(lane=Lane.BULK, agency="a", timeout_s=10, connects=True)

        following = take(pace)

        assert following - connecting.asked_at >= (350 + CONNECTING_MS - 15) / 1000

    def test_lets_nobody_save_up(self, pace: Pace) -> None:
        time.sleep(1.2)

        stamps = [send(pace) for _ in range(4)]

        assert worst_spread(stamps) > 1.0


class TestALostState:
    def test_means_a_whole_second_of_nothing(self, pace: Pace, redis: Redis) -> None:
        take(pace)
        redis.flushall()
        flushed = time.monotonic()

        assert take(pace) - flushed >= 1.0

    def test_keeps_those_who_wait_in_line(self, pace: Pace, redis: Redis) -> None:
        take(pace)
        with ThreadPoolExecutor(3) as callers:
            waiting = [callers.submit(take, pace) for _ in range(3)]
            _until_waiting(pace, 3)

            redis.flushall()

            assert all(each.result(timeout=10) for each in waiting)

    def test_is_what_a_restart_may_mean_although_redis_kept_everything(self, own_server: RedisServer) -> None:
        pace = Pace(redis=own_server.client(), calls_per_second=3)
        take(pace)
        own_server.kill()
        own_server.start()
        restarted = time.monotonic()

        assert take(pace) - restarted >= 0.9

    def test_is_what_a_clock_set_back_amounts_to(self, pace: Pace, redis: Redis) -> None:
        an_hour_on = (time.time() + 3600) * 1000
        redis.hset(STATE, "due", str(an_hour_on))
        redis.hset(STATE, "paused_until", "0")
        began = time.monotonic()

        waited = take(pace, timeout_s=3) - began

        assert 1.0 <= waited < 2.0


class TestClosed:
    def test_when_redis_is_not_there(self) -> None:
        nowhere = Pace(redis=Redis(port=free_port(), retry=Retry(NoBackoff(), 0)), calls_per_second=3)

        with pytest.raises(PaceUnavailable):
            nowhere.acquire(lane=Lane.BULK, agency="a", timeout_s=5)
        with pytest.raises(PaceUnavailable):
            nowhere.stats()
        with pytest.raises(PaceUnavailable):
            nowhere.pause(seconds=1, reason="a test")

    def test_when_redis_holds_nonsense(self, redis: Redis) -> None:
        redis.set(STATE, "not a hash")

        with pytest.raises(PaceUnavailable):
            Pace(redis=redis, calls_per_second=3).acquire(lane=Lane.BULK, agency="a", timeout_s=5)

    def test_to_whom_the_time_runs_out_and_the_line_forgets_them(self, pace: Pace, redis: Redis) -> None:
        take(pace)

        with pytest.raises(NoSlot) as refused:
            pace.acquire(lane=Lane.BULK, agency="a", timeout_s=0.05)

        assert refused.value.reason == "no_slot"
        assert redis.zcard(LINE) == 0


class TestTheLine:
    def test_lets_a_person_pass_a_backlog(self, pace: Pace) -> None:
        with ThreadPoolExecutor(6) as callers:
            backlog = [callers.submit(take, pace, lane=Lane.BULK) for _ in range(5)]
            _until_waiting(pace, 4)

            person = callers.submit(take, pace, lane=Lane.INTERACTIVE).result()

            passed = [each.result() for each in backlog]
        assert sum(stamp < person for stamp in passed) <= 2

    def test_goes_by_lane_and_then_by_arrival(self, pace: Pace) -> None:
        lanes = [Lane.BACKGROUND, Lane.BULK, Lane.DEADLINE, Lane.TOKEN, Lane.BULK]
        take(pace)
        pace.pause(seconds=1.0, reason="a test")

        with ThreadPoolExecutor(len(lanes)) as callers:
            waiting = []
            for place, lane in enumerate(lanes):
                waiting.append(callers.submit(take, pace, lane=lane))
                _until_waiting(pace, place + 1)
            came = [each.result() for each in waiting]

        by_arrival = sorted(range(len(lanes)), key=lambda place: came[place])
        assert by_arrival == [3, 2, 1, 4, 0]

    def test_passes_over_one_who_died_waiting(self, pace: Pace, redis: Redis) -> None:
        take(pace)
        redis.zadd(LINE, {"dead:1": -1})
        redis.zadd("{hmrc.pace}:alive", {"dead:1": time.time() * 1000 + HEARTBEAT_MS})
        began = time.monotonic()

        waited = take(pace) - began

        assert HEARTBEAT_MS / 1000 - 0.1 <= waited <= HEARTBEAT_MS / 1000 + 0.7


class TestAPause:
    def test_stops_everybody_and_ends(self, pace: Pace) -> None:
        began = time.monotonic()
        pace.pause(seconds=0.8, reason="hmrc_429")

        stats = pace.stats()

        assert stats.paused_reason == "hmrc_429"
        assert stats.paused_until is not None
        assert stats.paused_until > datetime.now(tz=UTC)
        assert take(pace) - began >= 0.8
        assert pace.stats().paused_until is None

    def test_is_not_shortened_by_a_shorter_one(self, pace: Pace) -> None:
        pace.pause(seconds=60, reason="long")

        pace.pause(seconds=0.1, reason="short")

        assert pace.stats().paused_reason == "long"

    @pytest.mark.parametrize(("asked", "most"), [(86_400.0, 301), (-5.0, 0)])
    def test_is_never_longer_than_five_minutes_nor_negative(self, pace: Pace, asked: float, most: float) -> None:
        pace.pause(seconds=asked, reason="hmrc_503")

        until = pace.stats().paused_until

        assert until is None if most == 0 else until is not None
        assert until is None or (until - datetime.now(tz=UTC)).total_seconds() <= most


class TestStats:
    def test_count_who_waits_and_what_was_used(self, pace: Pace) -> None:
        take(pace)
        pace.pause(seconds=0.6, reason="a test")
        with ThreadPoolExecutor(3) as callers:
            for lane in (Lane.BULK, Lane.BULK, Lane.TOKEN):
                callers.submit(take, pace, lane=lane)
            _until_waiting(pace, 3)

            stats = pace.stats()

        assert stats.waiting == {
            Lane.INTERACTIVE: 0,
            Lane.TOKEN: 1,
            Lane.DEADLINE: 0,
            Lane.BULK: 2,
            Lane.BACKGROUND: 0,
        }
        assert (stats.calls_last_minute, stats.budget_used) == (2, 2 / 180)

    def test_forget_what_is_over_a_minute_old(self, pace: Pace, redis: Redis) -> None:
        redis.zadd("{hmrc.pace}:calls", {"old:1": (time.time() - 61) * 1000})

        assert pace.stats().calls_last_minute == 1


class TestASlot:
    @pytest.mark.parametrize(("age_ms", "fresh"), [(0, True), (LATENESS_MS - 20, True), (LATENESS_MS + 1, False)])
    def test_is_good_only_for_its_room(self, age_ms: float, fresh: bool) -> None:
        slot = Slot(asked_at=time.monotonic() - age_ms / 1000, good_for_ms=LATENESS_MS)

        assert slot.is_fresh is fresh

    def test_of_a_caller_who_connects_has_more_room(self, pace: Pace) -> None:
        slot = pace.acquire(lane=Lane.TOKEN, agency="a", timeout_s=5, connects=True)

        assert slot.good_for_ms == LATENESS_MS + CONNECTING_MS


def test_a_verb_that_the_script_does_not_know_is_refused(pace: Pace) -> None:
    with pytest.raises(PaceUnavailable):
        pace._run("dance")


def _until_waiting(pace: Pace, count: int) -> None:
    give_up = time.monotonic() + 5
    while sum(pace.stats().waiting.values()) < count:
        assert time.monotonic() < give_up, "they never stood in line"
        time.sleep(0.005)
