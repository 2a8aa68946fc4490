"""The session engine: what it stores, what it finds, and what it never does."""

import base64
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import CreateError, UpdateError

from people.models import Session, User
from people.sessions import SessionStore, end_sessions
from tenants import clock
from tenants.context import public, tenant
from tenants.errors import UnknownHost
from tenants.ids import digest, new_id
from tenants.models import Agency

pytestmark = pytest.mark.usefixtures("in_alpha")
LATER = timedelta(hours=12, seconds=1)


def stored(user_id: str = "", **data: str) -> SessionStore:
    """A session in the database."""
    session = SessionStore()
    session.update(data | ({"_auth_user_id": user_id} if user_id else {}))
    session.create()
    session.update(data | ({"_auth_user_id": user_id} if user_id else {}))
    session.save()
    return session


def key_of(session: SessionStore) -> str:
    assert session.session_key is not None
    return session.session_key


def wait_twelve_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + LATER)


class TestSaving:
    def test_stores_a_digest_and_not_the_key(self) -> None:
        session = stored()

        row = Session.objects.get()
        assert bytes(row.digest) == digest(key_of(session))

    def test_stores_nothing_that_can_be_read(self) -> None:
        session = stored(secret="JBSWY3DPEHPK3PXP")

        row = Session.objects.values_list("digest", "data").get()
        raw = b"".join(bytes(part) for part in row)
        for plain in ("JBSWY3DPEHPK3PXP", "secret", key_of(session)):
            assert plain.encode() not in raw
            assert base64.b64encode(plain.encode()).rstrip(b"=")[:-1] not in raw

    def test_notes_whose_session_it_is(self) -> None:
        user_id = new_id()

        stored(user_id=str(user_id))

        assert Session.objects.get().user_id == user_id

    def test_lasts_as_long_as_the_cookie(self) -> None:
        began = clock.now()

        stored()

        lasts = Session.objects.get().expires_at - began
        assert timedelta(hours=12) <= lasts <= timedelta(hours=12, minutes=1)

    def test_under_a_key_that_is_taken_is_refused(self) -> None:
        first = stored(name="first")
        second = SessionStore(key_of(first))

        with pytest.raises(CreateError):
            second.save(must_create=True)

        assert SessionStore(key_of(first))["name"] == "first"

    def test_after_the_session_was_ended_elsewhere_is_refused(self) -> None:
        session = stored()
        SessionStore(key_of(session)).delete()

        with pytest.raises(UpdateError):
            session.save()

        assert not Session.objects.exists()

    def test_tries_another_key_if_the_new_one_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        taken, free = key_of(stored(name="first")), "a0key0that0nobody0has000000000000"
        keys = iter([taken, free])
        monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda _: next(keys))

        second = stored(name="second")

        assert second.session_key == free
        assert (SessionStore(taken)["name"], SessionStore(free)["name"]) == ("first", "second")

    def test_for_the_first_time_makes_a_key(self) -> None:
        session = SessionStore()
        session["name"] = "new"

        session.save()

        assert SessionStore(key_of(session)).session_key == session.session_key


class TestLoading:
    def test_finds_what_was_saved(self) -> None:
        session = stored(name="Olive", sign="£ŵ")

        again = SessionStore(key_of(session))

        assert dict(again.items()) == {"name": "Olive", "sign": "£ŵ"}

    def test_of_an_unknown_key_is_empty_and_does_not_adopt_the_key(self) -> None:
        session = SessionStore("chosen0by0an0attacker0000000000")

        assert dict(session.items()) == {}
        assert session.session_key is None

    def test_after_twelve_hours_finds_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        session = stored(name="Olive")
        wait_twelve_hours(monkeypatch)

        again = SessionStore(key_of(session))

        assert not SessionStore().exists(key_of(session))
        assert "name" not in again

    @pytest.mark.parametrize("end", [slice(None, -1), slice(1, None)])
    def test_of_altered_data_finds_nothing(self, end: slice) -> None:
        session = stored(name="Olive")
        row = Session.objects.get()
        Session.objects.update(data=bytes(row.data)[end])

        assert "name" not in SessionStore(key_of(session))

    def test_of_data_moved_from_another_session_finds_nothing(self) -> None:
        owner, thief = stored(user_id=str(new_id())), stored()
        better = Session.objects.get(digest=digest(key_of(owner)))
        Session.objects.filter(digest=digest(key_of(thief))).update(data=better.data)

        assert "_auth_user_id" not in SessionStore(key_of(thief))


class TestEnding:
    def test_one_session_leaves_the_others(self) -> None:
        ended, other = stored(), stored()

        ended.delete()

        assert (SessionStore().exists(key_of(ended)), SessionStore().exists(key_of(other))) == (False, True)

    def test_by_key(self) -> None:
        session = stored()

        SessionStore().delete(key_of(session))

        assert not Session.objects.exists()

    def test_what_is_not_there_is_no_error(self) -> None:
        SessionStore().delete()
        SessionStore().delete("no0such0session0000000000000000")

        assert not Session.objects.exists()

    def test_all_of_one_person_counts_them(self, olive: User) -> None:
        stored(user_id=str(olive.pk))
        stored(user_id=str(olive.pk))
        other = stored(user_id=str(new_id()))

        assert end_sessions(user_id=olive.pk) == 2
        assert SessionStore().exists(key_of(other))

    def test_the_expired_ones_keeps_the_live(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stored()
        wait_twelve_hours(monkeypatch)
        live = stored()

        SessionStore.clear_expired()

        assert bytes(Session.objects.get().digest) == digest(key_of(live))

    def test_by_a_new_key_keeps_the_data(self) -> None:
        session = stored(name="Olive")
        before = key_of(session)

        session.cycle_key()

        assert not SessionStore().exists(before)
        assert SessionStore(key_of(session))["name"] == "Olive"


class TestElsewhere:
    def test_another_agency_knows_nothing_of_the_key(self, beta: Agency) -> None:
        session = stored(name="Olive")

        with tenant(beta):
            assert not SessionStore().exists(key_of(session))
            assert "name" not in SessionStore(key_of(session))

    def test_data_carried_into_another_agency_does_not_open(self, beta: Agency) -> None:
        session = stored(name="Olive")
        row = Session.objects.get()

        with tenant(beta):
            Session.objects.create(digest=row.digest, data=row.data, expires_at=row.expires_at)
            assert "name" not in SessionStore(key_of(session))

    def test_without_an_agency_a_session_is_empty_and_reading_it_is_no_error(self) -> None:
        key = key_of(stored(name="Olive"))

        with public():
            session = SessionStore(key)
            assert (session.get("name"), session.exists(key), session.session_key) == (None, False, None)
            session.delete(key)

    def test_without_an_agency_a_session_is_not_saved(self) -> None:
        with public(), pytest.raises(UnknownHost):
            SessionStore().create()
