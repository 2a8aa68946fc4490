"""Thousands of submissions at once: each row is judged as if it had come alone, and nothing is lost, doubled or half
done.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from events.models import AuditEvent
from hmrc_oauth.errors import FraudContextRequired
from hmrc_oauth.models import Grant
from landlords import records
from landlords.models import Landlord
from mtd import batches, filing, intake, mandates, recovery, submissions
from mtd.batches import Asked, BatchStatus, Look, Row
from mtd.errors import BatchCancelled, DeclarationMissing, WholeBusinessNotDeclared
from mtd.models import Batch, BatchPart, BatchRow, Mandate, Obligation, Submission, SubmissionStatus
from people.models import Operation
from tenants import clock, due
from tenants.faults import Fault, FieldFault, NotFound
from tenants.models import Due
from tests.asking import asked_afresh
from tests.hmrc_oauth.fake_door import FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, due_at, events
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.mtd.scenes import BUSINESS, DECLARED, END, START, given, queue, submit_due, wanted


def create(*rows: dict[str, Any] | Row, **more: Any) -> Batch:
    """A batch that nobody took in yet."""
    numbered = [row if isinstance(row, Row) else Row(number, row) for number, row in enumerate(rows, start=1)]
    asked = Asked(**{"rows": numbered, "declaration": DECLARED, "fraud_context_id": None, **more})
    return batches.create(by=KEY, asked=asked, now=clock.now())


def taken(*rows: dict[str, Any] | Row, **more: Any) -> Batch:
    batch = create(*rows, **more)
    intake.run(batch_id=batch.pk)
    return again(batch)


def look(batch: Batch) -> Look:
    return batches.look([again(batch)])[0]


def faults(batch: Batch, number: int) -> list[dict[str, str]]:
    row = BatchRow.objects.get(batch=batch, number=number)
    assert row.faults is not None
    with row.faults.open(reason="test") as said:
        return list(json.loads(said))


def of(batch: Batch) -> list[Submission]:
    return list(Submission.objects.filter(batch_row__batch=batch).order_by("batch_row__number"))


@pytest.fixture
def many(grant: Grant, landlord: Landlord) -> Sequence[Landlord]:
    """Three who are connected, the landlord first."""
    others = [a_landlord(nino=nino, name=nino) for nino in ("AB654321B", "AB654322C")]
    for other in others:
        connect(other, name=other.full_name)
    return [landlord, *others]


class TestABatch:
    def test_queues_its_rows_as_if_each_had_come_alone(self, many: Sequence[Landlord], time: FakeClock) -> None:
        alone = submissions.accept(by=KEY, wanted=wanted(many[0].pk), now=time.now)

        batch = taken(*map(given, many))

        kept = of(batch)
        assert [each.landlord_id for each in kept] == [each.pk for each in many]
        assert {each.status for each in kept} == {SubmissionStatus.QUEUED}
        assert kept[0].digest == bytes(again(alone).digest)
        assert kept[0].declaration == again(alone).declaration
        assert (kept[0].created_by_id, kept[0].created_at) == (KEY.id, batch.created_at)
        assert [submit_due(each) for each in kept] == [time.now] * 3
        assert {each.status for each in Operation.objects.filter(pk__in=[each.pk for each in kept])} == {"queued"}
        audited = AuditEvent.objects.filter(action="submission.queued", detail__batch=str(batch.pk))
        assert audited.count() == events().count("submission.queued") - 1 == 3

    def test_supersedes_nothing_that_was_asked_for_after_it(
        self, landlord: Landlord, grant: Grant, time: FakeClock
    ) -> None:
        batch = create(given(landlord, mandate={"kind": "per_quarter"}))
        time.advance(seconds=30)
        later = submissions.accept(
            by=KEY, wanted=wanted(landlord.pk, income="1300.00", mandate={"kind": "per_quarter"}), now=time.now
        )

        intake.run(batch_id=batch.pk)

        (older,) = of(batch)
        assert again(later).status == SubmissionStatus.WAITING_FOR_APPROVAL
        assert (older.status, older.settled_at) == (SubmissionStatus.SUPERSEDED, batch.created_at)
        assert Operation.objects.get(pk=older.pk).status == "succeeded"

    def test_supersedes_what_waits_for_an_approval_since_before_it(
        self, landlord: Landlord, grant: Grant, time: FakeClock
    ) -> None:
        earlier = submissions.accept(
            by=KEY, wanted=wanted(landlord.pk, income="1300.00", mandate={"kind": "per_quarter"}), now=time.now
        )
        time.advance(seconds=30)

        (newer,) = of(taken(given(landlord, mandate=None)))

        assert (again(earlier).status, newer.status) == (
            SubmissionStatus.SUPERSEDED,
            SubmissionStatus.WAITING_FOR_APPROVAL,
        )

    def test_says_how_far_it_is(self, many: Sequence[Landlord]) -> None:
        batch = create(*map(given, many))
        assert (look(batch).status, look(batch).progress, due_at("batch", batch.pk)) == ("accepting", 0, clock.now())

        intake.run(batch_id=batch.pk)

        seen = look(batch)
        assert (seen.status, seen.accepted, seen.refused, dict(seen.counts)) == ("sending", 3, 0, {"queued": 3})
        assert (Operation.objects.get(pk=batch.pk).status, due_at("batch", batch.pk)) == ("succeeded", None)
        Submission.objects.update(status=SubmissionStatus.ACCEPTED)
        assert (look(batch).status, look(batch).progress) == (BatchStatus.DONE, 1)

    def test_keeps_its_rows_sealed_until_they_are_taken_in_and_no_longer(self, many: Sequence[Landlord]) -> None:
        batch = create(given(many[0], figures={"income": {"periodAmount": "7654.32"}}))
        assert b"7654" not in bytes(BatchPart.objects.values_list("rows", flat=True)[0])

        intake.run(batch_id=batch.pk)

        assert not BatchPart.objects.exists()

    def test_names_landlords_by_reference_as_well(self, many: Sequence[Landlord]) -> None:
        row = given(many[1], reference=many[1].reference)
        del row["landlord_id"]

        assert [each.landlord_id for each in of(taken(row))] == [many[1].pk]

    @pytest.mark.parametrize("on_record", [True, False], ids=["mandates_on_record", "mandates_inline"])
    def test_asks_the_database_the_same_for_one_row_as_for_many(
        self, many: Sequence[Landlord], on_record: bool
    ) -> None:
        for each in many if on_record else ():
            mandates.record(by=KEY, landlord_id=each.pk, given={"kind": "standing"}, now=clock.now())
        first, *others = (given(each, mandate={"kind": "standing"}) for each in many)
        one, more = create(first), create(*others)

        with asked_afresh() as for_one:
            intake.run(batch_id=one.pk)
        with asked_afresh() as for_more:
            intake.run(batch_id=more.pk)

        assert len(for_one) == len(for_more)
        assert Mandate.objects.filter(ended_at=None).count() == len(many)

    def test_a_mandate_that_another_puts_on_record_meanwhile_is_the_one_that_is_gone_by(
        self, alpha_committed: Any
    ) -> None:
        with committed(alpha_committed):
            landlord = a_landlord()
            connect(landlord)
            batches = [create(given(landlord, mandate={"kind": kind})) for kind in ("standing", "per_quarter")]

            at_once(alpha_committed, *(partial(intake.run, batch_id=batch.pk) for batch in batches))

            (mandate,) = Mandate.objects.all()
            kept = {each.mandate["id"] for each in Submission.objects.all() if each.mandate}
            assert kept == {str(mandate.pk)}
            assert Submission.objects.count() == len(batches)
            Batch.objects.all().delete()  # they would keep their submissions from being tidied away

    @pytest.mark.parametrize(("days", "lane"), [(7, "deadline"), (8, "bulk"), (-30, "deadline")])
    def test_puts_what_is_due_soon_before_the_rest(
        self, many: Sequence[Landlord], time: FakeClock, days: int, lane: str
    ) -> None:
        Obligation.objects.create(
            landlord=many[0],
            business_id=BUSINESS,
            type_of_business="uk-property",
            period_start=START,
            period_end=END,
            due_date=time.now.date() + timedelta(days=days),
            status="open",
        )

        (submission,) = of(taken(given(many[0])))

        assert due.lane_of(kind=due.Kind.SUBMIT, subject_id=submission.pk) == lane

    def test_lets_what_a_landlord_approves_each_quarter_wait_for_that(self, many: Sequence[Landlord]) -> None:
        (submission,) = of(taken(given(many[0], mandate={"kind": "per_quarter"})))

        assert (submission.status, submit_due(submission)) == ("waiting_for_approval", None)

    @pytest.mark.parametrize(
        ("declaration", "fault"),
        [({"accepted": False}, DeclarationMissing), ({"accepted": True}, WholeBusinessNotDeclared)],
    )
    def test_is_refused_whole_without_the_declaration(
        self, many: Sequence[Landlord], declaration: Any, fault: type[Exception]
    ) -> None:
        with pytest.raises(fault):
            create(given(many[0]), declaration=declaration)

        assert not Batch.objects.exists()

    def test_is_refused_whole_where_hmrc_wants_to_know_whose_click_it_was(
        self, many: Sequence[Landlord], settings: Any
    ) -> None:
        settings.HMRC = replace(settings.HMRC, name="sandbox")

        with pytest.raises(FraudContextRequired):
            create(given(many[0]))

    def test_of_an_unknown_id_is_not_found(self, in_alpha: object) -> None:
        with pytest.raises(NotFound):
            batches.get(batch_id=uuid4())


class TestAFaultyRow:
    def test_is_refused_with_all_its_faults_and_the_others_go(self, many: Sequence[Landlord]) -> None:
        bad = given(many[0], figures={"income": {"periodAmount": "0.001"}, "unheardOf": "1.00"}, tax_year="2026-28")

        batch = taken(bad, given(many[1]))

        assert [each["pointer"] for each in faults(batch, 1)] == [
            "/figures/income/periodAmount",
            "/figures/unheardOf",
            "/tax_year",
        ]
        assert [each.landlord_id for each in of(batch)] == [many[1].pk]
        assert dict(look(batch).counts) == {"refused": 1, "queued": 1}
        assert (look(batch).accepted, look(batch).refused) == (1, 1)

    def test_has_the_faults_that_the_same_submission_has_alone(self, many: Sequence[Landlord]) -> None:
        bad: dict[str, Any] = {
            "figures": {"income": {"periodAmount": "-1.00"}},
            "period_end": START - timedelta(days=1),
        }
        with pytest.raises(Fault) as alone:
            queue(many[0], **bad)

        batch = taken(given(many[0], **bad))

        assert faults(batch, 1) == [vars(fault) for fault in alone.value.errors]

    def test_whose_shape_was_refused_keeps_that_reason(self, many: Sequence[Landlord]) -> None:
        shape = FieldFault("/figures\0", "required", "This field is required.")

        batch = taken(Row(1, {}, [shape]), Row(2, given(many[0])))

        assert faults(batch, 1) == [vars(shape)]
        assert len(of(batch)) == 1

    @pytest.mark.parametrize(("name", "value"), [("landlord_id", UUID(int=1)), ("reference", "nobody")])
    def test_for_a_landlord_nobody_knows_says_which_name_was_wrong(
        self, many: Sequence[Landlord], name: str, value: Any
    ) -> None:
        row = {**given(many[0]), name: value}
        if name == "reference":
            del row["landlord_id"]

        assert [(each["pointer"], each["code"]) for each in faults(taken(row, given(many[1])), 1)] == [
            (f"/{name}", "not_found")
        ]

    def test_for_what_an_earlier_row_has_is_a_duplicate(
        self, many: Sequence[Landlord], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "PART", 2)  # within a part, and across parts
        again_ = [given(many[0], figures={"income": {"periodAmount": str(amount)}}) for amount in (1, 2, 3)]

        batch = taken(*again_)

        assert [each["code"] for number in (2, 3) for each in faults(batch, number)] == ["duplicate_row"] * 2
        assert "Row 1" in faults(batch, 3)[0]["detail"]
        assert len(of(batch)) == 1

    def test_is_no_duplicate_of_a_row_that_was_refused(self, many: Sequence[Landlord]) -> None:
        batch = taken(given(many[0], figures={}), given(many[0]))

        assert [row.number for row in batch.rows.exclude(submission=None)] == [2]


class TestTakingIn:
    def test_goes_on_after_a_crash_with_the_next_part_and_doubles_nothing(
        self, many: Sequence[Landlord], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "PART", 1)
        batch = create(*map(given, many))
        report, calls = intake._report, []

        def dies_at_the_second(*args: Any) -> None:
            calls.append(args)
            if len(calls) == 2:
                raise KeyboardInterrupt
            report(*args)

        monkeypatch.setattr(intake, "_report", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            intake.run(batch_id=batch.pk)
        assert (look(batch).status, again(batch).taken, len(of(batch))) == ("accepting", 1, 1)
        assert due_at("batch", batch.pk) is not None

        intake.run(batch_id=batch.pk)

        assert [each.landlord_id for each in of(batch)] == [each.pk for each in many]
        assert look(batch).accepted == 3

    def test_does_nothing_the_second_time(self, many: Sequence[Landlord]) -> None:
        batch = taken(given(many[0]))

        intake.run(batch_id=batch.pk)

        assert len(of(batch)) == 1

    def test_of_a_batch_nobody_knows_is_nothing_to_do(self, in_alpha: object, time: FakeClock) -> None:
        nobody = uuid4()
        due.put(kind=due.Kind.BATCH, subject_id=nobody, lane=due.Lane.BULK)

        intake.run(batch_id=nobody)

        assert due_at("batch", nobody) is None

    def test_does_not_overtake_what_was_asked_for_after_the_batch(
        self, many: Sequence[Landlord], time: FakeClock
    ) -> None:
        batch = create(given(many[0]))
        time.advance(seconds=5)
        newer = queue(many[0], income="1.00")

        intake.run(batch_id=batch.pk)
        (older,) = of(batch)
        filing.run(submission_id=older.pk)

        assert (again(older).status, again(newer).status) == ("superseded", "queued")

    def test_is_put_back_on_a_list_that_was_lost(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch, cancelled = create(given(many[0])), taken(given(many[1]))
        batches.cancel(by=KEY, batch_id=cancelled.pk, now=time.now)
        Due.objects.all().delete()

        recovery.rebuild(now=time.now)

        assert due_at("batch", batch.pk) == due_at("batch", cancelled.pk) == time.now


class TestAPause:
    def test_keeps_what_waits_from_being_sent_until_it_is_over(
        self, many: Sequence[Landlord], time: FakeClock, door: FakeDoor
    ) -> None:
        batch = taken(given(many[0]))
        (submission,) = of(batch)

        batches.pause(by=KEY, batch_id=batch.pk, reason="wrong quarter?", now=time.now)
        assert submit_due(submission) == due.NEVER
        due.put(kind=due.Kind.SUBMIT, subject_id=submission.pk, lane=due.Lane.BULK)  # whoever else puts it back
        filing.run(submission_id=submission.pk)

        assert (again(submission).status, submit_due(submission)) == ("queued", due.NEVER)
        assert (look(batch).status, dict(look(batch).counts)) == ("paused", {"paused": 1})
        batches.resume(by=KEY, batch_id=batch.pk, now=time.now)
        assert (submit_due(submission), look(batch).status) == (time.now, "sending")
        assert events()[-2:] == ["submission_batch.paused", "submission_batch.resumed"]
        assert AuditEvent.objects.get(action="submission_batch.paused").detail == {"reason": "wrong quarter?"}

    def test_holds_rows_that_are_taken_in_meanwhile(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = create(given(many[0]))
        batches.pause(by=KEY, batch_id=batch.pk, reason="wait", now=time.now)

        intake.run(batch_id=batch.pk)

        assert [submit_due(each) for each in of(batch)] == [due.NEVER]

    @pytest.mark.parametrize("status", [SubmissionStatus.SENDING, SubmissionStatus.UNKNOWN])
    def test_leaves_what_is_on_its_way_alone(
        self, many: Sequence[Landlord], time: FakeClock, status: SubmissionStatus
    ) -> None:
        batch = taken(given(many[0]))
        Submission.objects.update(status=status)

        batches.pause(by=KEY, batch_id=batch.pk, reason="wait", now=time.now)

        assert [submit_due(each) for each in of(batch)] == [time.now]
        assert look(batch).under_way == 1
        assert not intake.holds(Submission.objects.select_related("batch_row__batch").get(), now=time.now)

    def test_that_was_over_a_moment_ago_holds_nothing(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = taken(given(many[0]))
        batches.pause(by=KEY, batch_id=batch.pk, reason="wait", now=time.now)
        seen_paused = Submission.objects.select_related("batch_row__batch").get()
        batches.resume(by=KEY, batch_id=batch.pk, now=time.now)

        assert not intake.holds(seen_paused, now=time.now)
        assert submit_due(seen_paused) == time.now

    def test_that_there_was_not_is_over_without_a_word(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = taken(given(many[0]))

        batches.resume(by=KEY, batch_id=batch.pk, now=time.now)

        assert "submission_batch.resumed" not in events()


class TestCancelling:
    def test_cancels_what_waits_and_says_what_goes_on(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = taken(*map(given, many))
        first = of(batch)[0]
        Submission.objects.filter(pk=first.pk).update(status=SubmissionStatus.SENDING)

        batches.cancel(by=KEY, batch_id=batch.pk, now=time.now)
        intake.run(batch_id=batch.pk)

        assert [each.status for each in of(batch)] == ["sending", "cancelled", "cancelled"]
        assert [each.reason_code for each in of(batch)] == ["", "batch.cancelled", "batch.cancelled"]
        assert (look(batch).status, look(batch).under_way, look(batch).progress) == ("cancelled", 1, 2 / 3)
        assert due_at("batch", batch.pk) is None

    def test_before_it_was_taken_in_leaves_nothing_to_do(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = create(given(many[0]))

        batches.cancel(by=KEY, batch_id=batch.pk, now=time.now)
        intake.run(batch_id=batch.pk)

        assert (of(batch), look(batch).progress) == ([], 1)
        operation = Operation.objects.get(pk=batch.pk)
        assert (operation.status, operation.error_code) == ("failed", "batch.cancelled")

    def test_reaches_what_comes_back_from_its_way(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = taken(given(many[0]))
        (submission,) = of(batch)
        Submission.objects.update(status=SubmissionStatus.SENDING)
        batches.cancel(by=KEY, batch_id=batch.pk, now=time.now)
        intake.run(batch_id=batch.pk)
        Submission.objects.update(status=SubmissionStatus.QUEUED)  # HMRC did not take it

        filing.run(submission_id=submission.pk)

        assert (again(submission).status, submit_due(submission)) == ("cancelled", None)

    def test_is_for_good(self, many: Sequence[Landlord], time: FakeClock) -> None:
        batch = taken(given(many[0]))
        batches.cancel(by=KEY, batch_id=batch.pk, now=time.now)

        for again_ in (batches.cancel, batches.resume):
            with pytest.raises(BatchCancelled):
                again_(by=KEY, batch_id=batch.pk, now=time.now)

    def test_of_a_batch_nobody_knows_is_not_found(self, in_alpha: object, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            batches.cancel(by=KEY, batch_id=uuid4(), now=time.now)


def test_a_landlord_who_was_archived_meanwhile_is_nobody(many: Sequence[Landlord], time: FakeClock) -> None:
    batch = create(given(many[1]), given(many[2]))
    records.archive(by=KEY, landlord_id=many[1].pk, now=time.now)

    intake.run(batch_id=batch.pk)

    assert [each["code"] for each in faults(batch, 1)] == ["not_found"]
    assert len(of(batch)) == 1
