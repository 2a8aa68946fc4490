"""/landlords and /landlords/{id}."""

from typing import Any

import pytest

from events.models import AuditEvent
from landlords.models import Landlord
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.api.world import World, row_counts

LENA = {
    "reference": "KT-1",
    "full_name": "Lena Landlady",
    "email": "lena@post.example",
    "external_ids": {"crm": "123"},
    "tags": ["vip"],
}


def test_a_landlord_is_recorded_and_read_back_as_recorded(machine: Caller) -> None:
    made = machine.post("landlords", LENA)
    read = machine.get(made.headers["Location"])

    assert made.status_code == 201
    assert read.json() == made.json()
    assert {name: read.json()[name] for name in LENA} == LENA
    assert (read.json()["nino"], read.json()["connection_state"]) == (None, "not_connected")


def test_a_name_is_enough_and_a_reference_is_made_up(machine: Caller) -> None:
    made = machine.post("landlords", {"full_name": "Otto"}).json()

    assert made["reference"].startswith("L-")
    assert (made["email"], made["tags"], made["external_ids"]) == ("", [], {})


def test_two_landlords_can_not_share_a_reference(machine: Caller, alpha: Agency) -> None:
    machine.post("landlords", LENA)
    before = row_counts(alpha)

    again = machine.post("landlords", LENA)

    assert problem(again) == (409, "landlord.reference_taken")
    assert row_counts(alpha) == before


def test_a_change_touches_only_what_is_given(machine: Caller) -> None:
    made = machine.post("landlords", LENA).json()

    changed = machine.patch(f"landlords/{made['id']}", {"full_name": "Lena Neu"}).json()

    assert changed["updated_at"] > made["updated_at"]
    assert {**changed, "updated_at": ""} == {**made, "full_name": "Lena Neu", "updated_at": ""}


def test_a_reference_that_is_taken_can_not_be_changed_to(machine: Caller) -> None:
    machine.post("landlords", LENA)
    other = machine.post("landlords", {"full_name": "Otto"}).json()

    answer = machine.patch(f"landlords/{other['id']}", {"reference": "KT-1", "full_name": "Nobody"})

    assert problem(answer) == (409, "landlord.reference_taken")
    assert machine.get(f"landlords/{other['id']}").json() == other


def test_a_deleted_landlord_is_archived_not_erased(machine: Caller, alpha: Agency) -> None:
    made = machine.post("landlords", LENA).json()

    answer = machine.delete(f"landlords/{made['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert problem(machine.get(f"landlords/{made['id']}")) == (404, "not_found")
    assert machine.get("landlords").json()["results"] == []
    with tenant(alpha):
        assert Landlord.objects.get(pk=made["id"]).archived_at is not None


def test_an_archived_landlords_reference_and_nino_are_free_again(machine: Caller) -> None:
    first = machine.post("landlords", {**LENA, "nino": "AA123456A"}).json()
    machine.delete(f"landlords/{first['id']}")

    second = machine.post("landlords", {**LENA, "nino": "AA123456A"})

    assert second.status_code == 201


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"full_name": ""}, "/full_name"),
        ({"full_name": " "}, "/full_name"),
        ({"full_name": "x" * 201}, "/full_name"),
        ({"email": "not an address"}, "/email"),
        ({"reference": "x" * 101}, "/reference"),
        ({"tags": ["x" * 51]}, "/tags/0"),
        ({"tags": ["x"] * 51}, "/tags"),
        ({"external_ids": {"crm": 5}}, "/external_ids/crm"),
        ({"external_ids": {"a/b~c": ""}}, "/external_ids/a~1b~0c"),
    ],
)
def test_each_fault_is_named_with_its_place(wrong: dict[str, Any], pointer: str, machine: Caller) -> None:
    answer = machine.post("landlords", {**LENA, **wrong})

    assert problem(answer) == (422, "request.invalid")
    assert list(pointers(answer)) == [pointer]


def test_every_fault_is_named_at_once(machine: Caller) -> None:
    answer = machine.post("landlords", {"email": "x", "tags": "x", "colour": "red"})

    assert pointers(answer)["/colour"] == "unknown_field"


def test_what_is_done_to_a_landlord_is_audited_with_the_request(machine: Caller, alpha: Agency) -> None:
    made = machine.post("landlords", LENA, X_Request_Id="request-1").json()
    machine.patch(f"landlords/{made['id']}", {"full_name": "New"}, X_Request_Id="request-2")
    machine.delete(f"landlords/{made['id']}")

    with tenant(alpha):
        rows = AuditEvent.objects.filter(subject_id=made["id"]).order_by("id")
        trail = [(row.action, row.actor_kind) for row in rows]
        requests = [row.request_id for row in rows[:2]]
    assert trail == [(f"landlord.{done}", "api_key") for done in ("created", "changed", "archived")]
    assert requests == ["request-1", "request-2"]


def test_a_landlord_with_a_connection_says_how_it_stands(machine: Caller, alphas: World) -> None:
    assert machine.get(f"landlords/{alphas.landlord_id}").json()["connection_state"] == "active"


def test_nothing_of_a_landlord_may_be_cached(machine: Caller) -> None:
    assert machine.get("landlords").headers["Cache-Control"] == "no-store"
