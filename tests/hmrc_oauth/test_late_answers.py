"""Refreshes that cross: an answer that comes after the lease, after death, after a newer pair, after a disconnect."""

from collections.abc import Callable

import pytest

from hmrc_oauth import access, breaker, connections, refresh
from hmrc_oauth.models import Connection, ConnectionState, Grant, GrantStatus, Tokens
from hmrc_oauth.models.states import GrantEvent
from landlords.models import Landlord
from tenants import due
from tests.hmrc_oauth.fake_door import (
    INVALID_GRANT,
    NOT_SENT,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    granted,
    meanwhile,
    opened,
)
from tests.hmrc_oauth.scenes import KEY, abandon, again, connect, connection_of, due_at, events, rung_for

AFTER_THE_CLAIM_OF_ANOTHER = pytest.mark.parametrize("late", [INVALID_GRANT, UNKNOWN, NOT_SENT])


def another(grant: Grant) -> Callable[[], None]:
    """Another worker, who finds the first one's lease over."""

    def run() -> None:
        abandon(grant)
        refresh.run(grant_id=grant.pk)

    return run


class TestTwoWorkers:
    def test_make_one_claim(self, stale: Grant, door: FakeDoor) -> None:
        door.will(meanwhile(lambda: refresh.run(grant_id=stale.pk), granted()))

        refresh.run(grant_id=stale.pk)

        assert len(door.asked) == 1

    def test_probe_one_at_a_time(self, stale: Grant, door: FakeDoor) -> None:
        door.will(UNKNOWN, meanwhile(lambda: refresh.run(grant_id=stale.pk), granted()))

        refresh.run(grant_id=stale.pk)
        rung_for(stale)

        assert len(door.asked) == 2

    def test_claim_only_the_version_they_looked_at(self, stale: Grant) -> None:
        seen_before = again(stale)
        assert stale.claim()
        assert stale.commit(tokens=Tokens("access", "refresh", 14_400), spent=1, now=stale.granted_at)

        assert not seen_before.claim()


class TestALateAnswer:
    def test_is_stored_while_another_is_probing(self, stale: Grant, door: FakeDoor) -> None:
        door.will(meanwhile(another(stale), granted("late")), UNKNOWN)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, opened(again(stale).refresh_token)) == (GrantStatus.ACTIVE, "refresh-late")

    def test_is_stored_though_the_old_pair_was_believed_to_work(self, stale: Grant, door: FakeDoor) -> None:
        """Should HMRC ever take longer than the lease: the pair that it gave is the one that lives."""

        def vouched_for() -> None:
            abandon(stale)
            assert again(stale).doubt_if_abandoned()
            assert again(stale).release(GrantEvent.WITNESSED, fence=again(stale).fence)

        door.will(meanwhile(vouched_for, granted("late")))

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, opened(again(stale).refresh_token)) == (GrantStatus.ACTIVE, "refresh-late")

    def test_brings_the_dead_back(self, stale: Grant, landlord: Landlord, door: FakeDoor) -> None:
        door.will(meanwhile(another(stale), granted("late")), INVALID_GRANT)

        refresh.run(grant_id=stale.pk)

        assert again(stale).status == GrantStatus.ACTIVE
        assert connection_of(landlord).can_file
        assert connection_of(landlord).reason_code == ""
        assert events()[-1] == "connection.recovered"

    def test_that_brings_the_dead_back_lets_go_what_waited(
        self, stale: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(meanwhile(another(stale), granted("late")), INVALID_GRANT)

        refresh.run(grant_id=stale.pk)

        assert due_at("after_connect", landlord.pk) is not None

    def test_does_not_bring_back_a_connection_that_has_a_newer_grant(
        self, stale: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        newer: list[Grant] = []

        def die_and_reconnect() -> None:
            another(stale)()
            newer.append(connect(landlord, name="newer"))

        door.will(meanwhile(die_and_reconnect, granted("late")), INVALID_GRANT)
        refresh.run(grant_id=stale.pk)

        connection = connection_of(landlord)
        assert (connection.grant_id, connection.state) == (newer[0].pk, ConnectionState.ACTIVE)

    def test_never_overwrites_a_newer_pair(self, stale: Grant, door: FakeDoor) -> None:
        door.will(meanwhile(another(stale), granted("late")), granted("newer"))

        refresh.run(grant_id=stale.pk)

        assert (again(stale).token_version, opened(again(stale).refresh_token)) == (2, "refresh-newer")

    def test_that_is_not_stored_leaves_the_next_refresh_on_the_list(
        self, stale: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        def newer_and_in_doubt_again() -> None:
            another(stale)()
            time.advance(hours=5)
            due.put(kind=due.Kind.REFRESH, subject_id=stale.pk, lane=due.Lane.TOKEN)
            refresh.run(grant_id=stale.pk)

        door.will(meanwhile(newer_and_in_doubt_again, granted("late")), granted("newer"), UNKNOWN)
        refresh.run(grant_id=stale.pk)

        assert again(stale).status == GrantStatus.UNCERTAIN
        assert due_at("refresh", stale.pk) is not None

    @AFTER_THE_CLAIM_OF_ANOTHER
    def test_without_tokens_says_nothing_any_more(self, stale: Grant, door: FakeDoor, late: Answer) -> None:
        door.will(meanwhile(another(stale), late), UNKNOWN)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, again(stale).probes) == (GrantStatus.UNCERTAIN, 1)

    @AFTER_THE_CLAIM_OF_ANOTHER
    def test_without_tokens_leaves_the_probe_on_the_list(
        self, stale: Grant, door: FakeDoor, time: FakeClock, late: Answer
    ) -> None:
        door.will(meanwhile(another(stale), late), UNKNOWN)

        refresh.run(grant_id=stale.pk)

        assert due_at("refresh", stale.pk) is not None
        assert (due_at("refresh", stale.pk) - time.now).total_seconds() == 95


class TestADisconnect:
    @pytest.mark.parametrize("late", [granted(), INVALID_GRANT, UNKNOWN, NOT_SENT])
    def test_wins_over_a_refresh_under_way(
        self, stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, late: Answer
    ) -> None:
        def disconnect() -> None:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        door.will(meanwhile(disconnect, late))
        refresh.run(grant_id=stale.pk)

        gone = again(stale)
        assert (gone.status, gone.access_token, gone.refresh_token) == (GrantStatus.WIPED, None, None)
        assert connection_of(landlord).state == ConnectionState.DISCONNECTED

    def test_wins_over_a_probe(self, stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
        door.will(UNKNOWN)
        refresh.run(grant_id=stale.pk)

        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, due_at("refresh", stale.pk)) == (GrantStatus.WIPED, None)


class TestAClaimThatNobodyEnds:
    def test_is_found_even_if_its_row_was_off_the_list_when_it_was_made(self, stale: Grant, door: FakeDoor) -> None:
        due.done(kind=due.Kind.REFRESH, subject_id=stale.pk)

        def die() -> Answer:
            raise SystemExit

        door.will(die)
        with pytest.raises(SystemExit):
            refresh.run(grant_id=stale.pk)

        assert again(stale).status == GrantStatus.REFRESHING
        assert due_at("refresh", stale.pk) is not None

    def test_is_left_to_whoever_sees_it_first(
        self, stale: Grant, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert stale.claim()
        abandon(stale)
        monkeypatch.setattr(breaker, "waits_until", lambda **_: again(stale).doubt_if_abandoned() and None)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, door.asked) == (GrantStatus.UNCERTAIN, [])
        assert "connection.uncertain" not in events()

    def test_is_put_on_the_list_by_whoever_wants_the_token(self, stale: Grant, time: FakeClock) -> None:
        assert stale.claim()
        due.done(kind=due.Kind.REFRESH, subject_id=stale.pk)

        with pytest.raises(access.AwaitingToken):
            access.bearer_of(again(stale), lane=due.Lane.DEADLINE, now=time.now)

        assert due_at("refresh", stale.pk) is not None


def test_a_grant_that_dies_under_a_connection_that_needs_a_new_one_anyway_is_told_once(
    stale: Grant, landlord: Landlord, door: FakeDoor
) -> None:
    Connection.objects.filter(landlord=landlord).update(state="reconnect_required")
    door.will(INVALID_GRANT)

    refresh.run(grant_id=stale.pk)

    assert again(stale).status == GrantStatus.DEAD
    assert "connection.reconnect_required" not in events()


def test_a_dead_grant_of_a_connection_that_has_another_one_is_told_to_nobody(
    stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    door.will(meanwhile(lambda: connect(landlord, name="newer"), INVALID_GRANT))

    refresh.run(grant_id=stale.pk)

    assert connection_of(landlord).state == ConnectionState.ACTIVE
    assert "connection.reconnect_required" not in events()
    assert Connection.objects.filter(grant=stale).count() == 0
