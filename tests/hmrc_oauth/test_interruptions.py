"""Exceptions that come from nowhere, and pauses longer than the lease: a refresh is never lost in silence."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from hmrc_oauth import exchange, refresh
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus
from tenants import clock, due
from tenants.context import current_agency
from tenants.db import connection
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.forks import forked, stopped, was_killed
from tests.hmrc_oauth.scenes import a_landlord, abandon, again, completed, connection_of, due_at, events
from tests.hmrc_oauth.test_kill_nine import (
    ENDED,
    agency,
    hmrc,
    says_the_truth,
    settle,
    stale,
    tells_what_became_of_the_code,
)
from tests.hmrc_oauth.tiny_hmrc import TinyHmrc
from workers.middleware import leave_no_transaction

__all__ = ["agency", "hmrc", "stale"]
WATCHED = ("hmrc_oauth/refresh.py", "hmrc_oauth/settling.py", "hmrc_oauth/persist.py", "models/grant.py")
# Everything of ours that a refresh or an exchange goes through, whatever becomes of it.
ALL = (
    *WATCHED,
    *(f"hmrc_oauth/{name}.py" for name in ("access", "ahead", "breaker", "exchange", "expiry", "letters")),
    *(f"hmrc_oauth/{name}.py" for name in ("telling", "witness", "models/connection", "models/session")),
    *("events/outbox.py", "tenants/due.py", "tenants/doubts.py", "tenants/endings.py", "tenants/switches.py"),
)
NEVER = 10**9


class Interrupted(BaseException):
    """What dramatiq's TimeLimit or Shutdown would raise: asynchronously, at any line."""


class Interrupter:
    """Raises at the nth line that is run in our code."""

    def __init__(self, nth: int, *, watched: tuple[str, ...] = WATCHED) -> None:
        self.nth, self.lines, self._watched = nth, 0, watched

    def run(self, work: Callable[[], object]) -> bool:
        """Whether it was interrupted."""
        before = sys.gettrace()
        sys.settrace(self._call)
        try:
            work()
        except Interrupted:
            sys.settrace(before)
            self._end_the_message()
            return True
        finally:
            sys.settrace(before)
        return False

    @staticmethod
    def _end_the_message() -> None:
        """As the worker does, whatever became of it; the test is in its agency again after that."""
        agency = current_agency()
        leave_no_transaction()
        connection.set_tenant(agency)

    def _call(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self._line if frame.f_code.co_filename.endswith(self._watched) else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            self.lines += 1
            if self.lines == self.nth:
                raise Interrupted
        return self._line


def test_an_exception_at_any_line_is_never_silent(stale: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    nth, lost = 1, 0

    while Interrupter(nth).run(lambda: refresh.run(grant_id=stale.pk)):
        says_the_truth(stale, hmrc)
        settle(stale, hmrc)
        says_the_truth(stale, hmrc)
        lost += again(stale).status == GrantStatus.DEAD
        begin_again(stale, hmrc, time)
        nth += 1

    assert nth > 60
    assert 0 < lost < nth * 2 / 3


# What a refresh may meet.


def as_ever(grant: Grant, hmrc: TinyHmrc) -> None:
    pass


def ended_at_hmrc(grant: Grant, hmrc: TinyHmrc) -> None:
    hmrc.live = ENDED


def with_hmrc_away(grant: Grant, hmrc: TinyHmrc) -> None:
    hmrc.is_away = True


def abandoned(grant: Grant, hmrc: TinyHmrc) -> None:
    assert again(grant).claim()
    abandon(grant)


def abandoned_with_a_witness(grant: Grant, hmrc: TinyHmrc) -> None:
    abandoned(grant, hmrc)
    Grant.objects.filter(pk=grant.pk).update(access_expires_at=clock.now() + timedelta(hours=1))


def rotated_by_one_who_died(grant: Grant, hmrc: TinyHmrc) -> None:
    abandoned_with_a_witness(grant, hmrc)
    hmrc.live = 2


def answered_too_late(grant: Grant, hmrc: TinyHmrc) -> None:
    """Another buries the grant while the answer is on its way, which is stored all the same."""

    def bury_it() -> None:
        hmrc.before_answering = lambda: None
        abandon(grant)
        refresh.run(grant_id=grant.pk)

    hmrc.before_answering = bury_it


PATHS: dict[Callable[[Grant, TinyHmrc], None], GrantStatus] = {
    as_ever: GrantStatus.ACTIVE,
    ended_at_hmrc: GrantStatus.DEAD,
    with_hmrc_away: GrantStatus.ACTIVE,
    abandoned: GrantStatus.ACTIVE,
    abandoned_with_a_witness: GrantStatus.ACTIVE,
    rotated_by_one_who_died: GrantStatus.DEAD,
    answered_too_late: GrantStatus.ACTIVE,
}


@pytest.mark.parametrize(("path", "end"), PATHS.items(), ids=[path.__name__ for path in PATHS])
def test_an_exception_at_any_line_of_any_path_is_never_silent(
    stale: Grant, hmrc: TinyHmrc, time: FakeClock, path: Callable[[Grant, TinyHmrc], None], end: GrantStatus
) -> None:
    def interrupted_at(nth: int) -> int:
        begin_again(stale, hmrc, time)
        path(stale, hmrc)
        interrupter = Interrupter(nth, watched=ALL)
        assert interrupter.run(lambda: refresh.run(grant_id=stale.pk)) is (nth < NEVER)
        return interrupter.lines

    lines = interrupted_at(NEVER)
    assert again(stale).status == end
    for nth in range(1, lines + 1):
        interrupted_at(nth)
        says_the_truth(stale, hmrc)
        hmrc.before_answering = lambda: None
        settle(stale, hmrc)
        says_the_truth(stale, hmrc)
        assert again(stale).status in {GrantStatus.ACTIVE, GrantStatus.DEAD}


def test_an_exception_at_any_line_of_an_exchange_is_never_silent(agency: Agency, hmrc: TinyHmrc) -> None:
    def interrupted_at(nth: int) -> tuple[ConnectSession, int]:
        hmrc.live = 0
        session = completed(a_landlord(nino=f"AB{nth % 1_000_000:06}C"))
        interrupter = Interrupter(nth, watched=ALL)
        assert interrupter.run(lambda: exchange.run(session_id=session.pk)) is (nth < NEVER)
        return session, interrupter.lines

    _, lines = interrupted_at(NEVER)
    for nth in range(1, lines + 1):
        session, _ = interrupted_at(nth)
        assert again(session).grant is not None or due_at("exchange", session.pk) is not None
        while due_at("exchange", session.pk) is not None:
            abandon(session)
            exchange.run(session_id=session.pk)
        tells_what_became_of_the_code(again(session), hmrc)


def begin_again(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    """The same grant, as if it had just been connected, with its access token over."""
    hmrc.live, hmrc.is_away, hmrc.before_answering = 1, False, lambda: None
    row = again(grant)
    Grant.objects.filter(pk=grant.pk).update(
        status=GrantStatus.ACTIVE,
        token_version=1,
        access_token=row.seal("access_token", "access-1", version=1),
        refresh_token=row.seal("refresh_token", "refresh-1", version=1),
        access_expires_at=time.now,
        lease_ends_at=None,
        probes=0,
    )
    connection = grant.connections.get()
    type(connection).objects.filter(pk=connection.pk).update(state="active", reason_code="")
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)


def test_an_answer_that_waited_out_a_pause_longer_than_the_lease_is_stored(
    agency: Agency, stale: Grant, hmrc: TinyHmrc
) -> None:
    hmrc.before_answering = lambda: os.kill(os.getpid(), signal.SIGSTOP)
    paused = forked(agency, lambda: refresh.run(grant_id=stale.pk))
    stopped(paused)
    hmrc.before_answering = lambda: None
    abandon(stale)

    refresh.run(grant_id=stale.pk)
    said = (again(stale).status, connection_of(landlord_of(stale)).reason_code)
    os.kill(paused, signal.SIGCONT)

    assert not was_killed(paused)
    assert said == (GrantStatus.DEAD, "lost")
    assert (again(stale).status, opened(again(stale).refresh_token)) == (GrantStatus.ACTIVE, "refresh-2")
    assert events()[-1] == "connection.recovered"


def test_a_pause_after_the_claim_longer_than_the_lease_sends_nothing(
    agency: Agency, stale: Grant, hmrc: TinyHmrc, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = refresh._claim

    def claim_and_pause(*given: Any) -> Any:
        claimed = claim(*given)
        os.kill(os.getpid(), signal.SIGSTOP)
        return claimed

    with monkeypatch.context() as child:
        child.setattr(refresh, "_claim", claim_and_pause)
        child.setattr(refresh, "SEND_WITHIN_S", 0.0)  # scaled: any pause is longer
        paused = forked(agency, lambda: refresh.run(grant_id=stale.pk))
    stopped(paused)
    abandon(stale)

    refresh.run(grant_id=stale.pk)
    os.kill(paused, signal.SIGCONT)

    assert not was_killed(paused)
    assert hmrc.live == 2
    assert (again(stale).status, opened(again(stale).refresh_token)) == (GrantStatus.ACTIVE, "refresh-2")
    assert due_at("refresh", stale.pk) is None


def landlord_of(grant: Grant) -> Any:
    from landlords.models import Landlord

    return Landlord.objects.get(pk=grant.landlord_id)
