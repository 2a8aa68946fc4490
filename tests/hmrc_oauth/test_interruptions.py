"""Exceptions that come from nowhere, and pauses longer than the lease: a refresh is never lost in silence."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from hmrc_oauth import refresh
from hmrc_oauth.models import Grant, GrantStatus
from tenants import due
from tenants.context import current_agency
from tenants.db import connection
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.forks import forked, stopped, was_killed
from tests.hmrc_oauth.scenes import abandon, again, connection_of, due_at, events
from tests.hmrc_oauth.test_kill_nine import agency, hmrc, says_the_truth, settle, stale
from tests.hmrc_oauth.tiny_hmrc import TinyHmrc
from workers.middleware import leave_no_transaction

__all__ = ["agency", "hmrc", "stale"]
WATCHED = ("hmrc_oauth/refresh.py", "hmrc_oauth/settling.py", "hmrc_oauth/persist.py", "models/grant.py")


class Interrupted(BaseException):
    """What dramatiq's TimeLimit or Shutdown would raise: asynchronously, at any line."""


class Interrupter:
    """Raises at the nth line that is run in our code."""

    def __init__(self, nth: int) -> None:
        self.nth, self.lines = nth, 0

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
        return self._line if frame.f_code.co_filename.endswith(WATCHED) else None

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


def begin_again(grant: Grant, hmrc: TinyHmrc, time: FakeClock) -> None:
    """The same grant, as if it had just been connected, with its access token over."""
    hmrc.live = 1
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
