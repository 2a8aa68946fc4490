"""After a restore every grant is doubted, once, and the protocol settles each at the pace."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from itertools import repeat
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from events.models import AuditEvent
from hmrc_oauth import doubting, refresh
from hmrc_oauth.doubting import doubt_grants, places
from hmrc_oauth.models import Grant, GrantStatus, Tokens
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants import doubts, due, installation
from tenants.db import connection
from tenants.models import Adoption, Agency, Doubt
from tests.hmrc_oauth.fake_door import INVALID_GRANT, ONE_BUSINESS, FakeClock, FakeDoor, granted
from tests.hmrc_oauth.scenes import a_landlord, abandon, again, connect, connection_of, due_at, events


def doubt(time: FakeClock, *, before: datetime | None = None, at: Iterator[datetime] | None = None) -> int:
    return doubt_grants(by=SYSTEM, before=before or time.now, at=at or repeat(time.now), now=time.now)


def test_a_working_grant_becomes_uncertain_is_due_and_it_is_said(grant: Grant, time: FakeClock) -> None:
    assert doubt(time) == 1

    assert again(grant).status == GrantStatus.UNCERTAIN
    assert due_at("refresh", grant.pk) == time.now
    assert events()[-1] == "connection.uncertain"
    assert AuditEvent.objects.get(action="grants.doubted").detail == {"count": 1, "before": time.now.isoformat()}


def test_a_refresh_that_was_due_later_is_due_now(grant: Grant, time: FakeClock) -> None:
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.BACKGROUND, at=time.now + timedelta(hours=3))

    doubt(time)

    assert due_at("refresh", grant.pk) == time.now
    assert due.lane_of(kind=due.Kind.REFRESH, subject_id=grant.pk) == due.Lane.TOKEN


@pytest.mark.parametrize("status", [GrantStatus.DEAD, GrantStatus.WIPED])
def test_a_grant_that_is_over_is_left_alone(grant: Grant, time: FakeClock, status: str) -> None:
    Grant.objects.filter(pk=grant.pk).update(status=status, access_token=None, refresh_token=None)

    assert doubt(time) == 0
    assert again(grant).status == status
    assert due_at("refresh", grant.pk) is None


@pytest.mark.parametrize("status", [GrantStatus.REFRESHING, GrantStatus.UNCERTAIN])
def test_what_is_under_way_keeps_its_claim_and_is_on_the_list(grant: Grant, time: FakeClock, status: str) -> None:
    Grant.objects.filter(pk=grant.pk).update(status=status, fence=7, lease_ends_at=time.now)

    assert doubt(time) == 0
    assert (again(grant).status, again(grant).fence) == (status, 7)
    assert due_at("refresh", grant.pk) == time.now


def test_a_token_got_since_is_not_doubted_so_that_it_can_be_done_again(grant: Grant, time: FakeClock) -> None:
    restored = time.now
    other = connect(a_landlord(nino=None))
    assert doubt(time, before=restored) == 1
    Grant.objects.filter(pk=grant.pk).update(status=GrantStatus.ACTIVE, refreshed_at=time.advance(minutes=1))

    assert doubt(time, before=restored) == 0
    assert again(other).status == GrantStatus.ACTIVE


def test_many_are_doubted_batch_by_batch(landlord: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubting, "_BATCH", 2)
    grants = [connect(a_landlord(nino=None)) for _ in range(5)]
    time.advance(hours=1)

    assert doubt(time) == 5

    assert {again(grant).status for grant in grants} == {GrantStatus.UNCERTAIN}
    counts = AuditEvent.objects.filter(action="grants.doubted").order_by("id")
    assert [row.detail["count"] for row in counts] == [2, 2, 1]


def test_all_of_them_are_on_the_list_of_doubts_since_then(grant: Grant, time: FakeClock) -> None:
    other = connect(a_landlord(nino=None))
    began = time.advance(hours=1)

    doubt(time)

    assert dict(Doubt.objects.values_list("grant_id", "since")) == {grant.pk: began, other.pk: began}


def test_a_claim_that_was_abandoned_is_on_the_list_of_doubts_until_it_is_settled(grant: Grant, time: FakeClock) -> None:
    assert grant.claim()
    abandon(grant)
    assert not Doubt.objects.exists()

    assert again(grant).doubt_if_abandoned()

    assert doubts.oldest() == time.now
    time.advance(minutes=5)
    assert doubts.oldest() == time.now - timedelta(minutes=5)
    assert again(grant).commit(tokens=Tokens("a", "r", 14_400), spent=grant.token_version, now=time.now)
    assert doubts.oldest() is None


def test_they_are_due_one_after_the_other_at_the_pace(now: datetime) -> None:
    at = places(now=now, per_second=4)

    assert [next(at) - now for _ in range(3)] == [timedelta(0), timedelta(seconds=0.25), timedelta(seconds=0.5)]


def test_an_access_token_that_still_works_settles_it_and_nothing_is_spent(
    grant: Grant, time: FakeClock, door: FakeDoor
) -> None:
    doubt(time)
    door.will(ONE_BUSINESS)

    refresh.run(grant_id=grant.pk)

    assert (again(grant).status, again(grant).token_version) == (GrantStatus.ACTIVE, grant.token_version)
    assert events()[-1] == "connection.recovered"


def test_a_good_token_brings_the_doubted_grant_back(grant: Grant, time: FakeClock, door: FakeDoor) -> None:
    time.advance(hours=4)
    doubt(time)
    door.will(granted("new"))

    refresh.run(grant_id=grant.pk)

    assert again(grant).status == GrantStatus.ACTIVE
    assert events()[-1] == "connection.recovered"


def test_a_token_that_was_spent_since_the_backup_is_said_to_be_lost(
    grant: Grant, landlord: Landlord, time: FakeClock, door: FakeDoor
) -> None:
    time.advance(hours=4)
    doubt(time)
    door.will(INVALID_GRANT)

    refresh.run(grant_id=grant.pk)

    assert again(grant).status == GrantStatus.DEAD
    assert connection_of(landlord).reason_code == "lost"


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def _one_in_each(self, grant: Grant, beta: Agency) -> None:
        connection.set_tenant(beta)
        connect(a_landlord(nino=None))
        connection.set_schema_to_public()

    @staticmethod
    def run(*given: str) -> dict[str, Any]:
        said = StringIO()
        call_command("doubt_all_grants", *given, stdout=said, stderr=StringIO())
        found: dict[str, Any] = json.loads(said.getvalue())
        return found

    def test_doubts_in_every_agency_and_counts(self, time: FakeClock) -> None:
        time.advance(hours=1)

        assert self.run() == {"before": time.now.isoformat(), "agencies": 2, "grants": 2}
        assert connection.schema_name == "public"

    def test_done_again_with_the_same_moment_doubts_nothing_more(self, time: FakeClock) -> None:
        first = self.run("--before", time.advance(hours=1).isoformat())

        assert (first["grants"], self.run("--before", time.now.isoformat())["grants"]) == (2, 0)

    def test_looks_after_the_restore(self, time: FakeClock) -> None:
        Adoption.objects.update(history="7200000000000000000/00000001")

        self.run()

        assert not installation.was_restored()

    @pytest.mark.parametrize("moment", ["yesterday", "2026-11-22T12:00:00"])
    def test_refuses_a_moment_that_is_none(self, moment: str) -> None:
        with pytest.raises(CommandError):
            self.run("--before", moment)
