"""Where the real code is tried: three workers of one agency, and clocks that are moved by hand."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from hmrc_door import token_endpoint
from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.outcomes import Outcome
from hmrc_door.token_endpoint import TokenAnswer
from hmrc_oauth import refresh, witness
from hmrc_oauth.models import Grant, GrantStatus
from tenants.models import Agency, Switch
from tests.hmrc_oauth.fake_door import ONE_BUSINESS, TOKEN_OVER, FakeClock, FakeDoor, opened
from tests.hmrc_oauth.scenes import abandon
from tests.hmrc_oauth.side_by_side import committed
from tests.model.actors import Actor, me, token_endpoint_refresh
from tests.model.reference import ReferenceHmrc
from tests.model.world import At

LEASE_AND_MORE_S = 100


class Stage:
    """What outlives one example: the workers, the clocks, and what was seen."""

    hmrc: ReferenceHmrc

    def __init__(self, agency: Agency, time: FakeClock) -> None:
        self.time = time
        self.monotonic = 0.0
        self.actors = [Actor(agency) for _ in range(3)]
        self.seen: Counter[str] = Counter()

    def spend(self, token: str) -> TokenAnswer:
        return self.hmrc.spend(token, self.time.now)

    def finish_requests(self) -> None:
        """HMRC is done with whatever it was sent, at the latest when the lease is over."""
        while self.hmrc.stragglers:
            self.spend(self.hmrc.stragglers.pop())
        for actor in self.actors:
            if actor.at is At.SENT:
                actor.answer = actor.answer or self.spend(actor.token)

    def call(self, operation: Call, *, bearer: Secret, **_: Any) -> Outcome | TokenAnswer:
        """The door's, for the witness: what HMRC has not carried out yet, it may still carry out."""
        actor = me()
        assert actor is not None
        is_let_in = self.hmrc.lets_in(opened(bearer), self.time.now)
        heard = actor.stand(At.VOUCHED if is_let_in else At.DISOWNED)
        return heard or (ONE_BUSINESS if is_let_in else TOKEN_OVER)

    def lease_passes(self, grant: Grant) -> None:
        abandon(grant)
        self.finish_requests()
        self.monotonic += LEASE_AND_MORE_S
        for actor in self.actors:
            actor.late = True


@pytest.fixture
def stage(alpha_committed: Agency, time: FakeClock, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with committed(alpha_committed):
        stage = Stage(alpha_committed, time)
        monkeypatch.setattr(token_endpoint, "refresh", token_endpoint_refresh)
        monkeypatch.setattr(refresh, "monotonic", lambda: stage.monotonic)
        monkeypatch.setattr(witness, "call", stage.call)
        monkeypatch.setattr(Grant, "claim", _standing_when_claimed(Grant.claim))
        yield stage
        for actor in stage.actors:
            actor.retire()
        Switch.objects.all().delete()


def _standing_when_claimed(claim: Any) -> Any:
    """The claim as it is, and then a stand, as soon as it is committed."""

    def claim_and_stand(grant: Grant) -> bool:
        actor = me()
        if (claimed := claim(grant)) and actor is not None:
            actor.doubtful = grant.status != GrantStatus.ACTIVE
            transaction.on_commit(lambda: actor.stand(At.CLAIMED))
        return bool(claimed)

    return claim_and_stand
