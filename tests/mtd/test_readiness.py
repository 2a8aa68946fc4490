"""Whether a landlord who is connected can be filed for: by HMRC's answers, looked at again quietly."""

from datetime import date, timedelta
from typing import Any

import pytest

from events.models import Event
from hmrc_oauth import connections
from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import fetching, readiness, readings, recovery
from mtd.models import Business, ItsaStatus, Obligation, Readiness, ReadinessStatus, Reading
from people.models import Operation
from tenants import due
from tests.hmrc_oauth.fake_door import ONE_BUSINESS, FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import KEY, connection_of, due_at

BUSINESS = "XAIS12345678901"


@pytest.fixture
def told(grant: Grant, landlord: Landlord, time: FakeClock) -> Any:
    """HMRC has answered so; what is made of it."""

    def answer(
        *, itsa: str = "MTD Mandated", types: tuple[str, ...] = ("standard",), quarters: int = 2, read: bool = True
    ) -> Readiness:
        answered = ["businesses", *(["obligations"] if read else []), *(["status:2026-27"] if itsa else [])]
        for what in answered:
            Reading.objects.update_or_create(landlord=landlord, what=what, defaults={"fetched_at": time.now})
        ItsaStatus.objects.filter(landlord=landlord).delete()
        if itsa:
            ItsaStatus.objects.create(landlord=landlord, tax_year="2026-27", status=itsa, submitted_on=time.now)
        landlord.businesses.all().delete()
        for number, kind in enumerate(types):
            named = {"business_id": f"XPIS1234567890{number}", "type_of_business": "uk-property"}
            Business.objects.create(landlord=landlord, quarterly_type=kind, **named)
        landlord.obligations.all().delete()
        for number in range(quarters):
            Obligation.objects.create(
                landlord=landlord,
                business_id=BUSINESS,
                type_of_business="uk-property",
                period_start=date(2026, 4 + 3 * number, 6),
                period_end=date(2026, 7 + 3 * number, 5),
                due_date=date(2026, 8 + 3 * number, 7),
                status="fulfilled" if number == 0 else "open",
            )
        return readiness.assess(landlord, now=time.now)

    return answer


class TestALandlordIs:
    def test_ready_with_the_next_quarter_named(self, told: Any) -> None:
        found = told()

        assert (found.status, found.itsa_status, found.businesses) == ("ready", "MTD Mandated", 1)
        assert (found.quarterly_type, found.next_due_date) == ("standard", date(2026, 11, 7))
        assert (found.next_period_start, found.next_period_end) == (date(2026, 7, 6), date(2026, 10, 5))

    @pytest.mark.parametrize(
        ("said", "status"),
        [
            ({"read": False}, "checking"),
            ({"itsa": "No Status"}, "not_signed_up"),
            ({"itsa": "MTD Exempt"}, "not_signed_up"),
            ({"itsa": "MTD Voluntary"}, "ready"),
            ({"itsa": ""}, "ready"),
            ({"types": ()}, "no_business"),
            ({"quarters": 0}, "no_obligations"),
        ],
    )
    def test_what_is_first_in_the_way(self, told: Any, said: dict[str, Any], status: str) -> None:
        assert told(**said).status == status

    def test_of_no_one_quarterly_type_if_businesses_differ(self, told: Any) -> None:
        assert told(types=("standard", "calendar")).quarterly_type == ""

    def test_told_of_when_it_changes_and_only_then(self, told: Any, time: FakeClock) -> None:
        first = told(itsa="No Status")
        time.advance(days=1)
        same, other = told(itsa="Annual"), told()

        assert same.changed_at == first.changed_at < other.changed_at
        told_of = Event.objects.filter(type="landlord.readiness_changed").order_by("id")
        assert [event.data["status"] for event in told_of] == ["not_signed_up", "ready"]


def test_every_status_has_words() -> None:
    assert readiness.CAUSES.keys() == set(ReadinessStatus)
    assert all(cause.action.endswith(".") for status, cause in readiness.CAUSES.items() if status != "ready")


def test_it_is_made_anew_whenever_hmrc_has_answered(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    fetching.after_connect(landlord_id=landlord.pk, now=time.now)
    operation = Operation.objects.get(kind="fetch.businesses")
    door.will(ONE_BUSINESS)

    fetching.run(operation_id=operation.pk)

    assert (Readiness.objects.get().status, Readiness.objects.get().businesses) == ("checking", 1)


def test_an_answer_that_is_still_awaited_is_waited_for_and_one_that_failed_is_not(
    told: Any, grant: Grant, landlord: Landlord, time: FakeClock
) -> None:
    operation = readings.ask(landlord_id=landlord.pk, what="status:2026-27", lane=due.Lane.BULK, now=time.now)
    assert told(itsa="").status == "checking"

    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
    fetching.run(operation_id=operation.pk)

    assert Readiness.objects.get().status == "ready"


class TestAQuietLook:
    @pytest.fixture
    def look(self, grant: Grant, landlord: Landlord, time: FakeClock) -> Any:
        """The bell rings when it is due; in how many days it is next."""
        readiness.plan(landlord_id=landlord.pk, now=time.now)

        def run() -> float | None:
            time.now = due_at("readiness", landlord.pk) or time.now
            readiness.run(landlord_id=landlord.pk, now=time.now)
            at = due_at("readiness", landlord.pk)
            return None if at is None else (at - time.now) / timedelta(days=1)

        return run

    def test_asks_all_in_the_background(self, look: Any, landlord: Landlord, time: FakeClock) -> None:
        look()

        asked = Operation.objects.filter(subject_id=landlord.pk, finished_at=None)
        assert {each.kind for each in asked} == {"fetch.businesses", "fetch.obligations", "fetch.status:2026-27"}
        assert {due.lane_of(kind=due.Kind.FETCH, subject_id=each.pk) for each in asked} == {"background"}

    def test_comes_soon_for_who_is_not_ready_and_seldom_for_who_is(self, look: Any, told: Any) -> None:
        told(itsa="No Status")
        waits = [look() for _ in range(12)]
        told()

        assert waits[0] == 1
        assert waits == sorted(waits)
        assert waits[-1] == 7
        assert look() == 30

    def test_is_not_taken_at_who_is_not_connected_any_more(self, look: Any) -> None:
        Connection.objects.update(state="disconnected", grant=None)

        assert look() is None

    def test_is_not_taken_at_whom_others_see_to(self, look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(Landlord.objects.all()), "chased", lambda rows: rows.none())

        assert look() is None

    def test_that_rings_too_soon_asks_nothing(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        readiness.plan(landlord_id=landlord.pk, now=time.now)

        readiness.run(landlord_id=landlord.pk, now=time.now)

        assert not Operation.objects.filter(subject_id=landlord.pk).exists()

    @pytest.mark.parametrize(("reason", "looks"), [("not_enrolled", True), ("scope", False)])
    def test_checks_who_may_enrol_yet(
        self, turned_away: Grant, landlord: Landlord, time: FakeClock, reason: str, looks: bool
    ) -> None:
        Connection.objects.update(reason_code=reason)
        time.advance(days=1)

        readiness.run(landlord_id=landlord.pk, now=time.now)

        lane = due.lane_of(kind=due.Kind.CHECK, subject_id=turned_away.pk)
        assert lane == ("background" if looks else None)
        assert (due_at("readiness", landlord.pk) is not None) is looks

    def test_is_found_again_on_a_list_that_was_lost(
        self, turned_away: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        due.done(kind=due.Kind.READINESS, subject_id=landlord.pk)

        recovery.rebuild(now=time.now)
        assert due_at("readiness", landlord.pk) == time.now + readiness.SOONEST

        due.done(kind=due.Kind.READINESS, subject_id=landlord.pk)
        Connection.objects.update(reason_code="scope")
        recovery.rebuild(now=time.now)
        assert due_at("readiness", landlord.pk) is None
        assert connection_of(landlord).state == "not_authorised"
