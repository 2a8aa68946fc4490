"""Submissions as the API sees them: what is accepted, kept and queued, and what is refused with everything at once."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from events.models import AuditEvent
from hmrc_oauth.errors import NotConnected
from hmrc_oauth.models import Connection, Grant
from landlords.errors import NinoMissing
from landlords.models import Landlord
from mtd import parked, submissions
from mtd.errors import BusinessUnknown, DeclarationMissing
from mtd.models import Business, Mandate, Reading, Submission, SubmissionStatus
from people.models import Operation
from tenants.faults import Invalid, NotFound
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, events
from tests.mtd.scenes import BUSINESS, queue, submit_due, wanted


class TestAGoodSubmission:
    def test_is_kept_sealed_and_queued(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        submission = queue(landlord, income="1200.5")

        assert submission.status == SubmissionStatus.QUEUED
        assert opened(submission.figures) == '{"income": {"periodAmount": "1200.50"}}'
        assert b"1200" not in bytes(Submission.objects.values_list("figures", flat=True)[0])
        assert submit_due(submission) == time.now

    def test_has_an_operation_of_its_own_id_an_event_and_an_audit_row(self, grant: Grant, landlord: Landlord) -> None:
        submission = queue(landlord)

        assert Operation.objects.get(pk=submission.pk).status == "queued"
        assert events()[-1] == "submission.queued"
        audited = AuditEvent.objects.get(action="submission.queued")
        assert (audited.actor_id, audited.detail) == (KEY.id, {"digest": submission.digest.hex()})

    def test_waits_for_a_reconnect_if_the_grant_is_dead(self, grant: Grant, landlord: Landlord) -> None:
        Connection.objects.filter(landlord=landlord).update(state="reconnect_required")

        assert queue(landlord).status == SubmissionStatus.QUEUED

    def test_puts_the_mandate_that_it_came_with_on_record(self, grant: Grant, landlord: Landlord) -> None:
        mandate = queue(landlord, mandate={"kind": "standing"}).mandate

        assert mandate == Mandate.objects.get(landlord=landlord).shown()

    def test_is_for_a_business_that_hmrc_has_listed(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)
        Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="uk-property")

        assert queue(landlord).business_id == BUSINESS


class TestARefusal:
    def test_names_every_fault_at_once_and_keeps_nothing(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        bad: dict[str, Any] = {
            "business_id": "no",
            "tax_year": "2026-28",
            "period_end": date(2026, 1, 1),
            "figures": {"income": {"periodAmount": "0.001"}, "unheardOf": "1.00"},
        }

        with pytest.raises(Invalid) as refusal:
            queue(landlord, **bad)

        pointers = [fault.pointer for fault in refusal.value.errors]
        assert pointers == [
            "/figures/income/periodAmount",
            "/figures/unheardOf",
            "/business_id",
            "/tax_year",
            "/period_end",
        ]
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("declaration", [{}, {"accepted": False}, {"accepted": None}])
    def test_is_given_without_the_declaration(
        self, grant: Grant, landlord: Landlord, declaration: dict[str, Any]
    ) -> None:
        with pytest.raises(DeclarationMissing):
            queue(landlord, declaration=declaration)

    def test_is_given_where_nobody_ever_connected(self, landlord: Landlord) -> None:
        with pytest.raises(NotConnected):
            queue(landlord)

    def test_is_given_without_a_nino(self, in_alpha: object, time: FakeClock) -> None:
        landlord = a_landlord(nino=None)
        connect(landlord)

        with pytest.raises(NinoMissing):
            queue(landlord)

    def test_is_given_for_a_business_that_hmrc_has_not_listed(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)

        with pytest.raises(BusinessUnknown):
            queue(landlord)

    def test_is_given_for_a_landlord_nobody_knows(self, in_alpha: object, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            submissions.accept(by=KEY, wanted=wanted(uuid4()), now=time.now)


class TestLookingForOne:
    def test_finds_it(self, grant: Grant, landlord: Landlord) -> None:
        submission = queue(landlord)

        assert submissions.get(submission_id=submission.pk) == submission

    def test_that_nobody_knows_is_not_found(self, in_alpha: object) -> None:
        with pytest.raises(NotFound):
            submissions.get(submission_id=uuid4())


def test_what_waited_for_a_connection_goes_by_itself_oldest_first(
    grant: Grant, landlord: Landlord, time: FakeClock
) -> None:
    waiting = [queue(landlord, tax_year="2025-26"), queue(landlord)]
    Submission.objects.update(status=SubmissionStatus.WAITING_FOR_CONNECTION)
    settled = queue(landlord, business_id="XAIS00000000002")
    Submission.objects.filter(pk=settled.pk).update(status=SubmissionStatus.REJECTED)
    time.advance(hours=1)

    many = parked.resume(landlord_id=landlord.pk, now=time.now)

    assert many == 2
    assert [again(each).status for each in waiting] == [SubmissionStatus.QUEUED] * 2
    assert {submit_due(each) for each in waiting} == {time.now}
    assert again(settled).status == SubmissionStatus.REJECTED
