"""A pytest plugin: the tests run once as they are, and then those that matter against each mutant, in a child of this
process. It has Django loaded, the servers up, the databases made and every test collected.
"""

import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from select import select
from time import monotonic
from typing import cast

import pytest
from django.db import connections

from tests.mutants.applying import LoadError, apply
from tests.mutants.covering import Covering
from tests.mutants.making import Mutant
from tests.mutants.pristine import Pristine

SURVIVED, HUNG, UNLOADABLE, UNTESTED = "survived", "hung", "does not load", "no test runs it"
# On a busy machine too, slow must not count as hung: so many times what a test takes unchanged, and so many seconds.
_PATIENCE, _AT_LEAST_S = 20, 10.0
Verdict = Callable[[Mutant, str], None]


class Judge:
    """The plugin. `heard` is called with each mutant and what became of it: SURVIVED, or who killed it."""

    def __init__(self, mutants: Iterable[Mutant], heard: Verdict) -> None:
        self.mutants, self.heard = mutants, heard
        self.covering = Covering()
        self._killers: dict[str, list[str]] = defaultdict(list)  # by the changed function, the latest first
        self._failed = False

    @pytest.hookimpl
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own loop."""
        self.items = {item.nodeid: item for item in session.items}
        self.session = session
        self._run_unchanged()
        with Pristine() as pristine:
            for mutant in self.mutants:
                verdict = self._judge(mutant)
                self.heard(mutant, verdict)
                if verdict == HUNG:
                    pristine.restore()
        return True

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed

    def _run_unchanged(self) -> None:
        self.covering.start()
        for name in self.items:
            self.covering.enter(name)
            began = monotonic()
            self._run(name)
            self.covering.seconds[name] = monotonic() - began
            if self._failed:
                pytest.exit(f"{name} fails as it is", returncode=2)
        self.covering.stop()

    def _run(self, name: str) -> None:
        item = self.items[name]
        # As what comes next, the session keeps what was made for it all.
        item.ihook.pytest_runtest_protocol(item=item, nextitem=cast(pytest.Item, self.session))

    def _judge(self, mutant: Mutant) -> str:
        judges = self._in_order(mutant)
        reading, writing = os.pipe()
        connections.close_all()
        if not (pid := os.fork()):
            os.setsid()
            os.close(reading)
            os.dup2(1, 2)  # what its tests say belongs into their log
            self._be_the_child(mutant, judges, writing)
        os.close(writing)
        try:
            verdict = next((line for line in _lines_of(reading, self._patience(judges)) if line), HUNG)
            if verdict in self.items:
                self._killers[mutant.place].insert(0, verdict)
            return verdict
        finally:
            os.close(reading)
            os.killpg(pid, signal.SIGKILL)  # with whatever it forked
            os.waitpid(pid, 0)

    def _be_the_child(self, mutant: Mutant, judges: list[str], writing: int) -> None:
        """Say a line when a test has passed; the last one is the verdict."""
        try:
            apply(mutant)
            for name in judges:
                self._run(name)
                if self._failed:
                    os.write(writing, f"{name}\n".encode())
                    break
                os.write(writing, b"\n")
            else:
                os.write(writing, f"{SURVIVED if judges else UNTESTED}\n".encode())
        except LoadError:
            os.write(writing, f"{UNLOADABLE}\n".encode())
        finally:
            signal.pause()  # the parent ends it, and all that it began

    def _patience(self, judges: list[str]) -> Iterator[float]:
        for name in judges:
            yield _AT_LEAST_S + _PATIENCE * self.covering.seconds[name]
        yield _AT_LEAST_S

    def _in_order(self, mutant: Mutant) -> list[str]:
        """Who killed another mutant of the same function is asked first, and then the quickest."""
        judges, killers = self.covering.judges(mutant), self._killers[mutant.place]
        return sorted(judges, key=lambda name: killers.index(name) if name in killers else len(killers))


def _lines_of(reading: int, patience: Iterator[float]) -> Iterator[str]:
    """Each line as it comes; ends when one does not come in its time."""
    come = b""
    for seconds in patience:
        until = monotonic() + seconds
        while b"\n" not in come:
            if not select([reading], [], [], max(0.0, until - monotonic()))[0]:
                return
            come += os.read(reading, 4096)
        line, _, come = come.partition(b"\n")
        yield line.decode()
