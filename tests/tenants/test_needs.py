"""The rate that HMRC's days take, from what waits."""

from datetime import date, datetime, timedelta

import pytest

from tenants import clock, needs
from tenants.due import NEVER, Kind
from tenants.ids import new_id
from tenants.models import Agency, Due
from tenants.models.agency import AgencyStatus


def put(agency: Agency, many: int, day: date | None, now: datetime, **more: object) -> None:
    given = {"kind": Kind.SUBMIT, "lane": "deadline", "calls": 2, "due_at": now, "is_call": True, **more}
    Due.objects.bulk_create(Due(agency_id=agency.pk, subject_id=new_id(), deadline=day, **given) for _ in range(many))


@pytest.fixture
def today(db: None, now: datetime) -> date:
    Due.objects.all().delete()
    return now.astimezone(clock.LONDON).date()


def test_it_is_that_of_the_tightest_day_with_all_before_it(alpha: Agency, today: date, now: datetime) -> None:
    put(alpha, 10, today, now)
    put(alpha, 1000, today + timedelta(days=1), now)
    put(alpha, 10, today + timedelta(days=30), now)

    need = needs.greatest(now=now)

    assert need is not None
    left = (clock.end_of(today + timedelta(days=1)) - now).total_seconds()
    assert need == (today + timedelta(days=1), 2020, left)
    assert need.rate == 2020 / left
    assert needs.greatest(now=now, by=today) == (today, 20, (clock.end_of(today) - now).total_seconds())


def test_what_is_late_or_paused_has_to_go_too(alpha: Agency, today: date, now: datetime) -> None:
    put(alpha, 3, today - timedelta(days=40), now)
    put(alpha, 4, today, now, due_at=NEVER)

    need = needs.greatest(now=now)

    assert need is not None
    assert (need.deadline, need.calls) == (today, 14)


def test_just_before_midnight_it_is_not_endless(alpha: Agency, today: date, now: datetime) -> None:
    put(alpha, 30, today, now)

    need = needs.greatest(now=clock.end_of(today) - timedelta(seconds=1))

    assert need is not None
    assert need.rate == 1


def test_there_is_none_where_nothing_has_a_day_or_may_go(alpha: Agency, today: date, now: datetime) -> None:
    put(alpha, 3, None, now)
    put(alpha, 3, today, now)
    Agency.objects.filter(pk=alpha.pk).update(status=AgencyStatus.SUSPENDED)

    assert needs.greatest(now=now) is None
