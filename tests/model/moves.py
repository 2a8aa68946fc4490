"""What may happen next in a world; and which worlds are as good as one."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tests.model.designs import Design
from tests.model.promises import Promise, broken_by
from tests.model.world import IDLE, Grant, Step, Worker, Workers, World


class Move(NamedTuple):
    name: str
    to: World
    is_fault: bool
    broken: tuple[Promise, ...]


class Moves:
    """Of one design. `reduced` takes worlds for one that differ only in which worker is which, or in workers who are
    done for.
    """

    def __init__(self, design: Design, *, reduced: bool) -> None:
        self._reduced = reduced
        self._of_worker = cache(design.of_worker)
        self._of_nobody = cache(design.of_nobody)
        self._is_done_for = cache(self._find_whether_done_for)

    def after(self, world: World) -> Iterator[Move]:
        grant, workers = world
        for step in self._of_nobody(grant):
            yield Move(step.name, self._world(step, workers), step.fault, ())
        for place, me in enumerate(workers):
            if self._reduced and place and workers[place - 1] == me:
                continue
            others = workers[:place] + workers[place + 1 :]
            for step in self._of_worker(grant, me):
                broken = tuple(broken_by(grant, me, step, others))
                yield Move(step.name, self._world(step, others, place), step.fault, broken)

    def canonical(self, world: World) -> World:
        """The one that stands for all that are as good as this."""
        grant, workers = world
        return World(grant, tuple(sorted(IDLE if self._is_done_for(grant, each) else each for each in workers)))

    def _world(self, step: Step, others: Workers, place: int = 0) -> World:
        workers = others if step.others is None else tuple(map(step.others, others))
        if step.me is not None:
            workers = (*workers[:place], step.me, *workers[place:])
        world = World(step.grant, workers)
        return self.canonical(world) if self._reduced else world

    def _find_whether_done_for(self, grant: Grant, me: Worker) -> bool:
        """Whether nothing that this worker can still do touches anything. Neither a fence nor a version moves back, so
        it will stay so.
        """
        return me.fenced and all(
            not touches(grant, me, step) and (step.me == IDLE or self._is_done_for(grant, step.me))
            for step in self._of_worker(grant, me)
        )


def touches(grant: Grant, me: Worker, step: Step) -> bool:
    changes = step.grant != grant or step.others is not None or step.sends or step.stores
    return changes or any(broken_by(grant, me, step, ()))
