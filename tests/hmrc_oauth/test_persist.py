"""HMRC's answer while PostgreSQL is away: it waits in memory, and only then is given up."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError

from hmrc_oauth import exchange, persist, refresh
from hmrc_oauth.models import Connection, Grant, GrantStatus
from tenants import due
from tenants.db import connection
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import INVALID_GRANT, FakeClock, FakeDoor, granted, meanwhile, opened
from tests.hmrc_oauth.scenes import a_landlord, again, completed, connect
from tests.hmrc_oauth.side_by_side import committed


class Away:
    """What to do fails so many times, as when PostgreSQL is away, and then does what it does."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left, self.error, self.tries = times, error, 0

    def __call__(self) -> str:
        self.tries += 1
        if self.tries <= self.left:
            raise self.error
        return "stored"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited; nobody really waits, and the clock goes on by as much."""
    waits: list[float] = []
    monkeypatch.setattr(persist, "sleep", waits.append)
    monkeypatch.setattr(persist, "monotonic", lambda: sum(waits))
    return waits


@pytest.fixture
def agency(alpha_committed: Agency, time: FakeClock, door: FakeDoor) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


@pytest.fixture
def stale_and_committed(agency: Agency, time: FakeClock) -> Grant:
    grant = connect(a_landlord())
    time.advance(hours=5)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    return grant


def cut_the_connection() -> None:
    """As a restart of PostgreSQL does: the server ends it, and the client notices at its next word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    import psycopg
    from django.conf import settings

    given = settings.DATABASES["default"]
    address = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(dbname=given["NAME"], **address) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


class TestWhatMustBeStored:
    def test_is_stored_at_once_when_it_can_be(self, slept: list[float]) -> None:
        assert (persist.persistently(Away(0, OperationalError())), slept) == ("stored", [])

    @pytest.mark.parametrize("error", [OperationalError(), InterfaceError()])
    def test_is_tried_again_ever_more_slowly_until_it_is(
        self, alpha_committed: Agency, slept: list[float], error: Exception
    ) -> None:
        assert persist.persistently(Away(12, error)) == "stored"

        assert len(slept) == 12
        assert 0 < slept[0] <= 0.05
        assert max(slept) <= 2

    def test_is_given_up_after_ten_minutes(
        self, alpha_committed: Agency, slept: list[float], capsys: pytest.CaptureFixture[str]
    ) -> None:
        store = Away(10_000, OperationalError("UPDATE … 'canary'"))

        with pytest.raises(OperationalError):
            persist.persistently(store)

        assert 600 <= sum(slept) < 603
        assert store.tries > 300
        assert "canary" not in capsys.readouterr().out

    def test_that_can_never_be_stored_is_not_tried_again(self, slept: list[float]) -> None:
        store = Away(10_000, IntegrityError())

        with pytest.raises(IntegrityError):
            persist.persistently(store)

        assert store.tries == 1


class TestAnAnswerDuringARestart:
    def test_of_a_refresh_is_committed_by_a_new_connection(
        self, stale_and_committed: Grant, door: FakeDoor, slept: list[float]
    ) -> None:
        door.will(meanwhile(cut_the_connection, granted()))

        refresh.run(grant_id=stale_and_committed.pk)

        now = again(stale_and_committed)
        assert (now.status, now.token_version, opened(now.refresh_token)) == (GrantStatus.ACTIVE, 2, "refresh-new")
        assert len(slept) == 1

    def test_that_is_no_is_remembered_and_not_told_as_a_loss_of_ours(
        self, stale_and_committed: Grant, door: FakeDoor, slept: list[float]
    ) -> None:
        door.will(meanwhile(cut_the_connection, INVALID_GRANT))

        refresh.run(grant_id=stale_and_committed.pk)

        reason = Connection.objects.get(grant=stale_and_committed).reason_code
        assert (again(stale_and_committed).status, reason, len(slept)) == (GrantStatus.DEAD, "refused", 1)

    def test_of_a_first_exchange_is_kept_by_a_new_connection(
        self, agency: Agency, door: FakeDoor, slept: list[float]
    ) -> None:
        session = completed(a_landlord())
        door.will(meanwhile(cut_the_connection, granted("first")))

        exchange.run(session_id=session.pk)

        assert opened(Grant.objects.get(sessions=session).refresh_token) == "refresh-first"
        assert len(slept) == 1

    def test_of_which_nobody_knows_whether_it_was_committed_is_not_stored_twice(
        self, stale_and_committed: Grant, door: FakeDoor, slept: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        commit = refresh._commit

        def commit_and_hear_nothing(*given: Any) -> None:
            commit(*given)
            if not slept:
                raise OperationalError

        monkeypatch.setattr(refresh, "_commit", commit_and_hear_nothing)
        door.will(granted())

        refresh.run(grant_id=stale_and_committed.pk)

        assert again(stale_and_committed).token_version == 2

    def test_of_a_first_exchange_of_which_nobody_knows_makes_one_grant_that_lives(
        self, agency: Agency, door: FakeDoor, slept: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session, keep = completed(a_landlord()), exchange._keep

        def keep_and_hear_nothing(*given: Any) -> None:
            keep(*given)
            if not slept:
                raise OperationalError

        monkeypatch.setattr(exchange, "_keep", keep_and_hear_nothing)
        door.will(granted())

        exchange.run(session_id=session.pk)

        assert sorted(Grant.objects.values_list("status", flat=True)) == ["active", "wiped"]
        assert Grant.objects.get(sessions=session).status == GrantStatus.ACTIVE
