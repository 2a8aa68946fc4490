"""POST /landlord-sessions: an invitation becomes a short session of one landlord."""

from datetime import timedelta

import pytest

from landlords.models import LandlordSession
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, bearing, problem
from tests.cast import ALPHA, BETA


@pytest.fixture
def lena(machine: Caller) -> str:
    return str(machine.post("landlords", {"full_name": "Lena"}).json()["id"])


@pytest.fixture
def invitation(machine: Caller, lena: str) -> dict[str, str]:
    made: dict[str, str] = machine.post("invitations", {"landlord_id": lena}).json()
    return made


@pytest.mark.parametrize("host", [ALPHA.host, "connect.localhost", "localhost", "127.0.0.1"])
def test_the_token_is_taken_on_any_host_that_is_nobody_elses(
    host: str, invitation: dict[str, str], lena: str, alpha: Agency
) -> None:
    answer = Caller(host).post("landlord-sessions", {"invitation_token": invitation["invitation_token"]})

    assert (answer.status_code, answer.json()["landlord_id"]) == (201, lena)
    me = bearing(answer.json()["token"], host=host).get("me").json()
    assert (me["kind"], me["landlord_id"], me["agency_id"]) == ("landlord", lena, str(alpha.pk))
    assert me["scopes"] == ["connections:read", "connections:write", "declarations:write", "submissions:read"]


def test_at_another_agencys_host_it_is_refused_and_begins_nothing(
    invitation: dict[str, str], alpha: Agency, beta: Agency
) -> None:
    answer = Caller(BETA.host).post("landlord-sessions", {"invitation_token": invitation["invitation_token"]})

    assert problem(answer) == (401, "auth.wrong_agency")
    with tenant(alpha):
        assert not LandlordSession.objects.exists()


def test_a_session_ends_after_two_hours(
    invitation: dict[str, str], lena: str, monkeypatch: pytest.MonkeyPatch, outsider: Caller
) -> None:
    token = outsider.post("landlord-sessions", {"invitation_token": invitation["invitation_token"]}).json()["token"]
    landlord, later = bearing(token, host=ALPHA.host), clock.now() + timedelta(hours=2, seconds=1)
    assert landlord.get(f"landlords/{lena}/connection").status_code == 200

    monkeypatch.setattr(clock, "now", lambda: later)

    assert problem(landlord.get(f"landlords/{lena}/connection")) == (401, "auth.credential_unknown")


def test_a_revoked_invitation_begins_nothing_and_ends_what_it_began(
    machine: Caller, outsider: Caller, invitation: dict[str, str]
) -> None:
    body = {"invitation_token": invitation["invitation_token"]}
    landlord = bearing(outsider.post("landlord-sessions", body).json()["token"], host=ALPHA.host)

    machine.delete(f"invitations/{invitation['id']}")

    assert problem(outsider.post("landlord-sessions", body)) == (401, "auth.credential_unknown")
    assert problem(landlord.get("me")) == (401, "auth.credential_unknown")


@pytest.mark.parametrize("token", ["something", "qdi_", "qdi_" + "A" * 49])
def test_what_is_no_invitation_is_malformed_and_not_repeated(token: str, outsider: Caller, alpha: Agency) -> None:
    answer = outsider.post("landlord-sessions", {"invitation_token": token})

    assert problem(answer) == (401, "auth.credential_malformed")
    assert token not in answer.content.decode()


def test_a_key_is_no_invitation(machine: Caller, outsider: Caller) -> None:
    key = machine.headers["Authorization"].removeprefix("Bearer ")

    assert problem(outsider.post("landlord-sessions", {"invitation_token": key})) == (401, "auth.credential_unknown")


def test_an_archived_landlord_begins_nothing(
    machine: Caller, outsider: Caller, invitation: dict[str, str], lena: str
) -> None:
    machine.delete(f"landlords/{lena}")

    answer = outsider.post("landlord-sessions", {"invitation_token": invitation["invitation_token"]})

    assert problem(answer)[0] in {401, 410}
