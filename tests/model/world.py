"""What the model sees of the world: one grant, its standing at HMRC, and the workers that want to refresh it.

Versions and fences are kept relative to the grant's row, so the world is finite however often tokens rotate, workers
die and answers are lost. Nothing is lost by that: HMRC gives out one chain of pairs, so a pair that is not the row's
next one can never become it again, and a fence that has moved never moves back.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple, TypeAlias


class Status(IntEnum):
    """The grant's status, as in hmrc_oauth.models.GrantStatus."""

    ACTIVE = 0
    REFRESHING = 1
    UNCERTAIN = 2
    DEAD = 3
    WIPED = 4


class Standing(IntEnum):
    """What the refresh token in the row is worth at HMRC."""

    LIVE = 0
    SPENT = 1
    ENDED = 2  # the landlord took the authority back


class At(IntEnum):
    """Where a worker stands. From GRANTED on it holds what came back and has not written it down yet."""

    IDLE = 0
    CLAIMED = 1
    SENT = 2
    GRANTED = 3
    DENIED = 4  # invalid_grant
    UNSENT = 5  # nothing left us, or 429 or invalid_client: nothing is spent
    LOST = 6  # no answer
    NO_VERDICT = 7  # 5xx, "already in progress", not understood
    VOUCHED = 8  # the old access token still works
    DISOWNED = 9  # it does not
    UNREAD = 10  # claimed, but what was claimed is still to be read: no design of ours stands here


class Grant(NamedTuple):
    """The row, and what is true of its tokens at HMRC."""

    status: Status = Status.ACTIVE
    leased: bool = False
    probes: int = 0
    standing: Standing = Standing.LIVE
    lapsed: bool = False  # the access token's four hours are over
    straggler: bool = False  # a request with this token, given up by its sender, may still reach HMRC
    unheard: int = 0  # probes whose answer was really lost, whatever the row counts


class Worker(NamedTuple):
    at: At = At.IDLE
    doubtful: bool = False  # what it claimed was uncertain: it probes
    fenced: bool = False  # the row's fence has moved since its claim
    late: bool = False  # its lease ran out on it
    age: int = 0  # 0: the row holds the token it spends; 1: the pair that token bought; 2: a newer one


IDLE = Worker()
Workers: TypeAlias = tuple[Worker, ...]


class World(NamedTuple):
    grant: Grant
    workers: Workers


class Step(NamedTuple):
    """One thing that may happen next: what becomes of the grant, of whoever did it, and of everyone else."""

    name: str
    grant: Grant
    me: Worker | None = None
    others: Callable[[Worker], Worker] | None = None
    fault: bool = False  # ill luck, or somebody's wish: no recovery may count on it
    kills: bool = False
    sends: bool = False
    stores: bool = False
    reason: str = ""  # what the landlord is told


# What one worker's step does to the others


def fence(worker: Worker) -> Worker:
    """The row's fence moves: claims made before say nothing any more."""
    return worker._replace(fenced=True) if worker.at else worker


def outdate(worker: Worker) -> Worker:
    """The row holds a newer pair."""
    return worker._replace(fenced=True, age=min(worker.age + 1, 2)) if worker.at else worker


def delay(worker: Worker) -> Worker:
    """The lease is over: whoever held it is late."""
    return worker._replace(late=True) if worker.at and not worker.fenced else worker
