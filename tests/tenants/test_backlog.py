"""What waits, and when it goes: what was foretold against what then happened."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tenants import backlog, clock, pauses, shares, turns
from tenants.context import tenant
from tenants.due import NEVER, Kind
from tenants.ids import new_id
from tenants.lanes import Lane
from tenants.models import Agency, AgencyTurn, Backlog, Due, LaneTurn, Pause, PauseScope, Share

RATE = 3.0
WITHIN = 0.1


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    for model in (Due, AgencyTurn, LaneTurn, Share, Pause, Backlog):
        model.objects.all().delete()


@pytest.fixture
def agencies(alpha: Agency) -> list[UUID]:
    """Five of them; alpha is the first."""
    made = Agency.objects.bulk_create(Agency(name=f"Agency {number}") for number in range(4))
    return [alpha.pk, *(agency.pk for agency in made)]


def put(agency: UUID, many: int, now: datetime, lane: Lane = Lane.BULK) -> list[UUID]:
    """So many calls, the first of which has waited longest."""
    rows = [
        Due(
            agency_id=agency,
            kind=Kind.SUBMIT,
            subject_id=new_id(),
            lane=lane,
            is_call=True,
            due_at=now - timedelta(seconds=many - number),
        )
        for number in range(many)
    ]
    return [row.subject_id for row in Due.objects.bulk_create(rows)]


def place(agency: Agency, subject: UUID, now: datetime) -> backlog.Place:
    with tenant(agency):
        return backlog.places(kind=Kind.SUBMIT, subject_ids=[subject], now=now, full_rate=RATE)[subject]


def drained(now: datetime, *, until: datetime | None = None) -> dict[UUID, float]:
    """Seconds from now until each goes, at a turn every 1 / RATE."""
    went: dict[UUID, float] = {}
    number = 0
    while ring := turns.pick(now=now + timedelta(seconds=number / RATE)):
        went[ring.subject_id] = number / RATE
        Due.objects.filter(subject_id=ring.subject_id).delete()
        number += 1
    return went


def off(place: backlog.Place, went: float, now: datetime) -> float:
    """By what share the estimate was wrong; a second either way is nothing."""
    assert place.starts_at is not None
    foretold = (place.starts_at - now).total_seconds()
    return max(0.0, abs(foretold - went) - 1) / max(went, 1.0)


class TestWhatIsForetold:
    def test_is_what_happens_behind_other_agencies_of_the_same_lane(
        self, alpha: Agency, agencies: list[UUID], now: datetime
    ) -> None:
        mine = put(alpha.pk, 30, now)
        for agency, many in zip(agencies[1:], (5, 15, 45, 75), strict=True):
            put(agency, many, now)
        shares.grant(agency_id=agencies[2], weight=2, cap=None, now=now)

        foretold = {subject: place(alpha, subject, now) for subject in mine[::6]}
        went = drained(now)

        assert max(off(foretold[subject], went[subject], now) for subject in foretold) <= WITHIN

    def test_is_what_happens_in_the_middle_of_a_drain_for_one_that_comes_late(
        self, alpha: Agency, agencies: list[UUID], now: datetime
    ) -> None:
        for agency in agencies[1:]:
            put(agency, 40, now)
        for _ in range(42):
            turns.pick(now=now)
        mine = put(alpha.pk, 20, now)

        foretold = {subject: place(alpha, subject, now) for subject in mine[::5]}
        went = drained(now)

        assert max(off(foretold[subject], went[subject], now) for subject in foretold) <= WITHIN

    def test_is_what_happens_behind_more_urgent_lanes_and_their_floors(
        self, alpha: Agency, agencies: list[UUID], now: datetime
    ) -> None:
        put(agencies[1], 60, now, Lane.DEADLINE)
        put(agencies[2], 10, now, Lane.TOKEN)
        put(agencies[3], 20, now, Lane.BACKGROUND)
        put(agencies[4], 50, now)
        mine = put(alpha.pk, 50, now)

        foretold = {subject: place(alpha, subject, now) for subject in mine[10::10]}
        went = drained(now)

        assert max(off(foretold[subject], went[subject], now) for subject in foretold) <= WITHIN

    def test_is_in_order_of_hmrcs_day_in_the_agency(self, alpha: Agency, now: datetime) -> None:
        first, second = put(alpha.pk, 2, now)
        Due.objects.filter(subject_id=second).update(deadline=now.date())

        assert (place(alpha, second, now).position, place(alpha, first, now).position) == (1, 2)

    def test_is_next_if_nothing_else_waits(self, alpha: Agency, now: datetime) -> None:
        (mine,) = put(alpha.pk, 1, now)

        assert place(alpha, mine, now) == (1, now)

    def test_counts_the_pause_that_hmrc_asked_for(self, alpha: Agency, now: datetime) -> None:
        _, second = put(alpha.pk, 2, now)
        later = now + timedelta(seconds=30)

        with tenant(alpha):
            found = backlog.places(kind=Kind.SUBMIT, subject_ids=[second], now=now, full_rate=RATE, paused_until=later)

        assert found[second] == (2, later + timedelta(seconds=1 / RATE))

    def test_counts_the_wait_after_which_it_is_looked_at_again(self, alpha: Agency, now: datetime) -> None:
        (mine,) = put(alpha.pk, 1, now)
        Due.objects.update(due_at=now + timedelta(minutes=5))

        assert place(alpha, mine, now).starts_at == now + timedelta(minutes=5)

    def test_counts_the_agencys_own_cap(self, alpha: Agency, now: datetime) -> None:
        shares.grant(agency_id=alpha.pk, weight=1, cap=0.1, now=now)
        last = put(alpha.pk, 31, now)[-1]

        assert place(alpha, last, now).starts_at == now + timedelta(seconds=100)

    @pytest.mark.parametrize("scope", [PauseScope.LANE, PauseScope.AGENCY])
    def test_is_no_time_while_it_is_paused(self, alpha: Agency, now: datetime, scope: PauseScope) -> None:
        (mine,) = put(alpha.pk, 1, now)
        name = str(alpha.pk) if scope == PauseScope.AGENCY else Lane.BULK
        pauses.pause(scope=scope, name=name, reason="asked for", now=now)

        assert place(alpha, mine, now) == (1, None)

    def test_is_nothing_of_what_is_not_on_the_list(self, in_alpha: Agency, now: datetime) -> None:
        assert backlog.places(kind=Kind.SUBMIT, subject_ids=[new_id()], now=now, full_rate=RATE) == {}

    def test_is_nothing_of_another_agencys(self, alpha: Agency, beta: Agency, now: datetime) -> None:
        (mine,) = put(alpha.pk, 1, now)

        with tenant(beta):
            assert backlog.places(kind=Kind.SUBMIT, subject_ids=[mine], now=now, full_rate=RATE) == {}

    def test_of_what_takes_two_calls_is_the_second(self, alpha: Agency, now: datetime) -> None:
        first, second = put(alpha.pk, 2, now)
        Due.objects.update(calls=2)

        assert place(alpha, first, now) == (2, now + timedelta(seconds=1 / RATE))
        assert place(alpha, second, now) == (4, now + timedelta(seconds=3 / RATE))

    def test_is_neither_a_place_nor_a_time_for_what_is_put_off_without_end(self, alpha: Agency, now: datetime) -> None:
        first, second = put(alpha.pk, 2, now)
        Due.objects.filter(subject_id=first).update(due_at=NEVER)

        assert (place(alpha, first, now), place(alpha, second, now)) == ((None, None), (1, now))

    def test_is_asked_of_a_hundred_at_once(
        self, alpha: Agency, now: datetime, django_assert_max_num_queries: Any
    ) -> None:
        many = put(alpha.pk, 300, now)
        with tenant(alpha), django_assert_max_num_queries(10):
            found = backlog.places(kind=Kind.SUBMIT, subject_ids=many[100:200], now=now, full_rate=RATE)

        assert [found[each].position for each in many[100:200]] == list(range(101, 201))


class TestWhatDoesNotFit:
    """Due today, with half a minute left of the day."""

    @pytest.fixture
    def late(self, now: datetime) -> datetime:
        return clock.end_of(now.astimezone(clock.LONDON).date()) - timedelta(seconds=30)

    @staticmethod
    def misfits(agency: Agency, now: datetime) -> set[UUID]:
        with tenant(agency):
            return backlog.misfits(kind=Kind.SUBMIT, now=now, full_rate=RATE)

    def test_is_what_would_start_when_the_day_is_over(self, alpha: Agency, late: datetime) -> None:
        mine = put(alpha.pk, 100, late, Lane.DEADLINE)
        Due.objects.update(deadline=late.astimezone(clock.LONDON).date())

        assert self.misfits(alpha, late) == set(mine[90:])

    def test_counts_who_else_has_work(self, alpha: Agency, agencies: list[UUID], late: datetime) -> None:
        mine = put(alpha.pk, 100, late, Lane.DEADLINE)
        Due.objects.update(deadline=late.astimezone(clock.LONDON).date())
        put(agencies[1], 100, late, Lane.DEADLINE)

        assert len(self.misfits(alpha, late) ^ set(mine[45:])) <= 1

    def test_is_nothing_that_has_days(self, alpha: Agency, late: datetime) -> None:
        put(alpha.pk, 100, late)
        Due.objects.update(deadline=late.date() + timedelta(days=1))

        assert self.misfits(alpha, late) == set()

    def test_is_not_told_of_what_is_paused(self, alpha: Agency, late: datetime) -> None:
        put(alpha.pk, 100, late, Lane.DEADLINE)
        Due.objects.update(deadline=late.astimezone(clock.LONDON).date())
        pauses.pause(scope=PauseScope.LANE, name=Lane.DEADLINE, reason="asked for", now=late)

        assert self.misfits(alpha, late) == set()


class TestTheCount:
    def test_is_of_calls_that_are_due_by_lane_and_of_one_agency(
        self, alpha: Agency, beta: Agency, now: datetime
    ) -> None:
        put(alpha.pk, 3, now)
        put(beta.pk, 2, now, Lane.DEADLINE)
        put(beta.pk, 1, now)
        Due.objects.create(agency_id=alpha.pk, kind=Kind.TIDY, subject_id=new_id(), lane="background", due_at=now)
        Due.objects.filter(subject_id__in=put(alpha.pk, 4, now)).update(due_at=now + timedelta(seconds=1))

        waiting = backlog.read(now=now)

        assert {lane: many for lane, many in waiting.by_lane().items() if many} == {"deadline": 2, "bulk": 4}
        assert waiting.by_lane(alpha.pk)[Lane.BULK] == 3

    def test_shows_what_is_paused_too(self, alpha: Agency, now: datetime) -> None:
        put(alpha.pk, 3, now)
        pauses.pause(scope=PauseScope.LANE, name=Lane.BULK, reason="asked for", now=now)

        waiting = backlog.read(now=now)

        assert (waiting.by_lane()[Lane.BULK], waiting.something_goes) == (3, False)

    def test_is_kept_for_a_moment_and_made_anew_if_nobody_leads(self, alpha: Agency, now: datetime) -> None:
        backlog.take(now=now, full_rate=RATE, is_paused=False)
        put(alpha.pk, 3, now)

        soon, late = (backlog.read(now=now + timedelta(seconds=after)) for after in (5, 6))

        assert (soon.by_lane()[Lane.BULK], late.by_lane()[Lane.BULK]) == (0, 3)


class TestTheRate:
    @staticmethod
    def second(now: datetime, number: int, *, served: int, is_paused: bool = False) -> float | None:
        for _ in range(served):
            turns.pick(now=now)
        backlog.take(now=now + timedelta(seconds=number), full_rate=RATE, is_paused=is_paused)
        return Backlog.objects.get().rate

    def test_is_what_is_really_given(self, alpha: Agency, now: datetime) -> None:
        put(alpha.pk, 1000, now)

        rates = [self.second(now, number, served=2) for number in range(61)]

        assert rates[0] is None
        assert rates[-1] == pytest.approx(2, rel=0.05)

    def test_does_not_fall_in_a_pause(self, alpha: Agency, now: datetime) -> None:
        put(alpha.pk, 1000, now)
        for number in range(3):
            self.second(now, number, served=3)

        assert self.second(now, 3, served=0, is_paused=True) == RATE

    def test_is_not_known_while_nothing_waits(self, alpha: Agency, now: datetime) -> None:
        put(alpha.pk, 1, now)
        self.second(now, 0, served=0)
        self.second(now, 1, served=0)

        assert self.second(now, 2, served=1) is None

    def test_never_says_that_nothing_will_ever_go(self, alpha: Agency, now: datetime) -> None:
        put(alpha.pk, 10, now)

        rates = [self.second(now, number, served=0) for number in range(200)]

        assert rates[-1] == RATE / 100
