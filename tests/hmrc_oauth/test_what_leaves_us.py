"""A token request as it leaves us: with the slot that was bought for it, of its agency, and within its seconds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from hmrc_door import config, token_endpoint
from hmrc_door.pace import Lane, Slot
from hmrc_oauth import exchange, refresh
from hmrc_oauth.models import ConnectSession, Grant
from landlords.models import Landlord
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeDoor, granted
from tests.hmrc_oauth.scenes import completed

SLOT = Slot(asked_at=1.0, good_for_ms=7)


@dataclass
class Till:
    """Where slots are bought and requests are counted out, before the door."""

    bought: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)

    def acquire(self, **asked: Any) -> Slot:
        self.bought = asked
        return SLOT

    def counts(self, send: Callable[..., Any]) -> Callable[..., Any]:
        def counted(**asked: Any) -> Any:
            self.sent = asked
            return send(**asked)

        return counted


@pytest.fixture
def till(door: FakeDoor, monkeypatch: pytest.MonkeyPatch) -> Till:
    till = Till()
    monkeypatch.setattr(config, "pace", lambda: till)
    monkeypatch.setattr(token_endpoint, "exchange", till.counts(door.exchange))
    monkeypatch.setattr(token_endpoint, "refresh", till.counts(door.refresh))
    door.will(granted())
    return till


@pytest.fixture
def session(landlord: Landlord) -> ConnectSession:
    return completed(landlord)


def test_a_code_goes_with_the_slot_that_the_person_who_waits_is_given(
    till: Till, session: ConnectSession, alpha: Agency
) -> None:
    exchange.run(session_id=session.pk)

    assert till.bought == {"lane": Lane.INTERACTIVE, "agency": str(alpha.pk), "timeout_s": 20, "connects": True}
    assert (till.sent["slot"], till.sent["agency"]) == (SLOT, str(alpha.pk))


def test_a_refresh_token_goes_with_the_slot_of_who_needs_it(till: Till, stale: Grant, alpha: Agency) -> None:
    refresh.run(grant_id=stale.pk)

    assert till.bought == {"lane": Lane.TOKEN, "agency": str(alpha.pk), "timeout_s": 20, "connects": True}
    assert (till.sent["slot"], till.sent["agency"]) == (SLOT, str(alpha.pk))


def test_what_is_only_renewed_ahead_keeps_no_worker_waiting(
    till: Till, grant: Grant, alpha: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hmrc_oauth.ahead.is_ripe", lambda grant, *, now: True)

    refresh.run(grant_id=grant.pk)

    assert till.bought == {"lane": Lane.BACKGROUND, "agency": str(alpha.pk), "timeout_s": 5, "connects": True}
    assert till.sent["lane"] == Lane.TOKEN


@pytest.mark.parametrize(("paused", "left"), [(1.0, 2.0), (3.5, 0.0)])
class TestThreeSecondsFromBeforeTheClaim:
    def test_are_left_to_a_code(
        self, till: Till, session: ConnectSession, monkeypatch: pytest.MonkeyPatch, paused: float, left: float
    ) -> None:
        monkeypatch.setattr(exchange, "monotonic", iter([100.0, 100.0 + paused]).__next__)

        exchange.run(session_id=session.pk)

        assert till.sent["timeout_s"] == left

    def test_are_left_to_a_refresh_token(
        self, till: Till, stale: Grant, monkeypatch: pytest.MonkeyPatch, paused: float, left: float
    ) -> None:
        monkeypatch.setattr(refresh, "monotonic", iter([100.0, 100.0 + paused]).__next__)

        refresh.run(grant_id=stale.pk)

        assert till.sent["timeout_s"] == left


class TestInsideSomebodysTransaction:
    """What is claimed or kept there could be rolled back after the token was spent."""

    def test_no_code_is_claimed(self, session: ConnectSession, door: FakeDoor) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            exchange.run(session_id=session.pk)

        assert door.asked == []

    def test_no_refresh_token_is_claimed(self, stale: Grant, door: FakeDoor) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            refresh.run(grant_id=stale.pk)

        assert door.asked == []

    @pytest.fixture
    def storing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def inside(store: Callable[[], object]) -> object:
            with transaction.atomic():
                return store()

        monkeypatch.setattr(exchange, "persistently", inside)
        monkeypatch.setattr(refresh, "persistently", inside)

    def test_no_first_pair_is_kept(self, till: Till, session: ConnectSession, storing: None) -> None:
        with pytest.raises(RuntimeError, match="durable"):
            exchange.run(session_id=session.pk)

    def test_no_new_pair_is_kept(self, till: Till, stale: Grant, storing: None) -> None:
        with pytest.raises(RuntimeError, match="durable"):
            refresh.run(grant_id=stale.pk)
