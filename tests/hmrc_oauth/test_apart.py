"""One landlord's tokens come and go, and another's do not notice: not a byte of their rows moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import access, connections, refresh
from hmrc_oauth.models import Connection, Grant
from landlords.models import Landlord
from tenants import due
from tenants.models import Due
from tests.hmrc_oauth.fake_door import INVALID_GRANT, UNKNOWN, Answer, FakeClock, FakeDoor, granted, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, connection_of

OTHERS_NINO = "AB123457B"


@pytest.fixture
def other(grant: Grant, time: FakeClock) -> Grant:
    """Somebody else's working grant in the same agency."""
    return connect(a_landlord(nino=OTHERS_NINO, name="Olga Other"), name="other")


def rows_of(grant: Grant) -> list[dict[str, Any]]:
    """All that is stored of somebody's permission, sealed values as they lie there."""
    whose = [Grant.objects.filter(pk=grant.pk), Connection.objects.filter(grant=grant)]
    whose += [Due.objects.filter(subject_id=grant.pk)]
    return [row for rows in whose for row in rows.values()]


def refreshed(answer: Answer) -> Callable[[Grant, FakeDoor], None]:
    def happen(grant: Grant, door: FakeDoor) -> None:
        door.will(answer)
        due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
        refresh.run(grant_id=grant.pk)

    return happen


def disconnected(grant: Grant, door: FakeDoor) -> None:
    connections.disconnect(by=KEY, landlord_id=grant.landlord_id, now=again(grant).access_expires_at)


def refused(grant: Grant, door: FakeDoor) -> None:
    connection = Connection.objects.select_related("grant").get(grant=grant)
    at = grant.access_expires_at - timedelta(minutes=1)
    access.refused(connection, access.Bearer(grant), lane=due.Lane.DEADLINE, now=at)


@pytest.mark.parametrize(
    "happen",
    [refreshed(granted()), refreshed(INVALID_GRANT), refreshed(UNKNOWN), disconnected, refused],
    ids=["refreshed", "ended at HMRC", "in doubt", "disconnected", "refused"],
)
def test_what_becomes_of_one_grant_leaves_anothers_as_it_was(
    stale: Grant,
    other: Grant,
    door: FakeDoor,
    landlord: Landlord,
    time: FakeClock,
    happen: Callable[[Grant, FakeDoor], None],
) -> None:
    mine, others = rows_of(stale), rows_of(other)

    happen(again(stale), door)

    assert rows_of(stale) != mine
    assert rows_of(other) == others
    bearer = access.bearer(Connection.objects.get(grant=other), lane=due.Lane.DEADLINE, now=time.now)
    assert opened(bearer)
    assert connection_of(landlord).grant != other
