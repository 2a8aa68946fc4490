"""HMRC's redirect: where the browser goes on to, and what a repeated, late or foreign return can't do."""

from datetime import timedelta

import pytest

from hmrc_oauth import callback, connections
from hmrc_oauth.callback import NowhereToGo, Return
from hmrc_oauth.models import ConnectSession, SessionStatus
from landlords.models import Landlord
from tenants.db import connection as database
from tenants.models import Agency, ConnectState
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import KEY, again, begun, events, query_of


def returning(url: str, *, code: str = "", error: str = "", error_code: str = "") -> Return:
    """What HMRC's redirect carries for the session that `url` began."""
    return Return(state=query_of(url)["state"], code=code, error=error, error_code=error_code)


@pytest.fixture
def left(landlord: Landlord) -> connections.Begun:
    """The landlord is at HMRC; the redirect will arrive in the public schema."""
    return begun(landlord, return_url=f"{ALPHA.front_end}/done?tab=2&empty=")


def land(given: Return, time: FakeClock) -> str:
    inside = database.tenant
    database.set_schema_to_public()
    try:
        return callback.land(given=given, now=time.now)
    finally:
        assert database.schema_name == "public"
        database.set_tenant(inside)


class TestAReturnWithACode:
    def test_goes_on_with_a_completion_code_and_keeps_the_addresss_own_query(
        self, left: connections.Begun, time: FakeClock
    ) -> None:
        url = land(returning(left.authorization_url, code="the-code"), time)

        said = query_of(url)
        assert url.startswith(f"{ALPHA.front_end}/done?tab=2&empty=&connect_session={left.session.pk}")
        assert said["status"] == "pending"
        done = connections.complete(
            by=KEY, session_id=left.session.pk, completion_code=said["completion_code"], now=time.now
        )
        assert done.status == SessionStatus.EXCHANGING

    def test_to_a_page_that_was_returned_to_before_says_only_what_holds_now(
        self, landlord: Landlord, time: FakeClock
    ) -> None:
        before = "connect_session=old&tab=2&status=denied&completion_code=old"
        left = begun(landlord, return_url=f"{ALPHA.front_end}/done?{before}")

        url = land(returning(left.authorization_url, code="the-code"), time)

        assert url.startswith(f"{ALPHA.front_end}/done?tab=2&connect_session={left.session.pk}&status=pending&")
        assert url.count("completion_code=") == 1

    def test_says_nothing_of_the_code_or_the_state(self, left: connections.Begun, time: FakeClock) -> None:
        given = returning(left.authorization_url, code="the-code")

        url = land(given, time)

        assert "the-code" not in url
        assert given.state not in url
        assert repr(given) == "<Return>"

    def test_that_is_repeated_moves_nothing_and_brings_no_second_code(
        self, left: connections.Begun, time: FakeClock
    ) -> None:
        given = returning(left.authorization_url, code="the-code")
        land(given, time)
        before = ConnectSession.objects.values().get()

        said = query_of(land(given, time))

        assert (said["status"], "completion_code" in said) == ("pending", False)
        assert ConnectSession.objects.values().get() == before

    def test_that_comes_after_a_day_has_failed(self, left: connections.Begun, time: FakeClock) -> None:
        time.advance(days=1)

        said = query_of(land(returning(left.authorization_url, code="the-code"), time))

        assert (said["status"], "completion_code" in said) == ("failed", False)

    @pytest.mark.parametrize("end", [SessionStatus.FAILED, SessionStatus.EXPIRED])
    def test_that_is_repeated_leads_to_the_settled_outcome(
        self, left: connections.Begun, time: FakeClock, end: SessionStatus
    ) -> None:
        given = returning(left.authorization_url, code="the-code")
        land(given, time)
        again(left.session).settle(status=end, reason="expired", now=time.now)

        assert query_of(land(given, time))["status"] == "failed"


class TestAReturnWithoutACode:
    def test_goes_on_as_denied_every_time(self, left: connections.Begun, time: FakeClock) -> None:
        given = returning(left.authorization_url, error="access_denied", error_code="USER_DENIED_AUTHORIZATION")

        first, second = land(given, time), land(given, time)

        assert query_of(first)["status"] == query_of(second)["status"] == "denied"
        assert again(left.session).hmrc_error == "USER_DENIED_AUTHORIZATION"

    def test_keeps_the_error_where_hmrc_gave_no_code_of_it(self, left: connections.Begun, time: FakeClock) -> None:
        land(returning(left.authorization_url, error="access_denied"), time)

        assert again(left.session).hmrc_error == "access_denied"

    @pytest.mark.parametrize(
        ("error", "reason"),
        [
            ("server_error", "unavailable"),
            ("temporarily_unavailable", "unavailable"),
            ("invalid_scope", "application_fault"),
            ("unauthorized_client", "application_fault"),
        ],
    )
    def test_that_is_not_the_landlords_no_is_not_called_one(
        self, left: connections.Begun, time: FakeClock, error: str, reason: str
    ) -> None:
        onward = land(returning(left.authorization_url, error=error), time)

        now = again(left.session)
        assert query_of(onward)["status"] == "failed"
        assert (now.status, now.reason_code, now.hmrc_error) == (SessionStatus.FAILED, reason, error)
        assert events()[-1] == "connection.failed"

    def test_comes_too_late_for_a_session_that_has_its_code(self, left: connections.Begun, time: FakeClock) -> None:
        land(returning(left.authorization_url, code="the-code"), time)

        land(returning(left.authorization_url, error="server_error"), time)

        assert again(left.session).status == SessionStatus.RETURNED


class TestNowhereToGo:
    @pytest.mark.parametrize(
        "given",
        [
            Return(state="", code="the-code", error="", error_code=""),
            Return(state="made-up", code="the-code", error="", error_code=""),
        ],
    )
    def test_is_a_state_that_leads_nowhere(self, left: connections.Begun, time: FakeClock, given: Return) -> None:
        with pytest.raises(NowhereToGo):
            land(given, time)

        assert again(left.session).status == SessionStatus.WAITING_AT_HMRC

    def test_is_a_return_that_carries_neither_code_nor_error(self, left: connections.Begun, time: FakeClock) -> None:
        with pytest.raises(NowhereToGo):
            land(returning(left.authorization_url), time)


def test_states_are_forgotten_after_thirty_days(left: connections.Begun, alpha: Agency, time: FakeClock) -> None:
    kept = callback.forget_old_states(now=time.now + timedelta(days=30))
    dropped = callback.forget_old_states(now=time.now + timedelta(days=30, seconds=1))

    assert (kept, dropped) == (0, 1)
    assert not ConnectState.objects.exists()
