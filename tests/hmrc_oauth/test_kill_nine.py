"""A worker dies at every named point, twice: whatever the row says then is true, and doubt ends with the truth told."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import hmrc_oauth.verify
import hmrc_oauth.witness
from hmrc_door import token_endpoint
from hmrc_oauth import connections, exchange, failpoints, refresh
from hmrc_oauth.failpoints import POINTS
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus, SessionStatus
from landlords.models import Landlord
from tenants import due
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor, opened
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import a_landlord, abandon, again, completed, connect, connection_of, due_at
from tests.hmrc_oauth.side_by_side import committed
from tests.hmrc_oauth.tiny_hmrc import TinyHmrc

ENDED = 99  # a pair that nobody holds: the landlord removed the authority at HMRC
OVER = {GrantStatus.ACTIVE, GrantStatus.DEAD}


@pytest.fixture
def hmrc(tmp_path: Path, door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> TinyHmrc:
    tiny = TinyHmrc(tmp_path / "hmrc")
    monkeypatch.setattr(token_endpoint, "refresh", tiny.refresh)
    monkeypatch.setattr(token_endpoint, "exchange", tiny.exchange)
    monkeypatch.setattr(hmrc_oauth.witness, "call", tiny.call)
    return tiny


@pytest.fixture
def agency(alpha_committed: Agency, time: FakeClock, hmrc: TinyHmrc) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


@pytest.fixture
def stale(agency: Agency, hmrc: TinyHmrc, time: FakeClock) -> Grant:
    hmrc.live = 1
    grant = connect(a_landlord(), name="1")
    time.advance(hours=5)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    return grant


# How a refresh comes to each of the points.


def as_ever(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    pass


def abandoned(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    assert grant.claim()
    abandon(grant)


def in_doubt_with_a_witness(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    abandoned(grant, hmrc, time)
    time.advance(hours=-3)
    connections.refresh(landlord_id=grant.landlord_id, now=time.now)


def ended_at_hmrc(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    hmrc.live = ENDED


def with_hmrc_away(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    hmrc.is_away = True


SCENES: dict[str, Callable[[Grant, TinyHmrc, FakeClock], None]] = {
    "refresh.in_abandonment": abandoned,
    "refresh.after_abandonment": abandoned,
    "witness.after_answer": in_doubt_with_a_witness,
    "witness.in_verdict": in_doubt_with_a_witness,
    "refresh.in_burial": ended_at_hmrc,
    "refresh.after_burial": ended_at_hmrc,
    "refresh.in_release": with_hmrc_away,
    "refresh.after_release": with_hmrc_away,
}
# Passed once only: what was done there is done.
ONCE = {"refresh.after_abandonment", "refresh.in_commit", "refresh.after_commit", "refresh.after_answer"} | {
    "refresh.after_burial",
    "refresh.in_abandonment",
}


def says_the_truth(grant: Grant, hmrc: TinyHmrc) -> None:
    """Active means: its token works. Dead means: it does not, and the landlord is asked to reconnect."""
    row = again(grant)
    works = opened(row.refresh_token) == f"refresh-{hmrc.live}"
    connection = connection_of(Landlord.objects.get(pk=grant.landlord_id))
    if row.status == GrantStatus.ACTIVE:
        assert works or hmrc.live == ENDED
    elif row.status == GrantStatus.DEAD:
        assert not works
        assert connection.state == "reconnect_required"
        assert connection.reason_code == "lost" or (connection.reason_code, hmrc.live) == ("refused", ENDED)
    assert row.status in OVER or due_at("refresh", row.pk) is not None


def settle(grant: Grant, hmrc: TinyHmrc) -> None:
    """The weather clears, and workers come who live."""
    hmrc.is_away = False
    while due_at("refresh", grant.pk) is not None:
        abandon(grant)
        refresh.run(grant_id=grant.pk)


@pytest.mark.parametrize("point", [point for point in POINTS if not point.startswith("exchange")])
def test_a_refresh_killed_at(point: str, agency: Agency, stale: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    SCENES.get(point, as_ever)(stale, hmrc, time)
    kills = 0

    for _ in range(2):
        kills += was_killed(forked(agency, lambda: refresh.run(grant_id=stale.pk), dies_at=point))
        says_the_truth(stale, hmrc)
        abandon(stale)
    settle(stale, hmrc)

    assert kills == 2 or (kills == 1 and point in ONCE)
    says_the_truth(stale, hmrc)
    assert again(stale).status in OVER
    assert due_at("refresh", stale.pk) is None or again(stale).status == GrantStatus.ACTIVE


@pytest.mark.parametrize("point", [point for point in POINTS if point.startswith("exchange")])
def test_an_exchange_killed_at(point: str, agency: Agency, hmrc: TinyHmrc) -> None:
    session = completed(a_landlord())
    hmrc.is_away = point.endswith("release")

    for _ in range(2):
        was_killed(forked(agency, lambda: exchange.run(session_id=session.pk), dies_at=point))
        row = again(session)
        assert row.grant is not None or row.reason_code == "lost" or due_at("exchange", session.pk) is not None
        abandon(session)
    hmrc.is_away = False
    exchange.run(session_id=session.pk)

    tells_what_became_of_the_code(again(session), hmrc)


def tells_what_became_of_the_code(session: ConnectSession, hmrc: TinyHmrc) -> None:
    if session.status == SessionStatus.FAILED:
        assert (session.reason_code, hmrc.live) == ("lost", 1)
    else:
        assert opened(Grant.objects.get(sessions=session).refresh_token) == f"refresh-{hmrc.live}"


class TestAFailpoint:
    def test_is_nothing_where_nobody_armed_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        killed: list[int] = []
        monkeypatch.setattr("os.kill", lambda pid, _: killed.append(pid))

        for point in POINTS:
            failpoints.failpoint(point)
        assert killed == []

        monkeypatch.setattr("tenants.failpoints._armed", {})
        failpoints.arm(POINTS[0])
        failpoints.failpoint(POINTS[0])
        assert killed == [os.getpid()]

    def test_ends_the_process_as_kill_nine_does(self, agency: Agency) -> None:
        assert was_killed(forked(agency, lambda: failpoints.failpoint("here"), dies_at="here"))

    def test_stands_in_the_code_wherever_it_is_named(self) -> None:
        room = Path(refresh.__file__).parent
        code = "".join(file.read_text() for file in room.glob("*.py") if file.name != "failpoints.py")

        assert {f'failpoint("{point}")' in code for point in POINTS} == {True}
        assert len(POINTS) >= 12
        assert code.count("failpoint(") == len(POINTS)
