"""Nothing is filed for a landlord without leave: given, kept as evidence, replaced, and taken back."""

from datetime import timedelta
from typing import Any

import pytest

from events.models import AuditEvent
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import filing, leave, mandates, wording
from mtd.errors import MandateMissing, MandateRevoked
from mtd.models import Mandate, Submission, SubmissionStatus
from people.models import Operation
from people.principal import Principal, PrincipalKind
from tenants.faults import Invalid, NotFound
from tenants.ids import new_id
from tests.hmrc_oauth.fake_door import UNKNOWN, FakeClock, FakeDoor, answered, refused
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, events
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.mtd.scenes import queue, submit_due

STANDING = {"kind": "standing"}


def landlords_own(landlord: Landlord) -> Principal:
    return Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())


def record(landlord: Landlord, time: FakeClock, *, by: Principal = KEY, **given: Any) -> Mandate:
    return mandates.record(by=by, landlord_id=landlord.pk, given={**STANDING, **given}, now=time.now)


def revoke(mandate: Mandate, time: FakeClock, *, by: Principal = KEY) -> None:
    mandates.revoke(by=by, landlord_id=mandate.landlord_id, mandate_id=mandate.pk, now=time.now)


class TestRecording:
    def test_keeps_what_was_said_by_whom_and_when(self, landlord: Landlord, time: FakeClock) -> None:
        given_at = time.now - timedelta(days=3)

        mandate = again(
            record(landlord, time, channel="paper", text_version="ours-3", evidence="f7", given_at=given_at)
        )

        assert (mandate.kind, mandate.channel, mandate.text_version) == ("standing", "paper", "ours-3")
        assert (mandate.evidence, mandate.given_at, mandate.recorded_at) == ("f7", given_at, time.now)
        assert (mandate.recorded_by_kind, mandate.recorded_by_id) == (KEY.kind, KEY.id)
        assert events()[-1] == "mandate.recorded"
        assert AuditEvent.objects.get(action="mandate.recorded").subject_id == mandate.pk

    @pytest.mark.parametrize("kind", ["standing", "per_quarter"])
    def test_takes_the_current_wording_for_what_was_shown(self, landlord: Landlord, time: FakeClock, kind: str) -> None:
        assert record(landlord, time, kind=kind).text_version == wording.mandate(kind).version

    def test_by_the_landlord_is_of_this_moment_and_by_link(self, landlord: Landlord, time: FakeClock) -> None:
        long_ago = time.now - timedelta(days=300)

        mandate = record(landlord, time, by=landlords_own(landlord), given_at=long_ago, channel="paper")

        assert (mandate.given_at, mandate.channel) == (time.now, "link")

    def test_puts_it_in_the_place_of_the_one_before(self, landlord: Landlord, time: FakeClock) -> None:
        first = record(landlord, time)
        time.advance(days=1)
        second = record(landlord, time, kind="per_quarter")

        assert (again(first).ended_how, again(first).ended_at) == ("replaced", time.now)
        assert leave.standing([landlord.pk])[landlord.pk] == (second, None)
        assert mandates.of(landlord_id=landlord.pk) == [second, first]

    def test_of_what_is_to_come_is_refused(self, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(Invalid) as refusal:
            record(landlord, time, given_at=time.now + timedelta(minutes=6))

        assert [fault.pointer for fault in refusal.value.errors] == ["/given_at"]

    def test_for_nobody_is_not_found(self, in_alpha: object, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            mandates.record(by=KEY, landlord_id=new_id(), given=STANDING, now=time.now)


class TestTakingBack:
    @pytest.fixture
    def mandate(self, grant: Grant, landlord: Landlord, time: FakeClock) -> Mandate:
        return record(landlord, time)

    @pytest.mark.parametrize("status", ["queued", "waiting_for_connection", "waiting_for_approval"])
    def test_cancels_what_was_not_sent(
        self, mandate: Mandate, landlord: Landlord, time: FakeClock, status: str
    ) -> None:
        submission = queue(landlord)
        Submission.objects.update(status=status)

        revoke(mandate, time, by=landlords_own(landlord))

        ended, operation = again(submission), Operation.objects.get(pk=submission.pk)
        assert (ended.status, ended.reason_code) == ("cancelled", "mandate.revoked")
        assert (operation.status, operation.error_code, submit_due(submission)) == ("failed", "mandate.revoked", None)
        assert events()[-2:] == ["mandate.revoked", "submission.cancelled"]

    @pytest.mark.parametrize("status", ["sending", "unknown", "accepted"])
    def test_calls_nothing_back(self, mandate: Mandate, landlord: Landlord, time: FakeClock, status: str) -> None:
        submission = queue(landlord)
        Submission.objects.update(status=status)

        revoke(mandate, time)

        assert again(submission).status == status

    def test_leaves_other_landlords_alone(self, mandate: Mandate, time: FakeClock) -> None:
        other = record(a_landlord(nino="AB654321B"), time)

        revoke(mandate, time)

        assert again(other).ended_at is None

    def test_twice_is_once(self, mandate: Mandate, time: FakeClock) -> None:
        revoke(mandate, time)
        time.advance(days=1)
        revoke(mandate, time)

        assert again(mandate).ended_at == time.now - timedelta(days=1)
        assert events().count("mandate.revoked") == 1

    def test_of_another_landlords_is_not_found(self, mandate: Mandate, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            mandates.revoke(by=KEY, landlord_id=new_id(), mandate_id=mandate.pk, now=time.now)

    def test_while_it_is_on_its_way_keeps_it_from_being_sent_again(
        self, mandate: Mandate, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        submission = queue(landlord)
        door.will(UNKNOWN, refused(404, "MATCHING_RESOURCE_NOT_FOUND"))
        filing.run(submission_id=submission.pk)
        revoke(mandate, time)

        for _ in range(2):
            time.advance(minutes=10)
            filing.run(submission_id=submission.pk)

        ended = again(submission)
        assert (ended.status, ended.reason_code) == (SubmissionStatus.CANCELLED, "mandate.revoked")


class TestFilingBy:
    def test_the_mandate_on_record_needs_none_with_it(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        mandate = record(landlord, time)

        assert queue(landlord, mandate=None).mandate == mandate.shown()

    def test_none_is_refused(self, grant: Grant, landlord: Landlord) -> None:
        with pytest.raises(MandateMissing) as refusal:
            queue(landlord, mandate=None)

        assert [fault.pointer for fault in refusal.value.errors] == ["/mandate"]

    def test_one_that_comes_with_it_never_replaces_the_one_on_record(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        record(landlord, time, kind="per_quarter", by=landlords_own(landlord))

        assert queue(landlord, mandate=STANDING).status == SubmissionStatus.WAITING_FOR_APPROVAL
        assert Mandate.objects.count() == 1

    def test_a_refused_submissions_mandate_is_not_recorded(self, grant: Grant, landlord: Landlord) -> None:
        with pytest.raises(Invalid):
            queue(landlord, mandate=STANDING, figures={})

        assert not Mandate.objects.exists()

    @pytest.mark.parametrize("days", [None, -1, 0])
    def test_one_that_may_be_older_than_its_revocation_is_refused(
        self, grant: Grant, landlord: Landlord, time: FakeClock, days: int | None
    ) -> None:
        revoke(record(landlord, time), time)
        given: dict[str, Any] = {} if days is None else {"given_at": time.now + timedelta(days=days)}

        with pytest.raises(MandateRevoked):
            queue(landlord, mandate={**STANDING, **given})
        if given:
            with pytest.raises(MandateRevoked):
                record(landlord, time, **given)

    def test_one_given_after_a_revocation_is_taken(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        revoke(record(landlord, time), time)
        given_at = time.advance(minutes=1)
        time.advance(days=1)

        assert queue(landlord, mandate={**STANDING, "given_at": given_at}).status == SubmissionStatus.QUEUED

    def test_one_that_is_still_to_be_given_is_refused(self, grant: Grant, landlord: Landlord, time: FakeClock) -> None:
        with pytest.raises(Invalid) as refusal:
            queue(landlord, mandate={**STANDING, "given_at": time.now + timedelta(days=1)})

        assert [fault.pointer for fault in refusal.value.errors] == ["/mandate/given_at"]


def test_sent_figures_say_by_which_mandate_they_went(
    grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    submission = queue(landlord)
    record(landlord, time, kind="per_quarter")
    door.will(answered(status=204))

    filing.run(submission_id=submission.pk)

    sent = again(submission)
    assert sent.status == SubmissionStatus.ACCEPTED
    assert sent.mandate is not None
    assert sent.mandate["kind"] == "standing"


def test_two_at_once_leave_one_standing(alpha_committed: Any) -> None:
    from tenants import clock

    with committed(alpha_committed):
        landlord = a_landlord()

        def work() -> Mandate:
            return mandates.record(by=KEY, landlord_id=landlord.pk, given=STANDING, now=clock.now())

        made = at_once(alpha_committed, work, work, work)

        assert [type(each) for each in made] == [Mandate] * 3
        assert Mandate.objects.filter(ended_at=None).count() == 1
