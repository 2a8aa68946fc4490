"""manage.py tonight, with two agencies on a deadline day."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from landlords import records
from landlords.models import Landlord
from mtd import submissions, tonight
from mtd.deadlines import WaitingOn
from mtd.models import Obligation, Submission
from people.principal import SYSTEM
from tenants import clock, pauses, shares
from tenants.context import tenant
from tenants.due import NEVER
from tenants.ids import new_id
from tenants.models import Agency, Due, PauseScope
from tests.mtd.scenes import BUSINESS, END, START


def _owing(agency: Agency, many: int, *, due_date: date, status: str | None = None) -> None:
    with tenant(agency):
        for number in range(many):
            landlord = records.create(by=SYSTEM, given={"full_name": f"{status} {number}"}, now=clock.now())
            Obligation.objects.create(
                landlord=landlord,
                business_id=BUSINESS,
                type_of_business="uk-property",
                period_start=START,
                period_end=END,
                due_date=due_date,
                status="open",
            )
            if status:
                _submitted(landlord, status, due_date)


def _submitted(landlord: Landlord, status: str, due_date: date) -> None:
    made = Submission(
        landlord=landlord,
        business_id=BUSINESS,
        tax_year="2026-27",
        period_start=START,
        period_end=END,
        digest=b"-",
        declaration={},
        status=status,
        due_date=due_date,
        created_by_kind="system",
        created_by_id=SYSTEM.id,
        created_at=clock.now(),
    )
    made.figures = made.seal("figures", "{}")
    made.save(force_insert=True)
    if status == "queued":
        submissions.queue(made)


@pytest.fixture
def busy(alpha: Agency, beta: Agency) -> date:
    """Alpha has 4 queued, 1 accepted and 2 without a NINO; beta has 1 queued, and one that is due tomorrow."""
    today = clock.today()
    _owing(alpha, 4, due_date=today, status="queued")
    _owing(alpha, 1, due_date=today, status="accepted")
    _owing(alpha, 2, due_date=today)
    _owing(beta, 1, due_date=today, status="queued")
    _owing(beta, 1, due_date=today + timedelta(days=1))
    return today


def test_each_agency_has_its_counts_and_its_end_by_turns(busy: date, alpha: Agency, beta: Agency) -> None:
    began = clock.now()

    first, second = tonight.by_agency(due_date=busy, now=began, per_second=1.0)

    assert (first.agency_id, first.due, first.sent, first.unsent) == (alpha.pk, 7, 1, 6)
    assert (first.counts[WaitingOn.QUARTERDAY], first.counts[WaitingOn.AGENCY]) == (4, 2)
    assert (second.agency_id, second.due, second.unsent) == (beta.pk, 1, 1)
    # Each takes two calls: what HMRC holds is read first.
    assert seconds(second, began) in {3, 4}
    assert tonight.all_done_at([first, second]) == first.done_at == began + timedelta(seconds=10)


def seconds(night: tonight.Night, began: datetime) -> float | None:
    return None if night.done_at is None else (night.done_at - began).total_seconds()


class TestOneSubmission:
    @pytest.fixture
    def today(self, alpha: Agency) -> date:
        today = clock.today()
        _owing(alpha, 1, due_date=today, status="queued")
        return today

    @staticmethod
    def night(alpha: Agency, today: date) -> tuple[datetime, tonight.Night]:
        now = clock.now()
        (found,) = [each for each in tonight.by_agency(due_date=today, now=now, per_second=1.0) if each.due]
        assert found.agency_id == alpha.pk
        return now, found

    def test_takes_as_many_calls_as_are_left_of_it(self, alpha: Agency, today: date) -> None:
        now, found = self.night(alpha, today)
        Due.objects.filter(kind="submit").update(calls=1)
        later, read = self.night(alpha, today)

        assert (seconds(found, now), seconds(read, later)) == (2, 1)

    def test_that_answers_two_obligations_is_one(self, alpha: Agency, today: date) -> None:
        with tenant(alpha):
            first = Obligation.objects.get()
            first.pk, first.period_end = None, END - timedelta(days=1)
            first.save(force_insert=True)

        now, found = self.night(alpha, today)

        assert (found.due, seconds(found, now)) == (2, 2)

    def test_waits_for_what_is_more_urgent(self, alpha: Agency, today: date) -> None:
        Due.objects.bulk_create(
            Due(
                agency_id=alpha.pk,
                kind="fetch",
                subject_id=new_id(),
                lane="interactive",
                due_at=clock.now(),
                is_call=True,
            )
            for _ in range(1000)
        )

        now, found = self.night(alpha, today)

        assert seconds(found, now) == 18  # every ninth turn is the deadline lane's

    def test_waits_for_its_agencys_cap(self, alpha: Agency, today: date) -> None:
        shares.grant(agency_id=alpha.pk, weight=1, cap=0.1, now=clock.now())

        now, found = self.night(alpha, today)

        assert seconds(found, now) == 11

    @pytest.mark.parametrize("scope", [PauseScope.LANE, PauseScope.AGENCY])
    def test_that_is_paused_stands_still(self, alpha: Agency, today: date, scope: PauseScope, capsys: Any) -> None:
        name = "deadline" if scope == PauseScope.LANE else str(alpha.pk)
        pauses.pause(scope=scope, name=name, reason="asked for", now=clock.now())

        _, found = self.night(alpha, today)
        call_command("tonight")

        assert (found.done_at, found.held) == (None, 1)
        assert "1 submissions stand still: paused.\nNothing goes." in capsys.readouterr().out

    def test_that_is_put_off_without_end_stands_still(self, alpha: Agency, today: date) -> None:
        Due.objects.filter(kind="submit").update(due_at=NEVER)

        _, found = self.night(alpha, today)

        assert (found.done_at, found.held) == (None, 1)


def test_the_command_says_which_rate_it_takes(busy: date, capsys: Any) -> None:
    call_command("tonight", json=True)
    need = json.loads(capsys.readouterr().out)["need"]
    call_command("tonight")

    assert (need["calls"], need["due_date"]) == (10, busy.isoformat())
    assert need["rate"] == pytest.approx(10 / need["seconds_left"], abs=0.001)
    assert f"10 calls are due by the end of {busy}" in capsys.readouterr().out


def test_the_command_says_when_all_is_done(busy: date, capsys: Any) -> None:
    call_command("tonight")

    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("8, unsent 7")
    assert said[-1].startswith("All that goes is done by ")


def test_the_command_says_the_same_as_json(busy: date, alpha: Agency, capsys: Any) -> None:
    call_command("tonight", date=(busy + timedelta(days=1)).isoformat(), json=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["agencies"][0]["agency_id"], said["agencies"][0]["due"]) == (str(alpha.pk), 7)
    assert sum(each["due"] for each in said["agencies"]) == 9


def test_before_anything_is_queued_it_says_so(alpha: Agency, capsys: Any) -> None:
    call_command("tonight")

    assert "Nothing goes." in capsys.readouterr().out


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("tonight", date="soon")
