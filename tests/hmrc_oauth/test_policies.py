"""When a token is renewed: each policy's answer when a planned refresh comes up, and what becomes of the plan."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hmrc_door.pace import Lane, Slot
from hmrc_oauth import ahead, connections, refresh, verify
from hmrc_oauth.access import NEEDED
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus
from hmrc_oauth.policy import LEAD, SPREAD, Policy
from landlords.models import Landlord
from mtd.recovery import rebuild
from tenants import due
from tests.hmrc_oauth.fake_door import NOT_SENT, ONE_BUSINESS, UNKNOWN, FakeClock, FakeDoor, granted
from tests.hmrc_oauth.scenes import again, connection_of, due_at, issue
from tests.hmrc_oauth.test_access import spend

ALL, WORKING, ON_DEMAND = Policy.ALL, Policy.WORKING, Policy.ON_DEMAND
LOOK_AGAIN = timedelta(minutes=5)


@pytest.fixture
def ripe(grant: Grant, time: FakeClock) -> Grant:
    """A grant whose planned refresh comes up now. Nobody has used it since it was made."""
    ahead.plan(grant)
    time.now = ahead.time_of(grant)
    return grant


def come_up(grant: Grant, time: FakeClock, *, has_work: bool = False) -> None:
    ahead.run(grant_id=grant.pk, has_work=lambda _: has_work, now=time.now)


def planned(grant: Grant) -> object:
    return due_at("refresh_ahead", grant.pk)


def asked_for(grant: Grant) -> bool:
    return due_at("refresh", grant.pk) is not None


class TestThePlannedTime:
    def test_is_25_minutes_before_expiry_give_or_take_5(self, grant: Grant) -> None:
        leads = [_lead(grant, key=UUID(int=number)) for number in range(200)]

        assert min(leads) >= LEAD - SPREAD
        assert max(leads) <= LEAD + SPREAD
        assert max(leads) - min(leads) > SPREAD * 1.8

    def test_is_the_same_whoever_asks_and_another_for_the_next_pair(self, grant: Grant) -> None:
        assert _lead(grant, key=UUID(int=1)) == _lead(grant, key=UUID(int=1))
        assert _lead(grant, key=UUID(int=1)) != _lead(grant, key=UUID(int=1), version=2)

    def test_of_a_short_lived_token_leaves_it_most_of_its_life(self, grant: Grant) -> None:
        grant.access_expires_at = grant.granted_at + timedelta(minutes=20)

        assert ahead.time_of(grant) == grant.granted_at + timedelta(minutes=15)

    def test_of_a_token_that_hmrc_refused_as_soon_as_it_was_made_is_its_end(self, grant: Grant) -> None:
        grant.access_expires_at = grant.granted_at

        assert ahead.time_of(grant) == grant.granted_at


def _lead(grant: Grant, *, key: UUID, version: int = 1) -> timedelta:
    grant.pk, grant.token_version = key, version
    return grant.access_expires_at - ahead.time_of(grant)


class TestAPlan:
    def test_is_put_on_the_list_with_the_pair_that_a_refresh_brings(self, stale: Grant, door: FakeDoor) -> None:
        door.will(granted())

        refresh.run(grant_id=stale.pk)

        assert planned(stale) == ahead.time_of(again(stale))

    def test_is_given_up_for_the_pair_if_something_ails_what_follows_from_it(
        self, stale: Grant, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError

        door.will(granted())
        monkeypatch.setattr(refresh, "finish_operations", fail)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).token_version, planned(stale)) == (2, None)

    def test_is_put_on_the_list_when_a_new_grant_is_taken_into_use(
        self, first: tuple[ConnectSession, Grant], door: FakeDoor
    ) -> None:
        door.will(ONE_BUSINESS)

        verify.run(grant_id=first[1].pk)

        assert planned(first[1]) == ahead.time_of(again(first[1]))

    @pytest.mark.parametrize("policy", Policy)
    def test_of_a_grant_that_is_over_is_dropped(
        self, ripe: Grant, time: FakeClock, settings: Any, policy: Policy
    ) -> None:
        settings.REFRESH_POLICY = policy
        ripe.wipe()

        come_up(ripe, time, has_work=True)

        assert (planned(ripe), asked_for(ripe)) == (None, False)

    def test_of_a_grant_that_nobody_knows_is_dropped(self, grant: Grant, time: FakeClock) -> None:
        due.put(kind=due.Kind.REFRESH_AHEAD, subject_id=(unknown := uuid4()), lane=due.Lane.BACKGROUND)

        ahead.run(grant_id=unknown, has_work=lambda _: True, now=time.now)

        assert due_at("refresh_ahead", unknown) is None

    def test_of_a_grant_that_never_served_its_landlord_is_dropped(
        self, landlord: Landlord, time: FakeClock, settings: Any
    ) -> None:
        settings.REFRESH_POLICY, unverified = ALL, issue(landlord)
        ahead.plan(unverified)
        time.advance(hours=4)

        come_up(unverified, time, has_work=True)

        assert (planned(unverified), asked_for(unverified)) == (None, False)

    def test_that_is_made_while_another_is_dropped_stays(
        self, ripe: Grant, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def meanwhile(*_: object) -> bool:
            spend(ripe, name="newer", now=time.now)
            ahead.plan(again(ripe))
            return False

        monkeypatch.setattr(ahead, "_was_used", meanwhile)

        come_up(ripe, time)

        assert planned(ripe) == ahead.time_of(again(ripe))

    def test_that_an_old_bell_rings_for_is_moved_to_the_new_pairs_time(
        self, ripe: Grant, time: FakeClock, settings: Any
    ) -> None:
        settings.REFRESH_POLICY = ALL
        spend(ripe, name="newer", now=time.now)

        come_up(ripe, time)

        assert (planned(ripe), asked_for(ripe)) == (ahead.time_of(again(ripe)), False)

    @pytest.mark.parametrize("status", ["refreshing", "uncertain"])
    def test_waits_while_the_grant_is_being_refreshed_or_in_doubt(
        self, ripe: Grant, time: FakeClock, settings: Any, status: str
    ) -> None:
        settings.REFRESH_POLICY = ALL
        Grant.objects.filter(pk=ripe.pk).update(status=status, lease_ends_at=time.now)

        come_up(ripe, time)

        assert (planned(ripe), asked_for(ripe)) == (time.now + LOOK_AGAIN, False)


class TestWhenItComesUp:
    @pytest.mark.parametrize(
        ("policy", "used", "has_work", "is_refreshed"),
        [
            (WORKING, False, False, False),
            (WORKING, True, False, True),
            (WORKING, False, True, True),
            (ALL, False, False, True),
            (ON_DEMAND, True, True, False),
        ],
    )
    def test_the_policy_decides(
        self,
        ripe: Grant,
        landlord: Landlord,
        time: FakeClock,
        settings: Any,
        policy: Policy,
        used: bool,
        has_work: bool,
        is_refreshed: bool,
    ) -> None:
        settings.REFRESH_POLICY = policy
        if used:
            connection_of(landlord).used(now=ripe.granted_at)

        come_up(ripe, time, has_work=has_work)

        assert asked_for(ripe) is is_refreshed
        assert planned(ripe) == (time.now + LOOK_AGAIN if is_refreshed else None)

    def test_use_before_the_pair_was_made_is_not_use_of_it(
        self, ripe: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        connection_of(landlord).used(now=ripe.granted_at - timedelta(seconds=1))

        come_up(ripe, time)

        assert not asked_for(ripe)

    def test_a_working_connection_is_renewed_once_more_and_then_left_alone(
        self, ripe: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connection_of(landlord).used(now=ripe.granted_at)
        door.will(granted())
        come_up(ripe, time)
        refresh.run(grant_id=ripe.pk)

        time.now = ahead.time_of(again(ripe))
        come_up(ripe, time)

        assert (planned(ripe), asked_for(ripe), again(ripe).token_version) == (None, False, 2)

    def test_the_old_pair_can_still_bear_witness(self, ripe: Grant, time: FakeClock) -> None:
        assert ripe.access_expires_at - time.now >= timedelta(minutes=20)


class TestARefreshAhead:
    @pytest.fixture(autouse=True)
    def _asked_for(self, ripe: Grant, time: FakeClock) -> None:
        come_up(ripe, time, has_work=True)

    @pytest.fixture
    def lanes(self, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> list[Lane]:
        seen: list[Lane] = []
        grant_slot = door.acquire

        def acquire(*, lane: Lane, agency: str, timeout_s: float, connects: bool = False) -> Slot:
            seen.append(lane)
            return grant_slot(lane=lane, agency=agency, timeout_s=timeout_s, connects=connects)

        monkeypatch.setattr(door, "acquire", acquire)
        return seen

    def test_stands_behind_everybody_else(self, ripe: Grant, door: FakeDoor, lanes: list[Lane]) -> None:
        door.will(granted())

        refresh.run(grant_id=ripe.pk)

        assert (again(ripe).token_version, lanes) == (2, [Lane.BACKGROUND])

    @pytest.mark.parametrize("by", ["time", "person"])
    def test_stands_with_the_needed_ones_once_it_is_needed(
        self, ripe: Grant, door: FakeDoor, lanes: list[Lane], time: FakeClock, by: str
    ) -> None:
        if by == "time":
            time.now = ripe.access_expires_at - NEEDED
        else:
            connections.refresh(landlord_id=ripe.landlord_id, now=time.now)
        door.will(granted())

        refresh.run(grant_id=ripe.pk)

        assert lanes == [Lane.TOKEN]

    def test_without_a_slot_goes_back_to_its_ration(self, ripe: Grant, door: FakeDoor, time: FakeClock) -> None:
        door.is_full = True

        refresh.run(grant_id=ripe.pk)

        assert (asked_for(ripe), planned(ripe)) == (False, time.now + LOOK_AGAIN)
        assert again(ripe).status == GrantStatus.ACTIVE

    def test_spends_no_second_token_when_its_bell_rings_twice(self, ripe: Grant, door: FakeDoor) -> None:
        door.will(granted())

        refresh.run(grant_id=ripe.pk)
        due.put(kind=due.Kind.REFRESH, subject_id=ripe.pk, lane=due.Lane.BACKGROUND)
        refresh.run(grant_id=ripe.pk)

        assert (len(door.asked), again(ripe).token_version) == (1, 2)

    def test_is_not_sent_once_the_policy_is_on_demand(self, ripe: Grant, door: FakeDoor, settings: Any) -> None:
        settings.REFRESH_POLICY = ON_DEMAND

        refresh.run(grant_id=ripe.pk)

        assert (door.asked, asked_for(ripe)) == ([], False)

    def test_that_was_not_sent_is_tried_again(self, ripe: Grant, door: FakeDoor) -> None:
        door.will(NOT_SENT, granted())

        refresh.run(grant_id=ripe.pk)
        refresh.run(grant_id=ripe.pk)

        assert again(ripe).token_version == 2

    def test_whose_answer_was_lost_is_doubt_like_any_other(self, ripe: Grant, door: FakeDoor) -> None:
        door.will(UNKNOWN)

        refresh.run(grant_id=ripe.pk)

        assert again(ripe).status == GrantStatus.UNCERTAIN
        assert planned(ripe) is not None


class TestAChangeOfPolicy:
    def test_to_all_takes_effect_for_every_grant_at_the_next_start(
        self, grant: Grant, time: FakeClock, settings: Any
    ) -> None:
        settings.REFRESH_POLICY = ALL
        time.now = grant.access_expires_at + timedelta(days=30)

        ahead.catch_up(now=time.now)

        assert planned(grant) == time.now

    def test_to_all_leaves_what_is_planned_where_it_is(self, ripe: Grant, time: FakeClock, settings: Any) -> None:
        settings.REFRESH_POLICY = ALL
        before = planned(ripe)
        time.advance(minutes=3)

        ahead.catch_up(now=time.now)

        assert planned(ripe) == before

    def test_to_all_wakes_no_grant_that_is_over_or_was_never_confirmed(
        self, grant: Grant, landlord: Landlord, time: FakeClock, settings: Any
    ) -> None:
        settings.REFRESH_POLICY = ALL
        unverified = issue(landlord)
        grant.wipe()

        ahead.catch_up(now=time.now)

        assert (planned(grant), planned(unverified)) == (None, None)

    @pytest.mark.parametrize("policy", [WORKING, ON_DEMAND])
    def test_from_all_takes_effect_as_each_comes_up_within_one_tokens_life(
        self, ripe: Grant, time: FakeClock, settings: Any, policy: Policy
    ) -> None:
        settings.REFRESH_POLICY = policy

        come_up(ripe, time)

        assert (planned(ripe), asked_for(ripe)) == (None, False)

    @pytest.mark.parametrize("policy", [WORKING, ON_DEMAND])
    def test_to_another_than_all_needs_nothing_at_the_start(
        self, grant: Grant, time: FakeClock, settings: Any, policy: Policy
    ) -> None:
        settings.REFRESH_POLICY = policy

        ahead.catch_up(now=time.now)

        assert planned(grant) is None

    def test_from_on_demand_finds_every_later_pair_planned(
        self, stale: Grant, door: FakeDoor, time: FakeClock, settings: Any
    ) -> None:
        settings.REFRESH_POLICY = ON_DEMAND
        door.will(granted())
        refresh.run(grant_id=stale.pk)

        settings.REFRESH_POLICY = WORKING
        time.now = ahead.time_of(again(stale))
        come_up(stale, time, has_work=True)

        assert asked_for(stale)

    def test_is_caught_up_with_by_rebuilding_the_list_too(self, grant: Grant, time: FakeClock, settings: Any) -> None:
        settings.REFRESH_POLICY = ALL

        rebuild(now=time.now)

        assert planned(grant) == ahead.time_of(grant)
