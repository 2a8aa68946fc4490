"""Of what is written at one place, an older one never goes after a newer; and nothing goes without leave."""

from typing import Any

import pytest

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import businesses, calling, mandates, writing
from mtd.calling import SEND_WITHIN_S
from mtd.errors import MandateMissing, MandateRevoked
from mtd.models import Business, Mandate, Write, WriteStatus
from tests.hmrc_oauth.fake_door import (
    NOT_SENT,
    NOTHING_THERE,
    UNKNOWN,
    Answer,
    FakeClock,
    FakeDoor,
    answered,
    meanwhile,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, abandon, again, due_at
from tests.mtd.scenes import BUSINESS, mandated

DONE = answered({})


@pytest.fixture
def business(grant: Grant, landlord: Landlord) -> Business:
    return Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="uk-property")


@pytest.fixture
def mandate(business: Business, landlord: Landlord) -> Mandate:
    return mandated(landlord)


@pytest.fixture
def doubtful(mandate: Mandate, landlord: Landlord, door: FakeDoor, time: FakeClock) -> Write:
    """Sent, and the answer was lost; HMRC can be asked now."""
    write = put(landlord, time)
    door.will(UNKNOWN)
    assert ring(write).status == WriteStatus.UNKNOWN
    time.advance(seconds=5)
    return write


def put(landlord: Landlord, time: FakeClock, *, amount: str = "10") -> Write:
    return businesses.submit_annual(
        by=KEY,
        landlord_id=landlord.pk,
        business_id=BUSINESS,
        tax_year="2026-27",
        given={"allowances": {"otherCapitalAllowance": amount}},
        fraud_context_id=None,
        now=time.now,
    )


def ring(write: Write) -> Write:
    writing.run(write_id=write.pk)
    return again(write)


def sent(door: FakeDoor) -> list[str]:
    """The amounts that went to HMRC."""
    puts = [call for call in door.asked if call.what == "property_business.put_uk_annual"]
    return [str(call.body["ukProperty"]["allowances"]["otherCapitalAllowance"]) for call in puts]


class TestOrder:
    def test_one_that_never_arrived_is_not_sent_after_a_newer(
        self, doubtful: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = put(landlord, time, amount="20")
        assert ring(newer).status == WriteStatus.QUEUED  # it waits for the older
        door.will(NOTHING_THERE, DONE)

        assert ring(doubtful).status == WriteStatus.QUEUED
        settled = ring(doubtful)

        assert (settled.status, due_at("write", doubtful.pk)) == (WriteStatus.SUPERSEDED, None)
        assert ring(newer).status == WriteStatus.ACCEPTED
        assert ring(doubtful).status == WriteStatus.SUPERSEDED
        assert sent(door) == ["10.00", "20.00"]

    def test_one_that_never_arrived_goes_again_where_the_newer_was_refused(
        self, doubtful: Write, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        newer = put(landlord, time, amount="20")
        Write.objects.filter(pk=newer.pk).update(status=WriteStatus.REJECTED)
        door.will(NOTHING_THERE, DONE)

        ring(doubtful)

        assert ring(doubtful).status == WriteStatus.ACCEPTED

    def test_a_sender_that_stood_still_after_its_claim_has_no_time_left_to_send(
        self, mandate: Mandate, landlord: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write, left = put(landlord, time), []

        def waits_for_a_slot(*_: Any, timeout_s: float, **__: Any) -> Answer:
            left.append(timeout_s)
            return NOT_SENT

        moments = iter([0.0, SEND_WITHIN_S + 1])
        monkeypatch.setattr(writing, "monotonic", lambda: next(moments))
        monkeypatch.setattr(calling, "call", waits_for_a_slot)

        assert ring(write).status == WriteStatus.QUEUED
        assert left == [0.0]

    def test_a_sender_that_stood_still_settles_nothing_that_another_took_over(
        self, mandate: Mandate, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        write = put(landlord, time)

        def another_looks() -> None:
            abandon(write)
            ring(write)

        door.will(meanwhile(another_looks, DONE), NOTHING_THERE)

        assert ring(write).status == WriteStatus.UNKNOWN


class TestLeave:
    def test_without_a_mandate_nothing_is_queued(self, business: Business, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(MandateMissing):
            put(landlord, time)

        assert not Write.objects.exists()

    def test_after_it_was_taken_back_nothing_is_queued(
        self, mandate: Mandate, landlord: Landlord, time: FakeClock
    ) -> None:
        revoke(mandate, time)

        with pytest.raises(MandateRevoked):
            put(landlord, time)

    def test_what_is_in_doubt_when_it_is_taken_back_is_not_sent_again(
        self, doubtful: Write, mandate: Mandate, door: FakeDoor, time: FakeClock
    ) -> None:
        revoke(mandate, time)
        door.will(NOTHING_THERE)

        ring(doubtful)
        settled = ring(doubtful)

        assert (settled.status, settled.reason_code) == (WriteStatus.CANCELLED, "mandate.revoked")
        assert sent(door) == ["10.00"]

    def test_what_was_queued_before_mandates_were_asked_for_is_not_sent(
        self, mandate: Mandate, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        write = put(landlord, time)
        Mandate.objects.all().delete()

        settled = ring(write)

        assert (settled.status, settled.reason_code) == (WriteStatus.CANCELLED, "mandate.missing")
        assert sent(door) == []


def revoke(mandate: Mandate, time: FakeClock) -> None:
    mandates.revoke(by=KEY, landlord_id=mandate.landlord_id, mandate_id=mandate.pk, now=time.now)


@pytest.mark.parametrize("answer", [answered({}), NOTHING_THERE])
def test_hmrc_is_believed_to_hold_nothing_when_it_says_so(doubtful: Write, door: FakeDoor, answer: Answer) -> None:
    door.will(answer)

    assert ring(doubtful).status == WriteStatus.QUEUED


def test_a_404_of_another_kind_says_nothing_of_what_hmrc_holds(doubtful: Write, door: FakeDoor) -> None:
    door.will(refused(404, "NOT_FOUND"))

    assert ring(doubtful).status == WriteStatus.UNKNOWN
