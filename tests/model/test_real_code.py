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

from hmrc_door.outcomes import Unknown
from hmrc_door.token_endpoint import Granted, TokenAnswer
from hmrc_oauth import connections
from hmrc_oauth.models import Connection, ConnectionState, GrantStatus
from hmrc_oauth.refresh import PROBES
from tenants import due
from tenants.models import Switch
from tests.hmrc_oauth.fake_door import (
    IN_PROGRESS,
    INVALID_CLIENT,
    NOT_SENT,
    NOT_UNDERSTOOD,
    THROTTLED,
    UNKNOWN,
    opened,
)
from tests.hmrc_oauth.scenes import KEY, LONG_AGO, a_landlord, again, connect, connection_of, due_at
from tests.model.actors import Actor
from tests.model.reference import ReferenceHmrc
from tests.model.stage import Stage
from tests.model.world import At

DOWN = Unknown(reason="server_error", status=503)
NOTHING_SPENT = (NOT_SENT, THROTTLED, INVALID_CLIENT)
ILL_LUCK: list[TokenAnswer] = [UNKNOWN, DOWN, IN_PROGRESS, NOT_UNDERSTOOD, *NOTHING_SPENT]
WISHES = ["none", "none", "end it at HMRC", "disconnect"]
ON_THE_WAY = (At.VOUCHED, At.DISOWNED, At.CLAIMED)
UNSETTLED = {GrantStatus.REFRESHING, GrantStatus.UNCERTAIN}
PICK = st.integers(min_value=0, max_value=2)


def some(*stands: At) -> Any:
    """Whether a worker stands there."""
    return precondition(lambda self: bool(self.standing(*stands)))


class Refreshing(RuleBasedStateMachine):
    stage: Stage
    numbers = count(1)

    @initialize(ill_luck=st.lists(st.sampled_from(ILL_LUCK), min_size=1, max_size=2), wish=st.sampled_from(WISHES))
    def connect(self, ill_luck: list[TokenAnswer], wish: str) -> None:
        """Ill luck comes in a few kinds at a time: what takes three of a kind to break is soon come to."""
        self.ill_luck, self.wish, self.had_a_bad_day = ill_luck, wish, False
        self.begin()

    @precondition(lambda self: self.is_over and not self.standing(*ON_THE_WAY, At.SENT))
    @rule()
    def begin(self) -> None:
        """Another landlord."""
        Switch.objects.all().delete()
        self.landlord = a_landlord(nino=f"AA{next(self.numbers):06}A")
        self.row = connect(self.landlord, name=str(self.landlord.pk))
        self.stage.hmrc = self.hmrc = ReferenceHmrc(opened(self.row.refresh_token), self.stage.time.now)
        self.unheard = 0

    @property
    def is_over(self) -> bool:
        return self.row.status in {GrantStatus.DEAD, GrantStatus.WIPED}

    @property
    def is_leased(self) -> bool:
        return self.row.lease_ends_at not in {None, LONG_AGO}

    @property
    def may_claim(self) -> bool:
        return bool(self.standing(At.IDLE)) and not self.is_leased and not self.is_over

    def standing(self, *stands: At) -> list[Actor]:
        return [actor for actor in self.stage.actors if actor.at in stands]

    def one(self, number: int, *stands: At) -> Actor:
        actors = self.standing(*stands)
        return actors[number % len(actors)]

    # What workers do

    @precondition(lambda self: self.may_claim)
    @rule(pauses=st.sampled_from([False, False, True]), early=st.booleans())
    def ring(self, *, pauses: bool, early: bool) -> None:
        """The bell rings: because the access token lapses, or because somebody asks while it lives."""
        self.stage.time.advance(minutes=2)
        if self.row.status == GrantStatus.ACTIVE:
            if early:
                connections.refresh(landlord_id=self.landlord.pk, now=self.stage.time.now)
            else:
                self.stage.time.advance(hours=5)
                due.put(kind=due.Kind.REFRESH, subject_id=self.row.pk, lane=due.Lane.TOKEN)
        actor = self.one(0, At.IDLE)
        actor.refresh(self.row.pk)
        while actor.at in ON_THE_WAY and not pauses:
            self._go_on(actor)

    @some(*ON_THE_WAY)
    @rule(number=PICK)
    def go_on(self, number: int) -> None:
        self._go_on(self.one(number, *ON_THE_WAY))

    @some(At.VOUCHED, At.DISOWNED)
    @rule(number=PICK)
    def hear_nothing_of_the_witness(self, number: int) -> None:
        self.one(number, At.VOUCHED, At.DISOWNED).hear(UNKNOWN)

    @some(At.SENT)
    @rule(number=PICK)
    def carry_out(self, number: int) -> None:
        """HMRC does what it was asked; its answer is on its way."""
        actor = self.one(number, At.SENT)
        actor.answer = actor.answer or self.stage.spend(actor.token)

    @some(At.SENT)
    @rule(number=PICK)
    def hear(self, number: int) -> None:
        self._hear_the_truth(self.one(number, At.SENT))

    # Ill luck, and people

    @some(At.SENT)
    @rule(number=PICK, luck=PICK)
    def hear_something_else(self, number: int, luck: int) -> None:
        """Or nothing; whether HMRC has carried the request out or not."""
        self._hear_ill_luck(self.one(number, At.SENT), luck)

    @precondition(lambda self: self.may_claim and not self.had_a_bad_day)
    @rule(luck=PICK)
    def have_a_bad_day(self, luck: int) -> None:
        """The same answer to one request after another."""
        self.had_a_bad_day = True
        for _ in range(PROBES + 1):
            if self.may_claim:
                self.ring(pauses=True, early=True)
                self._hear_nothing_but(luck)
                self.keep_the_promises()

    @precondition(lambda self: self.is_leased)
    @rule()
    def lease_passes(self) -> None:
        self.stage.lease_passes(self.row)

    @some(*ON_THE_WAY, At.SENT)
    @rule(number=PICK)
    def die(self, number: int) -> None:
        actor = self.one(number, *ON_THE_WAY, At.SENT)
        if actor.at is At.SENT:
            self._leave_under_way(actor)
        actor.die()
        self.stage.seen["death"] += 1

    @precondition(lambda self: self.hmrc.stragglers)
    @rule(arrives=st.booleans())
    def straggle(self, *, arrives: bool) -> None:
        token = self.hmrc.stragglers.pop()
        if arrives:
            self.stage.spend(token)

    @precondition(lambda self: self.wish != "none" and self.standing(*ON_THE_WAY, At.SENT))
    @rule()
    def have_the_wish(self) -> None:
        if self.wish == "disconnect":
            connections.disconnect(by=KEY, landlord_id=self.landlord.pk, now=self.stage.time.now)
        self.hmrc.ended |= self.wish == "end it at HMRC"
        self.wish = "none"

    # The promises

    @invariant()
    def keep_the_promises(self) -> None:
        connection = connection_of(self.landlord)
        before, self.row = self.row, connection.grant or again(self.row)
        self.stage.seen[self.row.status] += 1
        assert self.row.token_version >= before.token_version, "an older pair over a newer one"
        assert before.status != GrantStatus.WIPED or self.row.status == GrantStatus.WIPED, "a wiped grant lives again"
        if self.row.status == GrantStatus.ACTIVE:
            self.unheard = 0
        getattr(self, f"_when_{self.row.status}")(connection)

    def _when_active(self, connection: Connection) -> None:
        assert self._token_works() or self.hmrc.ended, "a silent loss"
        assert connection.state == ConnectionState.ACTIVE

    def _when_refreshing(self, connection: Connection) -> None:
        assert due_at("refresh", self.row.pk) is not None, "forgotten"
        assert connection.state == ConnectionState.ACTIVE

    _when_uncertain = _when_refreshing

    def _when_dead(self, connection: Connection) -> None:
        assert not self._token_works() or self.unheard >= PROBES, "a false alarm"
        assert connection.state == ConnectionState.RECONNECT_REQUIRED, "nobody was told"
        assert connection.reason_code != "refused" or self.hmrc.ended, "our loss told as a refusal"

    def _when_wiped(self, connection: Connection) -> None:
        assert (self.row.refresh_token, self.row.access_token) == (None, None)
        assert connection.state == ConnectionState.DISCONNECTED

    def teardown(self) -> None:
        """The weather clears: whoever is under way comes home, and doubt ends."""
        try:
            self._come_home()
        finally:
            for actor in self.stage.actors:
                actor.rest()

    # Help

    def _token_works(self) -> bool:
        return self.hmrc.works(opened(self.row.refresh_token))

    def _go_on(self, actor: Actor) -> None:
        spoken = actor.at
        actor.go_on()
        if actor.at is At.IDLE and spoken in {At.VOUCHED, At.DISOWNED}:
            self.stage.seen[f"witness {spoken.name.lower()}"] += 1
        if actor.at is At.SENT:
            out = [other for other in self.standing(At.SENT) if other is not actor and other.token == actor.token]
            assert not actor.late, "sent after its lease"
            assert all(other.late for other in out), "two senders"

    def _hear_the_truth(self, actor: Actor) -> None:
        before, answer = again(self.row), actor.answer or self.stage.spend(actor.token)
        actor.hear(answer)
        bought = before.refresh_token is not None and opened(before.refresh_token) == actor.token
        if isinstance(answer, Granted) and bought:
            assert opened(again(self.row).refresh_token) == opened(answer.tokens.refresh_token), "an answer thrown away"
            self.stage.seen["late answer stored" if actor.late else "answer stored"] += 1

    def _hear_nothing_but(self, luck: int) -> None:
        for actor in self.standing(At.VOUCHED, At.DISOWNED):
            actor.hear(UNKNOWN)
        for actor in self.standing(At.CLAIMED):
            self._go_on(actor)
            if actor.at is At.SENT:
                self._hear_ill_luck(actor, luck)

    def _hear_ill_luck(self, actor: Actor, luck: int) -> None:
        answer = self.ill_luck[luck % len(self.ill_luck)]
        if answer in NOTHING_SPENT and actor.answer is not None:
            answer = UNKNOWN
        if answer is UNKNOWN:
            self.unheard += actor.doubtful
            self._leave_under_way(actor)
        actor.hear(answer)

    def _leave_under_way(self, actor: Actor) -> None:
        if actor.answer is None:
            self.hmrc.stragglers.append(actor.token)

    def _come_home(self) -> None:
        for actor in self.standing(*ON_THE_WAY):
            while actor.at in ON_THE_WAY:
                self._go_on(actor)
        for actor in self.standing(At.SENT):
            self._hear_the_truth(actor)
        self.keep_the_promises()
        if self.row.status in UNSETTLED:
            self.stage.lease_passes(self.row)
            self.ring(pauses=False, early=False)
            for actor in self.standing(At.SENT):
                self._hear_the_truth(actor)
            self.keep_the_promises()
            assert self.row.status not in UNSETTLED, "doubt does not end"
            self.stage.seen["doubt ended"] += 1


def test_the_real_code_keeps_the_promises(stage: Stage) -> None:
    machine = type("OnStage", (Refreshing,), {"stage": stage})
    chosen = settings(
        max_examples=30,
        stateful_step_count=22,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(machine, settings=chosen)

    assert set(GrantStatus.values) <= stage.seen.keys()
    assert stage.seen.keys() >= {"answer stored", "late answer stored", "death", "doubt ended"}
    assert stage.seen.keys() >= {"witness vouched", "witness disowned"}
