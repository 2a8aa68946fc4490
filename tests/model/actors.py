"""Workers for real, each a thread with its own connection to the database, who stand still where they are told to.

One runs at a time, between two of its stands, so what hypothesis chose can be replayed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread, current_thread
from uuid import UUID

from django.db import connection

from hmrc_door.hidden import Secret
from hmrc_door.pace import Lane, Slot
from hmrc_door.token_endpoint import TokenAnswer
from hmrc_oauth import refresh
from tenants.context import tenant
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import NOT_SENT, opened
from tests.model.world import At

_PATIENCE_S = 20


class Killed(BaseException):
    """kill -9: nothing of ours catches it."""


Order = Callable[[], TokenAnswer | None]


@dataclass(eq=False)
class Actor:
    """One worker.

    `at` is IDLE, CLAIMED (committed, nothing sent), SENT (until it is told an answer), or VOUCHED or DISOWNED (the
    witness has spoken; until it is told to go on, or that it heard something else).
    """

    agency: Agency
    at: At = At.IDLE
    late: bool = False  # its lease ran out on it
    doubtful: bool = False  # what it claimed was uncertain
    token: str = ""  # what it has sent
    answer: TokenAnswer | None = None  # HMRC's, if it has carried the request out; the worker has not heard it yet
    failure: BaseException | None = None
    _orders: SimpleQueue[Order | None] = field(default_factory=SimpleQueue)
    _stands: SimpleQueue[At] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._live, daemon=True)
        self._thread.actor = self  # type: ignore[attr-defined]
        self._thread.start()

    # From outside

    def tell(self, order: Order) -> None:
        """Go on with what the order returns or raises, as far as the next stand. Raises what broke in the worker."""
        self._orders.put(order)
        self.at = self._stands.get(timeout=_PATIENCE_S)
        if self.failure:
            failure, self.failure = self.failure, None
            raise failure

    def refresh(self, grant_id: UUID) -> None:
        self.late, self.token, self.answer = False, "", None
        self.tell(lambda: refresh.run(grant_id=grant_id))

    def go_on(self) -> None:
        self.tell(lambda: None)

    def hear(self, answer: TokenAnswer) -> None:
        self.tell(lambda: answer)

    def die(self) -> None:
        def killed() -> TokenAnswer:
            raise Killed

        self.tell(killed)

    def rest(self) -> None:
        """Whatever it was at, it is dead and gone."""
        if self.at is not At.IDLE:
            self.die()

    def retire(self) -> None:
        self.rest()
        self._orders.put(None)
        self._thread.join(timeout=_PATIENCE_S)

    # From inside

    def stand(self, at: At) -> TokenAnswer | None:
        """Wait here for the next order."""
        self._stands.put(at)
        order = self._orders.get()
        assert order is not None
        return order()

    def send(self, token: str) -> TokenAnswer:
        self.token = token
        answer = self.stand(At.SENT)
        assert answer is not None
        return answer

    def _live(self) -> None:
        with tenant(self.agency):
            while order := self._orders.get():
                try:
                    order()
                except Killed:
                    connection.close()  # PostgreSQL sees a killed client go; the next worker has a new connection
                except BaseException as error:  # noqa: BLE001 - raised again where the order was given
                    self.failure = error
                self._stands.put(At.IDLE)
        connection.close()


def me() -> Actor | None:
    """The actor whose thread this is."""
    return getattr(current_thread(), "actor", None)


def token_endpoint_refresh(
    *, refresh_token: Secret, lane: Lane, agency: str, slot: Slot | None = None, timeout_s: float = 30.0
) -> TokenAnswer:
    """The door's, for actors: nothing leaves it when the time is over."""
    actor = me()
    assert actor is not None
    return actor.send(opened(refresh_token)) if timeout_s > 0 else NOT_SENT
