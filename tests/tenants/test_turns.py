"""The one order in which calls go: lanes with floors, agencies by fair queueing, and in an agency by deadline."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.models.functions import Now

from tenants import due, pauses, shares, turns
from tenants.context import tenant
from tenants.due import TOKENS, Kind
from tenants.ids import new_id
from tenants.lanes import FLOORS, Lane
from tenants.models import Agency, AgencyTurn, Due, LaneTurn, Pause, PauseScope, Share
from tenants.models.agency import AgencyStatus

BULK, NOBODY = Lane.BULK, UUID(int=0)


@pytest.fixture(autouse=True)
def _nothing_waits(db: None) -> None:
    for model in (Due, AgencyTurn, LaneTurn, Share, Pause):
        model.objects.all().delete()


@pytest.fixture
def agencies(db: None) -> Callable[[int], list[UUID]]:
    """So many agencies, of which only the public row is there: nothing else is looked at."""

    def make(many: int) -> list[UUID]:
        made = Agency.objects.bulk_create(Agency(name=f"Agency {number}") for number in range(many))
        return [agency.pk for agency in made]

    return make


@pytest.fixture
def waits(now: datetime) -> Callable[..., list[UUID]]:
    """Put so many calls on the list."""

    def put(agency: UUID, many: int = 1, lane: Lane = BULK, **more: object) -> list[UUID]:
        given = {"kind": Kind.SUBMIT, "due_at": now, "is_call": True, **more}
        rows = [Due(agency_id=agency, subject_id=new_id(), lane=lane, **given) for _ in range(many)]
        return [row.subject_id for row in Due.objects.bulk_create(rows)]

    return put


def picked(now: datetime, many: int) -> list[UUID]:
    """Whose turn it is, so many times, each done before the next."""
    return [agency for agency, _ in _picks(now, many)]


def subjects(now: datetime, many: int) -> list[UUID]:
    return [subject for _, subject in _picks(now, many)]


def _picks(now: datetime, many: int) -> Iterator[tuple[UUID, UUID]]:
    for _ in range(many):
        ring = turns.pick(now=now)
        if ring is None:
            return
        Due.objects.filter(agency_id=ring.agency_id, kind=ring.kind, subject_id=ring.subject_id).delete()
        yield ring.agency_id, ring.subject_id


def lanes_picked(now: datetime, many: int) -> list[str]:
    """In which lanes."""
    lane_of = dict(Due.objects.values_list("subject_id", "lane"))
    return [lane_of[subject] for subject in subjects(now, many)]


class TestLanes:
    def test_go_by_urgency(self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime) -> None:
        for lane in reversed(Lane):
            waits(alpha.pk, lane=lane)

        assert lanes_picked(now, 5) == list(Lane)

    @pytest.mark.parametrize(("lane", "floor"), FLOORS.items())
    def test_that_were_passed_over_too_often_go_next(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime, lane: Lane, floor: int
    ) -> None:
        waits(alpha.pk, 2 * floor + 2, lane=Lane.INTERACTIVE)
        waits(alpha.pk, 2, lane=lane)

        order = lanes_picked(now, 2 * floor + 2)

        assert [place for place, served in enumerate(order) if served == lane] == [floor, 2 * floor + 1]

    def test_all_get_at_least_their_floor_when_every_one_is_full(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        for lane in Lane:
            waits(alpha.pk, 200, lane=lane)

        served = Counter(lanes_picked(now, 200))

        assert all(served[lane] >= 200 // (floor + 2) for lane, floor in FLOORS.items())
        assert served[Lane.INTERACTIVE] > 100

    def test_in_which_nothing_waited_have_saved_up_nothing(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, 50, lane=Lane.INTERACTIVE)
        lanes_picked(now, 20)
        waits(alpha.pk, lane=Lane.BULK)

        assert Lane.BULK not in lanes_picked(now, FLOORS[Lane.BULK])


class TestAgencies:
    def test_with_little_are_served_within_one_of_their_ideal_place_beside_one_with_very_much(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        big, *small = agencies(11)
        waits(big, 10_000)
        for agency in small:
            waits(agency, 20)

        order = picked(now, 220)

        for served in range(11, 221, 11):
            counts = Counter(order[:served])
            assert all(abs(counts[agency] - served // 11) <= 1 for agency in (big, *small))
        assert Counter(order) == dict.fromkeys((big, *small), 20)
        assert jain(list(Counter(order).values())) >= Fraction(99, 100)

    def test_share_by_weight(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        heavy, light = agencies(2)
        shares.grant(agency_id=heavy, weight=3, cap=None, now=now)
        for agency in (heavy, light):
            waits(agency, 100)

        counts = Counter(picked(now, 40))

        assert abs(counts[heavy] - 30) <= 1

    def test_that_become_busy_neither_own_a_past_nor_starve_the_others(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        early, late = agencies(2)
        waits(early, 100)
        picked(now, 50)
        waits(late, 50)

        counts = Counter(picked(now, 20))

        assert abs(counts[late] - 10) <= 1

    def test_that_were_served_alone_pay_nothing_for_it_later(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        early, late = agencies(2)
        waits(early, 50)
        picked(now, 50)
        for agency in (early, late):
            waits(agency, 10)

        assert Counter(picked(now, 10)) == {early: 5, late: 5}

    def test_that_are_suspended_or_paused_are_passed_over_and_come_back(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        suspended, paused, other = agencies(3)
        for agency in (suspended, paused, other):
            waits(agency, 2)
        Agency.objects.filter(pk=suspended).update(status=AgencyStatus.SUSPENDED)
        pauses.pause(scope=PauseScope.AGENCY, name=str(paused), reason="asked for", now=now)

        while_away = picked(now, 6)
        Agency.objects.filter(pk=suspended).update(status=AgencyStatus.ACTIVE)
        pauses.resume(scope=PauseScope.AGENCY, name=str(paused), now=now)

        assert while_away == [other, other]
        assert Counter(picked(now, 6)) == {suspended: 2, paused: 2}

    def test_that_no_longer_exist_hold_up_nobody(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(NOBODY)
        waits(alpha.pk)

        assert picked(now, 3) == [alpha.pk]


class TestACap:
    def test_holds_an_agency_to_its_share_of_the_rate(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        capped, other = agencies(2)
        shares.grant(agency_id=capped, weight=1, cap=0.2, now=now)
        waits(capped, 100)
        waits(other, 100)

        order = [agency for turn in range(90) for agency in picked(now + timedelta(seconds=turn / 3), 1)]

        assert abs(Counter(order)[capped] - 18) <= 1

    def test_leaves_turns_unused_rather_than_give_more(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        (capped,) = agencies(1)
        shares.grant(agency_id=capped, weight=1, cap=0.1, now=now)
        waits(capped, 100)

        assert len(picked(now, 10)) == 1
        assert not turns.waits(now=now)
        assert len(picked(now + timedelta(seconds=10 / 3), 10)) == 1

    def test_holds_back_whoever_asks_without_end_as_if_a_person_waited(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        capped, other = agencies(2)
        shares.grant(agency_id=capped, weight=1, cap=0.1, now=now)
        waits(capped, 300, lane=Lane.INTERACTIVE)
        waits(other, 300, lane=Lane.DEADLINE)

        order = [agency for turn in range(90) for agency in picked(now + timedelta(seconds=turn / 3), 1)]

        assert Counter(order)[capped] <= 15

    def test_of_which_tokens_took_more_still_leaves_turns_for_a_person_soon(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        (capped,) = agencies(1)
        shares.grant(agency_id=capped, weight=1, cap=0.1, now=now)
        waits(capped, 50, lane=Lane.TOKEN)
        picked(now, 50)
        waits(capped, lane=Lane.INTERACTIVE)

        assert picked(now, 1) == []
        assert picked(now + timedelta(seconds=4), 1) == [capped]

    @pytest.mark.parametrize("lane", [Lane.INTERACTIVE, Lane.TOKEN])
    def test_holds_back_neither_a_person_nor_a_token(
        self, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime, lane: Lane
    ) -> None:
        (capped,) = agencies(1)
        shares.grant(agency_id=capped, weight=1, cap=0.1, now=now)
        waits(capped, 5, lane=lane)

        assert len(picked(now, 5)) == 5


class TestInAnAgency:
    def test_hmrcs_day_goes_first_then_what_waited_longest(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        (whenever,) = waits(alpha.pk)
        (february,) = waits(alpha.pk, deadline=date(2027, 2, 7))
        (older,) = waits(alpha.pk, deadline=date(2026, 11, 7))
        (newer,) = waits(alpha.pk, deadline=date(2026, 11, 7), due_at=now - timedelta(seconds=1))

        assert subjects(now, 4) == [older, newer, february, whenever]

    def test_what_was_put_off_is_as_old_as_before(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        first, *others = waits(alpha.pk, 3)
        taken = turns.pick(now=now)
        with tenant(alpha):
            due.put_off(kind=Kind.SUBMIT, subject_id=first, until=now + timedelta(seconds=1))

        assert taken is not None
        assert taken.subject_id == first
        assert subjects(now + timedelta(seconds=1), 3) == [first, *others]

    def test_what_is_not_due_yet_does_not_go(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        (later,) = waits(alpha.pk, deadline=date(2026, 11, 7), due_at=now + timedelta(seconds=1))
        (due,) = waits(alpha.pk)

        assert subjects(now, 2) == [due]
        assert subjects(now + timedelta(seconds=1), 2) == [later]

    def test_what_is_no_call_never_takes_a_turn(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, kind=Kind.TIDY, is_call=False)

        assert not turns.waits(now=now)
        assert turns.pick(now=now) is None


class TestACarrierThatIsKilled:
    def test_after_the_pick_gives_the_row_back_when_its_lease_is_over(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        (subject,) = waits(alpha.pk)

        first = turns.pick(now=now)

        assert first == (Kind.SUBMIT, alpha.pk, subject)
        assert turns.pick(now=now + turns.LEASE - timedelta(seconds=1)) is None
        assert turns.pick(now=now + turns.LEASE) == first


class TestAPausedLane:
    def test_goes_nowhere_and_hides_nothing_else(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, 3, lane=Lane.DEADLINE)
        waits(alpha.pk, 3, lane=Lane.BULK)
        pauses.pause(scope=PauseScope.LANE, name=Lane.DEADLINE, reason="HMRC asked", now=now)

        assert lanes_picked(now, 3) == [Lane.BULK] * 3
        assert not turns.waits(now=now)


class TestTheReserve:
    def test_takes_tokens_and_nothing_else(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, lane=Lane.INTERACTIVE)
        (code,) = waits(alpha.pk, kind=Kind.EXCHANGE, lane=Lane.INTERACTIVE)
        (token,) = waits(alpha.pk, kind=Kind.REFRESH, lane=Lane.TOKEN)

        taken = [turns.pick(now=now, kinds=TOKENS) for _ in range(3)]

        assert [ring and ring.subject_id for ring in taken] == [code, token, None]

    def test_stands_back_while_ordinary_carriers_pick(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, 2, kind=Kind.REFRESH, lane=Lane.TOKEN)
        before = turns.rest_s()
        turns.pick(now=now)

        assert (before, turns.waits(now=now, kinds=TOKENS)) == (0, True)
        assert 0 < turns.rest_s() <= 0.5
        assert turns.pick(now=now, kinds=TOKENS) is None
        LaneTurn.objects.filter(lane=Lane.TOKEN).update(picked_at=Now() - timedelta(seconds=0.5))
        assert turns.rest_s() == 0
        assert turns.pick(now=now, kinds=TOKENS) is not None

    @pytest.mark.parametrize(("rate", "rest_s"), [(1, 1.5), (3, 0.5), (50, 0.5)])
    def test_looks_on_for_a_turn_and_a_half_and_never_for_longer(self, settings: Any, rate: int, rest_s: float) -> None:
        settings.HMRC = replace(settings.HMRC, requests_per_second=rate)
        LaneTurn.objects.create(lane=Lane.BULK, picked_at=Now() + timedelta(hours=1))  # PostgreSQL's clock was set back

        assert turns.rest_s() == rest_s

    def test_rests_after_nobody_but_ordinary_carriers(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, 2, kind=Kind.REFRESH, lane=Lane.TOKEN)

        assert turns.pick(now=now, kinds=TOKENS) is not None
        assert turns.rest_s() == 0

    def test_does_not_make_other_lanes_look_empty(
        self, alpha: Agency, waits: Callable[..., list[UUID]], now: datetime
    ) -> None:
        waits(alpha.pk, lane=Lane.BULK)
        waits(alpha.pk, 2, kind=Kind.REFRESH, lane=Lane.TOKEN)
        LaneTurn.objects.create(lane=Lane.BULK, passed=FLOORS[Lane.BULK])

        turns.pick(now=now, kinds=TOKENS)

        assert lanes_picked(now, 1) == [Lane.BULK]


def test_a_row_that_somebody_holds_makes_nobody_wait(
    alpha_committed: Agency, agencies: Callable[[int], list[UUID]], waits: Callable[..., list[UUID]], now: datetime
) -> None:
    given = connection.get_connection_params()
    params = {name: given[name] for name in ("dbname", "user", "password", "host", "port")}
    mine = "FROM tenants_due WHERE agency_id = %s AND kind = 'submit'"
    with psycopg.connect(**params) as other:
        other.execute(
            "INSERT INTO tenants_due (agency_id, kind, subject_id, lane, due_at, is_call, created_at)"
            " VALUES (%s, 'submit', %s, 'bulk', %s, true, now())",
            [alpha_committed.pk, new_id(), now],
        )
        other.commit()
        try:
            other.execute(f"SELECT {mine} FOR UPDATE", [alpha_committed.pk])
            (free,) = agencies(1)
            waits(free)

            assert picked(now, 2) == [free]
        finally:
            other.execute(f"DELETE {mine}", [alpha_committed.pk])


def test_no_step_of_a_pick_looks_at_every_row_that_waits(agencies: Callable[[int], list[UUID]], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenants_due (agency_id, kind, subject_id, lane, due_at, is_call, created_at)"
            " SELECT agency, 'submit', gen_random_uuid(), 'bulk', %s, true, now()"
            " FROM unnest(%s::uuid[]) AS agency, generate_series(1, 1000)",
            [now, agencies(20)],
        )
        cursor.execute("ANALYZE tenants_due")
    plans: list[str] = []

    def explained(execute: Any, statement: str, given: Any, many: bool, context: Any) -> Any:
        if "tenants_due" in statement:
            execute(f"EXPLAIN {statement}", given, many, context)
            plans.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(explained):
        assert turns.pick(now=now) is not None

    assert len(plans) == 3
    assert "calls_in_order" in plans[-1]
    assert "Sort" not in plans[-1]
    assert not [plan for plan in plans if "Seq Scan on tenants_due" in plan or "Bitmap" in plan]


def jain(given: list[int]) -> Fraction:
    """Jain's index of fairness: 1 if all got the same."""
    return Fraction(sum(given) ** 2, len(given) * sum(each * each for each in given))
