"""manage.py tonight, with two agencies on a deadline day."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from landlords import records
from landlords.models import Landlord
from mtd import tonight
from mtd.deadlines import WaitingOn
from mtd.models import Obligation, Submission
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
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
                _submitted(landlord, status)


def _submitted(landlord: Landlord, status: str) -> None:
    made = Submission(
        landlord=landlord,
        business_id=BUSINESS,
        tax_year="2026-27",
        period_start=START,
        period_end=END,
        digest=b"-",
        declaration={},
        status=status,
        created_by_kind="system",
        created_by_id=SYSTEM.id,
        created_at=clock.now(),
    )
    made.figures = made.seal("figures", "{}")
    made.save(force_insert=True)


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
    began = datetime.combine(busy, datetime.min.time(), tzinfo=clock.LONDON)

    first, second = tonight.by_agency(due_date=busy, now=began, per_second=1.0)

    assert (first.agency_id, first.due, first.sent, first.unsent) == (alpha.pk, 7, 1, 6)
    assert (first.counts[WaitingOn.QUARTERDAY], first.counts[WaitingOn.AGENCY]) == (4, 2)
    assert (second.agency_id, second.due, second.unsent) == (beta.pk, 1, 1)
    assert second.done_at == began + timedelta(seconds=2)
    assert tonight.all_done_at([first, second]) == first.done_at == began + timedelta(seconds=5)


def test_the_command_says_when_all_is_done(busy: date, capsys: Any) -> None:
    call_command("tonight")

    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("8, unsent 7")
    assert said[-1].startswith("All that is queued is done by ")


def test_the_command_says_the_same_as_json(busy: date, alpha: Agency, capsys: Any) -> None:
    call_command("tonight", date=(busy + timedelta(days=1)).isoformat(), json=True)

    said = json.loads(capsys.readouterr().out)
    assert (said["agencies"][0]["agency_id"], said["agencies"][0]["due"]) == (str(alpha.pk), 7)
    assert sum(each["due"] for each in said["agencies"]) == 9


def test_before_anything_is_queued_it_says_so(alpha: Agency, capsys: Any) -> None:
    call_command("tonight")

    assert "Nothing is queued." in capsys.readouterr().out


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("tonight", date="soon")
