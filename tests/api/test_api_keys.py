"""/api-keys: shown once, never more than their maker, gone at once."""

from datetime import UTC, datetime, timedelta

import pytest

from people.models import ApiKey
from people.scopes import KEY_SCOPES, Scope
from tenants import clock
from tenants.context import tenant
from tenants.ids import digest
from tenants.models import Agency, Credential
from tests.api.callers import Caller, bearing, key_caller, pointers, problem
from tests.cast import ALPHA

CRM = {"name": "crm", "scopes": ["landlords:read", "landlords:write"]}


def test_a_key_is_shown_when_it_is_made_and_never_again(machine: Caller) -> None:
    made = machine.post("api-keys", CRM)

    key, address = made.json()["key"], made.headers["Location"]
    assert made.status_code == 201
    assert key.startswith("qd_test_")
    assert "key" not in machine.get(address).json()
    assert key not in machine.get("api-keys").content.decode()


def test_a_new_key_works_with_its_scopes_and_no_more(machine: Caller) -> None:
    made = machine.post("api-keys", CRM).json()

    caller = bearing(made["key"], host=ALPHA.host)

    assert caller.get("me").json()["scopes"] == CRM["scopes"]
    assert caller.get("landlords").status_code == 200
    assert problem(caller.get("api-keys")) == (403, "auth.scope_missing")


def test_only_a_digest_of_the_key_is_stored(machine: Caller, alpha: Agency) -> None:
    key = machine.post("api-keys", CRM).json()["key"]

    credential = Credential.objects.get(digest=digest(key))
    with tenant(alpha):
        row = ApiKey.objects.get(pk=credential.subject_id)
    assert credential.agency_id == alpha.pk
    assert key not in str(vars(credential)) + str(vars(row))


def test_a_key_can_not_make_one_that_may_do_more(alpha: Agency) -> None:
    narrow = key_caller(alpha, host=ALPHA.host, scopes=frozenset({Scope.AGENCY_ADMIN, Scope.LANDLORDS_READ}))

    answer = narrow.post("api-keys", CRM)

    assert problem(answer) == (403, "api_key.scope_not_yours")
    with tenant(alpha):
        assert not ApiKey.objects.filter(name="crm").exists()


@pytest.mark.parametrize("scope", sorted(set(Scope) - KEY_SCOPES))
def test_what_is_for_people_and_operators_is_in_no_key(scope: str, machine: Caller) -> None:
    answer = machine.post("api-keys", {"name": "crm", "scopes": [scope]})

    assert pointers(answer) == {"/scopes/0": "invalid_choice"}


def test_a_revoked_key_is_refused_at_once_and_stays_on_the_list(machine: Caller) -> None:
    made = machine.post("api-keys", CRM).json()
    caller = bearing(made["key"], host=ALPHA.host)
    assert caller.get("me").status_code == 200

    assert machine.delete(f"api-keys/{made['id']}").status_code == 204

    assert problem(caller.get("me")) == (401, "auth.credential_unknown")
    assert machine.get(f"api-keys/{made['id']}").json()["revoked_at"] is not None


def test_a_key_that_revokes_itself_is_gone_with_its_answer(machine: Caller) -> None:
    me = machine.get("me").json()["id"]

    assert machine.delete(f"api-keys/{me}").status_code == 204
    assert problem(machine.get("me")) == (401, "auth.credential_unknown")


def test_a_key_with_an_end_ends(machine: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = clock.now() + timedelta(hours=1)
    made = machine.post("api-keys", {**CRM, "expires_at": ends.isoformat()}).json()
    caller = bearing(made["key"], host=ALPHA.host)
    assert caller.get("me").status_code == 200

    monkeypatch.setattr(clock, "now", lambda: ends)

    assert problem(caller.get("me")) == (401, "auth.credential_unknown")


def test_the_last_use_of_a_key_is_remembered_to_the_minute(machine: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    address = f"api-keys/{machine.get('me').json()['id']}"
    used = []
    for seconds in (86_400, 86_430, 86_461):
        monkeypatch.setattr(clock, "now", lambda at=noon + timedelta(seconds=seconds): at)
        used.append(machine.get(address).json()["last_used_at"])

    assert used == ["2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-23T12:01:01Z"]


def test_a_key_that_would_be_over_already_is_not_made(machine: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = clock.now()
    monkeypatch.setattr(clock, "now", lambda: noon)

    answer = machine.post("api-keys", {**CRM, "expires_at": noon.isoformat()})

    assert (problem(answer), pointers(answer)) == ((422, "request.invalid"), {"/expires_at": "past"})


@pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["landlords:all"]}, {"name": ""}, {"expires_at": "soon"}])
def test_a_key_needs_a_name_and_known_scopes(wrong: dict[str, object], machine: Caller) -> None:
    assert problem(machine.post("api-keys", {**CRM, **wrong})) == (422, "request.invalid")
