"""The list of doubts: over all agencies, each since it began."""

from uuid import uuid4

import pytest

from hmrc_oauth.models import Grant, GrantStatus, Tokens
from hmrc_oauth.models.states import GrantEvent
from mtd.recovery import rebuild
from tenants import doubts
from tenants.context import tenant
from tenants.models import Agency, Doubt
from tenants.models.agency import AgencyStatus
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.fixtures import grant, landlord, time
from tests.hmrc_oauth.scenes import abandon, again

__all__ = ["grant", "landlord", "time"]
NEWER = Tokens("access", "refresh", 14_400)


@pytest.fixture(autouse=True)
def _no_doubt(db: None) -> None:
    Doubt.objects.all().delete()


def test_the_oldest_of_all_active_agencies_is_found(alpha: Agency, beta: Agency, time: FakeClock) -> None:
    assert doubts.oldest() is None
    began = time.now
    for agency in (alpha, beta):
        with tenant(agency):
            doubts.note([uuid4()])
        time.advance(hours=1)

    assert doubts.oldest() == began
    Agency.objects.filter(pk=alpha.pk).update(status=AgencyStatus.SUSPENDED)
    assert doubts.oldest() == began.replace(hour=began.hour + 1)


@pytest.fixture
def doubtful(grant: Grant, time: FakeClock) -> Grant:
    """In doubt since an hour ago, and probed since."""
    assert grant.claim()
    abandon(grant)
    assert grant.doubt_if_abandoned()
    time.advance(hours=1)
    row = again(grant)
    assert row.claim()
    assert again(grant).release(GrantEvent.DOUBTED, fence=again(grant).fence)
    return again(grant)


def test_a_doubt_is_on_it_since_it_began_however_often_it_was_probed(doubtful: Grant, time: FakeClock) -> None:
    row = Doubt.objects.get()

    assert (row.grant_id, row.since) == (doubtful.pk, time.advance(hours=-1))


@pytest.mark.parametrize("event", [GrantEvent.WITNESSED, GrantEvent.DIED])
def test_a_doubt_that_is_settled_is_off_it(doubtful: Grant, event: GrantEvent) -> None:
    assert doubtful.release(event, fence=doubtful.fence)

    assert doubts.oldest() is None


def test_new_tokens_and_a_wipe_settle_it_too(doubtful: Grant, time: FakeClock) -> None:
    assert doubtful.commit(tokens=NEWER, spent=doubtful.token_version, now=time.now)
    assert doubts.oldest() is None

    assert Grant.doubt_all([doubtful.pk]) == 1
    assert doubts.oldest() == time.now
    assert again(doubtful).wipe()
    assert doubts.oldest() is None


def test_what_says_nothing_any_more_leaves_it(doubtful: Grant) -> None:
    assert not doubtful.release(GrantEvent.DIED, fence=doubtful.fence - 1)

    assert Doubt.objects.exists()


def test_a_lost_list_is_rebuilt(doubtful: Grant, time: FakeClock) -> None:
    Doubt.objects.all().delete()

    rebuild(now=time.now)

    assert (Doubt.objects.get().grant_id, again(doubtful).status) == (doubtful.pk, GrantStatus.UNCERTAIN)
