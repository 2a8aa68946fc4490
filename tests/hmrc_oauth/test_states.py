"""The tables of transitions: complete, obeyed by every mutator, and drawn in docs/connection.md as they are."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from hmrc_oauth.models import Connection, ConnectionState, Grant, GrantStatus, Tokens
from hmrc_oauth.models.states import CONNECTION_MOVES, GRANT_MOVES, ConnectionEvent, GrantEvent, Move
from landlords.models import Landlord
from tests.conftest import NOON
from tests.hmrc_oauth.scenes import LONG_AGO, again, connection_of
from tests.house.source import ROOT

NEWER = Tokens("access", "refresh", 14_400)
GRANT_MUTATORS: dict[GrantEvent, Callable[[Grant], object]] = {
    GrantEvent.CLAIMED: Grant.claim,
    GrantEvent.PROBED: Grant.claim,
    GrantEvent.ABANDONED: Grant.doubt_if_abandoned,
    GrantEvent.NOT_SPENT: lambda grant: grant.release(GrantEvent.NOT_SPENT, fence=grant.fence),
    GrantEvent.PROBE_NOT_SPENT: lambda grant: grant.release(GrantEvent.PROBE_NOT_SPENT, fence=grant.fence),
    GrantEvent.DOUBTED: lambda grant: grant.release(GrantEvent.DOUBTED, fence=grant.fence),
    GrantEvent.RESTORED: lambda grant: Grant.doubt_all([grant.pk]) == 1,
    GrantEvent.WITNESSED: lambda grant: grant.release(GrantEvent.WITNESSED, fence=grant.fence),
    GrantEvent.ANSWERED: lambda grant: grant.commit(tokens=NEWER, spent=grant.token_version, now=NOON),
    GrantEvent.DIED: lambda grant: grant.release(GrantEvent.DIED, fence=grant.fence),
    GrantEvent.WIPED: Grant.wipe,
}


def begin_without_a_grant(connection: Connection) -> None:
    """One that has served holds the connection's state: see test_turned_away."""
    Connection.objects.update(grant=None)
    connection.begin(now=NOON)


# One mutator makes both: which of the two depends on where the grant stands.
_CLAIMS = [GRANT_MOVES[GrantEvent.CLAIMED], GRANT_MOVES[GrantEvent.PROBED]]
SIDE_BY_SIDE = {GrantEvent.CLAIMED: _CLAIMS, GrantEvent.PROBED: _CLAIMS}
CONNECTION_MUTATORS: dict[ConnectionEvent, Callable[[Connection, Grant], object]] = {
    ConnectionEvent.BEGUN: lambda it, _: begin_without_a_grant(it),
    ConnectionEvent.GIVEN_UP: lambda it, _: it.give_up(reason="denied", now=NOON),
    ConnectionEvent.REFUSED: lambda it, grant: it.refuse(grant=grant, reason="scope", causes=[], now=NOON),
    ConnectionEvent.TURNED_AWAY: lambda it, grant: it.turn_away(grant=grant, reason="scope", causes=[], now=NOON),
    ConnectionEvent.ALLOWED: lambda it, grant: it.allow(grant=grant, now=NOON),
    ConnectionEvent.ESTABLISHED: lambda it, grant: it.establish(grant=grant, now=NOON),
    ConnectionEvent.DIED: lambda it, grant: it.require_reconnect(grant=grant, reason="lost", causes=[], now=NOON),
    ConnectionEvent.RECOVERED: lambda it, grant: it.recover(grant=grant, now=NOON),
    ConnectionEvent.DISCONNECTED: lambda it, _: it.disconnect(now=NOON),
    ConnectionEvent.FORGOTTEN: lambda it, grant: it.forget_grant(grant=grant, now=NOON),
}


def put(grant: Grant, status: str) -> Grant:
    """The grant in this status, its lease over if it has one."""
    lease = LONG_AGO if status == GrantStatus.REFRESHING else None
    wiped: dict[str, Any] = {"access_token": None, "refresh_token": None} if status == GrantStatus.WIPED else {}
    Grant.objects.filter(pk=grant.pk).update(status=status, lease_ends_at=lease, **wiped)
    return again(grant)


@pytest.mark.parametrize("status", list(GrantStatus))
@pytest.mark.parametrize("event", list(GrantEvent))
def test_a_grant_goes_where_its_table_says_and_nowhere_else(grant: Grant, event: GrantEvent, status: str) -> None:
    move: Move = GRANT_MOVES[event]
    here = put(grant, status)

    GRANT_MUTATORS[event](here)

    goes = {source: each.to for each in SIDE_BY_SIDE.get(event, [move]) for source in each.sources}
    assert again(grant).status == goes.get(status, status)
    assert (again(grant).fence == here.fence) is (status not in goes)


@pytest.mark.parametrize("state", sorted({source for move in CONNECTION_MOVES.values() for source in move.sources}))
@pytest.mark.parametrize("event", list(ConnectionEvent))
def test_a_connection_goes_where_its_table_says_and_nowhere_else(
    grant: Grant, landlord: Landlord, event: ConnectionEvent, state: str
) -> None:
    Connection.objects.filter(landlord=landlord).update(state=state)
    move = CONNECTION_MOVES[event]

    CONNECTION_MUTATORS[event](connection_of(landlord), grant)

    assert connection_of(landlord).state == (move.to if state in move.sources else state)


def test_every_event_has_its_row_and_every_stored_state_a_way_in() -> None:
    assert set(GRANT_MOVES) == set(GrantEvent) == set(GRANT_MUTATORS)
    assert set(CONNECTION_MOVES) == set(ConnectionEvent) == set(CONNECTION_MUTATORS)
    assert {move.to for move in GRANT_MOVES.values()} == set(GrantStatus)
    shown_only = {ConnectionState.REFRESHING, ConnectionState.UNCERTAIN}
    assert {move.to for move in CONNECTION_MOVES.values()} == set(ConnectionState) - shown_only


def test_nothing_leads_out_of_wiped() -> None:
    assert [event for event, move in GRANT_MOVES.items() if GrantStatus.WIPED in move.sources] == []


def test_the_page_is_drawn_from_the_code() -> None:
    page = StringIO()

    call_command("draw_states", stdout=page)

    assert (ROOT / "docs" / "connection.md").read_text() == page.getvalue(), "manage.py draw_states prints it anew"
