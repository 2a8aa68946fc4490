"""/properties: what is let, who owns which share, and that each owner connects for themselves."""

from typing import Any

import pytest

from landlords.models import Share
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.api.world import World, row_counts

HOUSE = {"reference": "H-1", "address": "1 High Street, Leeds", "postcode": "LS1 1AA", "external_ids": {"crm": "77"}}
Owners = list[dict[str, str]]


@pytest.fixture
def owners(machine: Caller, alphas: World) -> Owners:
    """Lena, who is connected, with two thirds, and Otto, who is not."""
    otto = machine.post("landlords", {"full_name": "Otto Owner"}).json()["id"]
    return [{"landlord_id": alphas.landlord_id, "share": "66.6667"}, {"landlord_id": otto, "share": "33.3333"}]


@pytest.fixture
def house(machine: Caller, owners: Owners) -> dict[str, Any]:
    made = machine.post("properties", {**HOUSE, "owners": owners})
    assert made.status_code == 201
    return dict(machine.get(made.headers["Location"]).json())


def test_a_property_is_read_back_with_its_owners_the_largest_first(house: dict[str, Any], owners: Owners) -> None:
    assert {name: house[name] for name in HOUSE} == HOUSE
    assert [{name: owner[name] for name in ("landlord_id", "share")} for owner in house["owners"]] == owners
    assert [owner["connection_state"] for owner in house["owners"]] == ["active", "not_connected"]
    assert [owner["full_name"] for owner in house["owners"]] == ["Lena Landlady", "Otto Owner"]


def test_an_address_is_enough(machine: Caller) -> None:
    made = machine.post("properties", {"address": "2 Low Street"}).json()

    assert made["reference"].startswith("P-")
    assert (made["owners"], made["external_ids"], made["postcode"]) == ([], {}, "")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("search=high", True),
        ("search=ls1", True),
        ("search=h-1", True),
        ("search=low", False),
        ("reference=H-1", True),
        ("reference=H", False),
        ("external_id=crm:77", True),
        ("external_id=crm:7", False),
        ("updated_after=2020-01-01T00:00:00Z", True),
        ("updated_after=2999-01-01T00:00:00Z", False),
        ("landlord_id=01890000-0000-7000-8000-000000000000", False),
    ],
)
def test_a_filter_keeps_what_it_names(query: str, is_found: bool, machine: Caller, house: dict[str, Any]) -> None:
    found = machine.get(f"properties?{query}").json()["results"]

    assert (house["id"] in {row["id"] for row in found}) is is_found


def test_each_owner_leads_to_the_property_they_share(machine: Caller, house: dict[str, Any], owners: Owners) -> None:
    for owner in owners:
        found = machine.get(f"properties?landlord_id={owner['landlord_id']}").json()["results"]

        assert house["id"] in {row["id"] for row in found}


def test_the_owners_of_a_change_are_all_that_there_are(machine: Caller, house: dict[str, Any], owners: Owners) -> None:
    changed = machine.patch(f"properties/{house['id']}", {"owners": [{**owners[1], "share": "100"}]}).json()

    assert [owner["share"] for owner in changed["owners"]] == ["100.0000"]
    assert (changed["address"], changed["updated_at"] > house["updated_at"]) == (HOUSE["address"], True)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        (lambda owners: [*owners, owners[0]], "/owners/2/landlord_id", "owner_twice"),
        (lambda owners: [owners[0], {**owners[1], "share": "33.3334"}], "/owners", "more_than_whole"),
        (lambda owners: [{**owners[0], "share": "0"}], "/owners/0/share", "min_value"),
        (lambda owners: [{**owners[0], "share": "-1"}], "/owners/0/share", "min_value"),
        (lambda owners: [{**owners[0], "share": "0.00001"}], "/owners/0/share", "max_decimal_places"),
        (lambda owners: [{"landlord_id": owners[0]["landlord_id"]}], "/owners/0/share", "required"),
        (lambda owners: [{"share": "1"}], "/owners/0/landlord_id", "required"),
    ],
)
def test_shares_that_can_not_be_are_refused_and_change_nothing(
    change: Any, pointer: str, code: str, machine: Caller, alpha: Agency, house: dict[str, Any], owners: Owners
) -> None:
    before = row_counts(alpha)

    for answer in (
        machine.patch(f"properties/{house['id']}", {"owners": change(owners)}),
        machine.post("properties", {"address": "x", "owners": change(owners)}),
    ):
        assert problem(answer) == (422, "request.invalid")
        assert pointers(answer)[pointer] == code
    assert machine.get(f"properties/{house['id']}").json() == house
    assert row_counts(alpha) == before


def test_a_landlord_of_nobody_or_of_others_owns_nothing(machine: Caller, betas: World, alpha: Agency) -> None:
    before = row_counts(alpha)

    for landlord_id in (betas.landlord_id, "01890000-0000-7000-8000-000000000000"):
        answer = machine.post("properties", {"address": "x", "owners": [{"landlord_id": landlord_id, "share": "1"}]})

        assert problem(answer) == (404, "not_found")
    assert row_counts(alpha) == before


def test_two_properties_can_not_share_a_reference(machine: Caller, house: dict[str, Any]) -> None:
    other = machine.post("properties", {"address": "x"}).json()["id"]

    for answer in (machine.post("properties", HOUSE), machine.patch(f"properties/{other}", {"reference": "H-1"})):
        assert problem(answer) == (409, "property.reference_taken")


def test_who_read_an_older_version_is_told_and_changes_nothing(machine: Caller, house: dict[str, Any]) -> None:
    path = f"properties/{house['id']}"
    tag = machine.get(path).headers["ETag"]
    assert machine.patch(path, {"address": "First"}, If_Match=tag).status_code == 200

    for answer in (
        machine.patch(path, {"address": "Second", "owners": []}, If_Match=tag),
        machine.call("DELETE", path, If_Match=tag),
    ):
        assert problem(answer) == (412, "request.stale")
    found = machine.get(path).json()
    assert (found["address"], len(found["owners"])) == ("First", 2)


def test_an_archived_property_is_off_the_lists_and_its_reference_free(machine: Caller, house: dict[str, Any]) -> None:
    assert machine.delete(f"properties/{house['id']}").status_code == 204

    assert problem(machine.get(f"properties/{house['id']}")) == (404, "not_found")
    assert machine.post("properties", HOUSE).status_code == 201


def test_an_archived_owner_is_not_shown_and_comes_to_no_harm_by_a_change(
    machine: Caller, alpha: Agency, house: dict[str, Any], owners: Owners
) -> None:
    machine.delete(f"landlords/{owners[1]['landlord_id']}")

    assert len(machine.get(f"properties/{house['id']}").json()["owners"]) == 1
    machine.patch(f"properties/{house['id']}", {"owners": owners[:1]})
    with tenant(alpha):
        assert Share.objects.filter(property=house["id"]).count() == 2
