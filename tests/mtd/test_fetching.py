"""What HMRC says of a landlord: asked for in workers, kept with its age, and asked for once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hmrc_oauth import connections
from hmrc_oauth.errors import NotConnected, ReconnectRequired
from hmrc_oauth.models import Connection, Grant
from landlords import records
from landlords.models import Landlord
from mtd import calling, fetching, readings
from mtd.models import Business, Obligation, Reading, Submission, SubmissionStatus
from people.models import Operation
from tenants import due
from tenants.faults import NotFound
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, again, due_at
from tests.mtd.scenes import queue

QUARTER = {
    "periodStartDate": "2026-04-06",
    "periodEndDate": "2026-07-05",
    "dueDate": "2026-08-07",
    "status": "fulfilled",
    "receivedDate": "2026-08-01",
}
OPEN_QUARTER = {name: value for name, value in QUARTER.items() if name != "receivedDate"}
Ask = Callable[..., Operation]


def obligations(*details: dict[str, Any]) -> Answer:
    business = {"businessId": "XAIS12345678901", "typeOfBusiness": "uk-property"}
    return answered({"obligations": [{**business, "obligationDetails": list(details)}]})


@pytest.fixture
def ask(grant: Grant, landlord: Landlord, time: FakeClock) -> Ask:
    """Somebody waits for a reading."""

    def asked(what: str = "businesses", lane: due.Lane = due.Lane.INTERACTIVE) -> Operation:
        return readings.ask(landlord_id=landlord.pk, what=what, lane=lane, now=time.now)

    return asked


def fetch_due(operation: Operation) -> Any:
    return due_at("fetch", operation.pk)


class TestReading:
    def test_gives_what_is_stored_and_asks_nobody(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        known = Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)

        assert readings.read(by=KEY, landlord_id=landlord.pk, what="businesses", refresh=False, now=time.now) == known

    @pytest.mark.parametrize("known", [True, False])
    def test_asks_for_what_is_wanted_fresh_or_was_never_read(
        self, grant: Grant, landlord: Landlord, time: FakeClock, known: bool
    ) -> None:
        if known:
            Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)

        operation = readings.read(by=KEY, landlord_id=landlord.pk, what="businesses", refresh=known, now=time.now)

        assert isinstance(operation, Operation)
        assert fetch_due(operation) == time.now

    def test_twice_while_one_is_under_way_is_once(self, ask: Ask) -> None:
        assert ask().pk == ask().pk

    def test_that_a_person_waits_for_overtakes_one_that_nobody_does(self, ask: Ask) -> None:
        ask(lane=due.Lane.BULK)

        waiting = ask(lane=due.Lane.INTERACTIVE)

        assert due.lane_of(kind=due.Kind.FETCH, subject_id=waiting.pk) == due.Lane.INTERACTIVE

    def test_that_a_person_waits_for_is_not_put_back_behind_the_bulk(self, ask: Ask) -> None:
        waiting = ask(lane=due.Lane.INTERACTIVE)

        ask(lane=due.Lane.BULK)

        assert due.lane_of(kind=due.Kind.FETCH, subject_id=waiting.pk) == due.Lane.INTERACTIVE

    @pytest.mark.parametrize(
        ("state", "refusal"), [("disconnected", NotConnected), ("reconnect_required", ReconnectRequired)]
    )
    def test_is_refused_where_nothing_can_be_asked(
        self, grant: Grant, landlord: Landlord, time: FakeClock, state: str, refusal: type[Exception]
    ) -> None:
        Connection.objects.filter(landlord=landlord).update(state=state)

        with pytest.raises(refusal):
            readings.read(by=KEY, landlord_id=landlord.pk, what="businesses", refresh=True, now=time.now)

    def test_of_a_landlord_nobody_knows_is_not_found(self, grant: Grant, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            readings.read(by=KEY, landlord_id=grant.pk, what="businesses", refresh=False, now=time.now)


class TestFetching:
    def test_keeps_the_businesses_in_place_of_the_old_ones(
        self, ask: Ask, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        Business.objects.create(landlord=landlord, business_id="XAIS00000000009", type_of_business="gone")
        operation = ask()
        door.will(ONE_BUSINESS)

        fetching.run(operation_id=operation.pk)

        assert list(Business.objects.values_list("business_id", flat=True)) == ["XAIS12345678901"]
        assert (again(operation).status, again(operation).result) == ("succeeded", {"what": "businesses", "count": 1})
        assert (Reading.objects.get().fetched_at, fetch_due(operation)) == (time.now, None)

    def test_keeps_the_obligations_with_hmrcs_own_dates(self, ask: Ask, door: FakeDoor) -> None:
        operation = ask("obligations")
        door.will(obligations(QUARTER, OPEN_QUARTER))

        fetching.run(operation_id=operation.pk)

        first, second = Obligation.objects.order_by("received_date")
        assert (first.due_date, first.received_date) == (date(2026, 8, 7), date(2026, 8, 1))
        assert second.received_date is None

    @pytest.mark.parametrize(
        ("today", "start", "end"),
        [
            (datetime(2026, 11, 22, 12, tzinfo=UTC), "2026-04-06", "2027-04-05"),
            (datetime(2027, 4, 5, 12, tzinfo=UTC), "2026-04-06", "2027-04-05"),
            (datetime(2027, 4, 5, 23, 30, tzinfo=UTC), "2027-04-06", "2028-04-05"),
        ],
    )
    def test_asks_for_the_tax_year_of_the_day_in_london(
        self, ask: Ask, door: FakeDoor, time: FakeClock, grant: Grant, today: datetime, start: str, end: str
    ) -> None:
        operation = ask("obligations")
        time.now = today
        Grant.objects.update(access_expires_at=today + timedelta(hours=1))
        door.will(obligations())

        fetching.run(operation_id=operation.pk)

        assert f"fromDate={start}&toDate={end}" in door.asked[0].path

    @pytest.mark.parametrize(
        "answer",
        [NOTHING_THERE, refused(404, "NO_OBLIGATIONS_FOUND"), refused(404, "NO_BUSINESS_FOUND"), answered([])],
    )
    def test_keeps_that_there_is_nothing(self, ask: Ask, door: FakeDoor, answer: Answer) -> None:
        operation = ask("obligations")
        door.will(answer)

        fetching.run(operation_id=operation.pk)

        assert again(operation).result == {"what": "obligations", "count": 0}

    def test_goes_in_the_lane_in_which_it_waits(self, ask: Ask, door: FakeDoor) -> None:
        bulk, gone = ask(lane=due.Lane.BULK), ask("obligations")
        due.done(kind=due.Kind.FETCH, subject_id=gone.pk)
        door.will(ONE_BUSINESS, obligations())

        fetching.run(operation_id=bulk.pk)
        fetching.run(operation_id=gone.pk)

        assert [asked.lane.name for asked in door.asked] == ["BULK", "BULK"]

    def test_is_done_once_however_often_it_is_rung_for(self, ask: Ask, door: FakeDoor) -> None:
        operation = ask()
        door.will(ONE_BUSINESS)

        fetching.run(operation_id=operation.pk)
        fetching.run(operation_id=operation.pk)

        assert len(door.asked) == 1

    def test_is_not_rung_for_again_while_it_is_under_way(self, ask: Ask, door: FakeDoor, time: FakeClock) -> None:
        operation = ask()
        seen: list[Any] = []

        def look() -> Answer:
            seen.append(fetch_due(operation))
            return ONE_BUSINESS

        door.will(look)
        fetching.run(operation_id=operation.pk)

        assert seen == [time.now + timedelta(seconds=90)]


class TestNoReading:
    @pytest.mark.parametrize("answer", [NOT_SENT, UNKNOWN, refused(429, "MESSAGE_THROTTLED_OUT")])
    def test_is_tried_again_with_longer_waits(self, ask: Ask, door: FakeDoor, time: FakeClock, answer: Answer) -> None:
        operation = ask()
        door.will(answer, answer)
        waits: list[timedelta] = []

        for _ in range(2):
            fetching.run(operation_id=operation.pk)
            waits.append(fetch_due(operation) - time.now)

        assert waits[0] < waits[1] <= timedelta(minutes=1)
        assert again(operation).status == "running"

    def test_after_thirty_tries_is_said_to_be_unavailable(self, ask: Ask, door: FakeDoor) -> None:
        operation = ask()
        Operation.objects.update(attempts=30)
        door.will(UNKNOWN)

        fetching.run(operation_id=operation.pk)

        assert (again(operation).error_code, fetch_due(operation)) == ("hmrc.unavailable", None)

    def test_for_hmrcs_reason_is_said_with_our_code(self, ask: Ask, door: FakeDoor) -> None:
        operation = ask()
        door.will(NOT_AUTHORISED)

        fetching.run(operation_id=operation.pk)

        assert again(operation).error_code == "hmrc.nino_mismatch"

    def test_for_a_token_that_is_over_waits_for_a_new_one(
        self, ask: Ask, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = ask()
        door.will(TOKEN_OVER)

        fetching.run(operation_id=operation.pk)
        fetching.run(operation_id=operation.pk)

        assert (len(door.asked), due_at("refresh", grant.pk)) == (1, time.now)
        assert fetch_due(operation) == time.now + timedelta(seconds=2)

    @pytest.mark.parametrize(
        ("state", "code"),
        [("reconnect_required", "hmrc.reconnect_required"), ("disconnected", "hmrc.not_connected")],
    )
    def test_without_a_connection_says_so_and_asks_nobody(
        self, ask: Ask, landlord: Landlord, door: FakeDoor, state: str, code: str
    ) -> None:
        operation = ask()
        Connection.objects.filter(landlord=landlord).update(state=state)

        fetching.run(operation_id=operation.pk)

        assert (door.asked, again(operation).error_code, fetch_due(operation)) == ([], code, None)

    def test_of_an_archived_landlord_says_so(
        self, ask: Ask, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = ask()
        records.archive(by=KEY, landlord_id=landlord.pk, now=time.now)

        fetching.run(operation_id=operation.pk)

        assert again(operation).error_code == "not_found"

    def test_because_the_grant_was_wiped_while_it_waited_says_so(
        self, ask: Ask, landlord: Landlord, door: FakeDoor, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        operation = ask()

        def disconnect_first(*args: Any, **given: Any) -> Answer:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
            return door.call(*args, **given)

        monkeypatch.setattr(calling, "call", disconnect_first)

        fetching.run(operation_id=operation.pk)

        assert again(operation).error_code == "hmrc.reconnect_required"

    @pytest.mark.parametrize(
        ("what", "answer"),
        [
            ("obligations", obligations({"periodStartDate": "2026-04-06"})),
            ("obligations", obligations({**QUARTER, "dueDate": "tomorrow"})),
            ("obligations", obligations({**QUARTER, "dueDate": None})),
            ("obligations", answered({"obligations": ["odd"]})),
            ("businesses", answered({"listOfBusinesses": None})),
            ("businesses", answered({"listOfBusinesses": [{"businessId": "X"}, {"businessId": "X"}]})),
        ],
    )
    def test_that_is_not_understood_is_said_once_and_not_asked_for_every_twenty_seconds(
        self, ask: Ask, landlord: Landlord, door: FakeDoor, what: str, answer: Answer
    ) -> None:
        Business.objects.create(landlord=landlord, business_id="XAIS00000000009", type_of_business="uk-property")
        operation = ask(what)
        door.will(answer)

        fetching.run(operation_id=operation.pk)

        assert (again(operation).error_code, fetch_due(operation)) == ("hmrc.other", None)
        assert Business.objects.get().business_id == "XAIS00000000009"


def test_after_a_connect_everything_is_read_and_what_waited_goes(
    grant: Grant, landlord: Landlord, time: FakeClock
) -> None:
    submission = queue(landlord)
    Submission.objects.update(status=SubmissionStatus.WAITING_FOR_CONNECTION)
    due.put(kind=due.Kind.AFTER_CONNECT, subject_id=landlord.pk, lane=due.Lane.BULK)

    fetching.after_connect(landlord_id=landlord.pk, now=time.now)

    kinds = set(Operation.objects.filter(finished_at=None).values_list("kind", flat=True))
    assert kinds == {"fetch.businesses", "fetch.obligations", "fetch.status:2026-27", "submission"}
    assert due_at("readiness", landlord.pk) == time.now + timedelta(days=1)
    assert (again(submission).status, due_at("after_connect", landlord.pk)) == (SubmissionStatus.QUEUED, None)
