"""A context from the click to the call: whose it is, how long it may be used, what it must hold, when it is wiped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hmrc_oauth import connections, errors, fraud_contexts, verify
from hmrc_oauth.fraud_contexts import Captured
from hmrc_oauth.models import ConnectSession, Grant
from landlords.models import Landlord
from mtd import fetching, filing, readings, retention
from mtd.models import Submission, SubmissionStatus
from people.models import FraudContext, Operation
from people.principal import Principal
from tenants import due
from tenants.context import tenant
from tenants.faults import Fault, NotFound
from tenants.models import Agency
from tests.fraud import CLIENT_IP, FACTS, VENDOR
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    UNKNOWN,
    FakeClock,
    FakeDoor,
    answered,
)
from tests.hmrc_oauth.scenes import KEY, OTHER_KEY, a_landlord, again, begun, exchanged
from tests.mtd.scenes import queue

DONE = answered(status=204)
AGENT = FACTS["user_agent"]
Capture = Callable[..., Captured]


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.VENDOR = VENDOR


@pytest.fixture
def strict(settings: Any) -> None:
    """HMRC's own sandbox: the law holds there as it does in production."""
    settings.HMRC = replace(settings.HMRC, name="sandbox")


@pytest.fixture
def capture(landlord: Landlord, time: FakeClock) -> Capture:
    """A person acts."""

    def captured(by: Principal = KEY, landlord_id: UUID | None = None, **more: Any) -> Captured:
        facts = {**FACTS, **more}
        return fraud_contexts.capture(
            by=by,
            facts=facts,  # type: ignore[arg-type]
            sender=CLIENT_IP,
            landlord_id=landlord_id,
            now=time.now,
        )

    return captured


def sent_by(door: FakeDoor) -> list[tuple[str, str]]:
    """Each call, and as whose it went to HMRC."""
    return [(asked.what.partition(".")[2], method_of(asked.headers)) for asked in door.asked]


def method_of(headers: Any) -> str:
    return str(headers.get("Gov-Client-Connection-Method", "none"))


WEB, BATCH = "WEB_APP_VIA_SERVER", "BATCH_PROCESS_DIRECT"


class TestAttaching:
    @pytest.fixture
    def attach(self, landlord: Landlord, time: FakeClock) -> Callable[..., UUID | None]:
        def attached(context_id: UUID | None, by: Principal = KEY) -> UUID | None:
            return fraud_contexts.attach(by=by, context_id=context_id, landlord_id=landlord.pk, now=time.now)

        return attached

    @pytest.mark.usefixtures("strict")
    def test_is_open_to_a_whole_one_of_ones_own_for_an_hour(
        self, attach: Any, capture: Capture, time: FakeClock
    ) -> None:
        context = capture().context
        assert context.missing == []
        time.advance(minutes=59, seconds=59)

        assert attach(context.pk) == context.pk

        time.advance(seconds=1)
        with pytest.raises(errors.FraudContextExpired):
            attach(context.pk)

    def test_needs_none_in_local_and_takes_half_a_one(self, attach: Any, capture: Capture) -> None:
        half = capture(timezone="null").context.pk

        assert attach(None) is None
        assert attach(half) == half

    @pytest.mark.usefixtures("strict")
    def test_needs_one_elsewhere(self, attach: Any) -> None:
        with pytest.raises(errors.FraudContextRequired):
            attach(None)

    @pytest.mark.usefixtures("strict")
    def test_needs_a_whole_one_elsewhere_and_says_how_to_mend_it(self, attach: Any, capture: Capture) -> None:
        half = capture(timezone="null", public_port=443).context.pk

        with pytest.raises(errors.FraudContextIncomplete) as refusal:
            attach(half)

        assert [(fault.pointer, fault.code) for fault in refusal.value.errors] == [
            ("/fraud_context_id/Gov-Client-Public-Port", "invalid"),
            ("/fraud_context_id/Gov-Client-Timezone", "invalid"),
        ]
        assert all(fault.detail.startswith("What was collected is ") for fault in refusal.value.errors)

    @pytest.mark.usefixtures("strict")
    def test_heeds_what_hmrc_has_agreed_to_since(self, attach: Any, capture: Capture, settings: Any) -> None:
        half = capture(timezone="null").context.pk
        settings.VENDOR = replace(VENDOR, agreed=VENDOR.agreed | {"Gov-Client-Timezone"})

        assert attach(half) == half

    def test_is_refused_for_anothers_or_for_nobodys(self, attach: Any, capture: Capture) -> None:
        for context_id in (capture(by=OTHER_KEY).context.pk, uuid4()):
            with pytest.raises(errors.FraudContextUnknown):
                attach(context_id)

    def test_is_refused_for_one_of_another_agency(
        self, attach: Any, capture: Capture, alpha: Agency, beta: Agency, time: FakeClock
    ) -> None:
        with tenant(beta):
            foreign = fraud_contexts.capture(by=KEY, facts=FACTS, sender=None, landlord_id=None, now=time.now)

        with pytest.raises(errors.FraudContextUnknown):
            attach(foreign.context.pk)

    def test_is_refused_for_one_that_is_for_another_landlord(
        self, attach: Any, capture: Capture, landlord: Landlord
    ) -> None:
        ours = capture(landlord_id=landlord.pk).context.pk
        theirs = capture(landlord_id=a_landlord(nino=None).pk).context.pk

        assert attach(ours) == ours
        with pytest.raises(errors.FraudContextUnknown):
            attach(theirs)

    def test_of_a_landlord_nobody_knows_is_not_even_captured(self, capture: Capture) -> None:
        with pytest.raises(NotFound):
            capture(landlord_id=uuid4())
        assert not FraudContext.objects.exists()


@pytest.mark.usefixtures("strict")
class TestWhatIsRefusedWithoutOne:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda landlord, time: queue(landlord),
            lambda landlord, time: begun(landlord),
            lambda landlord, time: connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now),
            lambda landlord, time: readings.read(
                by=KEY, landlord_id=landlord.pk, what="obligations", refresh=True, now=time.now
            ),
        ],
        ids=["submission", "authorize", "check", "read"],
    )
    def test_is_whatever_a_person_asks_of_hmrc(
        self, ask: Any, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        with pytest.raises(Fault) as refusal:
            ask(landlord, time)

        assert refusal.value.code == "fraud_context.required"
        assert [table.objects.count() for table in (Submission, ConnectSession, Operation)] == [0, 0, 0]

    def test_is_not_a_token_refresh_which_carries_no_such_headers(
        self, grant: Grant, landlord: Landlord, time: FakeClock
    ) -> None:
        assert connections.refresh(landlord_id=landlord.pk, now=time.now).status == "queued"


class TestASubmission:
    def test_carries_the_clicks_headers_however_late_it_is_sent(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, capture: Capture, time: FakeClock, settings: Any
    ) -> None:
        submission = queue(landlord, fraud_context_id=capture().context.pk)
        clicked_at = FACTS["public_ip_timestamp"]
        settings.VENDOR = replace(VENDOR, product_name="Renamed", public_ip="192.0.2.1")
        time.advance(hours=2)
        retention.tidy(now=time.now)
        door.will(NOT_SENT, DONE)

        filing.run(submission_id=submission.pk)
        filing.run(submission_id=submission.pk)

        first, second = (asked.headers for asked in door.asked)
        assert first == second
        assert first["Gov-Client-Browser-JS-User-Agent"] == AGENT
        assert first["Gov-Client-Public-IP-Timestamp"] == clicked_at
        assert (first["Gov-Vendor-Product-Name"], first["Gov-Vendor-Public-IP"]) == ("Quarterday", "203.0.113.6")

    def test_is_read_back_by_us_and_sent_again_by_the_person(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, capture: Capture
    ) -> None:
        submission = queue(landlord, fraud_context_id=capture().context.pk)
        door.will(UNKNOWN, NOTHING_THERE, DONE)

        for _ in range(3):
            filing.run(submission_id=submission.pk)

        assert sent_by(door) == [("put_uk_cumulative", WEB), ("get_uk_cumulative", BATCH), ("put_uk_cumulative", WEB)]

    def test_without_a_context_claims_nobodys(self, grant: Grant, landlord: Landlord, door: FakeDoor) -> None:
        submission = queue(landlord)
        door.will(DONE)

        filing.run(submission_id=submission.pk)

        assert sent_by(door) == [("put_uk_cumulative", "none")]

    def test_whose_context_is_gone_claims_nobodys(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, capture: Capture
    ) -> None:
        submission = queue(landlord, fraud_context_id=capture().context.pk)
        FraudContext.objects.update(headers=None)
        door.will(DONE)

        filing.run(submission_id=submission.pk)

        assert sent_by(door) == [("put_uk_cumulative", "none")]


class TestAReading:
    def test_that_a_person_wants_is_asked_for_as_theirs(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, capture: Capture, time: FakeClock
    ) -> None:
        asked = readings.read(
            by=KEY,
            landlord_id=landlord.pk,
            what="businesses",
            refresh=True,
            now=time.now,
            fraud_context_id=capture().context.pk,
        )
        assert isinstance(asked, Operation)
        door.will(ONE_BUSINESS)

        fetching.run(operation_id=asked.pk)

        assert sent_by(door) == [("list_businesses", WEB)]

    @pytest.mark.parametrize(("lane", "method"), [(due.Lane.BULK, BATCH), (due.Lane.INTERACTIVE, "none")])
    def test_without_a_context_is_ours_only_if_nobody_waits(
        self, lane: due.Lane, method: str, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        operation = readings.ask(landlord_id=landlord.pk, what="businesses", lane=lane, now=time.now)
        door.will(ONE_BUSINESS)

        fetching.run(operation_id=operation.pk)

        assert sent_by(door) == [("list_businesses", method)]

    def test_of_ours_becomes_theirs_who_join_it(
        self, grant: Grant, landlord: Landlord, capture: Capture, time: FakeClock
    ) -> None:
        ask: Any = {"landlord_id": landlord.pk, "what": "businesses", "now": time.now}
        mine, other = capture().context.pk, capture().context.pk
        ours = readings.ask(**ask, lane=due.Lane.BULK)

        for context_id in (mine, other):
            assert readings.ask(**ask, lane=due.Lane.INTERACTIVE, fraud_context_id=context_id).pk == ours.pk

        assert again(ours).fraud_context_id == mine


class TestTheFirstRead:
    def test_is_asked_for_as_whoever_set_out_to_connect(
        self, landlord: Landlord, door: FakeDoor, capture: Capture
    ) -> None:
        _, grant = exchanged(landlord, fraud_context_id=capture().context.pk)
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert sent_by(door) == [("list_businesses", WEB)]

    def test_repeated_is_asked_for_as_whoever_asks_again(
        self, landlord: Landlord, door: FakeDoor, capture: Capture, time: FakeClock
    ) -> None:
        _, grant = exchanged(landlord)
        door.will(NOT_AUTHORISED, ONE_BUSINESS)
        verify.run(grant_id=grant.pk)
        connections.check(
            by=KEY, landlord_id=landlord.pk, nino=None, now=time.now, fraud_context_id=capture().context.pk
        )

        verify.run(grant_id=grant.pk)

        assert sent_by(door) == [("list_businesses", "none"), ("list_businesses", WEB)]

    def test_that_nobody_waits_for_is_ours(self, grant: Grant, door: FakeDoor) -> None:
        door.will(ONE_BUSINESS)

        verify.run(grant_id=grant.pk)

        assert sent_by(door) == [("list_businesses", BATCH)]


class TestTheHeaders:
    def test_are_opened_when_they_are_sent_and_not_before(self, capture: Capture) -> None:
        context = capture().context
        headers = fraud_contexts.of_person(context.pk)
        FraudContext.objects.update(headers=None)

        assert repr(headers) == "Headers()"
        assert dict(headers) == {}  # opened only now

    def test_are_a_mapping_like_any_other(self, capture: Capture) -> None:
        headers = fraud_contexts.of_person(capture().context.pk)

        assert len(headers) == len(list(headers)) == len({**headers}) == 14
        assert headers["Gov-Client-Public-IP"] == CLIENT_IP

    def test_of_the_host_are_those_of_a_batch(self) -> None:
        headers = fraud_contexts.of_host()

        assert method_of(headers) == BATCH
        assert AGENT not in headers.values()


class TestWiping:
    """Nothing personal stays behind: what was never used after an hour, what was used once the work is done."""

    def kept(self) -> set[UUID]:
        return set(FraudContext.objects.filter(headers__isnull=False).values_list("pk", flat=True))

    def test_takes_what_nothing_under_way_needs_and_leaves_the_rest(
        self, grant: Grant, landlord: Landlord, capture: Capture, time: FakeClock
    ) -> None:
        capture()  # and never used
        filed, done, read, was_read, connecting, denied = (capture().context.pk for _ in range(6))
        queue(landlord, fraud_context_id=filed)
        settled = queue(landlord, fraud_context_id=done, tax_year="2025-26")
        Submission.objects.filter(pk=settled.pk).update(status=SubmissionStatus.ACCEPTED)
        ask: Any = {"landlord_id": landlord.pk, "lane": due.Lane.BULK, "now": time.now}
        readings.ask(**ask, what="businesses", fraud_context_id=read)
        readings.ask(**ask, what="obligations", fraud_context_id=was_read).succeed(now=time.now)
        begun(landlord, fraud_context_id=connecting)
        over = begun(landlord, fraud_context_id=denied).session
        connections.receive_denial(session_id=over.pk, hmrc_error="", now=time.now)
        time.advance(hours=2, seconds=1)
        fresh = capture().context.pk

        retention.tidy(now=time.now)

        assert self.kept() == {filed, read, connecting, fresh}
        attached = {filed, done, read, was_read, connecting, denied}
        assert set(FraudContext.objects.values_list("pk", flat=True)) == {*attached, fresh}

    def test_leaves_what_may_still_be_attached(self, capture: Capture, time: FakeClock) -> None:
        context = capture().context.pk
        time.advance(minutes=60)

        retention.tidy(now=time.now)

        assert self.kept() == {context}

    def test_waits_as_long_as_a_submission_waits(
        self, grant: Grant, landlord: Landlord, capture: Capture, time: FakeClock
    ) -> None:
        context = capture().context.pk
        submission = queue(landlord, fraud_context_id=context)
        Submission.objects.update(status=SubmissionStatus.WAITING_FOR_CONNECTION)
        time.advance(days=40)
        retention.tidy(now=time.now)
        before = self.kept()

        Submission.objects.filter(pk=submission.pk).update(status=SubmissionStatus.ACCEPTED)
        retention.tidy(now=time.now + timedelta(days=1))

        assert (before, self.kept()) == ({context}, set())


def test_an_operator_may_not_take_what_another_landlord_left(capture: Capture, landlord: Landlord) -> None:
    context = capture().context.pk
    FraudContext.objects.filter(pk=context).update(landlord_id=landlord.pk)

    assert fraud_contexts.kept(context_id=context, landlord_id=landlord.pk) == context
    for context_id, landlord_id in ((context, uuid4()), (uuid4(), landlord.pk)):
        with pytest.raises(errors.FraudContextUnknown):
            fraud_contexts.kept(context_id=context_id, landlord_id=landlord_id)
