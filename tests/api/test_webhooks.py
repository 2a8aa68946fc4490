"""/webhook-endpoints and /deliveries: secrets once, versions, what may be asked of whom."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from events.models import Delivery, WebhookEndpoint
from people.scopes import Scope
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, key_caller, pointers, problem
from tests.cast import ALPHA

URL = "https://hooks.example/quarterday"


@pytest.fixture
def endpoint(machine: Caller) -> dict[str, Any]:
    made = machine.post("webhook-endpoints", {"url": URL, "event_types": ["connection.connected"]})
    assert made.status_code == 201, made.content
    return dict(made.json())


@pytest.fixture
def delivery(alpha: Agency, alphas: world.World) -> Iterator[Delivery]:
    with tenant(alpha):
        yield Delivery.objects.get(id=alphas.delivery_id)


def test_a_secret_is_shown_when_it_is_made_and_never_again(machine: Caller, endpoint: dict[str, Any]) -> None:
    assert endpoint["secret"].startswith("whsec_")
    assert endpoint["status"] == "active"
    for path in (f"webhook-endpoints/{endpoint['id']}", "webhook-endpoints", "agency", "audit-events"):
        assert endpoint["secret"] not in machine.get(path).content.decode()


def test_its_address_is_where_it_is(machine: Caller) -> None:
    made = machine.post("webhook-endpoints", {"url": URL})

    assert machine.get(made.headers["Location"]).json()["id"] == made.json()["id"]
    assert made.headers["ETag"] == '"1"'


def test_the_same_key_twice_makes_one_and_shows_the_same_secret(machine: Caller) -> None:
    first, again = (machine.post("webhook-endpoints", {"url": URL}, Idempotency_Key="one") for _ in range(2))

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(machine.get("webhook-endpoints").json()["results"]) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"url": "https://10.0.0.1/"}, {"/url": "address_not_allowed"}),
        ({"url": "gopher://hooks.example/"}, {"/url": "https_only"}),
        ({"url": "https://me@hooks.example/"}, {"/url": "invalid"}),
        ({"url": URL, "event_types": ["nothing.known"]}, {"/event_types/0": "invalid_choice"}),
        ({"url": URL, "event_types": ["webhook_endpoint.test"]}, {"/event_types/0": "invalid_choice"}),
        ({"url": URL, "secret": "mine"}, {"/secret": "unknown_field"}),
        ({}, {"/url": "required"}),
    ],
)
def test_what_can_not_be_is_told_by_its_field(machine: Caller, given: dict[str, Any], told: dict[str, str]) -> None:
    answer = machine.post("webhook-endpoints", given)

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == told


def test_a_change_makes_a_version_and_a_stale_one_is_refused(machine: Caller, endpoint: dict[str, Any]) -> None:
    path = f"webhook-endpoints/{endpoint['id']}"

    changed = machine.patch(path, {"description": "billing", "event_types": []}, If_Match='"1"')
    stale = machine.patch(path, {"description": "other"}, If_Match='"1"')

    assert (changed.json()["description"], changed.json()["event_types"], changed.headers["ETag"]) == (
        "billing",
        [],
        '"2"',
    )
    assert problem(stale) == (412, "request.stale")


def test_it_is_switched_off_and_on(machine: Caller, endpoint: dict[str, Any]) -> None:
    path = f"webhook-endpoints/{endpoint['id']}"

    off = machine.patch(path, {"status": "disabled"}).json()
    refused = [machine.post(f"{path}/test"), machine.post(f"{path}/replay", {"since": "2026-11-01T00:00:00Z"})]
    on = machine.patch(path, {"status": "active"}).json()

    assert (off["status"], off["disabled_reason"]) == ("disabled", "asked")
    assert [problem(each) for each in refused] == [(409, "webhook.disabled")] * 2
    assert (on["status"], on["disabled_reason"], on["disabled_at"]) == ("active", "", None)


def test_a_rotation_shows_the_new_secret_and_until_when_the_old_one_holds(
    machine: Caller, endpoint: dict[str, Any]
) -> None:
    path = f"webhook-endpoints/{endpoint['id']}"

    rotated = machine.post(f"{path}/rotate-secret", {"overlap_hours": 48}, If_Match='"1"').json()

    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != endpoint["secret"]
    assert datetime.fromisoformat(rotated["old_secret_until"]) > datetime.fromisoformat(rotated["updated_at"])
    assert problem(machine.post(f"{path}/rotate-secret", {}, If_Match='"1"')) == (412, "request.stale")
    assert pointers(machine.post(f"{path}/rotate-secret", {"overlap_hours": 1000})) == {"/overlap_hours": "max_value"}


def test_what_was_deleted_is_gone(machine: Caller, endpoint: dict[str, Any], alpha: Agency) -> None:
    path = f"webhook-endpoints/{endpoint['id']}"

    assert machine.delete(path).status_code == 204
    assert problem(machine.get(path)) == (404, "not_found")
    assert machine.get("webhook-endpoints").json()["results"] == []
    with tenant(alpha):
        assert WebhookEndpoint.objects.get(pk=endpoint["id"]).secret is None


def test_a_test_is_a_delivery_to_be_looked_at(machine: Caller, endpoint: dict[str, Any]) -> None:
    fired = machine.post(f"webhook-endpoints/{endpoint['id']}/test")

    assert fired.status_code == 202
    found = machine.get(fired.headers["Location"]).json()
    assert (found["type"], found["status"], found["attempts"]) == ("webhook_endpoint.test", "pending", [])
    assert found["endpoint_id"] == endpoint["id"]


def test_a_replay_names_an_event_or_a_time(machine: Caller, alphas: world.World, delivery: Delivery) -> None:
    path = f"webhook-endpoints/{alphas.endpoint_id}/replay"

    once = machine.post(path, {"event_id": str(delivery.event.id)})
    neither, both = (
        machine.post(path, {}),
        machine.post(path, {"event_id": str(new_id()), "since": "2026-11-01T00:00:00Z"}),
    )

    assert once.status_code == 202
    assert len(machine.get(f"deliveries?event_id={delivery.event.id}").json()["results"]) == 2
    assert [pointers(each) for each in (neither, both)] == [{"/event_id": "one_of"}] * 2
    assert problem(machine.post(path, {"event_id": str(new_id())})) == (404, "not_found")


def test_the_log_is_searched(machine: Caller, alphas: world.World, delivery: Delivery) -> None:
    asked = {
        f"endpoint_id={alphas.endpoint_id}": 1,
        f"event_id={delivery.event.id}": 1,
        f"subject_id={alphas.landlord_id}": 1,
        "status=pending": 1,
        "status=delivered": 0,
        "type=landlord.mail_allowed": 1,
        "type=landlord.erased": 0,
        f"endpoint_id={new_id()}": 0,
    }

    assert {each: len(machine.get(f"deliveries?{each}").json()["results"]) for each in asked} == asked
    assert pointers(machine.get("deliveries?status=lost")) == {"?status": "invalid_choice"}


def test_another_try_is_for_what_did_not_arrive(
    machine: Caller, alpha: Agency, alphas: world.World, delivery: Delivery
) -> None:
    path = f"deliveries/{alphas.delivery_id}/retry"
    Delivery.objects.filter(pk=delivery.pk).update(status="failed")

    again = machine.post(path)
    with tenant(alpha):
        Delivery.objects.filter(pk=delivery.pk).update(status="delivered")

    assert (again.status_code, again.json()["status"]) == (202, "pending")
    assert problem(machine.post(path)) == (409, "webhook.already_delivered")


def test_addresses_are_for_admins_and_the_log_for_who_reads_events(alpha: Agency, alphas: world.World) -> None:
    reader = key_caller(alpha, host=ALPHA.host, scopes=frozenset({Scope.EVENTS_READ}))

    assert reader.get("deliveries").status_code == 200
    assert problem(reader.get("webhook-endpoints")) == (403, "auth.scope_missing")
    assert problem(reader.post(f"deliveries/{alphas.delivery_id}/retry")) == (403, "auth.scope_missing")
