"""Workers die at every named point, answers are lost, HMRC restarts: its books agree with ours, to the penny."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hmrc_door import config, wire
from mtd import claiming, filing
from mtd.filing import POINTS
from mtd.models import Attempt, AttemptOutcome, Step, Submission
from mtd.models.submission import SETTLED
from tenants.models import Agency
from tests.conftest import NOON
from tests.hmrc_door.conftest import OpenPace
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import abandon, again, due_at
from tests.hmrc_oauth.side_by_side import committed
from tests.mtd.real_hmrc import Client, RealHmrc, running

LOST: dict[str, dict[str, Any]] = {
    "nothing_lost": {},
    "lost_before": {"kind": "answer_lost_before"},
    "lost_after": {"kind": "answer_lost_after"},
    "failed_after": {"kind": "status", "status": 503, "code": "SERVER_ERROR", "when": "after"},
}
ENDS = {"accepted", "superseded"}
CLIENTS, ROUNDS = 6, 5


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHmrc]:
    with running(tmp_path_factory.mktemp("hmrc"), now=NOON) as world:
        yield world


@pytest.fixture
def hmrc(served: RealHmrc, monkeypatch: pytest.MonkeyPatch) -> RealHmrc:
    pace = OpenPace()
    monkeypatch.setattr(config, "pace", lambda: pace)
    monkeypatch.setattr(config, "environment", lambda: served.environment)
    served.served.control("faults/lift", {})
    return served


@pytest.fixture
def agency(alpha_committed: Agency, time: FakeClock, hmrc: RealHmrc) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


def die(agency: Agency, submission: Submission, *, at: str) -> bool:
    """Whether a worker came so far; its lease is over."""
    wire._pooled.cache_clear()  # what is kept alive is not shared with a child
    killed = was_killed(forked(agency, lambda: filing.run(submission_id=submission.pk), dies_at=at))
    abandon(submission)
    return killed


def settle(*submissions: Submission) -> None:
    """Workers come who live."""
    for _ in range(12):
        for submission in submissions:
            if due_at("submit", submission.pk) is not None:
                abandon(submission)
                filing.run(submission_id=submission.pk)


def answered_once(submission: Submission) -> bool:
    """No send after one that was answered."""
    puts = list(Attempt.objects.filter(submission=submission, what=Step.PUT).order_by("begun_at", "pk"))
    return AttemptOutcome.ANSWERED not in {put.outcome for put in puts[:-1]}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("point", POINTS)
def test_a_filing_killed_at(point: str, lost: str, agency: Agency, hmrc: RealHmrc) -> None:
    client = hmrc.client()
    submission = client.file("1234.56")
    fault = LOST[lost]
    if fault:
        client.strike(**fault)

    kills = [die(agency, submission, at=point) for _ in range(3)]
    settle(submission)

    assert kills[0]
    assert again(submission).status == "accepted"
    assert client.agrees()
    assert answered_once(submission)


def test_many_through_crashes_lost_answers_and_restarts(agency: Agency, hmrc: RealHmrc, time: FakeClock) -> None:
    chance = random.Random(7)
    clients = [hmrc.client() for _ in range(CLIENTS)]
    every: list[Submission] = []
    for number in range(ROUNDS):
        time.advance(minutes=1)
        filed = [_file(client, number, chance) for client in clients]
        every += filed
        for submission in filed:
            die(agency, submission, at=chance.choice(POINTS))
        if number == ROUNDS // 2:
            hmrc.restart()
            hmrc.is_now(time.now)
        settle(*every)

    assert {again(each).status for each in every} <= ENDS
    assert [client for client in clients if not client.agrees()] == []
    assert all(answered_once(each) for each in every)


def _file(client: Client, number: int, chance: random.Random) -> Submission:
    fault = chance.choice(list(LOST.values()))
    if fault:
        client.strike(**fault)
    return client.file(f"{1000 + number}.{chance.randrange(100):02}")


def test_every_point_stands_in_the_code_once() -> None:
    code = "".join(Path(module.__file__ or "").read_text() for module in (filing, claiming))

    assert [code.count(f'failpoint("{point}")') for point in POINTS] == [1] * len(POINTS)
    assert code.count("failpoint(") == len(POINTS)


def test_settled_is_what_nobody_looks_at_again(agency: Agency, hmrc: RealHmrc) -> None:
    submission = hmrc.client().file("1.00")
    settle(submission)

    assert again(submission).status in SETTLED
    filing.run(submission_id=submission.pk)
    assert Attempt.objects.filter(submission=submission).count() == 2
