"""Submissions as the API sees them: what is accepted, kept and queued, and what is refused with everything at once."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from events.models import AuditEvent
from hmrc_oauth.errors import NotConnected
from hmrc_oauth.models import Connection, Grant
from landlords.errors import NinoMissing
from landlords.models import Landlord
from mtd import parked, submissions, wording
from mtd.errors import BusinessUnknown, DeclarationMissing, WholeBusinessNotDeclared
from mtd.models import Business, Mandate, Reading, Submission, SubmissionStatus
from people.models import Operation
from tenants.faults import Fault, Invalid, NotFound
from tests.hmrc_oauth.fake_door import FakeClock, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, events
from tests.mtd.scenes import BUSINESS, queue, submit_due, wanted

DECLARED = {"accepted": True, "covers_whole_business": True}


def pointers(refusal: pytest.ExceptionInfo[Fault]) -> list[str]:
    return [fault.pointer for fault in refusal.value.errors]


class TestAGoodSubmission:
    def test_is_kept_sealed_and_queued(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        submission = queue(landlord, income="1200.5")

        assert submission.status == SubmissionStatus.QUEUED
        assert opened(submission.figures) == '{"income": {"periodAmount": "1200.50"}}'
        assert b"1200" not in bytes(Submission.objects.values_list("figures", flat=True)[0] or b"1200")
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

    def test_keeps_who_agreed_to_which_words_when_and_how(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        said = {**DECLARED, "text_version": "ours-7", "name": "Sam Clerk", "channel": "phone"}

        assert queue(landlord, declaration={**said, "at": time.now}).declaration == {**said, "at": time.now.isoformat()}

    def test_without_a_version_was_made_on_the_current_wording_here_and_now(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        assert queue(landlord).declaration == {
            **DECLARED,
            "text_version": wording.UPDATE.version,
            "name": "",
            "channel": "api",
            "at": time.now.isoformat(),
        }

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

        assert pointers(refusal) == [
            "/figures/income/periodAmount",
            "/figures/unheardOf",
            "/business_id",
            "/tax_year",
            "/period_end",
        ]
        assert not Submission.objects.exists()

    @pytest.mark.parametrize("accepted", [{}, {"accepted": False}, {"accepted": None}])
    def test_is_given_without_the_declaration(self, grant: Grant, landlord: Landlord, accepted: dict[str, Any]) -> None:
        with pytest.raises(DeclarationMissing) as refusal:
            queue(landlord, declaration={"covers_whole_business": True, **accepted})

        assert pointers(refusal) == ["/declaration/accepted"]

    @pytest.mark.parametrize("whole", [{}, {"covers_whole_business": False}])
    def test_is_given_unless_the_whole_business_is_covered(
        self, grant: Grant, landlord: Landlord, whole: dict[str, Any]
    ) -> None:
        with pytest.raises(WholeBusinessNotDeclared) as refusal:
            queue(landlord, declaration={"accepted": True, **whole})

        assert pointers(refusal) == ["/declaration/covers_whole_business"]

    def test_is_given_for_a_declaration_that_is_still_to_be_made(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            queue(landlord, declaration={**DECLARED, "at": time.now + timedelta(hours=1)})

        assert pointers(refusal) == ["/declaration/at"]

    def test_names_what_is_wrong_with_the_landlord_beside_the_fields(self, in_alpha: object, time: FakeClock) -> None:
        with pytest.raises(Invalid) as refusal:
            queue(a_landlord(nino=None), figures={}, mandate=None, declaration={})

        assert [(fault.pointer, fault.code) for fault in refusal.value.errors] == [
            ("/figures", "rule_incorrect_or_empty_body_submitted"),
            ("/declaration/accepted", "submission.declaration_missing"),
            ("/declaration/covers_whole_business", "submission.whole_business_not_declared"),
            ("/landlord_id", "hmrc.nino_missing"),
            ("/landlord_id", "hmrc.not_connected"),
            ("/mandate", "mandate.missing"),
        ]

    def test_has_the_code_of_what_alone_is_wrong_with_the_landlord(self, in_alpha: object, time: FakeClock) -> None:
        with pytest.raises(NinoMissing) as refusal:
            queue(a_landlord(nino=None))

        assert [fault.code for fault in refusal.value.errors] == ["hmrc.nino_missing", "hmrc.not_connected"]

    def test_is_given_for_consolidated_expenses_above_the_threshold(self, grant: Grant, landlord: Landlord) -> None:
        with pytest.raises(Invalid) as refusal:
            queue(landlord, figures={"income": {"periodAmount": 90001}, "expenses": {"consolidatedExpenses": 1}})

        assert pointers(refusal) == ["/figures/expenses/consolidatedExpenses"]

    def test_is_given_for_what_hmrc_tells_of_the_business(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        Reading.objects.create(landlord=landlord, what="businesses", fetched_at=time.now)
        Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="self-employment")

        with pytest.raises(Invalid) as refusal:
            queue(landlord, period_start=date(2026, 7, 6), period_end=date(2026, 10, 5))

        assert pointers(refusal) == ["/business_id", "/period_start"]

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
