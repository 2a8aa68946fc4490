"""One landlord's connection on the stage: what the workers are told there, and the promises that must hold."""

from hmrc_door.outcomes import Unknown
from hmrc_door.token_endpoint import Granted, TokenAnswer
from hmrc_oauth.models import Connection, ConnectionState, GrantStatus
from hmrc_oauth.refresh import PROBES
from tenants.models import Switch
from tests.hmrc_oauth.fake_door import INVALID_CLIENT, NOT_SENT, THROTTLED, UNKNOWN, opened
from tests.hmrc_oauth.scenes import LONG_AGO, a_landlord, again, connect, connection_of, due_at
from tests.model.actors import Actor
from tests.model.reference import ReferenceHmrc
from tests.model.stage import Stage
from tests.model.world import At

DOWN = Unknown(reason="server_error", status=503)
GAVE_UP = (UNKNOWN, DOWN)  # we, or a gateway; the request may go on
NOTHING_SPENT = (NOT_SENT, THROTTLED, INVALID_CLIENT)
ON_THE_WAY = (At.VOUCHED, At.DISOWNED, At.CLAIMED)
BUSY = (*ON_THE_WAY, At.SENT)
UNSETTLED = {GrantStatus.REFRESHING, GrantStatus.UNCERTAIN}


class Play:
    """Begun anew whenever a grant is over. `row` is the grant as it stood after the last step."""

    stage: Stage

    def begin_anew(self, *, nino: str) -> None:
        Switch.objects.all().delete()
        self.landlord = a_landlord(nino=nino)
        self.row = connect(self.landlord, name=str(self.landlord.pk))
        self.stage.hmrc = self.hmrc = ReferenceHmrc(opened(self.row.refresh_token), self.stage.time.now)
        self.unheard = 0  # probes whose answer was lost, since the token was last seen to work

    @property
    def is_over(self) -> bool:
        return self.row.status in {GrantStatus.DEAD, GrantStatus.WIPED}

    @property
    def is_leased(self) -> bool:
        return self.row.lease_ends_at not in {None, LONG_AGO}

    @property
    def may_ring(self) -> bool:
        return bool(self.standing(At.IDLE)) and not self.is_over

    @property
    def may_claim(self) -> bool:
        return self.may_ring and not self.is_leased

    def standing(self, *stands: At) -> list[Actor]:
        return [actor for actor in self.stage.actors if actor.at in stands]

    def one(self, number: int, *stands: At) -> Actor:
        actors = self.standing(*stands)
        return actors[number % len(actors)]

    # What a worker is told

    def go_on_with(self, actor: Actor) -> None:
        """As far as its next stand. What it sends must be its to send."""
        spoken = actor.at
        actor.go_on()
        if actor.at is At.IDLE and spoken in {At.VOUCHED, At.DISOWNED}:
            self.stage.seen[f"witness {spoken.name.lower()}"] += 1
        if actor.at is At.SENT:
            out = [other for other in self.standing(At.SENT) if other is not actor and other.token == actor.token]
            assert not actor.late, "sent after its lease"
            assert actor.token not in self.hmrc.stragglers, "sent again while HMRC may still carry it out"
            assert all(other.late for other in out), "two senders"

    def tell_the_truth(self, actor: Actor) -> None:
        """HMRC's answer. A new pair must be stored if the row holds the token it was bought with."""
        before, answer = again(self.row), actor.answer or self.stage.spend(actor.token)
        actor.hear(answer)
        bought = before.refresh_token is not None and opened(before.refresh_token) == actor.token
        if isinstance(answer, Granted) and bought:
            assert opened(again(self.row).refresh_token) == opened(answer.tokens.refresh_token), "an answer thrown away"
            self.stage.seen["late answer stored" if actor.late else "answer stored"] += 1

    def tell_nothing(self, actor: Actor, instead: TokenAnswer) -> None:
        """Something other than the truth; only what HMRC has not carried out can be said not to be spent."""
        heard = UNKNOWN if instead in NOTHING_SPENT and actor.answer is not None else instead
        self.unheard += actor.doubtful and heard is UNKNOWN
        if heard in GAVE_UP:
            self.leave_under_way(actor)
        actor.hear(heard)

    def leave_under_way(self, actor: Actor) -> None:
        """Its request, if HMRC has not carried it out yet."""
        if actor.at is At.SENT and actor.answer is None:
            self.hmrc.stragglers.append(actor.token)

    def come_home(self) -> None:
        """The weather clears: whoever is under way gets there."""
        for actor in self.standing(*ON_THE_WAY):
            while actor.at in ON_THE_WAY:
                self.go_on_with(actor)
        for actor in self.standing(At.SENT):
            self.tell_the_truth(actor)
        self.check()

    # The promises

    def check(self) -> None:
        connection = connection_of(self.landlord)
        before, self.row = self.row, connection.grant or again(self.row)
        self.stage.seen[self.row.status] += 1
        assert self.row.token_version >= before.token_version, "an older pair over a newer one"
        assert before.status != GrantStatus.WIPED or self.row.status == GrantStatus.WIPED, "a wiped grant lives again"
        _PROMISES[GrantStatus(self.row.status)](self, connection)

    def when_active(self, connection: Connection) -> None:
        self.unheard = 0
        assert self._token_works() or self.hmrc.ended, "a silent loss"
        assert connection.state == ConnectionState.ACTIVE

    def when_unsettled(self, connection: Connection) -> None:
        assert due_at("refresh", self.row.pk) is not None, "forgotten"
        assert connection.state == ConnectionState.ACTIVE

    def when_dead(self, connection: Connection) -> None:
        assert not self._token_works() or self.unheard >= PROBES, "a false alarm"
        assert connection.state == ConnectionState.RECONNECT_REQUIRED, "nobody was told"
        assert connection.reason_code != "refused" or self.hmrc.ended, "our loss told as a refusal"

    def when_wiped(self, connection: Connection) -> None:
        assert (self.row.refresh_token, self.row.access_token) == (None, None)
        assert connection.state == ConnectionState.DISCONNECTED

    def _token_works(self) -> bool:
        return self.hmrc.works(opened(self.row.refresh_token))


_PROMISES = {
    GrantStatus.ACTIVE: Play.when_active,
    GrantStatus.REFRESHING: Play.when_unsettled,
    GrantStatus.UNCERTAIN: Play.when_unsettled,
    GrantStatus.DEAD: Play.when_dead,
    GrantStatus.WIPED: Play.when_wiped,
}
