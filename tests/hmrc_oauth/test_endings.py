"""A grant is on the public list of endings for as long as a connection works by it."""

import pytest

from hmrc_oauth import connections, refresh, verify
from hmrc_oauth.models import ConnectSession, Grant
from landlords.models import Landlord
from mtd.recovery import rebuild
from tenants.models import Ending
from tests.hmrc_oauth.fake_door import INVALID_GRANT, ONE_BUSINESS, FakeClock, FakeDoor, granted
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, exchanged, issue


def listed() -> dict[object, object]:
    # Of grants that are there: the list is of all agencies, and a test that was killed may have left some.
    mine = Ending.objects.filter(grant_id__in=Grant.objects.values("pk"))
    return dict(mine.values_list("grant_id", "ends_at"))


@pytest.fixture
def used(first: tuple[ConnectSession, Grant], door: FakeDoor, time: FakeClock) -> Grant:
    """A grant that its first read has verified, five hours ago."""
    door.will(ONE_BUSINESS)
    verify.run(grant_id=first[1].pk)
    time.advance(hours=5)
    return again(first[1])


def test_a_grant_is_listed_once_it_serves_its_landlord(first: tuple[ConnectSession, Grant], door: FakeDoor) -> None:
    assert listed() == {}
    door.will(ONE_BUSINESS)

    verify.run(grant_id=first[1].pk)

    assert listed() == {first[1].pk: first[1].ends_at}


def test_a_dead_grant_is_not_listed_until_its_answer_comes_after_all(
    used: Grant, door: FakeDoor, time: FakeClock
) -> None:
    late = again(used)
    assert late.claim()
    claim = refresh._Claim(again(used), doubtful=False, over=time.now, began=0.0)
    refresh._take(claim, INVALID_GRANT, now=time.now)
    assert listed() == {}

    refresh._take(claim, granted(), now=time.now)

    assert listed() == {used.pk: used.ends_at}


def test_a_connection_made_anew_lists_the_new_grant_alone(used: Grant, landlord: Landlord, door: FakeDoor) -> None:
    _, new = exchanged(landlord)
    door.will(ONE_BUSINESS)

    verify.run(grant_id=new.pk)

    assert listed() == {new.pk: new.ends_at}


def test_a_disconnected_landlord_is_not_listed(used: Grant, landlord: Landlord, time: FakeClock) -> None:
    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

    assert listed() == {}


def test_a_list_that_was_lost_is_rebuilt(grant: Grant, time: FakeClock) -> None:
    other = connect(a_landlord(nino=None))
    issue(a_landlord(nino=None))
    Ending.objects.all().delete()

    rebuild(now=time.now)

    assert listed() == {grant.pk: grant.ends_at, other.pk: other.ends_at}
