"""HMRC refuses the application itself: one switch for all, nobody asked to reconnect, one try a minute."""

from datetime import timedelta

import pytest

from hmrc_oauth import breaker, exchange, refresh
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus, SessionStatus
from landlords.models import Landlord
from tenants import due
from tenants.switches import CLIENT_REFUSED, TRY_EVERY, is_thrown
from tests.hmrc_oauth.fake_door import (
    INVALID_CLIENT,
    INVALID_GRANT,
    NOT_SENT,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    granted,
    opened,
)
from tests.hmrc_oauth.scenes import a_landlord, again, completed, connect, connection_of, due_at, events


@pytest.fixture
def others(landlord: Landlord, time: FakeClock) -> Grant:
    """Another landlord's grant, which needs a refresh as well."""
    return connect(a_landlord(nino="AB654321B"), name="other")


@pytest.fixture
def refused(others: Grant, stale: Grant, door: FakeDoor) -> Grant:
    """HMRC has refused the application: the switch is thrown."""
    door.will(INVALID_CLIENT)
    refresh.run(grant_id=stale.pk)
    return stale


class TestAThrownSwitch:
    def test_is_told_to_the_operator_and_to_no_landlord(
        self, refused: Grant, landlord: Landlord, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert is_thrown(CLIENT_REFUSED)
        assert connection_of(landlord).state == "active"
        assert (again(refused).status, opened(again(refused).refresh_token)) == (GrantStatus.ACTIVE, "refresh-old")
        assert events()[2:] == []

    def test_is_an_error_in_the_log(self, stale: Grant, door: FakeDoor, capsys: pytest.CaptureFixture[str]) -> None:
        door.will(INVALID_CLIENT)

        refresh.run(grant_id=stale.pk)

        (said,) = [line for line in capsys.readouterr().out.splitlines() if "application.client_refused" in line]
        assert '"level": "error"' in said

    def test_stops_every_other_refresh_before_a_slot_is_bought(
        self, refused: Grant, others: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        due.put(kind=due.Kind.REFRESH, subject_id=others.pk, lane=due.Lane.TOKEN)
        door.is_full = True

        refresh.run(grant_id=others.pk)

        assert (door.kinds, again(others).fence) == (["refresh"], others.fence)
        assert due_at("refresh", others.pk) == time.now + TRY_EVERY

    def test_stops_an_exchange_and_keeps_its_code(
        self, refused: Grant, others: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        session = completed(a_landlord(nino="AB654322B"))

        exchange.run(session_id=session.pk)

        assert (door.kinds, again(session).attempts) == (["refresh"], 0)
        assert (due_at("exchange", session.pk), again(session).code is None) == (time.now + TRY_EVERY, False)

    def test_lets_one_try_a_minute_through(
        self, refused: Grant, others: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        time.advance(seconds=60)
        door.will(INVALID_CLIENT)

        refresh.run(grant_id=refused.pk)
        refresh.run(grant_id=others.pk)

        assert door.kinds == ["refresh", "refresh"]
        assert is_thrown(CLIENT_REFUSED)

    @pytest.mark.parametrize("answer", [granted(), INVALID_GRANT])
    def test_is_turned_back_by_any_other_answer_of_hmrcs(
        self, refused: Grant, others: Grant, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        time.advance(seconds=60)
        door.will(answer, granted("others"))

        refresh.run(grant_id=refused.pk)
        refresh.run(grant_id=others.pk)

        assert not is_thrown(CLIENT_REFUSED)
        assert again(others).token_version == 2

    @pytest.mark.parametrize("answer", [UNKNOWN, NOT_SENT])
    def test_stays_while_nothing_is_heard(
        self, refused: Grant, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        time.advance(seconds=60)
        door.will(answer)

        refresh.run(grant_id=refused.pk)

        assert is_thrown(CLIENT_REFUSED)


class TestACodeThatWaits:
    @pytest.fixture
    def waiting(self, refused: Grant) -> ConnectSession:
        return completed(a_landlord(nino="AB654322B"))

    def test_is_looked_at_when_its_time_is_over(self, waiting: ConnectSession, time: FakeClock) -> None:
        time.now = waiting.expires_at - timedelta(seconds=10)
        assert breaker.waits_until(now=time.now) is None

        exchange.run(session_id=waiting.pk)

        assert due_at("exchange", waiting.pk) == waiting.expires_at

    def test_ends_with_the_operators_fault_told(self, waiting: ConnectSession, time: FakeClock) -> None:
        time.now = waiting.expires_at
        assert breaker.waits_until(now=time.now) is None

        exchange.run(session_id=waiting.pk)

        assert (again(waiting).status, again(waiting).reason_code) == (SessionStatus.FAILED, "application_fault")
        assert (events()[-1], due_at("exchange", waiting.pk)) == ("connection.failed", None)

    def test_is_spent_when_it_is_its_turn_to_try(
        self, waiting: ConnectSession, door: FakeDoor, time: FakeClock
    ) -> None:
        time.advance(seconds=60)
        door.will(granted("first"))

        exchange.run(session_id=waiting.pk)

        assert (again(waiting).grant is not None, is_thrown(CLIENT_REFUSED)) == (True, False)
