"""Workers that are killed, or stand still for longer than a lease: forked from this process, which has loaded Django
and unwrapped its keys.
"""

import os
import random
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from django.db import connections

from hmrc_oauth import failpoints, stopping
from tenants.leash import die_with_parent
from tests.soak.design import Design
from tests.soak.hand import Hand
from tests.soak.scale import LEASE

STOPS_WITHIN_S = 25.0
PAUSE_S = 1.2 * LEASE.total_seconds()
ROUNDS_TO_LIVE = 4  # of one that is to die or to stand still at a failpoint, and does not come there
_REFRESH = [name for name in failpoints.POINTS if not name.startswith("exchange")]
_EXCHANGE = [name for name in failpoints.POINTS if name.startswith("exchange")]
_PAUSES = ["refresh.after_slot", "refresh.after_claim", "refresh.after_answer", "witness.after_answer"]
_PAUSED_INSTEAD = 0.05
Fate = tuple[str, signal.Signals]
WHENEVER: Fate = ("", signal.SIGKILL)


@dataclass
class Worker:
    pid: int
    hand: Hand
    fate: Fate
    age: int = 0  # in rounds
    goes_on_at: float = 0.0

    @property
    def is_paused(self) -> bool:
        return self.goes_on_at > 0


class Fleet:
    """So many workers of one design, oldest first; those who stand still come on top."""

    def __init__(self, design: Design, *, many: int, log: Path) -> None:
        self._design, self._many, self._log = design, many, log
        self.kills = self.failpoints = self.pauses = self.crashed = 0
        self._workers: list[Worker] = []

    def man(self, chance: random.Random, *, armed: bool) -> None:
        """Fork whoever is missing, and let go on who has stood still for longer than a lease."""
        for worker in self._workers:
            worker.age += 1
            if worker.is_paused and time.monotonic() > worker.goes_on_at:
                self._let_go_on(worker)
        missing = self._many - sum(not worker.is_paused for worker in self._workers)
        self._workers += [self._forked(_fate(chance) if armed else WHENEVER) for _ in range(missing)]
        self._design.hands = [worker.hand for worker in self._workers]

    def kill(self, chance: random.Random, *, share: float) -> None:
        """Count who has died by now, and kill -9 a share of the others who may die, wherever they are."""
        for worker in list(self._workers):
            self._look_after(worker)
        mortal = [worker for worker in self._workers if not worker.is_paused and self._may_die(worker)]
        for worker in mortal:
            if chance.random() < share:
                self._strike(worker, pauses=worker.hand.row != 0 and chance.random() < _PAUSED_INSTEAD)

    def stop(self) -> int:
        """Tell all to stop, and wait until they have. How many there were."""
        stopped = len(self._workers)
        for worker in self._workers:
            self._let_go_on(worker)
            os.kill(worker.pid, signal.SIGTERM)
        until = time.monotonic() + STOPS_WITHIN_S
        while self._workers:
            pid, status = os.waitpid(self._workers[0].pid, os.WNOHANG | os.WUNTRACED)
            if pid and os.WIFSTOPPED(status):
                self._let_go_on(self._workers[0])
            elif pid:
                self._workers.pop(0)
                # One that had come to its failpoint before it was told is no orderly stop, but no fault either.
                assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}, self._log.read_text()[-3000:]
            assert time.monotonic() < until, "a worker does not stop"
            time.sleep(0.005)
        return stopped

    def _strike(self, worker: Worker, *, pauses: bool) -> None:
        """A design without failpoints may be made to stand still in the midst of it."""
        if pauses:
            os.kill(worker.pid, signal.SIGSTOP)
            self._note_pause(worker)
        else:
            os.kill(worker.pid, signal.SIGKILL)
            self._bury(worker, os.waitpid(worker.pid, 0)[1])

    def _look_after(self, worker: Worker) -> None:
        pid, status = os.waitpid(worker.pid, os.WNOHANG | os.WUNTRACED)
        if pid and os.WIFSTOPPED(status):
            self._note_pause(worker)
        elif pid:
            self.failpoints += os.WIFSIGNALED(status)
            self._bury(worker, status)

    def _bury(self, worker: Worker, status: int) -> None:
        self._workers.remove(worker)
        worker.hand.drop()
        self.kills += os.WIFSIGNALED(status)
        self.crashed += not os.WIFSIGNALED(status)

    def _note_pause(self, worker: Worker) -> None:
        worker.goes_on_at = time.monotonic() + PAUSE_S
        self.pauses += 1

    @staticmethod
    def _let_go_on(worker: Worker) -> None:
        worker.age, worker.goes_on_at = 0, 0.0
        os.kill(worker.pid, signal.SIGCONT)

    @staticmethod
    def _may_die(worker: Worker) -> bool:
        return worker.fate == WHENEVER or worker.age > ROUNDS_TO_LIVE

    def _forked(self, fate: Fate) -> Worker:
        hand = Hand()
        connections.close_all()  # a child must not share them
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until it can be heard
        pid = os.fork() or self._live(hand, fate)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        return Worker(pid, hand, fate)

    def _live(self, hand: Hand, fate: Fate) -> NoReturn:
        try:
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            signal.signal(signal.SIGTERM, lambda *_: stopping.begin())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            die_with_parent()
            random.seed()
            if fate != WHENEVER:
                failpoints.arm(fate[0], by=fate[1])
            self._design.work(hand)
        except BaseException:  # noqa: BLE001 - a child must not become a second soak
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)


def _fate(chance: random.Random) -> Fate:
    """Where a worker is to die, or to stand still, if it comes there; or to be killed wherever it is."""
    drawn = chance.random()
    if drawn < 0.4:
        return WHENEVER
    if drawn < 0.5:
        return chance.choice(_PAUSES), signal.SIGSTOP
    return chance.choice(_EXCHANGE if drawn < 0.65 else _REFRESH), signal.SIGKILL
