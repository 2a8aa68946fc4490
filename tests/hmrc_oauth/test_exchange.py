"""The first exchange: a code is spent once, and whatever becomes of it is said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from events.models import Event
from hmrc_oauth import connections, exchange, stopping
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus, SessionStatus
from landlords.models import Landlord
from tests.hmrc_oauth.fake_door import (
    INVALID_CLIENT,
    INVALID_GRANT,
    INVALID_REQUEST,
    NOT_SENT,
    NOT_UNDERSTOOD,
    THROTTLED,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    granted,
    opened,
)
from tests.hmrc_oauth.scenes import (
    CODE,
    KEY,
    abandon,
    again,
    begun,
    completed,
    connection_of,
    due_at,
    events,
    query_of,
    returned,
)

RETRY = timedelta(seconds=3)


@pytest.fixture
def session(landlord: Landlord) -> ConnectSession:
    """Completed by whoever began: the code is ready to be spent."""
    return completed(landlord)


def exchange_due(session: ConnectSession) -> Any:
    return due_at("exchange", session.pk)


class TestACode:
    def test_is_sent_with_its_verifier_and_the_very_redirect_uri_of_the_authorize_address(
        self, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        made = begun(landlord)
        code = connections.receive(session_id=made.session.pk, code=CODE, now=time.now)
        connections.complete(by=KEY, session_id=made.session.pk, completion_code=code or "", now=time.now)
        door.will(granted())

        exchange.run(session_id=made.session.pk)

        (asked,) = door.asked
        assert asked.secrets["code"] == CODE
        assert asked.secrets["redirect_uri"] == query_of(made.authorization_url)["redirect_uri"]
        assert (len(asked.secrets["code_verifier"]), asked.lane.name) == (64, "INTERACTIVE")

    def test_becomes_a_grant_that_awaits_its_first_read(
        self, session: ConnectSession, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(granted(scope=("read:self-assessment", "write:self-assessment")))

        exchange.run(session_id=session.pk)

        grant = Grant.objects.get()
        assert (grant.status, grant.verified_at, grant.landlord_id) == (GrantStatus.ACTIVE, None, landlord.pk)
        assert (opened(grant.refresh_token), grant.scope) == (
            "refresh-new",
            "read:self-assessment write:self-assessment",
        )
        assert (exchange_due(session), due_at("check", grant.pk)) == (None, time.now)
        assert due_at("wipe_grant", grant.pk) == time.now + timedelta(days=7)

    def test_is_wiped_once_it_is_spent(self, session: ConnectSession, door: FakeDoor) -> None:
        door.will(granted())

        exchange.run(session_id=session.pk)

        spent = again(session)
        assert (spent.code, spent.bag, spent.lease_ends_at) == (None, None, None)
        assert spent.status == SessionStatus.EXCHANGING

    def test_has_the_scope_that_was_asked_for_where_hmrc_names_none(
        self, session: ConnectSession, door: FakeDoor
    ) -> None:
        door.will(granted())

        exchange.run(session_id=session.pk)

        assert Grant.objects.get().scope == session.scope

    def test_is_not_spent_twice_by_a_second_bell(self, session: ConnectSession, door: FakeDoor) -> None:
        door.will(granted())

        exchange.run(session_id=session.pk)
        exchange.run(session_id=session.pk)

        assert (len(door.asked), Grant.objects.count()) == (1, 1)

    def test_is_not_spent_by_two_workers_at_once(self, session: ConnectSession, door: FakeDoor) -> None:
        def another() -> Answer:
            exchange.run(session_id=session.pk)
            return granted()

        door.will(another)

        exchange.run(session_id=session.pk)

        assert len(door.asked) == 1

    def test_is_not_spent_before_its_session_is_completed(self, landlord: Landlord, door: FakeDoor) -> None:
        session, _ = returned(landlord)

        exchange.run(session_id=session.pk)

        assert door.asked == []
        assert again(session).status == SessionStatus.RETURNED

    def test_waits_for_a_slot_without_being_claimed(
        self, session: ConnectSession, door: FakeDoor, time: FakeClock
    ) -> None:
        door.is_full = True

        exchange.run(session_id=session.pk)

        assert again(session).attempts == 0
        assert exchange_due(session) == time.now + RETRY

    def test_whose_bag_was_exchanged_is_refused_before_hmrc_is_asked(
        self, session: ConnectSession, door: FakeDoor
    ) -> None:
        row = again(session)
        forged = row.seal("bag", '{"state": "another"}')
        ConnectSession.objects.filter(pk=session.pk).update(bag=forged)

        exchange.run(session_id=session.pk)

        assert door.asked == []
        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, "code_refused")


class TestHmrcsNo:
    @pytest.mark.parametrize("answer", [INVALID_REQUEST, INVALID_GRANT])
    def test_at_the_first_try_is_said_as_refused(
        self, session: ConnectSession, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        exchange.run(session_id=session.pk)

        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, "code_refused")
        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_connected", "code_refused")
        assert (events()[-1], exchange_due(session)) == ("connection.failed", None)
        told = Event.objects.get(type="connection.failed")
        assert (told.subject_type, told.subject_id) == ("connection", connection_of(landlord).pk)
        assert told.data == {"reason_code": "code_refused"}
        ended = again(session)
        assert (ended.settled_at, ended.hmrc_error, due_at("expire_session", session.pk)) == (time.now, "", None)

    def test_at_a_later_try_says_that_our_first_was_answered_and_lost(
        self, session: ConnectSession, door: FakeDoor
    ) -> None:
        door.will(UNKNOWN, INVALID_REQUEST)

        exchange.run(session_id=session.pk)
        abandon(session)
        exchange.run(session_id=session.pk)

        assert again(session).reason_code == "lost"

    def test_after_a_crash_says_that_the_answer_was_lost(self, session: ConnectSession, door: FakeDoor) -> None:
        def die() -> Answer:
            raise SystemExit

        door.will(die, INVALID_REQUEST)
        with pytest.raises(SystemExit):
            exchange.run(session_id=session.pk)
        assert exchange_due(session) is not None
        abandon(session)

        exchange.run(session_id=session.pk)

        assert again(session).reason_code == "lost"


class TestNothingSpent:
    @pytest.mark.parametrize("answer", [NOT_SENT, THROTTLED, INVALID_CLIENT])
    def test_is_tried_again_and_counts_nothing(
        self, session: ConnectSession, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        exchange.run(session_id=session.pk)

        assert (again(session).attempts, again(session).lease_ends_at) == (0, None)
        assert exchange_due(session) == time.now + RETRY

    @pytest.mark.parametrize(
        ("answer", "reason"), [(INVALID_CLIENT, "application_fault"), (NOT_SENT, "expired"), (THROTTLED, "expired")]
    )
    def test_until_hmrcs_ten_minutes_are_over_and_then_says_why(
        self, session: ConnectSession, door: FakeDoor, time: FakeClock, answer: Answer, reason: str
    ) -> None:
        time.now = session.expires_at
        door.will(answer)

        exchange.run(session_id=session.pk)

        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, reason)


class TestAnAnswerThatWasLost:
    @pytest.mark.parametrize("answer", [UNKNOWN, NOT_UNDERSTOOD])
    def test_is_tried_three_times_and_then_said(self, session: ConnectSession, door: FakeDoor, answer: Answer) -> None:
        door.will(answer, answer, answer)
        seen: list[tuple[str, str]] = []

        for _ in range(3):
            exchange.run(session_id=session.pk)
            seen.append((again(session).status, again(session).reason_code))
            abandon(session)

        assert seen == [("exchanging", ""), ("exchanging", ""), ("failed", "lost")]

    def test_by_workers_that_die_one_after_another_ends_as_lost(self, session: ConnectSession, door: FakeDoor) -> None:
        ConnectSession.objects.filter(pk=session.pk).update(attempts=3)

        exchange.run(session_id=session.pk)

        assert door.asked == []
        assert (again(session).status, again(session).reason_code) == (SessionStatus.FAILED, "lost")


class TestAGrantThatComesTooLate:
    @pytest.fixture
    def late(
        self, session: ConnectSession, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> Callable[[Callable[[], Any]], Grant]:
        """The grant that was answered while somebody did something."""

        def run(meanwhile: Callable[[], Any]) -> Grant:
            def answer() -> Answer:
                meanwhile()
                return granted("late")

            door.will(answer)
            exchange.run(session_id=session.pk)
            return Grant.objects.order_by("id").get()

        return run

    def test_because_the_landlord_disconnected_is_wiped_at_once(
        self, late: Callable[[Callable[[], Any]], Grant], landlord: Landlord, time: FakeClock
    ) -> None:
        grant = late(lambda: connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now))

        assert (grant.status, grant.access_token) == (GrantStatus.WIPED, None)
        assert connection_of(landlord).state == "disconnected"
        assert due_at("check", grant.pk) is None

    def test_because_the_session_was_settled_is_wiped_at_once(
        self, late: Callable[[Callable[[], Any]], Grant], session: ConnectSession, time: FakeClock
    ) -> None:
        grant = late(lambda: session.settle(status=SessionStatus.FAILED, reason="lost", now=time.now))

        assert grant.status == GrantStatus.WIPED


class TestAnAnswerAfterTheLease:
    """The claim was taken over meanwhile: what the first one has to say counts only if it is tokens."""

    @pytest.fixture
    def answered_late(self, session: ConnectSession, door: FakeDoor) -> Callable[[Answer, Answer], ConnectSession]:
        def run(first: Answer, second: Answer) -> ConnectSession:
            def take_over() -> Answer:
                abandon(session)
                exchange.run(session_id=session.pk)
                return first

            door.will(take_over, second)
            exchange.run(session_id=session.pk)
            return again(session)

        return run

    def test_is_kept_while_nobody_has_settled_the_session(
        self, answered_late: Callable[[Answer, Answer], ConnectSession]
    ) -> None:
        session = answered_late(granted("late"), UNKNOWN)

        assert session.grant is not None
        assert (session.grant.status, opened(session.grant.refresh_token)) == (GrantStatus.ACTIVE, "refresh-late")
        assert (exchange_due(session), due_at("check", session.grant.pk) is None) == (None, False)

    def test_is_wiped_where_another_one_was_kept(
        self, answered_late: Callable[[Answer, Answer], ConnectSession]
    ) -> None:
        session = answered_late(granted("late"), granted("newer"))

        kept = Grant.objects.get(sessions=session)
        assert opened(kept.refresh_token) == "refresh-newer"
        assert Grant.objects.exclude(pk=kept.pk).get().status == GrantStatus.WIPED

    @pytest.mark.parametrize("late", [INVALID_REQUEST, UNKNOWN, NOT_SENT])
    def test_without_tokens_says_nothing_any_more(
        self, answered_late: Callable[[Answer, Answer], ConnectSession], late: Answer
    ) -> None:
        session = answered_late(late, granted("newer"))

        assert (session.status, session.reason_code) == (SessionStatus.EXCHANGING, "")
        assert opened(session.grant.refresh_token) == "refresh-newer"  # type: ignore[union-attr]

    @pytest.mark.parametrize("late", [INVALID_REQUEST, UNKNOWN, NOT_SENT])
    def test_without_tokens_leaves_the_next_try_on_the_list(
        self, answered_late: Callable[[Answer, Answer], ConnectSession], late: Answer
    ) -> None:
        session = answered_late(late, UNKNOWN)

        assert (session.status, session.attempts) == (SessionStatus.EXCHANGING, 2)
        assert exchange_due(session) is not None


def test_a_worker_that_is_to_stop_claims_nothing_more(
    session: ConnectSession, door: FakeDoor, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "has_begun", lambda: True)

    exchange.run(session_id=session.pk)

    assert (door.asked, again(session).attempts) == ([], 0)
    assert exchange_due(session) == time.now + RETRY


def test_no_code_or_token_is_in_what_is_told(session: ConnectSession, door: FakeDoor, capfd: Any) -> None:
    door.will(UNKNOWN, granted("canary"))

    exchange.run(session_id=session.pk)
    abandon(session)
    exchange.run(session_id=session.pk)

    said = "".join(capfd.readouterr())
    assert CODE not in said
    assert "canary" not in said
