"""What is due: last year's quarters stay due in April, what others fulfil is seen, and all is read again in time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import fetching, readings, rereading, retention
from mtd.models import Obligation, Reading, Submission, SubmissionStatus
from people.models import Operation
from tenants import due
from tenants.models import Due
from tests.hmrc_oauth.fake_door import Answer, FakeClock, FakeDoor, answered
from tests.hmrc_oauth.scenes import again
from tests.mtd.scenes import BUSINESS, queue

APRIL = datetime(2027, 4, 20, 12, tzinfo=UTC)
Q4 = {"periodStartDate": "2026-04-06", "periodEndDate": "2027-04-05", "dueDate": "2027-05-07", "status": "open"}
Q1 = {"periodStartDate": "2027-04-06", "periodEndDate": "2027-07-05", "dueDate": "2027-08-07", "status": "open"}
LAST_YEAR = {"periodStartDate": "2026-04-06", "periodEndDate": "2027-04-05", "dueDate": "2028-01-31"}
Read = Callable[..., Operation]


def quarters(*details: dict[str, str]) -> Answer:
    return answered(
        {"obligations": [{"typeOfBusiness": "uk-property", "businessId": BUSINESS, "obligationDetails": list(details)}]}
    )


def known() -> list[tuple[str, str]]:
    rows = Obligation.objects.order_by("due_date", "period_end").values_list("due_date", "status")
    return [(day.isoformat(), status) for day, status in rows]


def asked() -> set[str]:
    """What is on its way to be read."""
    return set(Operation.objects.filter(finished_at=None, kind__startswith="fetch.").values_list("kind", flat=True))


@pytest.fixture
def read(grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor) -> Read:
    """HMRC is asked for a subject, and answers so."""
    time.now = APRIL
    Grant.objects.update(access_expires_at=APRIL + timedelta(days=100))

    def reading(what: str, answer: Answer) -> Operation:
        operation = readings.ask(landlord_id=landlord.pk, what=what, lane=due.Lane.BULK, now=time.now)
        door.will(answer)
        fetching.run(operation_id=operation.pk)
        return again(operation)

    return reading


class TestReading:
    def test_of_a_new_tax_year_leaves_what_is_due_of_the_last(self, read: Read) -> None:
        read("open_obligations", quarters(Q4))

        read("obligations", quarters(Q1))

        assert known() == [("2027-05-07", "open"), ("2027-08-07", "open")]

    def test_of_the_year_takes_the_place_of_what_was_known_of_it(self, read: Read) -> None:
        read("obligations", quarters(Q1))

        read("obligations", quarters({**Q1, "status": "fulfilled", "receivedDate": "2027-04-19"}))

        assert known() == [("2027-08-07", "fulfilled")]

    def test_of_the_year_is_followed_by_all_that_are_open(self, read: Read, door: FakeDoor) -> None:
        read("obligations", quarters(Q1))
        followed = Operation.objects.get(finished_at=None)
        door.will(quarters(Q4, Q1))

        fetching.run(operation_id=followed.pk)

        assert door.asked[-1].path.endswith("?status=open")
        assert known() == [("2027-05-07", "open"), ("2027-08-07", "open")]
        assert asked() == set()

    def test_of_the_open_ones_says_what_somebody_has_fulfilled(self, read: Read) -> None:
        read("open_obligations", quarters(Q4, Q1))

        read("open_obligations", quarters(Q1))

        assert known() == [("2027-05-07", "fulfilled"), ("2027-08-07", "open")]

    def test_of_the_open_ones_opens_again_what_was_taken_for_fulfilled(self, read: Read) -> None:
        read("obligations", quarters({**Q1, "status": "fulfilled"}))

        assert read("open_obligations", quarters(Q1)).result == {"what": "open_obligations", "count": 1}

        assert known() == [("2027-08-07", "open")]

    def test_of_final_declarations_stands_beside_the_quarters(self, read: Read) -> None:
        read("open_obligations", quarters(Q4))
        read("final_declarations", answered({"obligations": [{**LAST_YEAR, "status": "open"}]}))

        read("final_declarations", answered({"obligations": [{**LAST_YEAR, "status": "fulfilled"}]}))
        read("open_obligations", quarters(Q4))
        read("obligations", quarters(Q1))

        assert known() == [("2027-05-07", "open"), ("2027-08-07", "open"), ("2028-01-31", "fulfilled")]
        assert Obligation.objects.get(due_date=date(2028, 1, 31)).final_of == "2026-27"


class TestReadingAgain:
    @pytest.fixture
    def fresh(self, grant: Grant, landlord: Landlord, time: FakeClock) -> Landlord:
        for what in ("open_obligations", "final_declarations"):
            Reading.objects.create(landlord=landlord, what=what, fetched_at=time.now)
        return landlord

    def test_is_done_for_what_was_never_read(self, grant: Grant, time: FakeClock) -> None:
        retention.tidy(now=time.now)

        assert asked() == {"fetch.open_obligations", "fetch.final_declarations"}
        assert {row.lane for row in Due.objects.filter(kind="fetch")} == {due.Lane.BACKGROUND}

    @pytest.mark.parametrize("days", [0, 7, 29])
    def test_is_not_done_for_what_is_fresh(self, fresh: Landlord, time: FakeClock, days: int) -> None:
        time.advance(days=days)

        assert rereading.ask(now=time.now) == 0

    @pytest.mark.parametrize(
        ("days", "kinds"),
        [(31, {"fetch.open_obligations"}), (91, {"fetch.open_obligations", "fetch.final_declarations"})],
    )
    def test_is_done_in_time(self, fresh: Landlord, time: FakeClock, days: int, kinds: set[str]) -> None:
        time.advance(days=days)

        rereading.ask(now=time.now)

        assert asked() == kinds

    @pytest.mark.parametrize(("left", "many"), [(9, 0), (7, 1), (0, 1), (-1, 0)])
    def test_is_done_once_in_the_week_before_a_due_date(
        self, fresh: Landlord, time: FakeClock, left: int, many: int
    ) -> None:
        time.advance(days=8)
        owe(fresh, time.now.date() + timedelta(days=left))

        assert rereading.ask(now=time.now) == many

    @pytest.mark.parametrize(("minutes", "many"), [(30, 0), (90, 1)])
    def test_is_done_once_an_update_was_accepted_and_hmrc_shows_it(
        self, fresh: Landlord, time: FakeClock, minutes: int, many: int
    ) -> None:
        queue(fresh)
        Submission.objects.update(status=SubmissionStatus.ACCEPTED, settled_at=time.now)
        time.advance(minutes=minutes)

        assert rereading.ask(now=time.now) == many

    def test_is_not_done_again_for_an_update_that_was_seen(self, fresh: Landlord, time: FakeClock) -> None:
        queue(fresh)
        Submission.objects.update(status=SubmissionStatus.ACCEPTED, settled_at=time.now - timedelta(hours=2))

        assert rereading.ask(now=time.now) == 0

    @pytest.mark.parametrize("changes", [{"state": "disconnected"}, {"state": "reconnect_required"}])
    def test_is_not_done_without_a_connection(self, grant: Grant, time: FakeClock, changes: dict[str, Any]) -> None:
        Connection.objects.update(**changes)

        assert rereading.ask(now=time.now) == 0


def owe(landlord: Landlord, day: date) -> Obligation:
    period = {"period_start": date(2026, 4, 6), "period_end": date(2026, 10, 5)}
    business = {"business_id": BUSINESS, "type_of_business": "uk-property"}
    return Obligation.objects.create(landlord=landlord, due_date=day, status="open", **period, **business)
