"""The rules of the pace, at our own time: whatever its holders do, HMRC never sees one too many in any second."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from tests.hmrc_door.pace_world import (
    CONNECTING_MS,
    KEYS,
    LATENESS_MS,
    LEAD_MS,
    ROUNDING,
    SECOND,
    SLACK_MS,
    TRAVEL_MS,
    WIDE_MS,
    Habits,
    World,
    upsets,
)

SHARE = st.sampled_from([0.0, 0.1, 0.5])
CLOSED_MS = 1001 + LATENESS_MS + WIDE_MS + 3 * CONNECTING_MS
SLOT_MS = 1000 / 3
AN_HOUR_MS = 3_600_000.0
A_DAY_MS = 24 * AN_HOUR_MS
STATE, BOUNDS, RESERVED, CALLS, REFUSED, ANSWERS = KEYS


@pytest.fixture
def world(redis: Redis) -> World:
    """Three a second; it has been open for long, and idle."""
    return opened(World(redis, rate=3))


def opened(world: World) -> World:
    world.ask("reserve", "first", world.rate, 0)
    world.run(ms=AN_HOUR_MS)
    return world


def busy(world: World, habits: Habits, *, holders: int = 3, ms: float) -> World:
    for _ in range(holders):
        world.add(habits.holder(world))
    world.run(ms=ms)
    return world


def share(world: World, *, ms: float) -> float:
    return len(world.arrivals) / (world.rate * ms / 1000)


def reserve(world: World) -> str:
    """Wait until the next slot is ours and due."""
    slot_id = world.new_id()
    for slept in world.reserved(slot_id):
        world.run(ms=slept)
    return slot_id


def take(world: World, slot_id: str | None = None, *, connecting: int = 0) -> list[float | str]:
    return world.ask("take", slot_id or reserve(world), connecting)


def stats(world: World) -> tuple[float, float, float, float, str]:
    used, refused, margin, _, paused_until, reason = world.ask("stats")
    return used, refused, margin, paused_until, reason


def travel(world: World) -> float:
    return float(world.ask("stats")[3])


class TestNeverOneTooMany:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        seed=st.integers(0, 2**32),
        rate=st.sampled_from([1, 3, 12]),
        holders=st.integers(1, 12),
        late=st.sampled_from([2.0, LATENESS_MS, SLACK_MS + 60.0]),
        travel=st.sampled_from([0.0, 5.0, TRAVEL_MS]),
        answers=st.sampled_from([(0.0, 0.0), (1.0, 30.0), (100.0, 400.0), (500.0, 5000.0)]),
        shares=st.fixed_dictionaries(
            dict.fromkeys(("dies_waiting", "dies_sending", "gives_back", "connects", "never_answered"), SHARE)
        ),
        upset=st.sampled_from(["", "flushed", "log lost", "state lost", "set back", "paused", "set, and seen"]),
    )
    def test_whatever_the_holders_the_network_and_redis_do(
        self,
        redis: Redis,
        seed: int,
        rate: int,
        holders: int,
        late: float,
        travel: float,
        answers: tuple[float, float],
        shares: dict[str, Any],
        upset: str,
    ) -> None:
        redis.flushall()
        world = opened(World(redis, rate=rate))
        habits = Habits(late=late, travel=travel, answers=answers, random=Random(seed), **shares)
        world.at(2200, upsets(world, redis)[upset])

        busy(world, habits, holders=holders, ms=5000)

        assert world.shortest() >= SECOND - ROUNDING

    def test_and_the_proof_can_fail(self, world: World) -> None:
        busy(world, Habits(travel=TRAVEL_MS + 100, answers=(500, 500)), ms=30_000)

        assert world.shortest() < SECOND

    def test_after_an_answer_that_was_taken_for_proof_came_late(self, world: World) -> None:
        busy(world, Habits(travel=TRAVEL_MS, answers=(0, 2000), random=Random(3)), ms=60_000)

        assert world.shortest() >= SECOND - ROUNDING


class TestLittleIsWasted:
    def test_where_answers_are_quick(self, world: World) -> None:
        assert share(busy(world, Habits(), ms=60_000), ms=60_000) >= 0.985

    def test_where_the_way_takes_up_to_30_ms(self, world: World) -> None:
        assert share(busy(world, Habits(travel=30, answers=(1, 5)), ms=60_000), ms=60_000) >= 0.97

    def test_where_answers_are_slow_once_enough_have_told(self, world: World) -> None:
        busy(world, Habits(answers=(200, 700)), holders=6, ms=10_000)
        world.arrivals.clear()
        world.run(ms=60_000)

        assert share(world, ms=60_000) >= 0.955

    def test_where_every_second_one_opens_a_connection(self, world: World) -> None:
        assert share(busy(world, Habits(connects=0.5), ms=60_000), ms=60_000) >= 0.85

    def test_by_one_who_dies_with_a_slot_in_hand(self, world: World) -> None:
        reserve(world)  # and never takes it
        began = world.now
        world.run(ms=SLACK_MS + 1)

        for _ in range(3):
            assert take(world)[0] == "granted"

        assert world.now - began < SECOND
        assert stats(world)[0] == 3


class TestAReservation:
    def test_is_made_shortly_before_it_is_due(self, world: World) -> None:
        take(world)

        refused, wait = world.ask("reserve", "next", 3, LEAD_MS)
        world.run(ms=wait + ROUNDING)
        made, due = world.ask("reserve", "next", 3, LEAD_MS)

        assert (refused, made) == (0, 1)
        assert due == pytest.approx(LEAD_MS, abs=2 * ROUNDING)

    def test_is_never_made_long_before_it_is_due(self, world: World) -> None:
        world.ask("pause", "refused", 800, "hmrc_503", 0)

        assert world.ask("reserve", "mine", 3, 10_000) == [0, pytest.approx(300, abs=ROUNDING)]

    def test_asked_for_twice_is_the_same_one(self, world: World) -> None:
        assert world.ask("reserve", "mine", 3, LEAD_MS) == world.ask("reserve", "mine", 3, LEAD_MS) == [1, 0]

    def test_cannot_be_taken_early(self, world: World) -> None:
        take(world)
        world.run(ms=SLOT_MS * 0.95 - LEAD_MS)
        world.ask("reserve", "mine", 3, LEAD_MS)

        word, wait, _ = world.ask("take", "mine", 0)

        assert word == "early"
        assert 0 < wait <= LEAD_MS

    @pytest.mark.parametrize(("late", "word"), [(SLACK_MS - 1, "granted"), (SLACK_MS + 1, "lost")])
    def test_waits_a_little_for_its_holder(self, world: World, late: float, word: str) -> None:
        slot_id = reserve(world)
        world.run(ms=late)

        assert take(world, slot_id)[0] == word

    def test_is_taken_once(self, world: World) -> None:
        slot_id = reserve(world)

        assert [take(world, slot_id)[0] for _ in range(2)] == ["granted", "lost"]

    def test_given_back_is_the_next_ones(self, world: World) -> None:
        world.ask("release", reserve(world))

        assert world.ask("reserve", "next", 3, 0) == [1, 0]

    def test_given_back_after_it_was_taken_stays_in_the_log(self, world: World, redis: Redis) -> None:
        slot_id = reserve(world)
        take(world, slot_id)

        world.ask("release", slot_id)

        assert redis.zscore(BOUNDS, slot_id) is not None

    def test_of_one_who_connects_has_more_room(self, world: World) -> None:
        assert take(world)[:2] == ["granted", LATENESS_MS]
        assert take(world, connecting=1)[:2] == ["granted", LATENESS_MS + CONNECTING_MS]
        assert take(world, connecting=9)[:2] == ["granted", LATENESS_MS + 3 * CONNECTING_MS]


class TestALostState:
    @pytest.mark.parametrize("upset", ["flushed", "log lost", "state lost", "another server", "set back"])
    def test_means_a_whole_second_of_nothing(self, world: World, redis: Redis, upset: str) -> None:
        take(world)
        world.run(ms=SECOND)
        upsets(world, redis)[upset]()
        began = world.now

        reserve(world)

        assert world.now - began == pytest.approx(CLOSED_MS, abs=1)

    def test_has_another_whole_second_if_the_clock_is_set_back_in_it(self, world: World, redis: Redis) -> None:
        redis.flushall()
        world.ask("reserve", "first", 3, 0)
        upsets(world, redis)["set back"]()
        began = world.now

        reserve(world)

        assert world.now - began == pytest.approx(CLOSED_MS, abs=1)

    @pytest.mark.parametrize("upset", ["flushed", "log lost", "state lost", "another server", "set back"])
    def test_takes_from_who_holds_a_slot(self, world: World, redis: Redis, upset: str) -> None:
        slot_id = reserve(world)
        upsets(world, redis)[upset]()

        assert take(world, slot_id)[0] == "lost"

    def test_is_declared_once_for_all_who_saw_the_clock_jump(self, world: World) -> None:
        world.run(ms=SECOND)
        began = world.now
        world.ask("distrust")
        world.run(ms=SECOND / 2)
        world.ask("distrust")

        reserve(world)

        assert world.now - began == pytest.approx(CLOSED_MS, abs=1)


class TestAPause:
    def test_stops_everybody_and_ends(self, world: World) -> None:
        began = world.now
        world.ask("pause", "refused", 800, "hmrc_503", 0)

        *_, until, reason = stats(world)
        assert until == pytest.approx(began + 800, abs=ROUNDING)
        assert reason == "hmrc_503"
        reserve(world)
        assert world.now - began == pytest.approx(800, abs=ROUNDING)

    def test_stops_who_has_a_slot_reserved(self, world: World) -> None:
        slot_id = reserve(world)
        world.ask("pause", "refused", 800, "hmrc_503", 0)

        assert take(world, slot_id)[0] == "lost"

    def test_is_not_made_longer_by_what_was_sent_before_it(self, world: World) -> None:
        first, second = reserve(world), ""
        take(world, first)
        take(world, second := reserve(world))
        world.ask("pause", first, 2000, "hmrc_429", 1)
        until = stats(world)[3]
        world.run(ms=500)

        world.ask("pause", second, 2000, "hmrc_429", 1)

        assert stats(world)[1] == 2
        assert stats(world)[3] == until

    def test_is_made_longer_by_what_was_sent_after_it(self, world: World) -> None:
        world.ask("pause", "before", 100, "hmrc_503", 0)
        take(world, slot_id := reserve(world))

        world.ask("pause", slot_id, 60_000, "hmrc_503", 0)

        assert stats(world)[3] == pytest.approx(world.now + 60_000, abs=ROUNDING)

    def test_is_not_shortened_by_a_shorter_one(self, world: World) -> None:
        world.ask("pause", "one", 60_000, "long", 0)
        world.ask("pause", "other", 100, "short", 0)

        assert stats(world)[4] == "long"

    def test_is_never_longer_than_an_hour(self, world: World) -> None:
        world.ask("pause", "one", A_DAY_MS, "hmrc_503", 0)

        assert stats(world)[3] == pytest.approx(world.now + AN_HOUR_MS, abs=ROUNDING)

    def test_that_a_clock_set_back_has_made_endless_is_over(self, world: World) -> None:
        world.ask("pause", "one", 300_000, "hmrc_503", 0)
        world.set_back = 1_800_000
        began = world.now

        reserve(world)

        assert world.now - began <= CLOSED_MS


class TestTheMargin:
    def test_is_what_answers_leave_of_it(self, world: World) -> None:
        assert stats(world)[2] == LATENESS_MS + WIDE_MS

        busy(world, Habits(late=1, answers=(3, 3)), ms=60_000)

        assert 3 <= stats(world)[2] <= 6

    def test_stands_in_full_for_an_hour_after_a_429(self, world: World) -> None:
        busy(world, Habits(), ms=10_000)
        world.ask("pause", "refused", 0, "hmrc_429", 1)
        world.arrivals.clear()

        world.run(ms=60_000)

        assert share(world, ms=60_000) == pytest.approx(1000 / (1001 + LATENESS_MS + 2 * TRAVEL_MS), abs=0.01)
        assert stats(world)[2] == LATENESS_MS + 2 * TRAVEL_MS

    @pytest.mark.parametrize(("after_ms", "proves"), [(3_590_000, False), (3_610_000, True)])
    def test_is_answers_again_when_that_hour_is_over(self, world: World, after_ms: float, proves: bool) -> None:
        world.ask("pause", "refused", 0, "hmrc_429", 1)
        world.run(ms=after_ms)
        take(world, slot_id := reserve(world))

        world.ask("answered", slot_id, 0)

        assert (stats(world)[2] < LATENESS_MS + 2 * WIDE_MS) is proves

    def test_is_not_given_up_for_a_503(self, world: World) -> None:
        world.ask("pause", "refused", 0, "hmrc_503", 0)
        take(world, slot_id := reserve(world))

        world.ask("answered", slot_id, 0)

        assert stats(world)[2] < LATENESS_MS + WIDE_MS


class TestHowFarWaysDiffer:
    """By how much longer than the fastest a request may be on its way: found, not given."""

    def test_is_believed_to_be_much_until_enough_answers_have_told(self, world: World) -> None:
        busy(world, Habits(answers=(1, 1)), ms=3000)
        before = travel(world)
        world.run(ms=10_000)

        assert (before, travel(world)) == (WIDE_MS, TRAVEL_MS)

    @pytest.mark.parametrize("most", [30.0, 60.0])
    def test_is_found_by_answers_before_anything_is_refused(self, world: World, most: float) -> None:
        busy(world, Habits(travel=most, answers=(1, 5), heeds=True), ms=120_000)

        assert travel(world) >= most
        assert world.refused == []
        assert world.shortest() >= SECOND - ROUNDING

    def test_is_not_told_by_what_hmrc_itself_took(self, world: World) -> None:
        busy(world, Habits(answers=(200, 700)), holders=6, ms=30_000)

        assert travel(world) == TRAVEL_MS

    def test_is_forgotten_after_a_minute(self, world: World, redis: Redis) -> None:
        busy(world, Habits(travel=60), ms=30_000)
        world.stop()
        world.run(ms=61_000)
        world.ask("reserve", "next", 3, 0)

        assert travel(world) == WIDE_MS
        assert redis.zcard(ANSWERS) == 0

    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        seed=st.integers(0, 2**32),
        most=st.floats(40.0, 400.0),
        answers=st.sampled_from([(1.0, 5.0), (100.0, 400.0), (500.0, 2000.0)]),
        never_answered=SHARE,
    )
    def test_larger_than_believed_is_learned_from_few_refusals_and_then_there_are_no_more(
        self, redis: Redis, seed: int, most: float, answers: tuple[float, float], never_answered: float
    ) -> None:
        redis.flushall()
        world = opened(World(redis, rate=3))
        habits = Habits(travel=most, answers=answers, never_answered=never_answered, heeds=True, random=Random(seed))
        for _ in range(6):
            world.add(habits.holder(world))
        widened = 0
        while widened <= 4:
            world.refused.clear()
            world.run(ms=120_000)
            if not world.refused:
                break
            widened += 1

        assert widened <= 4
        assert travel(world) >= TRAVEL_MS * 2**widened or travel(world) == 500

    def test_widened_by_one_refusal_is_not_widened_by_another_of_the_same_time(self, world: World) -> None:
        busy(world, Habits(answers=(1, 1)), ms=20_000)
        world.stop()
        take(world, first := reserve(world))
        take(world, second := reserve(world))
        for slot_id in (first, second):
            world.ask("pause", slot_id, 0, "hmrc_429", 1)

        assert travel(world) == 2 * TRAVEL_MS

    def test_is_never_believed_to_be_more_than_half_a_second(self, world: World) -> None:
        for number in range(6):
            world.ask("pause", f"refused {number}", 0, "hmrc_429", 1)

        assert travel(world) == 500

    def test_taught_by_a_refusal_is_halved_after_each_quiet_day(self, world: World) -> None:
        world.ask("pause", "refused", 0, "hmrc_429", 1)
        world.ask("pause", "another", 0, "hmrc_429", 1)

        seen = []
        for _ in range(4):
            seen.append(travel(world))
            world.run(ms=A_DAY_MS)

        assert seen == [500, 250, WIDE_MS, WIDE_MS]

    def test_taught_by_a_refusal_outlasts_a_restart(self, world: World, redis: Redis) -> None:
        for number in range(2):
            world.ask("pause", f"refused {number}", 0, "hmrc_429", 1)

        redis.hset(STATE, "server", "another")
        world.ask("reserve", "first", 3, 0)

        assert travel(world) == 500


class TestTheLog:
    def test_counts_the_calls_of_a_minute_and_the_refusals_of_an_hour(self, world: World) -> None:
        for _ in range(4):
            take(world)
        world.ask("pause", "refused", 0, "hmrc_503", 0)
        assert stats(world)[:2] == (4, 1)

        world.run(ms=61_000)
        assert stats(world)[:2] == (0, 1)

        world.run(ms=3_600_000)
        assert stats(world)[:2] == (0, 0)

    def test_does_not_grow(self, world: World, redis: Redis) -> None:
        busy(world, Habits(dies_waiting=0.2, dies_sending=0.2), holders=5, ms=90_000)

        assert redis.zcard(BOUNDS) <= 3 * 3
        assert redis.zcard(RESERVED) <= 3
        assert redis.zcard(CALLS) <= 3 * 61

    def test_takes_no_answer_for_what_it_does_not_know(self, world: World, redis: Redis) -> None:
        world.ask("answered", "nobody", 0)

        assert redis.zscore(BOUNDS, "nobody") is None
