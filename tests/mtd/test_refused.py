"""Refusals that are not about what was sent: of the landlord's permission, which parks, and of Quarterday itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hmrc_door.versions import Api
from hmrc_oauth import connections, standstill, verify
from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from mtd import businesses, calculating, calculations, fetching, filing, readings, writing
from mtd.models import Attempt, Business, Calculation, CalculationType, Submission, SubmissionStatus, Write
from people.models import Operation
from tenants import due
from tests.cast import OTHER_NINO
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOTHING_THERE,
    ONE_BUSINESS,
    UNKNOWN,
    FakeClock,
    FakeDoor,
    answered,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, again, connection_of, due_at, events
from tests.hmrc_oauth.test_standstill import IDS, OURS
from tests.mtd.scenes import BUSINESS, mandated, queue, submit_due

DONE = answered(status=204)
WAITING = SubmissionStatus.WAITING_FOR_CONNECTION
NOT_ENROLLED = refused(403, "CLIENT_NOT_MTD_ENROLLED")
SCOPE = refused(403, "INVALID_SCOPE")
MEND = [(NOT_ENROLLED, "not_enrolled"), (SCOPE, "scope")]


def run(submission: Submission, *, times: int = 1) -> Submission:
    for _ in range(times):
        filing.run(submission_id=submission.pk)
    return again(submission)


@pytest.fixture
def submission(grant: Grant, landlord: Landlord) -> Submission:
    return queue(landlord)


@pytest.fixture
def doubtful(submission: Submission, door: FakeDoor) -> Submission:
    door.will(UNKNOWN)
    return run(submission)


def newer(landlord: Landlord, **more: Any) -> Submission:
    return queue(landlord, business_id="XPIS12345678901", **more)


class TestAPermissionThatIsGone:
    @pytest.mark.parametrize(("answer", "reason"), MEND)
    @pytest.mark.parametrize("is_known", [True, False], ids=["sent", "looked at first"])
    def test_parks_what_met_it_and_what_else_is_queued(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, answer: Any, reason: str, is_known: bool
    ) -> None:
        submission, other = queue(landlord, is_known=is_known), newer(landlord)
        door.will(answer)

        parked = [run(each).status for each in (submission, other)]

        assert (parked, submit_due(submission), submit_due(other)) == ([WAITING, WAITING], None, None)
        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_authorised", reason)
        assert (len(door.asked), events().count("submission.waiting_for_connection")) == (1, 2)

    def test_is_mended_by_a_check_and_everything_goes(
        self, submission: Submission, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(NOT_ENROLLED, ONE_BUSINESS, DONE)
        run(submission)

        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        verify.run(grant_id=grant.pk)
        fetching.after_connect(landlord_id=landlord.pk, now=time.now)

        assert run(submission).status == SubmissionStatus.ACCEPTED

    def test_leaves_a_doubt_a_doubt_that_is_read_back_when_it_is_mended(
        self, doubtful: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        door.will(NOT_AUTHORISED)

        assert run(doubtful, times=2).status == SubmissionStatus.UNKNOWN

        assert connection_of(landlord).reason_code == "nino_mismatch"
        assert submit_due(doubtful) > time.now + timedelta(days=6)
        Connection.objects.update(state="active")
        fetching.after_connect(landlord_id=landlord.pk, now=time.now)
        door.will(NOTHING_THERE, DONE)
        assert run(doubtful, times=2).status == SubmissionStatus.ACCEPTED

    def test_parks_nothing_where_another_grant_serves_already(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        from tests.hmrc_oauth.scenes import connect

        def reconnect() -> Any:
            connect(landlord, name="newer")
            return SCOPE

        door.will(reconnect, DONE)

        assert run(submission).status == SubmissionStatus.QUEUED
        assert run(submission).status == SubmissionStatus.ACCEPTED


class TestANinoThatDoesNotMatch:
    def test_rejects_what_met_it_and_parks_the_rest_until_it_is_corrected(
        self, submission: Submission, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        other = newer(landlord)
        door.will(NOT_AUTHORISED, ONE_BUSINESS, DONE)

        rejected = run(submission)
        assert (rejected.status, rejected.reason_code) == (SubmissionStatus.REJECTED, "hmrc.nino_mismatch")
        assert (rejected.hmrc_status, rejected.hmrc_code) == (403, "CLIENT_OR_AGENT_NOT_AUTHORISED")
        assert run(other).status == WAITING
        connection = connection_of(landlord)
        assert connection.possible_causes == ["nino_mismatch", "wrong_account", "not_enrolled"]

        connections.check(by=KEY, landlord_id=landlord.pk, nino=OTHER_NINO, now=time.now)
        verify.run(grant_id=grant.pk)
        fetching.after_connect(landlord_id=landlord.pk, now=time.now)

        assert run(other).status == SubmissionStatus.ACCEPTED
        assert OTHER_NINO in door.asked[-1].path


class TestAFaultOfOurs:
    @pytest.mark.parametrize("answer", OURS, ids=IDS)
    @pytest.mark.parametrize("is_known", [True, False], ids=["sent", "looked at first"])
    def test_ends_no_submission_and_touches_no_connection(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Any, is_known: bool
    ) -> None:
        submission, told = queue(landlord, is_known=is_known), events()
        door.will(answer)

        waiting = run(submission)

        assert (waiting.status, waiting.lease_ends_at, waiting.sent_at) == (SubmissionStatus.QUEUED, None, None)
        assert submit_due(submission) == time.now + timedelta(minutes=1)
        assert (connection_of(landlord).state, due_at("refresh", grant.pk), events()) == ("active", None, told)
        assert standstill.refused_apis() == [Api.PROPERTY_BUSINESS]

    def test_lets_the_whole_queue_stand_still_but_for_one_try_a_minute(
        self, submission: Submission, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        other = newer(landlord)
        door.will(OURS[0])
        run(submission)

        held = run(other)
        assert (held.status, held.attempts, submit_due(other)) == ("queued", 0, time.now + timedelta(minutes=1))
        time.advance(minutes=1)
        door.will(DONE, DONE)

        assert [run(each).status for each in (other, submission)] == ["accepted", "accepted"]
        assert standstill.refused_apis() == []

    def test_that_lasts_longer_than_any_doubt_may_ends_none(
        self, doubtful: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        for _ in range(8):
            time.advance(days=1)
            Grant.objects.update(access_expires_at=time.now + timedelta(hours=3))
            door.will(OURS[2])
            assert run(doubtful).status == SubmissionStatus.UNKNOWN

        assert Attempt.objects.filter(submission=doubtful, what="read_back", outcome="refused").count() == 8

    def test_is_no_last_word_about_a_doubt(
        self, doubtful: Submission, grant: Grant, door: FakeDoor, time: FakeClock
    ) -> None:
        for answer in [*OURS, refused(400, "RULE_ODD")]:
            time.advance(minutes=2)
            door.will(answer)
            run(doubtful)

        assert again(doubtful).status == SubmissionStatus.UNKNOWN


# Other work


@pytest.fixture
def write(grant: Grant, landlord: Landlord, time: FakeClock) -> Write:
    mandated(landlord)
    Business.objects.create(landlord=landlord, business_id=BUSINESS, type_of_business="uk-property")
    given = {"allowances": {"otherCapitalAllowance": "10"}}
    place: dict[str, Any] = {
        "landlord_id": landlord.pk,
        "business_id": BUSINESS,
        "tax_year": "2026-27",
        "fraud_context_id": None,
    }
    return businesses.submit_annual(by=KEY, given=given, now=time.now, **place)


@pytest.fixture
def calculation(grant: Grant, landlord: Landlord, time: FakeClock) -> Calculation:
    asked: dict[str, Any] = {"tax_year": "2026-27", "kind": CalculationType.IN_YEAR, "fraud_context_id": None}
    return calculations.ask(by=KEY, landlord_id=landlord.pk, now=time.now, **asked)


@pytest.fixture
def reading(grant: Grant, landlord: Landlord, time: FakeClock) -> Operation:
    return readings.ask(landlord_id=landlord.pk, what="businesses", lane=due.Lane.INTERACTIVE, now=time.now)


RUNS: dict[str, tuple[Callable[[Any], None], str, Api]] = {
    "write": (lambda it: writing.run(write_id=it.pk), "write", Api.PROPERTY_BUSINESS),
    "calculation": (lambda it: calculating.run(operation_id=it.pk), "calculate", Api.CALCULATIONS),
    "reading": (lambda it: fetching.run(operation_id=it.pk), "fetch", Api.BUSINESS_DETAILS),
}


@pytest.fixture(params=RUNS)
def work(request: pytest.FixtureRequest) -> tuple[Any, Callable[[Any], None], str, Api]:
    """Each kind of work that is no submission, how it is run, its kind on the list, and the API that it asks."""
    return request.getfixturevalue(request.param), *RUNS[request.param]


class TestOtherWork:
    @pytest.mark.parametrize("answer", OURS, ids=IDS)
    def test_is_not_ended_by_a_fault_of_ours_however_often_it_was_tried(
        self, work: Any, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Any
    ) -> None:
        row, ring, kind, api = work
        type(row).objects.update(attempts=500)
        door.will(answer)

        ring(row)

        assert again(row).status in {"queued", "running"}
        assert due_at(kind, row.pk) == time.now + timedelta(minutes=10)
        assert (connection_of(landlord).state, standstill.refused_apis()) == ("active", [api])

    def test_stands_still_while_its_api_does(self, work: Any, door: FakeDoor, time: FakeClock) -> None:
        row, ring, kind, api = work
        standstill.note(api, OURS[0], now=time.now)

        ring(row)

        assert (door.asked, again(row).status, again(row).attempts) == ([], "queued", 0)
        assert due_at(kind, row.pk) == time.now + timedelta(minutes=1)

    @pytest.mark.parametrize(("answer", "reason"), [*MEND, (NOT_AUTHORISED, "nino_mismatch")])
    def test_tells_the_connection_what_hmrc_says_of_it(
        self, work: Any, landlord: Landlord, door: FakeDoor, answer: Any, reason: str
    ) -> None:
        row, ring, _, _ = work
        door.will(answer)

        ring(row)

        assert (connection_of(landlord).state, connection_of(landlord).reason_code) == ("not_authorised", reason)
        is_parked = isinstance(row, Write) and reason != "nino_mismatch"
        if is_parked:
            assert again(row).status == "waiting_for_connection"
        else:
            assert Operation.objects.get(pk=row.pk).error_code == f"hmrc.{reason}"


def test_a_write_in_doubt_is_kept_in_doubt_by_a_fault_of_ours(write: Write, door: FakeDoor, time: FakeClock) -> None:
    door.will(UNKNOWN, OURS[0])
    writing.run(write_id=write.pk)
    Write.objects.update(attempts=500)

    writing.run(write_id=write.pk)

    assert (again(write).status, due_at("write", write.pk)) == ("unknown", time.now + timedelta(minutes=10))
