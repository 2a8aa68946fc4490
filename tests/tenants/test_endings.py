"""The list of endings: over all agencies, of grants in use."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tenants import endings
from tenants.context import tenant
from tenants.models import Agency, Ending


def noted(agency: Agency, now: datetime, **ahead: float) -> Any:
    grant_id = uuid4()
    with tenant(agency):
        endings.note(grant_id=grant_id, ends_at=now + timedelta(**ahead))
    return grant_id


@pytest.fixture(autouse=True)
def _nothing_else(db: None) -> None:
    Ending.objects.all().delete()


def test_it_counts_over_all_agencies_what_ends_within_so_many_days(alpha: Agency, beta: Agency, now: datetime) -> None:
    noted(alpha, now, hours=3)
    noted(beta, now, days=7)
    noted(alpha, now, days=8)
    noted(beta, now, days=91)

    assert endings.within((1, 7, 30, 90), now=now) == {1: 1, 7: 2, 30: 3, 90: 3}


def test_what_has_ended_or_is_not_used_any_more_is_not_counted(alpha: Agency, now: datetime) -> None:
    noted(alpha, now, hours=-1)
    endings.forget(grant_id=noted(alpha, now, hours=1))

    assert endings.within((1,), now=now) == {1: 0}


def test_a_grant_is_on_it_once(alpha: Agency, now: datetime) -> None:
    grant_id = noted(alpha, now, hours=1)
    with tenant(alpha):
        endings.note(grant_id=grant_id, ends_at=now + timedelta(days=2))

    assert endings.within((1, 7), now=now) == {1: 0, 7: 1}


def test_the_list_is_read_by_its_index(alpha: Agency, now: datetime) -> None:
    where = {"agency_id": alpha.pk}
    Ending.objects.bulk_create(
        [Ending(grant_id=uuid4(), ends_at=now + timedelta(days=100 + place), **where) for place in range(2_000)]
    )
    near = Ending.objects.filter(ends_at__gt=now, ends_at__lte=now + timedelta(days=90))

    assert "Index" in near.explain()
