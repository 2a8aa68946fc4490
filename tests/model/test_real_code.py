"""The promises of the model, asked of `hmrc_oauth.refresh` itself: three workers, a reference HMRC, and ill luck."""

from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hmrc_door.token_endpoint import TokenAnswer
from hmrc_oauth import connections
from hmrc_oauth.models import GrantStatus
from hmrc_oauth.refresh import PROBES
from tenants import due
from tests.hmrc_oauth.fake_door import IN_PROGRESS, NOT_UNDERSTOOD, UNKNOWN
from tests.hmrc_oauth.scenes import KEY
from tests.model.play import BUSY, DOWN, NOTHING_SPENT, ON_THE_WAY, UNSETTLED, Play
from tests.model.stage import Stage
from tests.model.world import At

ILL_LUCK: list[TokenAnswer] = [UNKNOWN, DOWN, IN_PROGRESS, NOT_UNDERSTOOD, *NOTHING_SPENT]
WISHES = ["none", "end it at HMRC", "disconnect", "disconnect"]
PICK = st.integers(min_value=0, max_value=2)


def some(*stands: At) -> Any:
    """Whether a worker stands there."""
    return precondition(lambda self: bool(self.standing(*stands)))


class Refreshing(Play, RuleBasedStateMachine):
    numbers = count(1)

    @initialize(ill_luck=st.lists(st.sampled_from(ILL_LUCK), min_size=1, max_size=2), wish=st.sampled_from(WISHES))
    def connect(self, ill_luck: list[TokenAnswer], wish: str) -> None:
        """Ill luck comes in a few kinds at a time: what takes three of a kind to break is soon come to."""
        self.ill_luck, self.wish, self.had_a_bad_day = ill_luck, wish, False
        self.connect_another()

    @precondition(lambda self: self.is_over and not self.standing(*BUSY))
    @rule()
    def connect_another(self) -> None:
        self.begin_anew(nino=f"AA{next(self.numbers):06}A")

    # What workers do

    @precondition(lambda self: self.may_ring and self.is_leased)
    @rule()
    def ring_too_early(self) -> None:
        """While the lease holds, nobody spends and nobody asks, whatever was heard."""
        actor = self.one(0, At.IDLE)
        actor.refresh(self.row.pk)
        assert actor.at is At.IDLE, "asked again before the lease was over"

    @precondition(lambda self: self.may_claim)
    @rule(pauses=st.sampled_from([False, False, True]), early=st.sampled_from([True, True, False]))
    def ring(self, *, pauses: bool, early: bool) -> None:
        """The bell rings: because the access token lapses, or because somebody asks while it lives."""
        self.stage.time.advance(minutes=2)
        if self.row.status == GrantStatus.ACTIVE and early:
            connections.refresh(landlord_id=self.landlord.pk, now=self.stage.time.now)
        elif self.row.status == GrantStatus.ACTIVE:
            self.stage.time.advance(hours=5)
            due.put(kind=due.Kind.REFRESH, subject_id=self.row.pk, lane=due.Lane.TOKEN)
        actor = self.one(0, At.IDLE)
        actor.refresh(self.row.pk)
        while actor.at in ON_THE_WAY and not pauses:
            self.go_on_with(actor)

    @some(*ON_THE_WAY)
    @rule(number=PICK)
    def go_on(self, number: int) -> None:
        self.go_on_with(self.one(number, *ON_THE_WAY))

    @some(At.SENT)
    @rule(number=PICK)
    def carry_out(self, number: int) -> None:
        """HMRC does what it was asked; its answer is on its way."""
        actor = self.one(number, At.SENT)
        actor.answer = actor.answer or self.stage.spend(actor.token)

    @some(At.SENT)
    @rule(number=PICK)
    def hear(self, number: int) -> None:
        self.tell_the_truth(self.one(number, At.SENT))

    # Ill luck, and people

    @some(At.SENT)
    @rule(number=PICK, luck=PICK)
    def hear_something_else(self, number: int, luck: int) -> None:
        """Or nothing; whether HMRC has carried the request out or not."""
        self.tell_nothing(self.one(number, At.SENT), self._ill_luck(luck))

    @some(At.VOUCHED, At.DISOWNED)
    @rule(number=PICK)
    def hear_nothing_of_the_witness(self, number: int) -> None:
        self.one(number, At.VOUCHED, At.DISOWNED).hear(UNKNOWN)

    @precondition(lambda self: self.may_claim and not self.had_a_bad_day)
    @rule(luck=PICK)
    def have_a_bad_day(self, luck: int) -> None:
        """The same answer to one request after another."""
        self.had_a_bad_day = True
        for _ in range(PROBES + 1):
            if self.may_claim:
                self.ring(pauses=True, early=True)
                self._hear_nothing_but(self._ill_luck(luck))
                self.check()
            if self.is_leased and not self.is_over:
                self.stage.lease_passes(self.row)

    @precondition(lambda self: self.is_leased)
    @rule()
    def lease_passes(self) -> None:
        self.stage.lease_passes(self.row)

    @some(*BUSY)
    @rule(number=PICK)
    def die(self, number: int) -> None:
        actor = self.one(number, *BUSY)
        self.leave_under_way(actor)
        actor.die()
        self.stage.seen["death"] += 1

    @precondition(lambda self: self.hmrc.stragglers)
    @rule(arrives=st.booleans())
    def straggle(self, *, arrives: bool) -> None:
        token = self.hmrc.stragglers.pop()
        if arrives:
            self.stage.spend(token)

    @precondition(lambda self: self.wish != "none" and self.standing(*BUSY))
    @rule()
    def have_the_wish(self) -> None:
        if self.wish == "disconnect":
            connections.disconnect(by=KEY, landlord_id=self.landlord.pk, now=self.stage.time.now)
        self.hmrc.ended |= self.wish == "end it at HMRC"
        self.wish = "none"

    @invariant()
    def keep_the_promises(self) -> None:
        self.check()

    def teardown(self) -> None:
        """The weather clears, and doubt ends."""
        try:
            self.come_home()
            if self.row.status in UNSETTLED:
                self.stage.lease_passes(self.row)
                self.ring(pauses=False, early=False)
                self.come_home()
                assert self.row.status not in UNSETTLED, "doubt does not end"
                self.stage.seen["doubt ended"] += 1
        finally:
            for actor in self.stage.actors:
                actor.rest()

    def _ill_luck(self, number: int) -> TokenAnswer:
        return self.ill_luck[number % len(self.ill_luck)]

    def _hear_nothing_but(self, answer: TokenAnswer) -> None:
        for actor in self.standing(At.VOUCHED, At.DISOWNED):
            actor.hear(UNKNOWN)
        for actor in self.standing(At.CLAIMED):
            self.go_on_with(actor)
            if actor.at is At.SENT:
                self.tell_nothing(actor, answer)


def test_the_real_code_keeps_the_promises(stage: Stage) -> None:
    machine = type("OnStage", (Refreshing,), {"stage": stage})
    chosen = settings(
        max_examples=20,
        stateful_step_count=22,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(machine, settings=chosen)

    assert set(GrantStatus.values) <= stage.seen.keys()
    assert stage.seen.keys() >= {"answer stored", "late answer stored", "death", "doubt ended", "witness vouched"}
