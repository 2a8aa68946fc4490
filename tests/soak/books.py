"""What a database says of its tokens against what the stand-in knows, and what is made of the difference."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hmrc_oauth import refresh
from tests.soak.design import ACTIVE, DEAD, DOUBTFUL, Design, Entry
from tests.soak.ground import Ground
from tests.soak.scale import DEADLINE_S, FACTOR

RECONNECTED_A_ROUND = 1  # the others wait: a landlord walks through many pages


@dataclass
class Doubt:
    """A claim without an answer: the moment of it, and of the last one that came to nothing (by `Ground.now`)."""

    began: float
    last: float
    waits_s: float = 0.0  # by design: from that last one until the token is looked at again
    was_doubted: bool = False

    def follow(self, claimed: float, *, waits_s: float, now: float) -> None:
        """It is still there, `claimed` then: too long ago for an answer to come, or just now by whoever settles it."""
        if now - claimed > 2 * DEADLINE_S:
            self.last, self.waits_s, self.was_doubted = max(self.last, claimed), waits_s, True

    def settled_s(self, now: float) -> float:
        """Since the last claim that came to nothing, at production's length. Only what the product waits is scaled: the
        rest is work, and a machine that is busy must not look ten times as busy as it is.
        """
        return (now - self.last) + (FACTOR - 1) * self.waits_s


@dataclass
class Books:
    """One design's, over all rounds."""

    design: Design
    ground: Ground
    users: Mapping[str, Callable[[], dict[str, str]]]  # by NINO: how its landlord connects again
    lost: int = 0
    false_reconnects: int = 0
    spent_twice: int = 0
    crossed: int = 0  # sent again while a late answer was being stored
    refreshes: int = 0
    given_up: int = 0  # three probes without an answer, of a token that works: what the promise allows
    silent: set[tuple[int | str, int]] = field(default_factory=set)
    settled_s: list[float] = field(default_factory=list)  # since the last claim that came to nothing
    settled_whole_s: list[float] = field(default_factory=list)  # since the first, as it was
    _doubts: dict[str, Doubt] = field(default_factory=dict)
    _seen: dict[str, Entry] = field(default_factory=dict)
    _sends: int = 0

    def compare(self) -> None:
        """Read both sides while the workers work, and judge what did not change meanwhile."""
        before, busy = self.design.entries(), self._in_hand()
        hmrc = self.ground.books(after=self._sends)
        after, busy = self.design.entries(), busy | self._in_hand()
        living = {row["refresh_digest"]: row["nino"] for row in hmrc["grants"]}
        still = {nino: entry for nino, entry in after.items() if before.get(nino) == entry and entry.row not in busy}
        self._note_sends(hmrc["sent_again"], living, still)
        for nino, entry in after.items():
            self._follow(nino, entry)
        for entry in still.values():
            if entry.status == ACTIVE and entry.digest not in living:
                self.silent.add((entry.row, entry.version))
        dead = [(nino, entry) for nino, entry in still.items() if entry.status == DEAD]
        for nino, entry in dead[:RECONNECTED_A_ROUND]:
            self._mourn(nino, entry, lives=entry.digest in living)

    @property
    def told_or_not(self) -> int:
        """Every token that was lost, or given up, so far."""
        return len(self.silent) + self.lost + self.false_reconnects + self.given_up

    @property
    def adrift(self) -> int:
        """How many are in doubt while HMRC knows of a newer pair, or of none."""
        entries = self.design.entries()
        living = {row["refresh_digest"] for row in self.ground.books(after=self._sends)["grants"]}
        return sum(entry.status == DOUBTFUL and entry.digest not in living for entry in entries.values())

    @property
    def doubtful(self) -> int:
        """How many are neither active nor dead now."""
        return sum(entry.status == DOUBTFUL for entry in self.design.entries().values())

    @property
    def dead(self) -> int:
        """How many have ended, and their landlords have not connected again yet."""
        return sum(entry.status == DEAD for entry in self.design.entries().values())

    def _in_hand(self) -> set[int]:
        return {hand.row for hand in self.design.hands if hand.row}

    def _note_sends(self, again: list[dict[str, object]], living: dict[str, str], still: dict[str, Entry]) -> None:
        """
        A second send of a token is a fault while another is under way, or if what the first one bought was stored when
        it was claimed. It leaves so soon after its claim that what comes later than that was claimed later.

        After doubt it is none: what the first one bought is lost, or still in the hands of a worker who stands still,
        and who may store it while the second one is on its way: the two have crossed, and HMRC refuses the second.
        """
        self._sends += len(again)
        for send in again:
            nino = living.get(str(send["newest"]), "")
            if nino in self.users:
                entry = still.get(nino)
                holds = entry is not None and entry.status == ACTIVE and entry.digest == send["newest"]
                late_s = float(str(send["at"])) - entry.stored_at if holds and entry is not None else 0.0
                self._judge(late_s, is_overlapped=bool(send["overlapped"]))

    def _judge(self, late_s: float, *, is_overlapped: bool) -> None:
        """A second send, so long after what the first one bought was stored, if it was."""
        if is_overlapped or late_s > refresh.SEND_WITHIN_S:
            self.spent_twice += 1
        elif late_s > 0:
            self.crossed += 1
        if is_overlapped or late_s > 0:
            sys.stderr.write(f"{self.design.name}: sent again {late_s:.3f} s after, overlapped: {is_overlapped}\n")

    def _follow(self, nino: str, entry: Entry) -> None:
        now, last = self.ground.now(), self._seen.get(nino)
        if last is not None and last.row == entry.row:
            self.refreshes += entry.refreshes - last.refreshes
        self._seen[nino] = entry
        if entry.status == DOUBTFUL:
            claimed = now - (entry.claimed_s or 0.0)
            self._doubts.setdefault(nino, Doubt(claimed, claimed)).follow(claimed, waits_s=entry.waits_s, now=now)
        elif (settled := self._doubts.pop(nino, None)) and settled.was_doubted:
            self.settled_s.append(settled.settled_s(now))
            self.settled_whole_s.append(now - settled.began)

    def _mourn(self, nino: str, entry: Entry, *, lives: bool) -> None:
        """The landlord was asked to connect again, and does."""
        self.lost += not lives
        self.false_reconnects += lives and not entry.unheard
        self.given_up += lives and entry.unheard
        self.design.enrol(nino, self.users[nino]())
        self._doubts.pop(nino, None)
