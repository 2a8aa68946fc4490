"""What is started, and after what: a graph, in which all that waits for nothing unfinished starts at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    """A process that runs for as long as the world does. Done when ready; restarted by the supervisor when it ends."""

    name: str
    argv: Sequence[str]
    after: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    is_ready: Callable[[], bool] | None = None  # without one: still alive after a second
    is_server: bool = False  # others need it to end in good order, so it stops last
    is_leashed: bool = False  # its command line has a leash already


@dataclass(frozen=True)
class Task:
    """A command that must end with exit code 0."""

    name: str
    argv: Sequence[str]
    after: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """Something small that the supervising process does itself."""

    name: str
    do: Callable[[], object]
    after: Sequence[str] = ()


Step = Program | Task | Action


@dataclass(frozen=True)
class Plan:
    """All that a world needs, and the environment that its processes share."""

    steps: Sequence[Step]
    environ: Mapping[str, str]

    @property
    def programs(self) -> list[Program]:
        """Those that stay."""
        return [step for step in self.steps if isinstance(step, Program)]
