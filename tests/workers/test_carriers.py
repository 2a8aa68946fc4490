"""Carriers: a turn first, then the best call for it; few wait, none is held up by another, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest

from hmrc_door import config
from hmrc_door.halted import is_halted
from hmrc_door.pace import NoSlot, PaceUnavailable
from hmrc_oauth import stopping
from tenants import doorbell, due, installation, pauses, turns
from tenants.context import tenant
from tenants.models import Agency, AgencyTurn, Due, LaneTurn, PauseScope
from tests.hmrc_oauth.fake_door import FakeClock
from workers import carriers
from workers.carriers import Carriers


@dataclass
class FakeTurn:
    """A turn that is due in a moment, or in the past."""

    due_at: float
    is_used: bool = False


@dataclass
class FakePace:
    """Gives so many turns, and then none. Notes what was done in each."""

    turns: int
    lead_s: float = 0.0
    away: int = 0  # so many times Redis can't be asked
    given: list[FakeTurn] = field(default_factory=list)

    @contextmanager
    def turn(self, *, timeout_s: float) -> Iterator[FakeTurn]:
        if self.away:
            self.away -= 1
            raise PaceUnavailable
        if len(self.given) == self.turns:
            raise NoSlot
        self.given.append(FakeTurn(due_at=monotonic() + self.lead_s))
        yield self.given[-1]


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> FakePace:
    made = FakePace(turns=100)
    monkeypatch.setattr(config, "pace", lambda: made)
    return made


@pytest.fixture
def done(pace: FakePace, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Subjects of calls, in the order in which they were made. Each uses its turn and is taken off the list."""
    made: list[UUID] = []

    def answer(kind: due.Kind, *, agency_id: UUID, subject_id: UUID) -> None:
        made.append(subject_id)
        pace.given[-1].is_used = True
        with tenant(agency_id):
            due.done(kind=kind, subject_id=subject_id)

    monkeypatch.setattr(carriers, "answer", answer)
    return made


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "wake", rung.append)
    monkeypatch.setattr(doorbell, "answered", lambda post: None)
    return rung


@pytest.fixture(autouse=True)
def _nothing_waits(alpha: Agency, time: FakeClock, bells: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for model in (Due, LaneTurn, AgencyTurn):
        model.objects.all().delete()
    monkeypatch.setattr(carriers, "close_old_connections", lambda: None)


def waiting(agency: Agency, many: int, lane: due.Lane = due.Lane.BULK, kind: due.Kind = due.Kind.FETCH) -> list[UUID]:
    subjects = [uuid4() for _ in range(many)]
    with tenant(agency):
        for subject in subjects:
            due.put(kind=kind, subject_id=subject, lane=lane)
    return subjects


def _answer() -> Callable[..., None]:
    """What is in place of the domain's calls just now."""
    found: Callable[..., None] = vars(carriers)["answer"]
    return found


def carry() -> None:
    Carriers(doorbell.Post.CARRIERS).carry()


def test_it_goes_on_until_nothing_waits_and_uses_one_turn_a_call(
    alpha: Agency, pace: FakePace, done: list[UUID]
) -> None:
    subjects = waiting(alpha, 5)

    carry()

    assert sorted(done) == sorted(subjects)
    assert len(pace.given) == 5


def test_a_person_who_comes_behind_a_backlog_has_the_next_turn(
    alpha: Agency, beta: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(alpha, 50)
    pick = turns.pick
    person: list[UUID] = []

    def pick_the_tenth_time(**given: Any) -> due.Ring | None:
        if len(done) == 10 and not person:
            person.extend(waiting(beta, 1, due.Lane.INTERACTIVE))
        return pick(**given)

    monkeypatch.setattr(turns, "pick", pick_the_tenth_time)

    carry()

    assert done.index(person[0]) == 10


def test_before_each_call_a_successor_is_woken(
    alpha: Agency, pace: FakePace, done: list[UUID], bells: list[str]
) -> None:
    waiting(alpha, 3)
    bells.clear()

    carry()

    assert bells == ["hmrc"] * 3


def test_while_one_waits_for_a_turn_the_others_of_its_process_go_home_and_while_it_calls_another_waits(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(alpha, 4)
    crew = Carriers(doorbell.Post.CARRIERS)
    pick, answer = turns.pick, _answer()
    found: list[tuple[str, int]] = []

    def pick_and_look(**given: Any) -> due.Ring | None:
        if not found:
            crew.carry()  # another thread, told by the same bell
            found.append(("waiting", len(done)))
        return pick(**given)

    def answer_and_look(kind: due.Kind, **ids: UUID) -> None:
        answer(kind, **ids)
        if len(found) == 1:
            found.append(("calling", len(done)))
            crew.carry()
            found.append(("then", len(done)))

    monkeypatch.setattr(turns, "pick", pick_and_look)
    monkeypatch.setattr(carriers, "answer", answer_and_look)

    crew.carry()

    assert found == [("waiting", 0), ("calling", 1), ("then", 4)]


def test_a_bell_that_is_answered_while_another_finds_nothing_is_not_lost(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    crew, waits = Carriers(doorbell.Post.CARRIERS), turns.waits
    late: list[UUID] = []

    def waits_too_early(**given: Any) -> bool:
        found = waits(**given)
        if not late:
            late.extend(waiting(alpha, 1))
            crew.carry()  # finds the place taken
        return found

    monkeypatch.setattr(turns, "waits", waits_too_early)

    crew.carry()

    assert done == late


def test_a_turn_that_was_not_needed_goes_to_the_next_call(
    alpha: Agency, pace: FakePace, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(alpha, 5)
    pace.lead_s = 60.0
    made: list[UUID] = []

    def answer(kind: due.Kind, *, agency_id: UUID, subject_id: UUID) -> None:
        made.append(subject_id)
        pace.given[-1].is_used = len(made) == 3
        with tenant(agency_id):
            due.done(kind=kind, subject_id=subject_id)

    monkeypatch.setattr(carriers, "answer", answer)

    carry()

    assert (len(made), len(pace.given)) == (5, 2)


def test_a_call_that_fails_stops_nobody_and_comes_back_when_its_lease_is_over(
    alpha: Agency,
    pace: FakePace,
    done: list[UUID],
    time: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    bad, good = waiting(alpha, 2)
    answer = _answer()

    def fail_one(kind: due.Kind, *, agency_id: UUID, subject_id: UUID) -> None:
        if subject_id == bad:
            raise ZeroDivisionError("canary")
        answer(kind, agency_id=agency_id, subject_id=subject_id)

    monkeypatch.setattr(carriers, "leave_no_transaction", lambda: None)
    monkeypatch.setattr(carriers, "answer", fail_one)

    carry()

    said = "".join(capfd.readouterr())
    assert done == [good]
    assert Due.objects.get().due_at == time.now + turns.LEASE
    assert "actor.failed" in said
    assert "ZeroDivisionError" in said
    assert "canary" not in said


def test_without_a_turn_nothing_is_picked(alpha: Agency, pace: FakePace, done: list[UUID], time: FakeClock) -> None:
    waiting(alpha, 2)
    pace.turns = 0

    carry()

    assert done == []
    assert {row.due_at for row in Due.objects.all()} == {time.now}


def test_while_redis_is_away_it_stays_and_goes_on_as_soon_as_redis_is_back(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []
    monkeypatch.setattr(carriers, "sleep", naps.append)
    subjects, pace.away = waiting(alpha, 1), 3

    carry()

    assert done == subjects
    assert naps == [0.1] * 3


def test_told_to_stop_it_waits_for_no_redis(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    naps: list[float] = []
    monkeypatch.setattr(carriers, "sleep", naps.append)
    monkeypatch.setattr(stopping, "has_begun", lambda: bool(naps))
    waiting(alpha, 1)
    pace.away = 1000

    carry()

    assert (done, pace.away) == ([], 999)


def test_where_nothing_waits_no_turn_is_taken(pace: FakePace, done: list[UUID]) -> None:
    carry()

    assert pace.given == []


def test_in_a_copy_nothing_is_carried(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(alpha, 2)
    monkeypatch.setattr(carriers, "is_ours", lambda: False)

    carry()

    assert (done, pace.given) == ([], [])
    assert installation.is_ours()


@pytest.mark.parametrize("in_turn", [False, True])
def test_told_to_stop_it_picks_nothing_more(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch, in_turn: bool
) -> None:
    waiting(alpha, 2)
    monkeypatch.setattr(stopping, "has_begun", lambda: len(pace.given) > 0 or not in_turn)

    carry()

    assert done == []


def test_the_reserve_carries_what_spends_tokens_while_nobody_else_picks(
    alpha: Agency, pace: FakePace, done: list[UUID]
) -> None:
    waiting(alpha, 2)
    tokens = waiting(alpha, 3, due.Lane.TOKEN, due.Kind.REFRESH)

    Carriers(doorbell.Post.RESERVE, kinds=due.TOKENS).carry()

    assert sorted(done) == sorted(tokens)


def test_the_reserve_looks_on_while_others_pick_and_needs_no_bell_to_stand_in(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    turns_had: list[tuple[float, int]] = []
    rests = iter([0.3, 0.1, 0.0])
    monkeypatch.setattr(turns, "rest_s", lambda: next(rests, 0.0))
    monkeypatch.setattr(carriers, "sleep", lambda seconds: turns_had.append((seconds, len(pace.given))))
    token = waiting(alpha, 1, due.Lane.TOKEN, due.Kind.REFRESH)

    Carriers(doorbell.Post.RESERVE, kinds=due.TOKENS).carry()

    assert (done, turns_had) == (token, [(0.3, 0), (0.1, 0)])


def test_the_reserve_gives_its_turn_back_to_those_who_picked_just_before_it_and_looks_on(
    alpha: Agency, pace: FakePace, done: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Free to stand in; then, in its turn, it is found that somebody has picked.
    rests, slept = iter([0.0, 0.2, 0.2, 0.2]), list[float]()
    monkeypatch.setattr(turns, "rest_s", lambda: next(rests, 0.0))
    monkeypatch.setattr(carriers, "sleep", slept.append)
    token = waiting(alpha, 1, due.Lane.TOKEN, due.Kind.REFRESH)

    Carriers(doorbell.Post.RESERVE, kinds=due.TOKENS).carry()

    assert (done, slept) == (token, [0.2])
    assert [turn.is_used for turn in pace.given] == [False, True]


def test_an_operation_that_is_paused_is_known_to_the_door_while_a_call_is_made(
    alpha: Agency, pace: FakePace, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(alpha, 1)
    pauses.pause(scope=PauseScope.OPERATION, name="business_details.list_businesses", reason="asked for", now=time.now)
    seen: list[bool] = []
    monkeypatch.setattr(carriers, "answer", lambda *_, **__: seen.append(is_halted("business_details.list_businesses")))
    pace.turns = 1

    carry()

    assert seen == [True]
    assert not is_halted("business_details.list_businesses")


def test_a_row_that_was_put_off_is_carried_when_its_time_comes(
    alpha: Agency, pace: FakePace, done: list[UUID], time: FakeClock
) -> None:
    (subject,) = waiting(alpha, 1)
    with tenant(alpha):
        due.put_off(kind=due.Kind.FETCH, subject_id=subject, until=time.now + timedelta(seconds=2))

    carry()
    early = list(done)
    time.advance(seconds=2)
    carry()

    assert (early, done) == ([], [subject])
