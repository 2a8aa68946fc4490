"""Brings a plan up: starts each step as soon as what it waits for is done, and says which one failed and why."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox import leash
from sandbox.faults import Broken, Refused
from sandbox.home import ROOT, Home
from sandbox.plan import Action, Plan, Program, Step, Task
from sandbox.servers import tail
from sandbox.supervisor import Seen, Supervisor

LOOK_EVERY = 0.05  # seconds
STEP_WITHIN = 110.0
SUPERVISOR_WITHIN = 20.0
MISCONFIGURED = 2  # the exit code by which a process says that its settings are wrong, in its last line


@dataclass
class Startup:
    """
    One start of one world. `took` tells, step by step, the seconds from its start until it was done.

    `heed` is called again and again; what it raises breaks the start off.
    """

    home: Home
    plan: Plan
    supervisor: Supervisor
    heed: Callable[[], None] = lambda: None
    took: dict[str, float] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _tasks: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def bring_up(self) -> None:
        """
        Return when every step is done.

        Raises Refused if a process says that its settings are wrong (exit code 2), Broken if one fails otherwise or
        takes too long.
        """
        self._await_supervisor()
        while len(self.took) < len(self.plan.steps):
            self.heed()
            self._begin_what_can_begin()
            seen = self._look()
            for step in [step for step in self.plan.steps if self._is_under_way(step)]:
                if self._is_done(step, seen):
                    self.took[step.name] = time.monotonic() - self._began[step.name]
                elif time.monotonic() - self._began[step.name] > STEP_WITHIN:
                    raise Broken(f"{step.name} was not ready in {STEP_WITHIN:.0f} seconds:\n{self._tail(step.name)}")
            time.sleep(LOOK_EVERY)

    def end_tasks(self) -> None:
        """Stop the commands that have not ended. To be called when a start is broken off."""
        for task in self._tasks.values():
            task.kill()
            task.wait()

    def _await_supervisor(self) -> None:
        give_up = time.monotonic() + SUPERVISOR_WITHIN
        while not self.supervisor.answers():
            self.heed()
            if not self.supervisor.is_alive() or time.monotonic() > give_up:
                raise Broken(f"supervisord did not start:\n{tail(self.home.logs / 'supervisord.err')}")
            time.sleep(LOOK_EVERY)

    def _look(self) -> dict[str, Seen]:
        try:
            return self.supervisor.look()
        except OSError:
            raise Broken("supervisord ended during start-up") from None

    def _is_under_way(self, step: Step) -> bool:
        return step.name in self._began and step.name not in self.took

    def _begin_what_can_begin(self) -> None:
        for step in self.plan.steps:
            if step.name not in self._began and all(name in self.took for name in step.after):
                self._began[step.name] = time.monotonic()
                self._begin(step)

    def _begin(self, step: Step) -> None:
        match step:
            case Program():
                self._order(lambda: self.supervisor.start(step), step.name)
            case Task():
                self._tasks[step.name] = self._spawn(step)
            case Action():
                self._order(step.do, step.name)

    def _order(self, do: Callable[[], object], name: str) -> None:
        try:
            do()
        except OSError as error:
            raise Broken(f"{name}: {error}") from error

    def _spawn(self, task: Task) -> "subprocess.Popen[bytes]":
        with (self.home.logs / f"{task.name}.log").open("wb") as log:
            return subprocess.Popen(
                leash.command(task.argv),
                cwd=ROOT,
                env={**self.plan.environ, **task.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _is_done(self, step: Step, seen: dict[str, Seen]) -> bool:
        match step:
            case Program():
                return self._is_up(step, seen[step.name])
            case Task():
                return self._has_ended(step)
            case Action():
                return True

    def _is_up(self, program: Program, seen: Seen) -> bool:
        if seen.has_failed:
            raise self._fault(program.name, self.supervisor.exit_code(program.name))
        return program.is_ready() if program.is_ready else seen.state == "RUNNING"

    def _has_ended(self, task: Task) -> bool:
        code = self._tasks[task.name].poll()
        if code:
            raise self._fault(task.name, code)
        return code == 0

    def _fault(self, name: str, code: int | None) -> Exception:
        if code == MISCONFIGURED:
            return Refused(tail(self.home.logs / f"{name}.log", lines=1))
        return Broken(f"{name} failed at start-up (exit code {code}):\n{self._tail(name)}")

    def _tail(self, name: str) -> str:
        return tail(self.home.logs / f"{name}.log", lines=20)
