"""A write on its way: parked where there is no connection, one at a time, and never left in doubt for ever."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import connections
from hmrc_oauth.errors import NotConnected
from hmrc_oauth.models import Connection, Grant
from landlords.errors import NinoMissing
from landlords.models import Landlord
from mtd import businesses, fetching, parked, recovery, submissions, work, writes, writing
from mtd.errors import QuarterlyTypeLocked, Unsettled
from mtd.models import Business, Submission, SubmissionStatus, Write, WriteStatus
from mtd.quarters import QuarterlyType
from people.models import Operation
from tenants import due
from tenants.faults import Invalid, NotFound
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import (
    NOT_SENT,
    NOTHING_THERE,
    TOKEN_OVER,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    meanwhile,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, a_landlord, abandon, again, connect, due_at, events
from tests.mtd.scenes import BUSINESS, mandated, queue

DONE = answered({})
WANTED = {"allowances": {"otherCapitalAllowance": "10"}}
HELD = answered({"submittedOn": "2026-11-22T12:00:00Z", "ukProperty": WANTED})
OTHERS = answered({"ukProperty": {"allowances": {"otherCapitalAllowance": "11"}}})


def put(landlord: Landlord, time: FakeClock, *, amount: str = "10", year: str = "2026-27", **more: Any) -> Write:
    given = {"allowances": {"otherCapitalAllowance": amount}}
    place = {"landlord_id": landlord.pk, "business_id": BUSINESS, "tax_year": year, "fraud_context_id": None}
    return businesses.submit_annual(by=KEY, given=given, now=time.now, **{**place, **more})


@pytest.fixture
def business(landlord: Landlord) -> Business:
    mandated(landlord)
    return Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="uk-property")


@pytest.fixture
def write(grant: Grant, landlord: Landlord, business: Business, time: FakeClock) -> Write:
    return put(landlord, time)


def ring(write: Write) -> Write:
    writing.run(write_id=write.pk)
    return again(write)


class TestWhatIsAccepted:
    def test_is_sealed_queued_and_told(self, write: Write, time: FakeClock) -> None:
        assert b"otherCapital" not in bytes(write.content.blob)
        assert (write.status, due_at("write", write.pk)) == (WriteStatus.QUEUED, time.now)
        assert Operation.objects.get(pk=write.pk).kind == "annual_submission"
        assert "annual_submission.queued" in events()

    def test_has_every_fault_told_at_once(
        self, grant: Grant, landlord: Landlord, business: Business, time: FakeClock
    ) -> None:
        given = {"adjustments": {"balancingCharge": "-1"}, "allowances": {"unknown": 1}}

        with pytest.raises(Invalid) as refusal:
            businesses.submit_annual(
                by=KEY,
                landlord_id=landlord.pk,
                business_id=BUSINESS,
                tax_year="2026-27",
                given=given,
                fraud_context_id=None,
                now=time.now,
            )

        assert {fault.pointer for fault in refusal.value.errors} == {
            "/adjustments/nonResidentLandlord",
            "/adjustments/balancingCharge",
            "/allowances/unknown",
        }

    @pytest.mark.parametrize("business_id", ["XPIS00000000009", "nonsense"])
    def test_is_of_a_business_that_hmrc_has_listed(
        self, grant: Grant, landlord: Landlord, business: Business, time: FakeClock, business_id: str
    ) -> None:
        with pytest.raises(NotFound):
            put(landlord, time, business_id=business_id)

    def test_is_of_property_in_the_uk(
        self, grant: Grant, landlord: Landlord, business: Business, time: FakeClock
    ) -> None:
        Business.objects.update(type_of_business="self-employment")

        with pytest.raises(NotFound):
            put(landlord, time)

    def test_needs_a_connection(self, landlord: Landlord, business: Business, time: FakeClock) -> None:
        with pytest.raises(NotConnected):
            put(landlord, time)

    def test_needs_a_nino(self, in_alpha: Agency, time: FakeClock) -> None:
        nameless = a_landlord(nino=None)
        Business.objects.create(landlord=nameless, business_id=BUSINESS, type_of_business="uk-property")
        mandated(nameless)

        with pytest.raises(NinoMissing):
            put(nameless, time)

    @pytest.mark.parametrize("tax_year", ["2025-26", "2027-28"])
    def test_as_a_quarterly_type_is_of_the_current_tax_year(
        self, grant: Grant, landlord: Landlord, business: Business, time: FakeClock, tax_year: str
    ) -> None:
        with pytest.raises(Invalid):
            choose(landlord, time, tax_year=tax_year)

    def test_as_a_quarterly_type_comes_before_the_first_update(
        self, grant: Grant, landlord: Landlord, business: Business, time: FakeClock
    ) -> None:
        queue(landlord)
        choose(landlord, time)
        Submission.objects.update(status=SubmissionStatus.ACCEPTED)

        with pytest.raises(QuarterlyTypeLocked):
            choose(landlord, time)


def choose(landlord: Landlord, time: FakeClock, *, tax_year: str = "2026-27") -> Write:
    return businesses.choose_quarterly_type(
        by=KEY,
        landlord_id=landlord.pk,
        business_id=BUSINESS,
        tax_year=tax_year,
        kind=QuarterlyType.CALENDAR,
        fraud_context_id=None,
        now=time.now,
    )


class TestWhatIsSent:
    def test_is_sent_once_however_often_it_is_rung_for(self, write: Write, door: FakeDoor) -> None:
        door.will(DONE)

        ring(write)
        settled = ring(write)

        assert (settled.status, len(door.asked), due_at("write", write.pk)) == (WriteStatus.ACCEPTED, 1, None)
        assert settled.correlation_id == "corr-answered"

    @pytest.mark.parametrize("answer", [NOT_SENT, refused(429, "MESSAGE_THROTTLED_OUT"), TOKEN_OVER])
    def test_and_not_taken_in_is_sent_again_later(
        self, write: Write, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer)

        waiting = ring(write)

        assert (waiting.status, due_at("write", write.pk)) == (WriteStatus.QUEUED, time.now + timedelta(seconds=2))

    def test_and_refused_is_over_with_our_code(self, write: Write, door: FakeDoor) -> None:
        door.will(refused(400, "RULE_BOTH_ALLOWANCES_SUPPLIED"))

        settled = ring(write)

        assert (settled.status, settled.reason_code) == (WriteStatus.REJECTED, "hmrc.both_allowances")
        assert Operation.objects.get(pk=write.pk).error_code == "hmrc.both_allowances"

    def test_while_another_of_its_place_is_under_way_waits(
        self, write: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(UNKNOWN)
        ring(write)
        newer = put(landlord, time, amount="20")

        assert ring(newer).status == WriteStatus.QUEUED
        assert (len(door.asked), again(write).status) == (1, WriteStatus.UNKNOWN)

    def test_of_another_tax_year_does_not_wait(
        self, write: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(UNKNOWN, DONE)
        ring(write)

        assert ring(put(landlord, time, year="2025-26")).status == WriteStatus.ACCEPTED

    def test_after_the_landlord_was_disconnected_is_not_settled_twice(
        self, write: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        def leave() -> None:
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        door.will(meanwhile(leave, DONE))

        assert ring(write).status == WriteStatus.ACCEPTED


class TestDoubt:
    @pytest.fixture
    def doubtful(self, write: Write, door: FakeDoor, time: FakeClock) -> Write:
        door.will(UNKNOWN)
        doubtful = ring(write)
        assert (doubtful.status, due_at("write", write.pk)) == (WriteStatus.UNKNOWN, time.now + timedelta(seconds=5))
        time.advance(seconds=5)
        return doubtful

    def test_ends_where_hmrc_holds_it(self, doubtful: Write, door: FakeDoor) -> None:
        door.will(HELD)

        settled = ring(doubtful)

        assert (settled.status, settled.outcome) == (WriteStatus.ACCEPTED, "reconciled")

    @pytest.mark.parametrize("answer", [NOTHING_THERE, OTHERS, answered([]), answered({"ukProperty": "odd"})])
    def test_ends_in_sending_it_again_where_hmrc_does_not(
        self, doubtful: Write, door: FakeDoor, answer: Answer
    ) -> None:
        door.will(answer, DONE)

        assert ring(doubtful).status == WriteStatus.QUEUED
        assert ring(doubtful).status == WriteStatus.ACCEPTED

    def test_of_a_sender_who_is_gone_is_looked_into_first(self, write: Write, door: FakeDoor, time: FakeClock) -> None:
        assert write.claim()
        abandon(write)
        door.will(NOTHING_THERE, NOTHING_THERE)

        first = ring(write)
        time.advance(seconds=5)
        second = ring(write)

        assert (first.status, second.status) == (WriteStatus.UNKNOWN, WriteStatus.QUEUED)
        assert door.kinds == ["property_business.get_uk_annual"] * 2

    @pytest.mark.parametrize("answer", [refused(400, "RULE_ODD"), UNKNOWN, NOT_SENT, TOKEN_OVER])
    def test_that_hmrc_does_not_resolve_ends_all_the_same_and_lets_newer_ones_go(
        self, doubtful: Write, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Answer
    ) -> None:
        door.will(answer, DONE)
        Write.objects.filter(pk=doubtful.pk).update(attempts=40)

        settled = ring(doubtful)
        Grant.objects.update(access_expires_at=time.now + timedelta(hours=1))

        assert (settled.status, settled.reason_code) == (WriteStatus.UNCONFIRMED, "hmrc.no_answer")
        assert ring(put(landlord, time, amount="20")).status == WriteStatus.ACCEPTED

    def test_is_told_of(self, doubtful: Write) -> None:
        assert "annual_submission.unknown" in events()


class TestWithoutAConnection:
    @pytest.fixture
    def parked_write(self, write: Write, landlord: Landlord, time: FakeClock) -> Write:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        waiting = ring(write)
        assert (waiting.status, due_at("write", write.pk)) == (WriteStatus.WAITING_FOR_CONNECTION, None)
        return waiting

    def test_it_waits_and_goes_when_there_is_one(
        self, parked_write: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(DONE)
        connect(landlord, name="new")

        fetching.after_connect(landlord_id=landlord.pk, now=time.now)

        assert ring(parked_write).status == WriteStatus.ACCEPTED

    def test_a_doubt_is_looked_into_in_a_while(
        self, write: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(UNKNOWN)
        ring(write)
        Connection.objects.filter(landlord=landlord).update(state="reconnect_required")

        assert ring(write).status == WriteStatus.UNKNOWN
        assert due_at("write", write.pk) == time.now + timedelta(minutes=1)

    def test_it_is_cancelled_with_the_other_work_if_that_is_wanted(
        self, write: Write, landlord: Landlord, time: FakeClock
    ) -> None:
        parked.disconnect(by=KEY, landlord_id=landlord.pk, work=parked.Work.CANCEL, now=time.now)

        assert (again(write).status, again(write).reason_code) == (WriteStatus.CANCELLED, "hmrc.not_connected")
        assert Operation.objects.get(pk=write.pk).error_code == "hmrc.not_connected"

    def test_a_lost_list_is_rebuilt(
        self, write: Write, parked_write: Write, landlord: Landlord, time: FakeClock
    ) -> None:
        connect(landlord, name="new")
        writes.resume(landlord_id=landlord.pk)
        Due.objects.all().delete()

        recovery.rebuild(now=time.now)

        assert due_at("write", write.pk) == time.now


def test_a_landlord_with_a_write_under_way_stays_and_is_kept_warm(
    write: Write, landlord: Landlord, time: FakeClock
) -> None:
    assert work.is_ahead(landlord.pk)

    with pytest.raises(Unsettled):
        submissions.archive_landlord(by=KEY, landlord_id=landlord.pk, now=time.now, expected=None)


def test_what_is_not_there_is_taken_off_the_list(write: Write) -> None:
    Write.objects.all().delete()

    writing.run(write_id=write.pk)

    assert due.lane_of(kind=due.Kind.WRITE, subject_id=write.pk) is None
