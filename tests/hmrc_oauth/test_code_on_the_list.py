"""A code's place on the list and its claim: never lost while it may still be spent, and gone when it is settled."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hmrc_oauth import breaker, exchange
from hmrc_oauth.models import ConnectSession, Grant, SessionStatus
from landlords.models import Landlord
from tenants import due
from tests.hmrc_oauth.fake_door import INVALID_CLIENT, UNKNOWN, Answer, FakeClock, FakeDoor, granted, meanwhile
from tests.hmrc_oauth.scenes import abandon, again, completed, due_at, exchanged, issue

LEASE = timedelta(seconds=90)


@pytest.fixture
def session(landlord: Landlord) -> ConnectSession:
    return completed(landlord)


def put_on_the_list(session: ConnectSession) -> None:
    due.put(kind=due.Kind.EXCHANGE, subject_id=session.pk, lane=due.Lane.INTERACTIVE)


class TestOnTheList:
    def test_a_code_on_the_wire_is_looked_at_when_its_lease_is_over(
        self, session: ConnectSession, door: FakeDoor, time: FakeClock
    ) -> None:
        seen: list[object] = []
        door.will(meanwhile(lambda: seen.append(due_at("exchange", session.pk)), granted()))

        exchange.run(session_id=session.pk)

        assert seen == [time.now + LEASE]

    def test_another_workers_code_stays(self, session: ConnectSession, door: FakeDoor) -> None:
        assert session.claim()

        exchange.run(session_id=session.pk)

        assert door.asked == []
        assert due_at("exchange", session.pk) is not None

    def test_a_code_that_became_a_grant_does_not(self, landlord: Landlord, door: FakeDoor) -> None:
        session, _ = exchanged(landlord)
        put_on_the_list(session)

        exchange.run(session_id=session.pk)

        assert due_at("exchange", session.pk) is None

    def test_a_settled_code_does_not(self, session: ConnectSession, door: FakeDoor, time: FakeClock) -> None:
        assert session.settle(status=SessionStatus.FAILED, reason="lost", now=time.now)

        exchange.run(session_id=session.pk)

        assert due_at("exchange", session.pk) is None

    def test_each_lost_answer_is_followed_by_a_longer_wait(
        self, session: ConnectSession, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(UNKNOWN, UNKNOWN)
        waits: list[timedelta] = []

        for _ in range(2):
            exchange.run(session_id=session.pk)
            waits.append(due_at("exchange", session.pk) - time.now)
            abandon(session)

        assert waits == [timedelta(seconds=93), timedelta(seconds=96)]

    def test_a_code_that_may_be_on_its_way_is_sent_to_nobody_else_before_its_lease_is_over(
        self, session: ConnectSession, door: FakeDoor
    ) -> None:
        door.will(UNKNOWN)

        for _ in range(2):
            exchange.run(session_id=session.pk)

        assert len(door.asked) == 1


class TestAnEarlierAnswerThatArrives:
    """The pair that it brought stands, whatever a later worker was about to say."""

    @pytest.fixture
    def kept(self, session: ConnectSession, landlord: Landlord) -> Callable[[], None]:
        """An earlier worker's answer comes and is kept."""

        def keep() -> None:
            assert again(session).keep(grant=issue(landlord, name="first"))

        return keep

    @pytest.fixture
    def after_the_claim(self, kept: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exchange, "failpoint", lambda name: kept() if name == "exchange.after_claim" else None)

    def stands(self, session: ConnectSession) -> bool:
        row = again(session)
        return (row.status, row.reason_code) == (SessionStatus.EXCHANGING, "") and row.grant is not None

    def test_stands_when_all_tries_are_used_up(
        self, session: ConnectSession, door: FakeDoor, after_the_claim: None
    ) -> None:
        ConnectSession.objects.filter(pk=session.pk).update(attempts=3)

        exchange.run(session_id=session.pk)

        assert self.stands(session)

    def test_stands_when_the_bag_does_not_fit(
        self, session: ConnectSession, door: FakeDoor, after_the_claim: None
    ) -> None:
        forged = again(session).seal("bag", '{"state": "another"}')
        ConnectSession.objects.filter(pk=session.pk).update(bag=forged)

        exchange.run(session_id=session.pk)

        assert door.asked == []
        assert self.stands(session)

    def test_stands_when_the_last_try_is_lost(
        self, session: ConnectSession, door: FakeDoor, kept: Callable[[], None]
    ) -> None:
        ConnectSession.objects.filter(pk=session.pk).update(attempts=2)
        door.will(meanwhile(kept, UNKNOWN))

        exchange.run(session_id=session.pk)

        assert self.stands(session)

    def test_is_not_released_for_another_try(self, session: ConnectSession, kept: Callable[[], None]) -> None:
        assert session.claim()
        claimed = again(session)
        kept()

        assert not claimed.is_claimed
        assert not claimed.release()
        assert again(session).attempts == 1


class TestWhatAnExchangeSaysOfTheApplication:
    @pytest.fixture
    def refused(self, session: ConnectSession, door: FakeDoor) -> ConnectSession:
        door.will(INVALID_CLIENT)
        exchange.run(session_id=session.pk)
        return session

    def test_hmrcs_refusal_stops_all_who_come_after(self, refused: ConnectSession, time: FakeClock) -> None:
        assert breaker.waits_until(now=time.now) is not None

    @pytest.mark.parametrize(("answer", "is_over"), [(granted(), True), (UNKNOWN, False)])
    def test_a_later_answer_ends_that_and_silence_does_not(
        self, refused: ConnectSession, door: FakeDoor, time: FakeClock, answer: Answer, is_over: bool
    ) -> None:
        time.advance(seconds=60)
        door.will(answer)

        exchange.run(session_id=refused.pk)

        assert (breaker.waits_until(now=time.now) is None) == is_over


def test_a_wiped_grant_of_a_late_answer_is_no_place_to_look(
    session: ConnectSession, door: FakeDoor, time: FakeClock
) -> None:
    door.will(
        meanwhile(lambda: session.settle(status=SessionStatus.FAILED, reason="lost", now=time.now), granted("late"))
    )

    exchange.run(session_id=session.pk)

    grant = Grant.objects.get()
    assert (due_at("check", grant.pk), due_at("wipe_grant", grant.pk)) == (None, None)
