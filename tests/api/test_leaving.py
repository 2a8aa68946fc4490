"""Merging, exporting and erasing a landlord, and exporting an agency, as a caller sees them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from leaving import exports
from mtd.models import Submission, Write
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, problem
from tests.api.world import World


@pytest.fixture
def settled(alpha: Agency, alphas: World) -> str:
    """The path of a landlord for whom nothing is under way."""
    with tenant(alpha):
        Submission.objects.update(status="accepted")
        Write.objects.update(status="accepted")
    return f"landlords/{alphas.landlord_id}"


def _make(agency: Agency, operation: Any) -> str:
    with tenant(agency):
        exports.run(export_id=operation["id"])
    return str(operation["result"]["export"] if operation["result"] else operation["id"])


def test_a_landlords_file_is_asked_for_followed_and_fetched(machine: Caller, alpha: Agency, settled: str) -> None:
    asked = machine.post(f"{settled}/export")
    assert asked.status_code == 202
    assert problem(machine.get(f"exports/{asked.json()['id']}/file")) == (409, "export.not_ready")

    made = _make(alpha, asked.json())

    operation = machine.get(asked.headers["Location"]).json()
    assert (operation["status"], operation["result"]["export"]) == ("succeeded", made)
    said = machine.get(f"exports/{made}").json()
    file = machine.get(f"exports/{made}/file")
    body = b"".join(file.streaming_content)
    assert (file.headers["Content-Type"], file.headers["Content-Length"]) == ("application/zip", str(len(body)))
    assert file.headers["Cache-Control"] == "no-store"
    assert (said["size"], said["landlord_id"]) == (len(body), settled.rpartition("/")[2])
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(body)).namelist()


def test_an_agencys_file_is_for_owners(
    machine: Caller, signed_in: Callable[[str], Caller], alpha: Agency, alphas: World
) -> None:
    owner, admin = signed_in("owner"), signed_in("admin")
    assert problem(machine.post("agency/export")) == (403, "auth.scope_missing")

    made = _make(alpha, owner.post("agency/export").json())

    for other in (machine, admin):
        assert problem(other.get(f"exports/{made}/file")) == (403, "staff.owners_only")
    assert b"".join(owner.get(f"exports/{made}/file").streaming_content)[:2] == b"PK"
    assert owner.get(f"exports/{made}").json()["landlord_id"] is None


def test_a_landlord_is_erased_by_their_reference(machine: Caller, settled: str, alphas: World) -> None:
    reference = machine.get(settled).json()["reference"]
    assert problem(machine.post(f"{settled}/erase", {"confirm": "somebody"})) == (422, "request.not_confirmed")

    erased = machine.post(f"{settled}/erase", {"confirm": reference})

    assert erased.status_code == 200
    assert erased.json().keys() == {"id", "created_at", "archived_at", "erased_at"}
    assert problem(machine.get(settled)) == (404, "not_found")
    filed = machine.get(f"submissions/{alphas.submission_id}").json()
    assert (filed["figures"], filed["status"]) == (None, "accepted")
    assert machine.get(f"submissions/{alphas.submission_id}/evidence").status_code == 200
    assert machine.get("submissions").status_code == 200
    assert machine.get(f"calculations/{alphas.calculation_id}").status_code == 200
    assert machine.get(f"calculations/{alphas.calculation_id}/final-declaration").status_code == 200
    assert machine.get(f"submission-batches/{alphas.batch_id}/rows").status_code == 200
    assert machine.get("properties").json()["results"] == []


def test_a_landlord_with_a_submission_under_way_is_not_erased(machine: Caller, alphas: World) -> None:
    path = f"landlords/{alphas.landlord_id}"
    body = {"confirm": machine.get(path).json()["reference"]}

    assert problem(machine.post(f"{path}/erase", body)) == (409, "landlord.unsettled_submissions")


def test_a_duplicate_is_merged_and_says_into_whom(machine: Caller, settled: str) -> None:
    kept = machine.post("landlords", {"full_name": "Lena", "tags": ["vip"]}).json()
    path, tag = f"landlords/{kept['id']}", '"1"'
    body = {"duplicate_id": settled.rpartition("/")[2]}
    machine.patch(path, {"tags": ["new"]})
    assert problem(machine.post(f"{path}/merge", body, If_Match=tag)) == (412, "request.stale")

    merged = machine.post(f"{path}/merge", body)

    assert (merged.json()["connection_state"], merged.json()["tags"]) == ("active", ["new"])
    gone = machine.get(settled)
    assert problem(gone) == (410, "landlord.merged")
    assert gone.json()["landlord_id"] == kept["id"]
    assert problem(machine.patch(settled, {"full_name": "x"})) == (410, "landlord.merged")


def test_an_unfinished_erasure_names_no_one_elses_landlord(machine: Caller, betas: World) -> None:
    for what, body in (("erase", {"confirm": "x"}), ("export", {}), ("merge", {"duplicate_id": betas.landlord_id})):
        assert problem(machine.post(f"landlords/{betas.landlord_id}/{what}", body)) == (404, "not_found")
