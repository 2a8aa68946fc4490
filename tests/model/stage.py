"""Where the real code is tried: three workers of one agency, and clocks that are moved by hand."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from hmrc_door import token_endpoint
from hmrc_oauth import refresh
from hmrc_oauth.models import Grant, GrantStatus
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import abandon
from tests.hmrc_oauth.side_by_side import committed
from tests.model.actors import Actor, me, token_endpoint_refresh
from tests.model.world import At

LEASE_AND_MORE_S = 100


class Stage:
    """What outlives one example: the workers, the clocks, and what was seen."""

    def __init__(self, agency: Agency, time: FakeClock) -> None:
        self.time = time
        self.monotonic = 0.0
        self.actors = [Actor(agency) for _ in range(3)]
        self.seen: Counter[str] = Counter()

    def lease_passes(self, grant: Grant) -> None:
        abandon(grant)
        self.monotonic += LEASE_AND_MORE_S
        for actor in self.actors:
            actor.late = True


@pytest.fixture
def stage(alpha_committed: Agency, time: FakeClock, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with committed(alpha_committed):
        stage = Stage(alpha_committed, time)
        monkeypatch.setattr(token_endpoint, "refresh", token_endpoint_refresh)
        monkeypatch.setattr(refresh, "monotonic", lambda: stage.monotonic, raising=False)
        monkeypatch.setattr(Grant, "claim", _standing_when_claimed(Grant.claim))
        yield stage
        for actor in stage.actors:
            actor.retire()


def _standing_when_claimed(claim: Any) -> Any:
    """The claim as it is, and then a stand, as soon as it is committed."""

    def claim_and_stand(grant: Grant) -> bool:
        actor = me()
        if (claimed := claim(grant)) and actor is not None:
            actor.doubtful = grant.status != GrantStatus.ACTIVE
            transaction.on_commit(lambda: actor.stand(At.CLAIMED))
        return bool(claimed)

    return claim_and_stand
