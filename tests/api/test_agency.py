"""/agency, for those who run it, and /agencies, for the operator."""

from typing import Any

import pytest
from django.core import mail
from django.test import TestCase

from people.models import Role, User
from tenants.context import tenant
from tenants.models import Agency, Domain
from tests.api.callers import Caller, pointers, problem
from tests.api.world import row_counts
from tests.cast import ALPHA

GAMMA = {"name": "Gamma", "host": "gamma.localhost", "owner": "olga@gamma.example"}


def test_an_agency_reads_its_own_settings(machine: Caller, alpha: Agency) -> None:
    said = machine.get("agency").json()

    assert (said["id"], said["name"], said["hosts"]) == (str(alpha.pk), ALPHA.name, [ALPHA.host])
    assert said["return_urls"] == said["allowed_origins"] == [ALPHA.front_end]


def test_a_change_holds_from_the_next_request_and_touches_nothing_else(machine: Caller) -> None:
    before = machine.get("agency").json()

    changed = machine.patch("agency", {"name": "Alpha & Daughters", "return_urls": ["https://a.example/back"]})

    assert machine.get("agency").json() == changed.json()
    assert changed.json() == {**before, "name": "Alpha & Daughters", "return_urls": ["https://a.example/back"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowed_origins": ["*"]},
        {"allowed_origins": ["null"]},
        {"allowed_origins": ["https://a.example/"]},
        {"allowed_origins": ["https://a.example/path"]},
        {"allowed_origins": ["javascript:alert(1)"]},
        {"allowed_origins": ["ftp://a.example"]},
        {"return_urls": ["//a.example"]},
        {"return_urls": ["/back"]},
        {"return_urls": ["https://a.example/#x"]},
        {"return_urls": ["https://a.example/?x=1"]},
        {"return_urls": ["https://a.example/a b"]},
        {"return_urls": ["javascript:alert(1)//https://a.example"]},
        {"front_end_url": "data:text/html,x"},
        {"front_end_url": ""},
        {"front_end_url": "http://["},
        {"return_urls": ["https://\u2100.example"]},
        {"return_urls": ["https://user@a.example"]},
        {"return_urls": ["https://a.example\\.evil.example"]},
        {"allowed_origins": ["https://*.example"]},
        {"allowed_origins": ["https://a.example:123456"]},
        {"status": "active"},
        {"hosts": ["evil.example"]},
        {"schema_name": "public"},
        {"id": "01890000-0000-7000-8000-000000000000"},
    ],
)
def test_an_address_that_is_none_or_a_setting_that_is_not_theirs_is_refused(
    wrong: dict[str, Any], machine: Caller, alpha: Agency
) -> None:
    before = machine.get("agency").json()

    answer = machine.patch("agency", wrong)

    assert problem(answer) == (422, "request.invalid")
    assert next(iter(pointers(answer))).startswith(f"/{next(iter(wrong))}")
    assert machine.get("agency").json() == before


def test_an_agencys_settings_are_its_own(machine: Caller, machine_of_beta: Caller) -> None:
    before = machine_of_beta.get("agency").json()

    machine.patch("agency", {"name": "Changed"})

    assert machine_of_beta.get("agency").json() == before


def test_an_operator_makes_an_agency_with_an_invited_owner(operator: Caller) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = operator.post("agencies", GAMMA)

    assert (made.status_code, made.json()["hosts"], made.json()["status"]) == (201, ["gamma.localhost"], "active")
    with tenant(Agency.objects.get(pk=made.json()["id"])):
        owner = User.objects.get()
    assert (owner.email, owner.role, owner.has_usable_password()) == (GAMMA["owner"], Role.OWNER, False)
    assert [message.to for message in mail.outbox] == [[GAMMA["owner"]]]


def test_a_new_owners_link_leads_to_the_front_end_that_was_named(operator: Caller) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = operator.post("agencies", {**GAMMA, "front_end_url": "https://app.gamma.example/in"})

    assert made.json()["front_end_url"] == "https://app.gamma.example/in"
    assert "https://app.gamma.example/in/staff/password/reset/" in mail.outbox[0].body


def test_a_new_agency_answers_at_its_host_at_once(operator: Caller) -> None:
    operator.post("agencies", GAMMA)

    assert Caller("gamma.localhost").get("config").json()["agency"]["name"] == "Gamma"


@pytest.mark.parametrize(
    "host", [ALPHA.host, ALPHA.host.upper(), "gamma/x", "-gamma", "a" * 254, "gamma_1", "gam ma", ""]
)
def test_a_host_that_is_taken_or_no_host_makes_nothing(host: str, operator: Caller, alpha: Agency) -> None:
    before = row_counts(alpha)

    answer = operator.post("agencies", {**GAMMA, "host": host})

    assert problem(answer) in {(409, "agency.host_taken"), (422, "request.invalid")}
    assert row_counts(alpha) == before
    assert not Domain.objects.filter(domain__startswith="gam").exists()


def test_an_owner_without_an_address_makes_nothing(operator: Caller, alpha: Agency) -> None:
    before = row_counts(alpha)

    assert problem(operator.post("agencies", {**GAMMA, "owner": "olga"})) == (422, "request.invalid")
    assert row_counts(alpha) == before


def test_no_agency_makes_agencies(machine: Caller) -> None:
    assert problem(machine.post("agencies", GAMMA)) == (403, "auth.scope_missing")
