"""Workers that are killed: forked from this process, which has loaded Django and unwrapped its keys."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.db import connections

from hmrc_oauth import failpoints, stopping
from tenants.leash import die_with_parent
from tests.soak.hand import Hand

STOPS_WITHIN_S = 25.0
DIES_WITHIN_S = 0.3
POINTS = [name for name in failpoints.POINTS if not name.startswith("exchange")]


class Crew(Protocol):
    """What its workers do."""

    hands: list[Hand]

    def work(self, hand: Hand) -> None:
        """Until told to stop. In a process of its own."""


@dataclass
class Worker:
    pid: int
    hand: Hand
    dies_at: str


class Fleet:
    """So many workers of one design, oldest first."""

    def __init__(self, design: Crew, *, many: int, log: Path, points: Sequence[str] = POINTS) -> None:
        self._design, self._log, self._points = design, log, points
        self.kills = self.failpoints = self.crashed = 0
        self._workers: list[Worker] = []
        design.hands = [Hand() for _ in range(many)]

    def man(self, chance: random.Random, *, armed: bool) -> None:
        """Fork whoever is missing. Every other one is to die at a failpoint, if it comes there, when `armed`."""
        busy = [worker.hand for worker in self._workers]
        for hand in self._design.hands:
            if hand not in busy:
                dies_at = chance.choice(self._points) if armed and chance.random() < 0.5 else ""
                self._workers.append(Worker(self._fork(hand, dies_at), hand, dies_at))

    def kill_oldest(self) -> None:
        """Kill -9 the oldest: where it was told to die, or else wherever it is now."""
        worker = self._workers.pop(0)
        if not (worker.dies_at and self._died_by_itself(worker)):
            os.kill(worker.pid, signal.SIGKILL)
            _, status = os.waitpid(worker.pid, 0)
            self.crashed += not os.WIFSIGNALED(status)
        worker.hand.drop()
        self.kills += 1

    def stop(self) -> int:
        """Tell all to stop, and wait until they have. How many there were."""
        stopped = len(self._workers)
        for worker in self._workers:
            os.kill(worker.pid, signal.SIGTERM)
        until = time.monotonic() + STOPS_WITHIN_S
        while self._workers:
            pid, status = os.waitpid(self._workers[0].pid, os.WNOHANG)
            if pid:
                self._workers.pop(0)
                # One that had come to its failpoint before it was told is no orderly stop, but no fault either.
                assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}, self._log.read_text()[-3000:]
            assert time.monotonic() < until, "a worker does not stop"
            time.sleep(0.005)
        return stopped

    def _died_by_itself(self, worker: Worker) -> bool:
        until = time.monotonic() + DIES_WITHIN_S
        while time.monotonic() < until:
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                self.failpoints += os.WIFSIGNALED(status)
                self.crashed += not os.WIFSIGNALED(status)
                return True
            time.sleep(0.01)
        return False

    def _fork(self, hand: Hand, dies_at: str) -> int:
        connections.close_all()  # a child must not share them
        pid = os.fork()
        if pid:
            return pid
        try:
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            signal.signal(signal.SIGTERM, lambda *_: stopping.begin())
            die_with_parent()
            random.seed()
            if dies_at:
                failpoints.arm(dies_at)
            self._design.work(hand)
        except BaseException:  # noqa: BLE001 - a child must not become a second soak
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
