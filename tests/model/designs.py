"""The protocol, put together from its steps."""

from collections.abc import Iterator
from typing import NamedTuple

from tests.model import steps
from tests.model.steps import TAKES, Event, Rule, Takes
from tests.model.world import Grant, Step, Worker


class Design(NamedTuple):
    """What a worker may do, one thing at a time, and what may happen to it and around it."""

    claim: Rule = steps.claim
    send: Rule = steps.send
    witness: Rule = steps.witness
    takes: Takes = TAKES
    hmrc: Rule = steps.hmrc
    die: Rule = steps.die
    lease: Event = steps.lease_passes
    sweep: Event = steps.sweep
    around: tuple[Event, ...] = (steps.straggle, steps.lapse, steps.take_back, steps.disconnect)

    def of_worker(self, grant: Grant, me: Worker) -> list[Step]:
        """What this worker may do next, or meet."""
        rules = (self.claim, self.send, steps.give_up, self.witness, self.hmrc, self._take, self.die)
        return [step for rule in rules for step in rule(grant, me)]

    def of_nobody(self, grant: Grant) -> list[Step]:
        """What may happen next without a worker."""
        return [step for event in (self.lease, self.sweep, *self.around) for step in event(grant)]

    def _take(self, grant: Grant, me: Worker) -> Iterator[Step]:
        if take := self.takes.get((me.at, me.doubtful)):
            yield from take(grant, me)


OURS = Design()
