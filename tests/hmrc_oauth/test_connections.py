"""Connecting, as the API sees it: begin, receive, complete, check, expire, disconnect."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hmrc_oauth import connections, errors
from hmrc_oauth.models import Connection, ConnectionState, ConnectSession, Grant, GrantStatus, SessionStatus
from hmrc_oauth.models.session import AT_HMRC, CODE_LIFE
from hmrc_oauth.numbers import NINO_TRIES
from hmrc_oauth.reasons import CODES, user_action
from landlords.errors import NinoConflict, NinoMissing
from landlords.models import Landlord
from people.errors import TooOften
from people.principal import Principal, PrincipalKind
from tenants.faults import Fault, Invalid, NotFound
from tenants.ids import digest
from tenants.models import Agency, ConnectState
from tests.cast import ALPHA, NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.scenes import (
    CODE,
    KEY,
    OTHER_KEY,
    a_landlord,
    again,
    begun,
    completed,
    connect,
    connection_of,
    due_at,
    events,
    exchanged,
    issue,
    query_of,
    returned,
)


class TestBeginning:
    def test_stores_a_digest_of_the_state_and_nothing_of_it_elsewhere(self, landlord: Landlord) -> None:
        made = begun(landlord)

        state = query_of(made.authorization_url)["state"]
        known = ConnectState.objects.get(session_id=made.session.pk)
        assert bytes(known.digest) == digest(state)
        assert state.encode() not in bytes(ConnectSession.objects.values_list("bag", flat=True).get() or b"")

    def test_waits_at_hmrc_for_a_day(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session

        assert (session.status, session.expires_at) == (SessionStatus.WAITING_AT_HMRC, time.now + AT_HMRC)
        assert due_at("expire_session", session.pk) == session.expires_at
        assert connection_of(landlord).state == ConnectionState.CONNECTING

    def test_keeps_a_working_connection_working(self, grant: Grant, landlord: Landlord) -> None:
        begun(landlord)

        assert connection_of(landlord).can_file

    def test_returns_to_the_agencys_first_address_if_none_is_named(self, landlord: Landlord) -> None:
        assert begun(landlord, return_url="").session.return_url == ALPHA.front_end

    @pytest.mark.parametrize(
        "address", ["https://evil.example", ALPHA.front_end + ".evil.example", "javascript:alert(1)"]
    )
    def test_is_refused_for_an_address_that_is_not_listed(self, landlord: Landlord, address: str) -> None:
        with pytest.raises(errors.ReturnUrlNotListed):
            begun(landlord, return_url=address)

    def test_is_refused_where_the_agency_lists_none(self, landlord: Landlord, in_alpha: Agency) -> None:
        in_alpha.return_urls = []

        with pytest.raises(errors.ReturnUrlNotListed):
            begun(landlord, return_url="")

    def test_of_a_landlord_nobody_knows_is_not_found(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            connections.begin(by=KEY, landlord_id=uuid4(), return_url="", nino=None, now=time.now)


class TestTheNinoOfAnAttempt:
    def test_is_needed_before_anyone_is_redirected(self, in_alpha: Agency, time: FakeClock) -> None:
        with pytest.raises(NinoMissing):
            begun(a_landlord(nino=None))

        assert ConnectState.objects.count() == 0

    def test_is_kept_with_the_session_until_hmrc_confirms_it(self, in_alpha: Agency, time: FakeClock) -> None:
        landlord = a_landlord(nino=None)

        session = begun(landlord, nino="aa 12 34 56 a").session

        assert opened(session.nino) == NINO
        assert again(landlord).nino is None

    def test_is_not_kept_where_it_is_the_one_on_file(self, landlord: Landlord) -> None:
        assert begun(landlord, nino=NINO).session.nino is None

    def test_is_refused_where_another_landlord_has_it(self, landlord: Landlord) -> None:
        a_landlord(nino=OTHER_NINO)

        with pytest.raises(NinoConflict):
            begun(landlord, nino=OTHER_NINO)

    def test_is_refused_where_it_is_none(self, landlord: Landlord) -> None:
        with pytest.raises(Invalid):
            begun(landlord, nino="nonsense")

    def test_may_differ_until_hmrc_has_confirmed_the_one_on_file(self, landlord: Landlord) -> None:
        themselves = Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())
        assert begun(landlord, nino=OTHER_NINO, by=themselves).session.nino is not None

        connect(landlord)

        assert begun(landlord, nino=OTHER_NINO).session.nino is not None  # the agency corrects its file
        with pytest.raises(errors.NinoMismatch):
            begun(landlord, nino=OTHER_NINO, by=themselves)


class TestHmrcsReturn:
    def test_seals_the_code_and_starts_hmrcs_ten_minutes(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session
        time.advance(hours=3)

        code = connections.receive(session_id=session.pk, code=CODE, now=time.now)

        now = again(session)
        assert code is not None
        assert (now.status, now.expires_at) == (SessionStatus.RETURNED, time.now + CODE_LIFE)
        assert (opened(now.code), bytes(now.completion_digest or b"")) == (CODE, digest(code))
        assert due_at("expire_session", session.pk) == now.expires_at

    def test_is_taken_once(self, landlord: Landlord, time: FakeClock) -> None:
        session, _ = returned(landlord)

        assert connections.receive(session_id=session.pk, code="another", now=time.now) is None
        assert opened(again(session).code) == CODE

    def test_is_too_late_after_a_day(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session

        assert connections.receive(session_id=session.pk, code=CODE, now=time.advance(hours=24)) is None

    def test_without_permission_ends_the_session_and_says_so(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session

        connections.receive_denial(session_id=session.pk, hmrc_error="X" * 200, now=time.now)

        now = again(session)
        assert (now.status, now.reason_code, now.hmrc_error) == (SessionStatus.DENIED, "denied", "X" * 100)
        assert (now.bag, now.code, now.nino) == (None, None, None)
        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_connected", "denied")
        assert (events()[-1], due_at("expire_session", session.pk)) == ("connection.denied", None)

    def test_without_permission_ends_no_session_that_has_a_code(self, landlord: Landlord, time: FakeClock) -> None:
        session, _ = returned(landlord)

        connections.receive_denial(session_id=session.pk, hmrc_error="access_denied", now=time.now)

        assert again(session).status == SessionStatus.RETURNED

    def test_without_permission_does_not_strike_between_return_and_exchange(
        self, landlord: Landlord, time: FakeClock
    ) -> None:
        session, _ = returned(landlord)

        stale_look = session.settle(
            status=SessionStatus.DENIED, only=[SessionStatus.WAITING_AT_HMRC], reason="denied", now=time.now
        )

        assert not stale_look


class TestCompleting:
    def test_hands_the_code_to_the_tokens_worker(self, landlord: Landlord, time: FakeClock) -> None:
        session = completed(landlord)

        assert (session.status, session.completion_digest) == (SessionStatus.EXCHANGING, None)
        assert due_at("exchange", session.pk) == time.now

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"by": OTHER_KEY}, errors.OtherPrincipal),
            ({"by": Principal(PrincipalKind.STAFF, KEY.id, frozenset())}, errors.OtherPrincipal),
            ({"completion_code": "guessed"}, errors.WrongCompletionCode),
            ({"completion_code": ""}, errors.WrongCompletionCode),
            ({"after": CODE_LIFE}, errors.SessionExpired),
        ],
    )
    def test_moves_nothing_unless_everything_fits(
        self, landlord: Landlord, time: FakeClock, given: dict[str, Any], refusal: type[Fault]
    ) -> None:
        session, code = returned(landlord)
        late = given.pop("after", timedelta(0))
        before = ConnectSession.objects.filter(pk=session.pk).values().get()

        with pytest.raises(refusal):
            connections.complete(
                session_id=session.pk, now=time.now + late, **{"by": KEY, "completion_code": code, **given}
            )

        assert ConnectSession.objects.filter(pk=session.pk).values().get() == before
        assert due_at("exchange", session.pk) is None

    def test_is_refused_before_hmrcs_return(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session

        with pytest.raises(errors.NotReturned):
            connections.complete(by=KEY, session_id=session.pk, completion_code="", now=time.now)

    def test_is_refused_the_second_time(self, landlord: Landlord, time: FakeClock) -> None:
        session, code = returned(landlord)
        connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=time.now)

        with pytest.raises(errors.AlreadyCompleted):
            connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=time.now)

    def test_is_refused_to_the_slower_of_two(
        self, landlord: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session, code = returned(landlord)
        monkeypatch.setattr(ConnectSession, "complete", lambda _: False)

        with pytest.raises(errors.AlreadyCompleted):
            connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=time.now)

    def test_is_refused_after_the_session_expired(self, landlord: Landlord, time: FakeClock) -> None:
        session, code = returned(landlord)
        connections.expire(session_id=session.pk, now=time.advance(minutes=10))

        with pytest.raises(errors.SessionExpired):
            connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=time.now)

    def test_of_a_session_nobody_knows_is_not_found(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            connections.complete(by=KEY, session_id=uuid4(), completion_code="", now=time.now)


class TestTwoAttempts:
    def test_are_two_sessions_and_the_end_of_one_leaves_the_other(self, landlord: Landlord, time: FakeClock) -> None:
        first, second = begun(landlord).session, begun(landlord).session

        connections.receive_denial(session_id=first.pk, hmrc_error="access_denied", now=time.now)

        assert (again(first).status, again(second).status) == (SessionStatus.DENIED, SessionStatus.WAITING_AT_HMRC)
        assert connection_of(landlord).state == ConnectionState.CONNECTING


class TestExpiring:
    def test_ends_the_wait_for_someone_who_never_came_back(self, landlord: Landlord, time: FakeClock) -> None:
        session = begun(landlord).session

        connections.expire(session_id=session.pk, now=time.advance(hours=24))

        assert (again(session).status, again(session).bag) == (SessionStatus.EXPIRED, None)
        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_connected", "expired")
        assert due_at("expire_session", session.pk) is None

    def test_before_its_time_keeps_the_session_and_its_place_on_the_list(
        self, landlord: Landlord, time: FakeClock
    ) -> None:
        session, _ = returned(landlord)

        connections.expire(session_id=session.pk, now=time.now)

        assert again(session).status == SessionStatus.RETURNED
        assert due_at("expire_session", session.pk) == session.expires_at

    def test_leaves_alone_a_code_that_is_being_spent(self, landlord: Landlord, time: FakeClock) -> None:
        session = completed(landlord)

        connections.expire(session_id=session.pk, now=time.advance(hours=1))

        assert again(session).status == SessionStatus.EXCHANGING
        assert due_at("expire_session", session.pk) is None


class TestChecking:
    def test_asks_hmrc_once_more(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        operation = connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

        assert (operation.kind, operation.subject_id) == ("connection.check", grant.pk)
        assert due_at("check", grant.pk) == time.now

    def test_changes_no_nino_that_hmrc_has_confirmed(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(errors.NinoConfirmed):
            connections.check(by=KEY, landlord_id=landlord.pk, nino="AA000009A", now=time.now)

        assert opened(again(landlord).nino) == NINO

    def test_asks_hmrc_no_more_often_than_six_times_a_minute(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        for _ in range(connections.CHECKS):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now).succeed(now=time.now)

        with pytest.raises(TooOften):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

        assert connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.advance(seconds=61))

    def test_corrects_the_nino_three_times_and_not_four(
        self, turned_away: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        for number in range(NINO_TRIES):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=f"AA00000{number}A", now=time.now)

        with pytest.raises(errors.NoTriesLeft):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=NINO, now=time.now)

        assert opened(again(landlord).nino) == f"AA00000{NINO_TRIES - 1}A"

    def test_has_nothing_to_ask_without_a_grant(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(errors.NothingToCheck):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

    def test_has_nothing_to_ask_of_a_grant_that_is_over(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        grant.wipe()

        with pytest.raises(errors.NothingToCheck):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)


class TestRefreshing:
    def test_is_asked_for_once_however_often_a_person_presses(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        first = connections.refresh(landlord_id=landlord.pk, now=time.now)
        second = connections.refresh(landlord_id=landlord.pk, now=time.now)

        assert first.pk == second.pk
        assert due_at("refresh", grant.pk) == time.now

    def test_needs_a_connection(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(errors.NotConnected):
            connections.refresh(landlord_id=landlord.pk, now=time.now)


class TestDisconnecting:
    def test_wipes_every_token_at_once(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        gone, connection = again(grant), connection_of(landlord)
        assert (gone.status, gone.access_token, gone.refresh_token) == (GrantStatus.WIPED, None, None)
        assert (connection.state, connection.reason_code, connection.grant) == ("disconnected", "disconnected", None)
        assert events()[-1] == "connection.disconnected"

    def test_ends_every_attempt_under_way(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        waiting, (back, _), spending = begun(landlord).session, returned(landlord), completed(landlord)

        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        ends = [(again(each).status, again(each).reason_code, again(each).bag) for each in (waiting, back, spending)]
        assert ends == [(SessionStatus.FAILED, "disconnected", None)] * 3

    def test_wipes_a_grant_whose_first_read_is_under_way(self, landlord: Landlord, time: FakeClock) -> None:
        _, first = exchanged(landlord)

        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        assert again(first).status == GrantStatus.WIPED

    def test_wipes_a_grant_that_hmrc_refused_and_that_was_not_given_anew_since(
        self, turned_away: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        session = begun(landlord).session
        connections.expire(session_id=session.pk, now=time.advance(hours=25))
        assert connection_of(landlord).state == ConnectionState.NOT_CONNECTED

        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        assert again(turned_away).status == GrantStatus.WIPED
        assert (connection_of(landlord).state, events()[-1]) == ("disconnected", "connection.disconnected")

    def test_of_what_is_not_connected_is_nothing(self, landlord: Landlord, time: FakeClock) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        assert connection_of(landlord).state == ConnectionState.NOT_CONNECTED
        assert events() == []

    def test_can_be_followed_by_a_new_connection_of_the_same_id(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        before = connection_of(landlord)
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        begun(landlord)
        connect(landlord, name="second")

        after = connection_of(landlord)
        assert (after.pk, after.state, after.generation) == (before.pk, ConnectionState.ACTIVE, before.generation + 1)


class TestWhatAConnectionShows:
    @pytest.mark.parametrize("shown", [ConnectionState.REFRESHING, ConnectionState.UNCERTAIN])
    def test_follows_its_grant_while_that_is_refreshed_or_in_doubt(
        self, grant: Grant, landlord: Landlord, shown: ConnectionState
    ) -> None:
        Grant.objects.filter(pk=grant.pk).update(status=shown.value, lease_ends_at=grant.ends_at)

        assert connection_of(landlord).shown_state == shown
        assert list(Connection.objects.shown_as(shown)) == [connection_of(landlord)]
        assert not Connection.objects.shown_as("active").exists()

    def test_is_its_own_state_otherwise(self, grant: Grant, landlord: Landlord) -> None:
        assert connection_of(landlord).shown_state == ConnectionState.ACTIVE
        assert list(Connection.objects.shown_as("active")) == [connection_of(landlord)]
        assert not Connection.objects.shown_as("disconnected").exists()

    def test_is_its_own_state_whatever_its_grant_does_once_it_is_not_active(
        self, grant: Grant, landlord: Landlord
    ) -> None:
        Connection.objects.update(state="reconnect_required")
        Grant.objects.update(status="uncertain")

        assert connection_of(landlord).shown_state == ConnectionState.RECONNECT_REQUIRED

    def test_is_its_own_state_where_there_is_no_grant(self, grant: Grant, landlord: Landlord) -> None:
        Connection.objects.update(state="disconnected", grant=None)

        assert connection_of(landlord).shown_state == ConnectionState.DISCONNECTED

    def test_comes_with_a_sentence_that_says_what_to_do(self) -> None:
        assert all(user_action(reason=code) for code in CODES)
        assert user_action(reason="", state="not_connected") == 'Complete the "Connect to HMRC" authorisation flow.'
        assert user_action(reason="unheard_of", state="active") == ""


def test_an_unverified_grant_is_no_connection(landlord: Landlord, time: FakeClock) -> None:
    issue(landlord)

    assert not connections.get(landlord_id=landlord.pk, now=time.now).can_file
    assert again(begun(landlord).session).is_open


def test_what_was_sent_when_its_grant_was_let_go_was_sent_all_the_same(
    grant: Grant, landlord: Landlord, time: FakeClock
) -> None:
    connection = connection_of(landlord)
    connection.grant = None  # as whoever reads it after a disconnect has it

    connection.used(now=time.now)

    assert connection_of(landlord).last_used_at == time.now
