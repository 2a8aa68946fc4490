"""The lever of those who build on Quarterday: who may pull it, where, and what it does."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from events import metrics
from events.models import AuditEvent, Event
from hmrc_door import stand_in
from hmrc_oauth.rehearsing import EVENT_TYPES, Action
from landlords.models import Landlord
from people.models import ApiKey
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, key_caller, landlord_caller, problem
from tests.api.world import World
from tests.cast import ALPHA, NINO

_PULLED = [action for action in Action if action is not Action.FIRE_WEBHOOK]


@pytest.fixture
def pulled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the stand-in was asked, which answers as if one grant had ended."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def pull(lever: str, wanted: dict[str, Any]) -> dict[str, Any]:
        asked.append((lever, wanted))
        return {"revoked": 1}

    monkeypatch.setattr(stand_in, "pull", pull)
    return asked


def act(caller: Caller, world: World, action: str = "revoke", **more: str) -> Any:
    return caller.post(f"sandbox/connections/{world.connection_id}/actions", {"action": action, **more})


def test_the_stand_in_is_asked_for_this_landlord(
    machine: Caller, alphas: World, pulled: list[tuple[str, dict[str, Any]]]
) -> None:
    done = act(machine, alphas)

    assert (done.status_code, done.json()) == (200, {"action": "revoke", "grants": 1, "event_id": None})
    assert pulled == [("grants/revoke", {"nino": NINO})]


@pytest.mark.parametrize("action", _PULLED)
def test_each_is_audited_without_the_number(
    action: Action, machine: Caller, alpha: Agency, alphas: World, pulled: list[Any]
) -> None:
    assert act(machine, alphas, str(action)).status_code == 200

    with tenant(alpha):
        row = AuditEvent.objects.get(action="sandbox.acted")
    assert (str(row.subject_id), row.detail) == (alphas.landlord_id, {"what": str(action)})


@pytest.mark.parametrize("type", EVENT_TYPES)
def test_a_fired_event_says_that_it_is_a_test_and_is_counted_nowhere(
    type: str, machine: Caller, alpha: Agency, alphas: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "count", lambda *_, **__: pytest.fail("counted"))

    done = act(machine, alphas, "fire_webhook", event_type=type).json()

    with tenant(alpha):
        event = Event.objects.get(id=done["event_id"])
    assert (event.type, event.subject_type, str(event.subject_id)) == (type, "connection", alphas.connection_id)
    assert event.data["test"] is True
    assert event.data["landlord_id"] == alphas.landlord_id


def test_in_production_it_is_refused_to_every_key(alpha: Agency, alphas: World, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name="production")
    live = key_caller(alpha, host=ALPHA.host)

    assert problem(act(live, alphas)) == (403, "sandbox.not_in_production")
    assert problem(act(live, alphas, "fire_webhook")) == (403, "sandbox.not_in_production")


@pytest.mark.parametrize("action", _PULLED)
def test_hmrcs_own_sandbox_is_never_asked(action: Action, machine: Caller, alphas: World, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name="sandbox")

    assert problem(act(machine, alphas, str(action))) == (409, "sandbox.only_local")
    assert act(machine, alphas, "fire_webhook").status_code == 200


def test_only_a_test_key_may(
    machine: Caller, signed_in: Callable[[str], Caller], alpha: Agency, alphas: World, pulled: list[Any]
) -> None:
    landlord = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)

    assert problem(act(signed_in("owner"), alphas)) == (403, "sandbox.test_key_only")
    assert problem(act(landlord, alphas)) == (403, "auth.scope_missing")
    with tenant(alpha):
        ApiKey.objects.update(prefix="qd_live")
    assert problem(act(machine, alphas)) == (403, "sandbox.test_key_only")
    assert pulled == []


def test_without_a_number_nobody_can_be_meant(machine: Caller, alpha: Agency, alphas: World, pulled: list[Any]) -> None:
    with tenant(alpha):
        Landlord.objects.update(nino=None, nino_index=None)

    assert problem(act(machine, alphas))[1] == "hmrc.nino_missing"


def test_a_stand_in_that_is_away_is_said(machine: Caller, alphas: World, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, api_url="http://127.0.0.1:1")

    assert problem(act(machine, alphas)) == (503, "sandbox.stand_in_away")


@pytest.mark.parametrize("odd", ["", "explode", "REVOKE"])
def test_what_is_no_action_is_refused(odd: str, machine: Caller, alphas: World) -> None:
    assert problem(act(machine, alphas, odd)) == (422, "request.invalid")


def test_a_key_of_another_environment_is_refused(machine: Caller, alpha: Agency, settings: Any) -> None:
    here = settings.HMRC
    settings.HMRC = replace(here, name="production")
    live = key_caller(alpha, host=ALPHA.host)

    assert live.get("me").status_code == 200
    assert problem(machine.get("me")) == (401, "auth.wrong_environment")
    settings.HMRC = here
    assert problem(live.get("me")) == (401, "auth.wrong_environment")
    assert machine.get("me").status_code == 200
