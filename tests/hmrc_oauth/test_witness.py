"""The old access token as a witness: one read settles doubt, spends nothing and counts as no probe."""

from datetime import timedelta

import pytest

from hmrc_door.outcomes import Unknown
from hmrc_oauth import connections, refresh, witness
from hmrc_oauth.access import NEEDED
from hmrc_oauth.models import ConnectionState, Grant, GrantStatus
from landlords.models import Landlord
from people.models import Operation
from tenants.models import Agency
from tests.cast import NINO
from tests.hmrc_oauth.fake_door import (
    INVALID_GRANT,
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    granted,
    meanwhile,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, abandon, again, connection_of, due_at, events, rung_for

ACCEPTED = pytest.mark.parametrize(
    "answer",
    [
        ONE_BUSINESS,
        NOT_AUTHORISED,
        NOTHING_THERE,
        refused(403, "CLIENT_NOT_MTD_ENROLLED"),
        refused(400, "FORMAT_NINO"),
        refused(404, "NO_BUSINESS_FOUND"),
    ],
)
READ = "business_details.list_businesses"
SAYS_NOTHING = pytest.mark.parametrize(
    "answer",
    [
        NOT_SENT,
        UNKNOWN,
        Unknown(reason="server_error", status=503),
        refused(401, "MISSING_CREDENTIALS"),
        refused(403, "RESOURCE_FORBIDDEN"),
        refused(429, "MESSAGE_THROTTLED_OUT"),
    ],
)


@pytest.fixture
def doubtful(grant: Grant, door: FakeDoor, time: FakeClock) -> Grant:
    """A person asked for a refresh three hours before it was needed, and the answer was lost."""
    connections.refresh(landlord_id=grant.landlord_id, now=time.now)
    door.will(UNKNOWN)
    refresh.run(grant_id=grant.pk)
    door.asked.clear()
    time.advance(seconds=95)
    abandon(grant)
    return again(grant)


class TestAnOldAccessToken:
    def test_is_asked_by_one_read_in_the_token_lane_of_our_own_doing(
        self, doubtful: Grant, in_alpha: Agency, door: FakeDoor
    ) -> None:
        door.will(ONE_BUSINESS)

        refresh.run(grant_id=doubtful.pk)

        (asked,) = door.asked
        assert (asked.what, asked.lane.name, asked.agency) == (READ, "TOKEN", str(in_alpha.pk))
        assert asked.secrets == {"bearer": "access-old", "nino": NINO}
        assert asked.headers["Gov-Client-Connection-Method"] == "BATCH_PROCESS_DIRECT"
        assert asked.timeout_s == 5  # it waits for no turn longer than that: the probe comes next

    @ACCEPTED
    def test_that_still_works_says_that_hmrc_never_rotated(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        refresh.run(grant_id=doubtful.pk)

        now = again(doubtful)
        assert (now.status, now.token_version, now.probes) == (GrantStatus.ACTIVE, 1, 0)
        assert connection_of(landlord).shown_state == ConnectionState.ACTIVE
        assert (events()[-1], due_at("refresh", now.pk)) == ("connection.recovered", time.now + timedelta(seconds=10))

    def test_that_still_works_leaves_the_refresh_to_be_done_that_was_asked_for(
        self, doubtful: Grant, door: FakeDoor
    ) -> None:
        door.will(ONE_BUSINESS, granted())

        refresh.run(grant_id=doubtful.pk)
        refresh.run(grant_id=doubtful.pk)

        assert (again(doubtful).token_version, Operation.objects.get().status) == (2, "succeeded")

    def test_that_still_works_begins_the_count_of_probes_anew(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, ONE_BUSINESS, UNKNOWN, UNKNOWN, UNKNOWN)

        for _ in range(5):
            rung_for(doubtful)

        assert again(doubtful).probes == 1
        assert connection_of(landlord).state == ConnectionState.ACTIVE

    def test_that_is_over_says_that_the_new_pair_was_lost(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        door.will(TOKEN_OVER)

        refresh.run(grant_id=doubtful.pk)

        connection = connection_of(landlord)
        assert door.kinds == [READ]
        assert again(doubtful).status == GrantStatus.DEAD
        assert (connection.state, connection.reason_code) == (ConnectionState.RECONNECT_REQUIRED, "lost")
        assert connection.possible_causes == ["lost", "revoked"]
        assert (Operation.objects.get().error_code, due_at("refresh", doubtful.pk)) == ("hmrc.reconnect_required", None)

    @SAYS_NOTHING
    def test_about_which_hmrc_says_nothing_leaves_it_to_the_probe(
        self, doubtful: Grant, door: FakeDoor, answer: Answer
    ) -> None:
        door.will(answer, granted())

        refresh.run(grant_id=doubtful.pk)

        assert door.kinds == [READ, "refresh"]
        assert again(doubtful).token_version == 2

    def test_is_no_witness_when_its_own_time_is_over(self, doubtful: Grant, door: FakeDoor, time: FakeClock) -> None:
        time.now = doubtful.access_expires_at - NEEDED
        door.will(INVALID_GRANT)

        refresh.run(grant_id=doubtful.pk)

        assert door.kinds == ["refresh"]

    def test_is_no_witness_after_hmrc_refused_it_in_a_call(
        self, doubtful: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        assert doubtful.expire_access(version=1, now=time.now)
        door.will(granted())

        refresh.run(grant_id=doubtful.pk)

        assert door.kinds == ["refresh"]

    def test_is_no_witness_without_a_nino_to_ask_about(
        self, doubtful: Grant, landlord: Landlord, door: FakeDoor
    ) -> None:
        Landlord.objects.filter(pk=landlord.pk).update(nino=None, nino_index=None)
        door.will(granted())

        refresh.run(grant_id=doubtful.pk)

        assert door.kinds == ["refresh"]

    def test_is_no_witness_while_somebody_probes(self, doubtful: Grant, door: FakeDoor) -> None:
        assert doubtful.claim()

        refresh.run(grant_id=doubtful.pk)

        assert door.asked == []

    def test_is_asked_after_a_worker_died(self, grant: Grant, door: FakeDoor, time: FakeClock) -> None:
        connections.refresh(landlord_id=grant.landlord_id, now=time.now)
        assert grant.claim()
        abandon(grant)
        door.will(ONE_BUSINESS)

        refresh.run(grant_id=grant.pk)

        assert (again(grant).status, events()[-2:]) == (
            GrantStatus.ACTIVE,
            ["connection.uncertain", "connection.recovered"],
        )


class TestWhileItIsAsked:
    @pytest.mark.parametrize("answer", [ONE_BUSINESS, TOKEN_OVER])
    def test_a_claim_made_by_another_has_the_last_word(self, doubtful: Grant, door: FakeDoor, answer: Answer) -> None:
        door.will(meanwhile(again(doubtful).claim, answer))

        refresh.run(grant_id=doubtful.pk)

        assert again(doubtful).status == GrantStatus.UNCERTAIN
        assert again(doubtful).lease_ends_at is not None
        assert events()[-1] == "connection.uncertain"

    def test_a_disconnect_wins(self, doubtful: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock) -> None:
        def disconnect() -> None:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        door.will(meanwhile(disconnect, ONE_BUSINESS))

        refresh.run(grant_id=doubtful.pk)

        assert again(doubtful).status == GrantStatus.WIPED

    def test_a_grant_wiped_before_the_token_is_opened_leaves_nothing_to_ask(
        self, doubtful: Grant, door: FakeDoor
    ) -> None:
        again(doubtful).wipe()

        assert not witness.settles(doubtful, wait=refresh._RETRY)
        assert door.asked == []
