"""One refresh after another: every row of the protocol's table of outcomes, and when a token is spent at all."""

import json
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

import pytest

from events.models import Event
from hmrc_door import health
from hmrc_door.outcomes import Unknown
from hmrc_oauth import connections, refresh, stopping
from hmrc_oauth.models import ConnectionState, Grant, GrantStatus
from hmrc_oauth.models.grant import LEASE
from hmrc_oauth.refresh import PROBES
from landlords.models import Landlord
from people.models import Operation
from tenants import due
from tests.hmrc_oauth.fake_door import (
    IN_PROGRESS,
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_REQUEST,
    NOT_SENT,
    NOT_UNDERSTOOD,
    THROTTLED,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    granted,
    opened,
)
from tests.hmrc_oauth.scenes import KEY, abandon, again, connection_of, due_at, events, rung_for

RETRY = timedelta(seconds=5)
GATEWAY_GAVE_UP = Unknown(reason="server_error", status=504)
PROBE_AFTER = LEASE + RETRY


@pytest.fixture
def doubtful(stale: Grant, door: FakeDoor, time: FakeClock) -> Grant:
    """The same after an answer was lost, when the time of the first probe has come."""
    door.will(UNKNOWN)
    refresh.run(grant_id=stale.pk)
    door.asked.clear()
    time.advance(seconds=95)
    abandon(stale)
    return again(stale)


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "has_begun", lambda: True)


def refresh_due(grant: Grant) -> object:
    return due_at("refresh", grant.pk)


class TestAnAnswer:
    def test_is_bought_with_the_stored_refresh_token_in_the_token_lane(self, stale: Grant, door: FakeDoor) -> None:
        door.will(granted())

        refresh.run(grant_id=stale.pk)

        (asked,) = door.asked
        assert asked.secrets == {"refresh_token": "refresh-old"}
        assert (asked.what, asked.lane.name) == ("refresh", "TOKEN")

    def test_becomes_the_next_version_and_takes_the_work_off_the_list(
        self, stale: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(granted())

        refresh.run(grant_id=stale.pk)

        now = again(stale)
        assert (now.status, now.token_version, now.lease_ends_at) == (GrantStatus.ACTIVE, 2, None)
        assert (opened(now.access_token), opened(now.refresh_token)) == ("access-new", "refresh-new")
        assert now.access_expires_at == time.now + timedelta(hours=4)
        assert refresh_due(stale) is None

    def test_is_told_as_recovered_after_doubt_and_else_is_no_news(
        self, doubtful: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(granted("one"), granted("two"))

        refresh.run(grant_id=doubtful.pk)
        time.advance(hours=5)
        refresh.run(grant_id=doubtful.pk)

        assert events()[-2:] == ["connection.uncertain", "connection.recovered"]

    def test_is_no_sign_of_a_loss_while_hmrc_is_silent_to_all(
        self, doubtful: Grant, door: FakeDoor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[float] = []
        monkeypatch.setattr(health, "has_answered_since", asked.append)  # which is no yes
        door.will(*[UNKNOWN] * 5, granted())
        began = monotonic()

        for _ in range(5):
            rung_for(doubtful)
        assert began <= min(asked) <= max(asked) <= monotonic()
        assert (again(doubtful).status, again(doubtful).probes) == (GrantStatus.UNCERTAIN, 0)

        rung_for(doubtful)
        assert again(doubtful).status == GrantStatus.ACTIVE

    def test_wipes_the_count_of_probes(self, doubtful: Grant, door: FakeDoor) -> None:
        door.will(UNKNOWN, granted())

        rung_for(doubtful)
        rung_for(doubtful)

        assert (again(doubtful).probes, again(doubtful).status) == (0, GrantStatus.ACTIVE)

    def test_ends_the_operation_that_asked_for_it(self, grant: Grant, door: FakeDoor, time: FakeClock) -> None:
        operation = connections.refresh(landlord_id=grant.landlord_id, now=time.now)
        door.will(granted())

        refresh.run(grant_id=grant.pk)

        assert again(operation).status == "succeeded"


class TestAToken:
    def test_is_not_spent_while_the_access_token_is_good(self, grant: Grant, door: FakeDoor) -> None:
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)

        refresh.run(grant_id=grant.pk)

        assert door.asked == []
        assert refresh_due(grant) is None

    def test_is_not_spent_again_by_a_second_bell(self, stale: Grant, door: FakeDoor) -> None:
        door.will(granted())

        refresh.run(grant_id=stale.pk)
        refresh.run(grant_id=stale.pk)

        assert len(door.asked) == 1

    def test_is_spent_when_a_person_asks_though_the_old_one_is_good(
        self, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.refresh(landlord_id=grant.landlord_id, now=time.now)
        door.will(granted())

        refresh.run(grant_id=grant.pk)

        assert again(grant).token_version == 2
        done = Operation.objects.get(kind="connection.refresh")
        assert (done.status, done.result, done.finished_at) == ("succeeded", {"connection": "active"}, time.now)

    def test_that_hmrc_refuses_ends_what_a_person_asked_for(
        self, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.refresh(landlord_id=grant.landlord_id, now=time.now)
        door.will(INVALID_GRANT)

        refresh.run(grant_id=grant.pk)

        failed = Operation.objects.get(kind="connection.refresh")
        assert (failed.status, failed.error_code) == ("failed", "hmrc.reconnect_required")
        assert failed.finished_at == time.now

    @pytest.mark.parametrize("other", ["subject", "kind", "over"])
    def test_is_not_spent_for_what_somebody_else_asks_or_asked_for(
        self, grant: Grant, door: FakeDoor, time: FakeClock, other: str
    ) -> None:
        operation = Operation.open(
            kind="connection.check" if other == "kind" else "connection.refresh",
            subject_type="grant",
            subject_id=uuid4() if other == "subject" else grant.pk,
            now=time.now,
        )
        if other == "over":
            operation.succeed(now=time.now, result={})
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)

        refresh.run(grant_id=grant.pk)

        assert (door.asked, refresh_due(grant)) == ([], None)

    def test_of_a_dead_grant_is_not_sent_and_whoever_waited_is_told_to_reconnect(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.refresh(landlord_id=landlord.pk, now=time.now)
        Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.DEAD)

        refresh.run(grant_id=grant.pk)

        ended = again(operation)
        assert (ended.status, ended.error_code, ended.finished_at) == ("failed", "hmrc.reconnect_required", time.now)
        assert door.asked == []

    def test_is_spent_for_a_person_who_asks_in_the_very_moment_in_which_it_is_found_good(
        self, grant: Grant, door: FakeDoor, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        take_off = due.done

        def asked_meanwhile(*, kind: due.Kind, subject_id: UUID) -> None:
            take_off(kind=kind, subject_id=subject_id)
            Operation.open(kind="connection.refresh", subject_type="grant", subject_id=grant.pk, now=time.now)

        monkeypatch.setattr(due, "done", asked_meanwhile)

        refresh.run(grant_id=grant.pk)

        assert (door.asked, refresh_due(grant)) == ([], time.now)

    def test_waits_for_a_slot_without_being_claimed(self, stale: Grant, door: FakeDoor, time: FakeClock) -> None:
        door.is_full = True

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, again(stale).fence) == (GrantStatus.ACTIVE, stale.fence)
        assert refresh_due(stale) == time.now + RETRY

    def test_is_claimed_before_it_is_sent_and_the_list_knows_when_the_claim_ends(
        self, stale: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        seen: list[object] = []

        def look() -> Answer:
            seen.extend([again(stale).status, again(stale).fence - stale.fence, refresh_due(stale)])
            return granted()

        door.will(look)
        refresh.run(grant_id=stale.pk)

        assert seen == [GrantStatus.REFRESHING, 1, time.now + timedelta(seconds=91)]

    def test_of_a_grant_that_is_over_is_not_sent_and_whoever_waited_is_told(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.refresh(landlord_id=landlord.pk, now=time.now)
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        refresh.run(grant_id=grant.pk)

        assert (again(operation).status, again(operation).error_code) == ("failed", "hmrc.not_connected")
        assert refresh_due(grant) is None

    def test_of_a_grant_nobody_knows_is_nothing_to_do(self, stale: Grant, landlord: Landlord, door: FakeDoor) -> None:
        due.put(kind=due.Kind.REFRESH, subject_id=landlord.pk, lane=due.Lane.TOKEN)

        refresh.run(grant_id=landlord.pk)

        assert due_at("refresh", landlord.pk) is None


class TestFromRefreshing:
    @pytest.mark.parametrize("answer", [NOT_SENT, THROTTLED, INVALID_CLIENT])
    def test_nothing_spent_is_as_before_the_claim(
        self, stale: Grant, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, again(stale).lease_ends_at) == (GrantStatus.ACTIVE, None)
        assert refresh_due(stale) == time.now + RETRY
        assert "connection.uncertain" not in events()

    @pytest.mark.parametrize("answer", [IN_PROGRESS, INVALID_REQUEST, NOT_UNDERSTOOD])
    def test_what_is_not_understood_is_doubt_and_counts_nothing(
        self, stale: Grant, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, again(stale).probes) == (GrantStatus.UNCERTAIN, 0)
        assert refresh_due(stale) == time.now + PROBE_AFTER

    def test_invalid_grant_is_death_and_the_landlord_is_asked_to_reconnect(
        self, stale: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(INVALID_GRANT)

        refresh.run(grant_id=stale.pk)

        connection = connection_of(landlord)
        assert again(stale).status == GrantStatus.DEAD
        assert (connection.state, connection.reason_code) == (ConnectionState.RECONNECT_REQUIRED, "refused")
        assert (events()[-1], refresh_due(stale)) == ("connection.reconnect_required", None)

    def test_a_lost_answer_is_doubt_told_once_and_no_probe_yet(
        self, stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(UNKNOWN)

        refresh.run(grant_id=stale.pk)

        assert (again(stale).status, again(stale).probes) == (GrantStatus.UNCERTAIN, 0)
        assert connection_of(landlord).shown_state == ConnectionState.UNCERTAIN
        assert (events().count("connection.uncertain"), refresh_due(stale)) == (1, time.now + PROBE_AFTER)

    def test_a_worker_that_died_leaves_doubt_and_the_probe_follows_at_once(self, stale: Grant, door: FakeDoor) -> None:
        assert stale.claim()
        abandon(stale)
        seen: list[str] = []

        def look() -> Answer:
            seen.append(again(stale).status)
            return granted()

        door.will(look)
        refresh.run(grant_id=stale.pk)

        assert seen == [GrantStatus.UNCERTAIN]
        assert (again(stale).status, again(stale).token_version) == (GrantStatus.ACTIVE, 2)
        assert events()[-2:] == ["connection.uncertain", "connection.recovered"]


class TestFromUncertain:
    @pytest.mark.parametrize("answer", [NOT_SENT, THROTTLED, INVALID_CLIENT, IN_PROGRESS, NOT_UNDERSTOOD])
    def test_a_probe_that_tells_nothing_stays_doubt_and_counts_nothing(
        self, doubtful: Grant, door: FakeDoor, answer: Answer
    ) -> None:
        door.will(answer)

        rung_for(doubtful)

        assert (again(doubtful).status, again(doubtful).probes) == (GrantStatus.UNCERTAIN, 0)
        assert refresh_due(doubtful) is not None

    @pytest.mark.parametrize("answer", [UNKNOWN, IN_PROGRESS, NOT_UNDERSTOOD, GATEWAY_GAVE_UP])
    def test_nobody_asks_again_before_the_lease_is_over(
        self, stale: Grant, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)
        refresh.run(grant_id=stale.pk)
        lease = again(stale).lease_ends_at
        time.advance(minutes=2)  # by the clock of the due list; leases live on PostgreSQL's

        refresh.run(grant_id=stale.pk)

        assert (len(door.asked), again(stale).lease_ends_at) == (1, lease)
        assert lease is not None

    def test_a_probe_that_was_not_sent_leaves_nothing_to_wait_out(self, doubtful: Grant, door: FakeDoor) -> None:
        door.will(NOT_SENT, granted())

        refresh.run(grant_id=doubtful.pk)
        refresh.run(grant_id=doubtful.pk)

        assert again(doubtful).status == GrantStatus.ACTIVE

    def test_a_probe_sends_the_same_token_again(self, doubtful: Grant, door: FakeDoor) -> None:
        door.will(granted())

        rung_for(doubtful)

        assert door.asked[0].secrets == {"refresh_token": "refresh-old"}
        assert again(doubtful).status == GrantStatus.ACTIVE

    def test_invalid_grant_says_that_the_new_pair_was_lost(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(INVALID_GRANT)

        rung_for(doubtful)

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code) == (ConnectionState.RECONNECT_REQUIRED, "lost")

    def test_three_lost_probes_are_death_and_two_are_not(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(*[UNKNOWN] * PROBES)
        seen: list[tuple[str, int]] = []

        for _ in range(PROBES):
            rung_for(doubtful)
            seen.append((again(doubtful).status, again(doubtful).probes))

        assert seen == [(GrantStatus.UNCERTAIN, 1), (GrantStatus.UNCERTAIN, 2), (GrantStatus.DEAD, 2)]
        assert events().count("connection.uncertain") == 1
        assert connection_of(landlord).reason_code == "lost"

    def test_an_outage_that_hmrc_owns_up_to_counts_as_no_lost_probe(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(*[Unknown(reason="server_error", status=503)] * (PROBES + 2))

        for _ in range(PROBES + 2):
            rung_for(doubtful)

        assert (again(doubtful).status, again(doubtful).probes) == (GrantStatus.UNCERTAIN, 0)
        assert connection_of(landlord).state == ConnectionState.ACTIVE

    def test_an_outage_leaves_doubt_and_nobody_asks_before_hmrc_must_have_let_go(
        self, stale: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(Unknown(reason="server_error", status=503))

        refresh.run(grant_id=stale.pk)

        left = again(stale)
        assert (left.status, left.tries, left.lease_ends_at is None) == (GrantStatus.UNCERTAIN, 1, False)
        assert events()[-1] == "connection.uncertain"
        assert refresh_due(stale) == time.now + PROBE_AFTER

    def test_death_ends_the_operation_that_waited(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = connections.refresh(landlord_id=landlord.pk, now=time.now)
        door.will(INVALID_GRANT)

        rung_for(doubtful)

        assert again(operation).error_code == "hmrc.reconnect_required"


class TestADeadGrant:
    def test_whose_eighteen_months_are_over_says_so(
        self, stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        time.now = stale.ends_at - timedelta(days=1)
        door.will(INVALID_GRANT)

        refresh.run(grant_id=stale.pk)

        assert connection_of(landlord).reason_code == "grant_ended"

    def test_costs_hmrc_nothing_more(self, stale: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
        door.will(INVALID_GRANT)
        refresh.run(grant_id=stale.pk)

        for _ in range(3):
            due.put(kind=due.Kind.REFRESH, subject_id=stale.pk, lane=due.Lane.TOKEN)
            time.advance(hours=1)
            refresh.run(grant_id=stale.pk)

        assert (len(door.asked), refresh_due(stale)) == (1, None)


class TestAWorkerThatIsToStop:
    def test_claims_nothing_more(self, stale: Grant, door: FakeDoor, time: FakeClock, stop: None) -> None:
        refresh.run(grant_id=stale.pk)

        assert (door.asked, again(stale).fence) == ([], stale.fence)
        assert refresh_due(stale) == time.now + RETRY


def test_no_token_is_in_what_is_told_or_kept_beside_the_seal(stale: Grant, door: FakeDoor) -> None:
    door.will(UNKNOWN, granted("canary"))

    refresh.run(grant_id=stale.pk)
    rung_for(stale)

    told = json.dumps([*Event.objects.values_list("data", flat=True), *Operation.objects.values_list("result")])
    row = Grant.objects.filter(pk=stale.pk).values().get()
    assert "canary" not in told + repr(again(stale)) + repr({**row})
