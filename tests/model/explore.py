"""Every world that a design can come to, breadth first, so that the first story of a broken promise is the shortest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from tests.model.designs import Design
from tests.model.moves import Moves
from tests.model.promises import Promise, broken_in, is_at_rest
from tests.model.world import IDLE, Grant, World

ALL = frozenset(Promise)


@dataclass(frozen=True)
class Explored:
    worlds: AbstractSet[World]
    broken: Mapping[Promise, str]  # each with the shortest story of how

    def __str__(self) -> str:
        stories = "".join(f"\n{promise}:\n    {story}" for promise, story in self.broken.items())
        return f"{len(self.worlds)} worlds{stories}"


def explore(design: Design, *, workers: int, reduced: bool = True, until: AbstractSet[Promise] = ALL) -> Explored:
    """All interleavings of so many workers, with any number of deaths, losses and rotations; or as many as it takes to
    break the promises in `until`. `reduced` as in `Moves`.
    """
    return _Search(Moves(design, reduced=reduced), until).run(World(Grant(), (IDLE,) * workers))


@dataclass
class _Search:
    moves: Moves
    until: AbstractSet[Promise]
    worlds: dict[World, tuple[World, str] | None] = field(default_factory=dict)  # whence first, and how
    recoveries: dict[World, list[World]] = field(default_factory=lambda: defaultdict(list))
    hopeless: set[World] = field(default_factory=set)  # a move from here breaks a promise, and is not followed
    broken: dict[Promise, str] = field(default_factory=dict)

    def run(self, start: World) -> Explored:
        self.worlds[start] = None
        edge = [start]
        while edge and not self.until <= self.broken.keys():
            edge = [found for world in edge for found in self._look(world)]
        if not edge:
            self._look_for_stuck()
        return Explored(self.worlds.keys(), self.broken)

    def _look(self, world: World) -> Iterator[World]:
        """The worlds one move on that are new."""
        self._note(broken_in(*world), world)
        for name, to, is_fault, broken in self.moves.after(world):
            if broken:
                self._note(broken, world, name)
                self.hopeless.add(world)
                continue
            if not is_fault:
                self.recoveries[to].append(world)
            if to not in self.worlds:
                self.worlds[to] = (world, name)
                yield to

    def _look_for_stuck(self) -> None:
        """A world from which rest can't be reached without further ill luck."""
        good = {world for world in self.worlds if is_at_rest(*world)} | self.hopeless
        edge = list(good)
        while edge:
            edge = [before for world in edge for before in self.recoveries.get(world, ()) if before not in good]
            good.update(edge)
        stuck = next((world for world in self.worlds if world not in good), None)
        if stuck is not None:
            self._note([Promise.NEVER_STUCK], stuck)

    def _note(self, broken: Iterable[Promise], world: World, *last: str) -> None:
        for promise in broken:
            if promise not in self.broken:
                self.broken[promise] = self._story(world, *last)

    def _story(self, world: World, *last: str) -> str:
        steps = list(last)
        while came := self.worlds[world]:
            world, name = came
            steps.insert(0, name)
        return "; ".join(steps)
