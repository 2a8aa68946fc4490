"""GET /deadlines: what is due, whom it waits for, and pages and filters that agree with what each row says."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hmrc_oauth.models import Connection, ConnectionState
from landlords import records
from landlords.models import Landlord
from mtd.deadlines import CAUSES, Risk, WaitingOn
from mtd.models import Obligation, Submission, SubmissionStatus, Write
from people.principal import SYSTEM
from tenants import clock, due
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Backlog
from tests.api.callers import Caller, problem
from tests.api.world import BUSINESS, connect

QUARTER = {"period_start": date(2026, 4, 6), "period_end": date(2026, 7, 5)}
_numbers = count(1)


def _owe(landlord: Landlord, due_date: date, *, status: str = "open", **more: Any) -> Obligation:
    given = {"business_id": BUSINESS, "type_of_business": "uk-property", "status": status, **QUARTER, **more}
    return Obligation.objects.create(landlord=landlord, due_date=due_date, **given)


def _landlord(now: datetime, *, nino: str | None = "given") -> Landlord:
    # Eight characters tell people apart: a NINO of HMRC's pattern for each.
    number = next(_numbers)
    given = {"nino": f"AA{number:06}A"} if nino else {}
    return records.create(by=SYSTEM, given={"full_name": f"Number {number}", **given}, now=now)


@pytest.fixture
def rows(machine: Caller) -> Callable[..., list[dict[str, Any]]]:
    def get(query: str = "") -> list[dict[str, Any]]:
        answer = machine.get(f"deadlines?limit=100&{query}")
        assert answer.status_code == 200, answer.content
        return list(answer.json()["results"])

    return get


@pytest.fixture
def submitted(alpha: Agency, now: datetime) -> Submission:
    """The first quarter's figures of a landlord who is connected."""
    with tenant(alpha):
        landlord = _landlord(now)
        connect(landlord, now=now)
        made = Submission(
            landlord=landlord,
            business_id=BUSINESS,
            tax_year="2026-27",
            **QUARTER,
            digest=b"-",
            declaration={},
            created_by_kind="system",
            created_by_id=SYSTEM.id,
            created_at=now,
        )
        made.figures = made.seal("figures", "{}")
        made.save(force_insert=True)
        due.put(kind=due.Kind.SUBMIT, subject_id=made.pk, lane=due.Lane.DEADLINE)
        return made


@pytest.fixture
def owed(alpha: Agency, submitted: Submission) -> Obligation:
    """The quarter that they cover."""
    with tenant(alpha):
        return _owe(submitted.landlord, date(2026, 8, 7))


_BY_STATUS = [
    ("queued", "queued", "quarterday"),
    ("sending", "queued", "quarterday"),
    ("unknown", "in_doubt", "hmrc"),
    ("waiting_for_connection", "waiting_for_connection", "landlord"),
    ("waiting_for_approval", "waiting_for_approval", "landlord"),
    ("stopped", "stopped", "agency"),
    ("rejected", "rejected", "agency"),
]


@pytest.mark.parametrize(("status", "cause", "waiting_on"), _BY_STATUS)
def test_what_became_of_the_figures_says_whom_it_waits_for(
    rows: Any, owed: Obligation, alpha: Agency, submitted: Submission, status: str, cause: str, waiting_on: str
) -> None:
    with tenant(alpha):
        Submission.objects.update(status=status, reason_code="hmrc.other" if status == "rejected" else "")

    [row] = rows()

    assert (row["cause"], row["waiting_on"], row["submission_status"]) == (cause, waiting_on, status)
    assert row["submission_id"] == str(submitted.pk)
    assert row["reason_code"] == ("hmrc.other" if status == "rejected" else "")
    assert (row["estimated_start_at"] is not None) is (cause == "queued")
    assert ids(rows(f"waiting_on={waiting_on}")) == ids(rows(f"risk={row['risk']}")) == [row["id"]]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in found]


class TestWhatIsQueuedAndDoesNotGoInTime:
    @pytest.fixture
    def crowded(self, alpha: Agency, owed: Obligation, submitted: Submission, now: datetime) -> Landlord:
        """Due in three days, with millions of calls before it; another landlord's is due tomorrow."""
        day = clock.today() + timedelta(days=3)
        with tenant(alpha):
            Obligation.objects.update(due_date=day)
            due.put(kind=due.Kind.SUBMIT, subject_id=submitted.pk, lane=due.Lane.DEADLINE, deadline=day)
            other = _landlord(now)
            _owe(other, clock.today() + timedelta(days=1))
        lines = [
            ["deadline", str(new_id()), 3_000_000, -3_000_000.0, False, 1, True],
            ["deadline", str(alpha.pk), 2, 0.0, False, 1, True],
        ]
        Backlog.objects.update_or_create(
            pk=1, defaults={"taken_at": clock.now(), "lines": lines, "served": 0, "rate": 3.0}
        )
        return other

    def test_is_critical_and_comes_first(self, rows: Any, crowded: Landlord, submitted: Submission) -> None:
        first, second = rows()

        assert (first["fits"], first["risk"], first["submission_id"]) == (False, "critical", str(submitted.pk))
        assert second["landlord"]["id"] == str(crowded.pk)

    @pytest.mark.parametrize("risk", list(Risk))
    def test_is_found_by_that_risk_and_no_other(self, rows: Any, crowded: Landlord, risk: Risk) -> None:
        every = rows("include_accepted=true")

        assert ids(rows(f"risk={risk}")) == ids([row for row in every if row["risk"] == risk])

    def test_comes_first_on_pages_too(self, machine: Caller, rows: Any, crowded: Landlord) -> None:
        first = machine.get("deadlines?limit=1").json()
        second = machine.get(f"deadlines?limit=1&cursor={first['next']}").json()

        assert ids(first["results"] + second["results"]) == ids(rows())
        assert second["next"] is None


def test_a_page_asks_as_little_for_many_as_for_one(
    machine: Caller, rows: Any, alpha: Agency, owed: Obligation, submitted: Submission, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            rows()
        return len(asked)

    rows()
    for_one = queries()
    with tenant(alpha):
        for _ in range(20):
            landlord = _landlord(now)
            connect(landlord, now=now)
            _owe(landlord, date(2026, 8, 7))
            submitted.pk, submitted.landlord = new_id(), landlord
            submitted.figures = submitted.seal("figures", "{}")
            submitted.save(force_insert=True)
            due.put(kind=due.Kind.SUBMIT, subject_id=submitted.pk, lane=due.Lane.DEADLINE)

    assert queries() == for_one
    assert {row["estimated_start_at"] is not None for row in rows()} == {True}


def test_every_status_of_a_submission_has_a_cause(rows: Any, owed: Obligation, alpha: Agency) -> None:
    seen = {}
    for status in SubmissionStatus.values:
        with tenant(alpha):
            Submission.objects.update(status=status)
        seen[status] = rows("include_accepted=true")[0]["cause"]

    assert set(seen.values()) <= CAUSES.keys()


def test_what_hmrc_has_taken_is_left_out_unless_asked_for(rows: Any, owed: Obligation, alpha: Agency) -> None:
    with tenant(alpha):
        Submission.objects.update(status=SubmissionStatus.ACCEPTED)

    assert rows() == []
    assert [row["waiting_on"] for row in rows("include_accepted=true")] == ["nobody"]


def test_a_quarter_that_hmrc_calls_fulfilled_is_not_due(rows: Any, owed: Obligation, alpha: Agency) -> None:
    with tenant(alpha):
        Obligation.objects.update(status="fulfilled")

    assert rows("include_accepted=true") == []


def test_figures_of_the_first_quarter_do_not_answer_for_the_second(
    rows: Any, alpha: Agency, submitted: Submission
) -> None:
    with tenant(alpha):
        _owe(submitted.landlord, date(2026, 11, 7), period_start=date(2026, 7, 6), period_end=date(2026, 10, 5))
        Submission.objects.update(status=SubmissionStatus.ACCEPTED)

    assert [row["cause"] for row in rows()] == ["figures_missing"]


def test_figures_of_the_second_quarter_answer_for_the_first(rows: Any, owed: Obligation, alpha: Agency) -> None:
    with tenant(alpha):
        Submission.objects.update(status=SubmissionStatus.ACCEPTED, period_end=date(2026, 10, 5))

    assert rows() == []


def test_without_figures_the_first_obstacle_is_named(rows: Any, alpha: Agency, now: datetime) -> None:
    with tenant(alpha):
        unknown, unconnected, connected, ended = (_landlord(now, nino=None), *(_landlord(now) for _ in range(3)))
        for landlord in (connected, ended):
            connect(landlord, now=now)
        Connection.objects.filter(landlord=ended).update(
            state=ConnectionState.RECONNECT_REQUIRED, reason_code="refused"
        )
        for landlord in (unknown, unconnected, connected, ended):
            _owe(landlord, date(2026, 8, 7))

    causes = {row["landlord"]["id"]: (row["cause"], row["reason_code"]) for row in rows()}

    assert causes == {
        str(unknown.pk): ("nino_missing", ""),
        str(unconnected.pk): ("not_connected", ""),
        str(connected.pk): ("figures_missing", ""),
        str(ended.pk): ("reconnect_required", "refused"),
    }


def test_an_archived_landlord_owes_nothing_here(rows: Any, alpha: Agency, now: datetime) -> None:
    with tenant(alpha):
        _owe(_landlord(now), date(2026, 8, 7))
        Landlord.objects.update(archived_at=now)

    assert rows() == []


@pytest.fixture
def many(alpha: Agency, now: datetime) -> None:
    """Unconnected and connected landlords, due from long ago till far ahead."""
    with tenant(alpha):
        for days in (-30, -1, 0, 1, 2, 5, 8, 15, 20, 21, 60):
            for connected in (False, True):
                landlord = _landlord(now)
                if connected:
                    connect(landlord, now=now)
                _owe(landlord, clock.today() + timedelta(days=days))


@pytest.mark.parametrize("risk", list(Risk))
def test_the_filter_of_a_risk_gives_exactly_the_rows_that_say_so(rows: Any, many: None, risk: Risk) -> None:
    every = rows("include_accepted=true")

    assert rows(f"risk={risk}") == [row for row in every if row["risk"] == risk]


@pytest.mark.parametrize("who", list(WaitingOn))
def test_the_filter_of_whom_it_waits_for_gives_exactly_those(rows: Any, many: None, who: WaitingOn) -> None:
    assert rows(f"waiting_on={who}") == [row for row in rows() if row["waiting_on"] == who]


def test_all_levels_of_risk_occur_in_that_test(rows: Any, many: None) -> None:
    assert {row["risk"] for row in rows()} == {"late", "critical", "high", "low"}


def test_pages_go_from_the_soonest_to_the_latest_and_miss_none(machine: Caller, rows: Any, many: None) -> None:
    seen, path = [], "deadlines?limit=5"
    while path:
        page = machine.get(path).json()
        seen += page["results"]
        path = page["next"] and f"deadlines?limit=5&cursor={page['next']}"

    assert seen == rows()
    assert [row["due_date"] for row in seen] == sorted(row["due_date"] for row in seen)


def test_the_summary_counts_what_the_rows_say(machine: Caller, rows: Any, many: None) -> None:
    counted = machine.get("deadlines/summary").json()["results"]

    every = rows("include_accepted=true")
    assert {(each["due_date"], each["waiting_on"]): each["count"] for each in counted} == {
        (day, who): len([row for row in every if (row["due_date"], row["waiting_on"]) == (day, who)])
        for day, who in {(row["due_date"], row["waiting_on"]) for row in every}
    }


def test_the_summary_counts_the_risks_that_the_rows_say(machine: Caller, rows: Any, many: None) -> None:
    counted = machine.get("deadlines/summary").json()["results"]

    by_row = Counter((row["due_date"], row["waiting_on"], row["risk"]) for row in rows("include_accepted=true"))
    assert by_row == {
        (each["due_date"], each["waiting_on"], risk): count for each in counted for risk, count in each["risks"].items()
    }
    assert all(sum(each["risks"].values()) == each["count"] for each in counted)


@pytest.mark.parametrize(
    "query", ["due_before=soon", "due_before=2026-02-31", "risk=awful", "waiting_on=fate", "landlord_id=1"]
)
def test_a_filter_that_means_nothing_is_said(machine: Caller, alpha: Agency, query: str) -> None:
    assert problem(machine.get(f"deadlines?{query}")) == (422, "request.invalid")


_DECLARATIONS = [
    ("queued", "queued", "quarterday"),
    ("sending", "queued", "quarterday"),
    ("unknown", "in_doubt", "hmrc"),
    ("waiting_for_connection", "waiting_for_connection", "landlord"),
    ("rejected", "declaration_missing", "agency"),
]


class TestFinalDeclarations:
    @pytest.fixture
    def final(self, alpha: Agency, submitted: Submission) -> Obligation:
        """The year's declaration is due, and nobody has made it."""
        year: dict[str, Any] = {"period_start": date(2026, 4, 6), "period_end": date(2027, 4, 5), "final_of": "2026-27"}
        with tenant(alpha):
            nobodys: dict[str, Any] = {"business_id": "", "type_of_business": ""}
            return _owe(submitted.landlord, date(2028, 1, 31), **{**nobodys, **year})

    @pytest.fixture
    def declared(self, alpha: Agency, final: Obligation, now: datetime) -> Write:
        with tenant(alpha):
            write = Write(landlord=final.landlord, kind="final_declaration", tax_year="2026-27", created_at=now)
            write.created_by_id, write.digest = final.pk, b"d" * 32
            write.content = write.seal("content", "{}")
            write.save(force_insert=True)
        return write

    def test_are_due_beside_the_quarters(self, rows: Any, final: Obligation) -> None:
        (row,) = rows()

        assert (row["cause"], row["waiting_on"], row["due_date"]) == ("declaration_missing", "agency", "2028-01-31")
        assert (row["final_declaration_of"], row["business_id"]) == ("2026-27", "")
        assert rows("waiting_on=agency") == [row]

    @pytest.mark.parametrize(("status", "cause", "waiting_on"), _DECLARATIONS)
    def test_wait_on_whoever_has_to_act(
        self, rows: Any, declared: Write, alpha: Agency, status: str, cause: str, waiting_on: str
    ) -> None:
        with tenant(alpha):
            Write.objects.filter(pk=declared.pk).update(status=status)

        (row,) = rows(f"waiting_on={waiting_on}")

        assert (row["cause"], row["waiting_on"]) == (cause, waiting_on)

    def test_are_over_once_hmrc_took_one(self, rows: Any, declared: Write, alpha: Agency) -> None:
        with tenant(alpha):
            Write.objects.filter(pk=declared.pk).update(status="accepted")

        assert rows() == []

    def test_wait_for_the_landlord_where_there_is_no_connection(
        self, rows: Any, final: Obligation, alpha: Agency
    ) -> None:
        with tenant(alpha):
            Connection.objects.filter(landlord=final.landlord).update(state=ConnectionState.DISCONNECTED)

        assert [row["cause"] for row in rows("waiting_on=landlord")] == ["not_connected"]
