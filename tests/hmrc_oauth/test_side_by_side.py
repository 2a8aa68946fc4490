"""The same with real threads and commits: one claim, one completion, and nobody waits for each other for ever."""

from collections.abc import Iterator
from threading import Event

import pytest
from django.db import connection, transaction

from hmrc_oauth import connections, refresh, verify
from hmrc_oauth.errors import AlreadyCompleted
from hmrc_oauth.models import GrantStatus
from tenants import due
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import INVALID_GRANT, ONE_BUSINESS, FakeClock, FakeDoor, granted, opened
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, connect, connection_of, due_at, exchanged, returned
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.sandbox.runs import wait_until

ROUNDS = 3


@pytest.fixture
def agency(alpha_committed: Agency, time: FakeClock, door: FakeDoor) -> Iterator[Agency]:
    with committed(alpha_committed):
        yield alpha_committed


def test_eight_workers_make_one_claim(agency: Agency) -> None:
    grant = connect(a_landlord())

    claims = at_once(agency, *[again(grant).claim for _ in range(8)])

    assert sorted(claims) == [False] * 7 + [True]
    assert again(grant).fence == grant.fence + 1


def test_eight_bells_spend_one_token(agency: Agency, door: FakeDoor, time: FakeClock) -> None:
    grant = connect(a_landlord())
    time.advance(hours=4)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    door.will(granted())

    ends = at_once(agency, *[lambda: refresh.run(grant_id=grant.pk)] * 8)

    assert (ends, len(door.asked)) == ([None] * 8, 1)
    assert (again(grant).token_version, opened(again(grant).refresh_token)) == (2, "refresh-new")


@pytest.mark.parametrize("look", ["lock", "hold"])
def test_who_waits_for_a_connection_sees_the_grant_that_came_meanwhile(
    agency: Agency, time: FakeClock, look: str
) -> None:
    landlord, changed = a_landlord(), Event()
    connect(landlord)
    connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
    before = connection_of(landlord)

    def reconnect() -> None:
        with transaction.atomic():
            connect(landlord, name="second")
            changed.set()
            wait_until(somebody_waits, within=10)

    def held() -> bool:
        changed.wait(10)
        with transaction.atomic():
            found = connections.lock(landlord_id=landlord.pk) if look == "lock" else before.hold()
        return found.can_file

    assert at_once(agency, reconnect, held) == [None, True]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_four_completions_hand_the_code_on_once(agency: Agency, time: FakeClock) -> None:
    session, code = returned(a_landlord())

    def complete() -> object:
        return connections.complete(by=KEY, session_id=session.pk, completion_code=code, now=time.now).status

    ends = at_once(agency, *[complete] * 4)

    assert ends.count("exchanging") == 1
    assert [type(end) for end in ends].count(AlreadyCompleted) == 3


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_disconnect_and_a_first_read_never_wait_for_each_other(
    agency: Agency, door: FakeDoor, time: FakeClock, _round: int
) -> None:
    landlord = a_landlord()
    old = connect(landlord)
    _, first = exchanged(landlord)
    door.will(ONE_BUSINESS)

    def disconnect() -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

    ends = at_once(agency, disconnect, lambda: verify.run(grant_id=first.pk))

    door._script.clear()  # a read that finds its grant wiped is not sent
    assert ends == [None, None]
    assert {again(old).status, again(first).status} == {GrantStatus.WIPED}
    assert connection_of(landlord).state == "disconnected"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_disconnect_and_a_refusal_never_wait_for_each_other(
    agency: Agency, door: FakeDoor, time: FakeClock, _round: int
) -> None:
    landlord = a_landlord()
    grant = connect(landlord)
    time.advance(hours=4)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    door.will(INVALID_GRANT)

    def disconnect() -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

    ends = at_once(agency, disconnect, lambda: refresh.run(grant_id=grant.pk))

    door._script.clear()
    assert ends == [None, None]
    assert (again(grant).status, connection_of(landlord).state) == (GrantStatus.WIPED, "disconnected")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_who_asks_for_a_token_and_who_finds_it_good_leave_no_operation_behind(
    agency: Agency, door: FakeDoor, time: FakeClock, _round: int
) -> None:
    landlord = a_landlord()
    grant = connect(landlord)
    due.put(kind=due.Kind.REFRESH, subject_id=grant.pk, lane=due.Lane.TOKEN)
    door.will(granted())

    asked, _ = at_once(
        agency,
        lambda: connections.refresh(landlord_id=landlord.pk, now=time.now),
        lambda: refresh.run(grant_id=grant.pk),
    )

    door._script.clear()
    assert again(asked).finished_at is not None or due_at("refresh", grant.pk) is not None
