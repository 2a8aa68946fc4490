"""One batch for one endpoint: several subjects at once, and of each subject one event after the other."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from itertools import groupby
from threading import Event as Flag
from time import monotonic
from typing import NamedTuple

from events.delivery.answers import Answer
from events.delivery.message import Writer
from events.delivery.wire import Receiver
from events.models import Delivery

# After so long nothing new is begun: with the longest request on top, the lease is longer than that.
BEGINS_WITHIN_S = 10.0


class Attempt(NamedTuple):
    delivery: Delivery
    answer: Answer


class Batch:
    """`is_stopping`: nothing new is begun once it says so."""

    def __init__(self, receiver: Receiver, writer: Writer, *, is_stopping: Callable[[], bool]) -> None:
        self._receiver, self._writer, self._is_stopping = receiver, writer, is_stopping
        self._until = monotonic() + BEGINS_WITHIN_S
        self._broken = Flag()  # the receiver does not answer: the others need not find that out as well

    def send(self, deliveries: Sequence[Delivery], executor: Executor) -> list[Attempt]:
        """Send these, in their order for each subject; what comes behind a failure is not tried."""
        return [attempt for chain in executor.map(self._send_in_turn, _chains(deliveries)) for attempt in chain]

    def _send_in_turn(self, chain: Iterable[Delivery]) -> list[Attempt]:
        attempts: list[Attempt] = []
        for delivery in chain:
            if self._broken.is_set() or self._is_stopping() or monotonic() > self._until:
                break
            message = self._writer.write(delivery.event)
            answer = self._receiver.post(message.body, message.headers)
            attempts.append(Attempt(delivery, answer))
            if not answer.arrived:
                self._note(answer)
                break
        return attempts

    def _note(self, answer: Answer) -> None:
        if not answer.is_alone:
            self._broken.set()


def _chains(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    ordered = sorted(deliveries, key=lambda each: (each.subject_id, each.position))
    chains = [list(chain) for _, chain in groupby(ordered, key=lambda each: each.subject_id)]
    return sorted(chains, key=lambda chain: chain[0].position)
