"""The known-bad designs that lie nearest to ours, tried on the real code: what may happen between two of its lines."""

from typing import Any

import pytest

from hmrc_door import token_endpoint
from hmrc_oauth import connections, refresh
from hmrc_oauth.models import Grant, GrantStatus
from tenants import due
from tests.hmrc_oauth.fake_door import NOT_SENT, ONE_BUSINESS, UNKNOWN, FakeClock, FakeDoor, granted, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, rung_for
from tests.model.reference import ReferenceHmrc
from tests.model.stage import Stage
from tests.model.world import At


@pytest.fixture
def claimed(stage: Stage) -> Grant:
    """By a worker who is then paused with HMRC's answer on its way, and by a second one, who is to probe."""
    grant = connect(a_landlord())
    stage.time.advance(hours=5)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    stage.hmrc = ReferenceHmrc(opened(grant.refresh_token), stage.time.now)
    first, second, _ = stage.actors
    first.refresh(grant.pk)
    first.go_on()
    stage.lease_passes(grant)
    second.refresh(grant.pk)
    assert (first.at, second.at) == (At.SENT, At.CLAIMED)
    return grant


def test_a_late_answer_that_comes_just_then_is_nobodys_to_spend(stage: Stage, claimed: Grant) -> None:
    first, second, _ = stage.actors

    first.hear(granted("late"))
    second.go_on()

    assert second.token == "refresh-old"
    second.die()
    assert (again(claimed).status, again(claimed).token_version) == (GrantStatus.ACTIVE, 2)


def test_a_disconnect_that_comes_just_then_ends_the_refresh_in_good_order(stage: Stage, claimed: Grant) -> None:
    _, second, _ = stage.actors

    connections.disconnect(by=KEY, landlord_id=claimed.landlord_id, now=stage.time.now)
    second.go_on()

    assert second.at is At.SENT
    second.hear(granted("too late"))
    assert again(claimed).status == GrantStatus.WIPED


def test_the_send_window_begins_with_the_claim(stale: Grant, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    now, left = [0.0], []
    claim = Grant.claim

    def claim_and_pause(grant: Grant) -> bool:
        now[0] += 100
        return claim(grant)

    def refuse(*, timeout_s: float, **_: Any) -> Any:
        left.append(timeout_s)
        return NOT_SENT

    monkeypatch.setattr(refresh, "monotonic", lambda: now[0])
    monkeypatch.setattr(Grant, "claim", claim_and_pause)
    monkeypatch.setattr(token_endpoint, "refresh", refuse)

    refresh.run(grant_id=stale.pk)

    assert left == [0.0]
    assert again(stale).status == GrantStatus.ACTIVE


def test_after_the_witness_vouched_three_more_probes_must_be_lost(
    grant: Grant, door: FakeDoor, time: FakeClock
) -> None:
    """A token that was seen to work is given up only for what happened since."""
    connections.refresh(landlord_id=grant.landlord_id, now=time.now)
    lost = [UNKNOWN, *[UNKNOWN, UNKNOWN] * 2]  # the send, and two probes, each after a witness who was not heard
    door.will(*lost, ONE_BUSINESS, *lost)

    for _ in range(7):
        rung_for(grant)

    assert again(grant).status == GrantStatus.UNCERTAIN
    assert again(grant).probes == 2
