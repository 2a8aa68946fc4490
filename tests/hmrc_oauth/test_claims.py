"""A number that is not the one on file, typed by somebody with a landlord's link: HMRC's yes is not enough."""

from datetime import timedelta
from typing import Any

import pytest

from events.models import AuditEvent, Event
from hmrc_oauth import claims, connections, errors, numbers, verify
from hmrc_oauth.models import ConnectSession, Grant, NinoClaim
from landlords.errors import NinoConflict
from landlords.models import Landlord
from mtd import readiness, submissions
from people.errors import SlowDown
from people.principal import Principal, PrincipalKind
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import NOT_AUTHORISED, ONE_BUSINESS, FakeClock, FakeDoor, meanwhile, opened
from tests.hmrc_oauth.scenes import (
    KEY,
    a_landlord,
    again,
    begun,
    connect,
    connection_of,
    due_at,
    events,
    issue,
    returned,
)
from tests.mtd.scenes import wanted


def themselves(landlord: Landlord) -> Principal:
    return Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())


def exchanged(landlord: Landlord, nino: str) -> tuple[ConnectSession, Grant]:
    """Somebody with the landlord's link typed this number, signed in at HMRC, and came back."""
    session, code = returned(landlord, nino=nino, by=themselves(landlord))
    connections.complete(by=themselves(landlord), session_id=session.pk, completion_code=code, now=session.created_at)
    assert session.claim() is True or again(session).claim()
    grant = issue(landlord, name="typed")
    assert again(session).keep(grant=grant)
    return again(session), grant


@pytest.fixture
def held(landlord: Landlord, door: FakeDoor) -> tuple[ConnectSession, Grant]:
    """HMRC says that the number is theirs who signed in."""
    session, grant = exchanged(landlord, OTHER_NINO)
    door.will(ONE_BUSINESS)
    verify.run(grant_id=grant.pk)
    return again(session), again(grant)


class TestHmrcsYes:
    def test_makes_no_connection_that_could_file(self, held: Any, landlord: Landlord) -> None:
        session, grant = held
        connection = connection_of(landlord)

        assert (connection.state, connection.reason_code) == ("not_authorised", "nino_unconfirmed")
        assert not connection.can_file
        assert (session.status, session.reason_code) == ("connected", "nino_unconfirmed")
        assert (again(landlord).nino_mask, grant.verified_at) == (landlord.nino_mask, None)
        assert events()[-1] == "connection.nino_unconfirmed"
        with pytest.raises(errors.NinoUnconfirmed):
            connections.require_usable(connection)

    def test_keeps_the_number_sealed_for_staff(self, held: Any, landlord: Landlord) -> None:
        claim = NinoClaim.objects.get()

        assert (claim.status, claim.nino_mask, claim.was_mask) == ("waiting", "AB****21B", landlord.nino_mask)
        assert opened(claim.nino) == OTHER_NINO

    def test_refuses_submissions_with_a_code_of_its_own(self, held: Any, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(errors.NinoUnconfirmed) as refused:
            submissions.accept(by=KEY, wanted=wanted(landlord.pk), now=time.now)

        assert {error.code for error in refused.value.errors} == {"nino.unconfirmed"}

    def test_is_the_same_where_no_number_was_on_file(self, in_alpha: Any, door: FakeDoor, time: FakeClock) -> None:
        nobody = a_landlord(nino=None)
        _, grant = exchanged(nobody, OTHER_NINO)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert (connection_of(nobody).reason_code, NinoClaim.objects.get().was_mask) == ("nino_unconfirmed", "")
        assert again(nobody).nino is None

    def test_is_enough_for_the_number_on_file(self, landlord: Landlord, door: FakeDoor) -> None:
        _, grant = exchanged(landlord, NINO.lower())
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert connection_of(landlord).can_file

    def test_for_a_connection_that_works_by_now_is_not_needed(self, landlord: Landlord, door: FakeDoor) -> None:
        session, grant = exchanged(landlord, OTHER_NINO)
        door.will(meanwhile(lambda: connect(landlord), ONE_BUSINESS))

        verify.run(grant_id=grant.pk)

        assert connection_of(landlord).can_file
        assert (again(grant).status, NinoClaim.objects.count()) == ("wiped", 0)
        assert (again(session).status, again(session).reason_code) == ("failed", "superseded")


class TestStaff:
    def test_confirm_it_and_hmrc_is_asked_once_more(
        self, held: Any, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        claims.confirm(by=KEY, landlord_id=landlord.pk, now=time.now)
        assert due_at("check", held[1].pk) == time.now
        assert not connection_of(landlord).can_file
        door.will(ONE_BUSINESS)

        verify.run(grant_id=held[1].pk)

        assert connection_of(landlord).can_file
        assert opened(again(landlord).nino) == OTHER_NINO
        assert door.asked[-1].secrets["nino"] == OTHER_NINO
        claim = NinoClaim.objects.get()
        assert (claim.status, claim.nino, claim.decided_by_id) == ("confirmed", None, KEY.id)
        assert AuditEvent.objects.get(action="nino.confirmed").actor_id == KEY.id

    def test_refuse_it_and_the_permission_is_wiped(self, held: Any, landlord: Landlord, time: FakeClock) -> None:
        claims.refuse(by=KEY, landlord_id=landlord.pk, now=time.now)

        connection = connection_of(landlord)
        assert (connection.state, connection.reason_code) == ("not_connected", "nino_refused")
        assert (again(held[1]).status, opened(again(landlord).nino)) == ("wiped", NINO)
        assert (due_at("wipe_grant", held[1].pk), NinoClaim.objects.get().nino) == (None, None)
        assert Event.objects.filter(type="connection.nino_refused").exists()

    def test_decide_once(self, held: Any, landlord: Landlord, time: FakeClock) -> None:
        claims.refuse(by=KEY, landlord_id=landlord.pk, now=time.now)

        for decide in (claims.confirm, claims.refuse):
            with pytest.raises(errors.NothingToConfirm):
                decide(by=KEY, landlord_id=landlord.pk, now=time.now)

    def test_can_not_confirm_a_number_that_another_landlord_has_by_now(
        self, held: Any, landlord: Landlord, time: FakeClock
    ) -> None:
        a_landlord(nino=OTHER_NINO)

        with pytest.raises(NinoConflict):
            claims.confirm(by=KEY, landlord_id=landlord.pk, now=time.now)

        assert NinoClaim.objects.get().status == "waiting"

    def test_have_thirty_days(self, held: Any, landlord: Landlord, time: FakeClock) -> None:
        _, grant = held
        assert due_at("wipe_grant", grant.pk) == time.now + claims.KEPT
        verify.wipe_unverified(grant_id=grant.pk, now=time.advance(days=8))
        assert again(grant).usable

        verify.wipe_unverified(grant_id=grant.pk, now=time.advance(days=22))

        assert (again(grant).status, NinoClaim.objects.get().status) == ("wiped", "dropped")

    def test_are_not_asked_again_by_a_check(self, held: Any, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(errors.NinoUnconfirmed):
            connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

    def test_may_enter_another_number_instead(
        self, held: Any, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino="AA000009A", now=time.now)
        assert NinoClaim.objects.get().status == "dropped"
        door.will(ONE_BUSINESS)

        verify.run(grant_id=held[1].pk)

        assert (connection_of(landlord).can_file, door.asked[-1].secrets["nino"]) == (True, "AA000009A")


class TestHmrcsNo:
    @pytest.fixture
    def refused(self, landlord: Landlord, door: FakeDoor) -> Grant:
        _, grant = exchanged(landlord, OTHER_NINO)
        door.will(NOT_AUTHORISED)
        verify.run(grant_id=grant.pk)
        return again(grant)

    def test_keeps_the_number_for_who_enrols_later(
        self, refused: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        assert (connection_of(landlord).reason_code, NinoClaim.objects.get().status) == ("nino_mismatch", "checking")
        connections.check(by=themselves(landlord), landlord_id=landlord.pk, nino=None, now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=refused.pk)

        assert door.asked[-1].secrets["nino"] == OTHER_NINO
        assert connection_of(landlord).reason_code == "nino_unconfirmed"

    def test_is_asked_for_again_quietly_once_a_day(
        self, refused: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        assert due_at("readiness", landlord.pk) == time.now + timedelta(days=1)
        time.advance(days=1)
        Grant.objects.update(access_expires_at=time.now + timedelta(hours=4))

        readiness.run(landlord_id=landlord.pk, now=time.now)
        door.will(NOT_AUTHORISED)
        verify.run(grant_id=refused.pk)

        assert door.asked[-1].lane == "background"
        assert due_at("readiness", landlord.pk) == time.now + timedelta(days=1)

    def test_lets_the_landlord_correct_it_without_touching_the_file(
        self, refused: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        by = themselves(landlord)
        connections.check(by=by, landlord_id=landlord.pk, nino="AA000009A", now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=refused.pk)

        assert (door.asked[-1].secrets["nino"], opened(again(landlord).nino)) == ("AA000009A", NINO)
        assert NinoClaim.objects.get(status="waiting").nino_mask == "AA****09A"

    def test_lets_the_landlord_go_back_to_the_number_on_file(
        self, refused: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        connections.check(by=themselves(landlord), landlord_id=landlord.pk, nino=NINO, now=time.now)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=refused.pk)

        assert connection_of(landlord).can_file


def test_whoever_disconnects_leaves_no_claim(held: Any, landlord: Landlord, time: FakeClock) -> None:
    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

    assert (NinoClaim.objects.get().status, again(held[1]).status) == ("dropped", "wiped")


def test_a_newer_connection_leaves_no_claim(held: Any, landlord: Landlord, door: FakeDoor) -> None:
    _, grant = exchanged(landlord, NINO)
    door.will(ONE_BUSINESS)

    verify.run(grant_id=grant.pk)

    assert (NinoClaim.objects.get().status, again(held[1]).status) == ("dropped", "wiped")
    assert connection_of(landlord).can_file


def test_whoever_guesses_numbers_is_slowed_down(landlord: Landlord) -> None:
    a_landlord(nino=OTHER_NINO)

    for _ in range(numbers.TYPED):
        with pytest.raises(NinoConflict):
            begun(landlord, nino=OTHER_NINO, by=themselves(landlord))

    with pytest.raises(SlowDown):
        begun(landlord, nino=OTHER_NINO, by=themselves(landlord))
