"""Mandates and approvals over HTTP: by staff for a landlord, by the landlord in a session of their own."""

from dataclasses import replace
from typing import Any

import pytest

from mtd.models import Mandate, Submission
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.world import BUSINESS, World
from tests.cast import ALPHA

QUARTER: dict[str, Any] = {
    "business_id": BUSINESS,
    "tax_year": "2026-27",
    "period_start": "2026-04-06",
    "period_end": "2026-10-05",
    "figures": {"income": {"periodAmount": "1300.00"}},
    "declaration": {"accepted": True, "covers_whole_business": True},
}


@pytest.fixture
def lena(alpha: Agency, alphas: World) -> Caller:
    """The landlord herself."""
    return landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)


@pytest.fixture
def waiting(machine: Caller, lena: Caller, alphas: World) -> Any:
    """Lena approves each quarter, and the agency has asked for one."""
    assert lena.post(f"landlords/{alphas.landlord_id}/mandates", {"kind": "per_quarter"}).status_code == 201
    answer = submit(machine, alphas)
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting_for_approval")
    return answer.json()


def submit(machine: Caller, world: World, **more: Any) -> Any:
    return machine.post("submissions", {**QUARTER, "landlord_id": world.landlord_id, **more}, Idempotency_Key="k")


def test_staff_record_what_a_landlord_has_signed(machine: Caller, alphas: World) -> None:
    path = f"landlords/{alphas.landlord_id}/mandates"
    given = {"kind": "per_quarter", "channel": "paper", "given_at": "2026-11-01T10:00:00Z", "evidence": "file 7"}

    made = machine.post(path, given)

    assert made.status_code == 201
    assert made.json().items() >= given.items()
    listed = machine.get(path).json()["results"]
    assert [each["id"] for each in listed] == [made.json()["id"], alphas.mandate_id]
    assert [each["ended_how"] for each in listed] == ["", "replaced"]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, "/kind"),
        ({"kind": "for_ever"}, "/kind"),
        ({"kind": "standing", "channel": "pigeon"}, "/channel"),
        ({"kind": "standing", "given_at": "2099-01-01T00:00:00Z"}, "/given_at"),
        ({"kind": "standing", "evidence": "x" * 501}, "/evidence"),
    ],
)
def test_a_faulty_mandate_is_refused(machine: Caller, alphas: World, given: dict[str, Any], pointer: str) -> None:
    answer = machine.post(f"landlords/{alphas.landlord_id}/mandates", given)

    assert problem(answer) == (422, "request.invalid")
    assert list(pointers(answer)) == [pointer]


def test_a_landlord_takes_back_and_gives_anew(machine: Caller, lena: Caller, alphas: World) -> None:
    path = f"landlords/{alphas.landlord_id}/mandates"
    assert lena.delete(f"{path}/{alphas.mandate_id}").status_code == 204
    assert machine.get(f"submissions/{alphas.submission_id}").json()["status"] == "cancelled"
    refused = submit(machine, alphas, mandate={"kind": "standing"})
    assert problem(refused) == (422, "mandate.revoked")

    assert lena.post(path, {"kind": "standing"}).status_code == 201

    assert submit(machine, alphas).json()["status"] == "queued"


def test_what_is_cancelled_says_what_to_do(machine: Caller, alphas: World) -> None:
    machine.delete(f"landlords/{alphas.landlord_id}/mandates/{alphas.mandate_id}")

    said = machine.get(f"submissions/{alphas.submission_id}").json()

    assert said["reason_code"] == "mandate.revoked"
    assert "mandate" in said["user_action"]


def test_without_a_mandate_a_submission_is_refused_with_what_to_do(
    machine: Caller, alpha: Agency, alphas: World
) -> None:
    with tenant(alpha):
        Mandate.objects.all().delete()

    answer = submit(machine, alphas)

    assert problem(answer) == (422, "mandate.missing")
    assert pointers(answer) == {"/mandate": "mandate.missing"}
    assert "link" in answer.json()["user_action"]


def test_the_landlord_sees_what_waits_and_approves_it(lena: Caller, waiting: Any) -> None:
    (shown,) = lena.get("submissions?status=waiting_for_approval").json()["results"]
    assert (shown["id"], shown["figures"]) == (waiting["id"], QUARTER["figures"])

    answer = lena.post(f"submissions/{shown['id']}/approve", {"digest": shown["digest"]})

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.json()["approval"]["digest"] == shown["digest"]
    assert answer.headers["Location"] == f"/api/v1/operations/{shown['id']}"


@pytest.mark.parametrize("digest", ["", "00", "zz" * 32, None])
def test_what_is_no_digest_approves_nothing(lena: Caller, waiting: Any, digest: str | None) -> None:
    answer = lena.post(f"submissions/{waiting['id']}/approve", {"digest": digest})

    assert problem(answer) == (422, "request.invalid")


def test_another_digest_approves_nothing(lena: Caller, waiting: Any) -> None:
    answer = lena.post(f"submissions/{waiting['id']}/approve", {"digest": "00" * 32})

    assert problem(answer) == (409, "approval.other_digest")


def test_staff_approve_nothing_themselves(machine: Caller, waiting: Any) -> None:
    for what, body in (("approve", {"digest": waiting["digest"]}), ("decline", {})):
        assert problem(machine.post(f"submissions/{waiting['id']}/{what}", body)) == (403, "approval.landlord_only")


def test_another_landlord_approves_nothing(landlord_elsewhere: Caller, waiting: Any) -> None:
    answer = landlord_elsewhere.post(f"submissions/{waiting['id']}/approve", {"digest": waiting["digest"]})

    assert problem(answer) == (404, "not_found")
    assert landlord_elsewhere.get("submissions").json()["results"] == []


def test_the_landlord_declines(lena: Caller, machine: Caller, waiting: Any) -> None:
    answer = lena.post(f"submissions/{waiting['id']}/decline", {"reason": "The boiler is missing."})

    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert machine.get(f"submissions/{waiting['id']}").json()["reason_code"] == "approval.declined"
    again = lena.post(f"submissions/{waiting['id']}/approve", {"digest": waiting["digest"]})
    assert problem(again) == (409, "approval.not_awaited")


def test_the_link_to_it_opens_the_landlords_session(machine: Caller, alpha: Agency, waiting: Any) -> None:
    made = machine.post(f"submissions/{waiting['id']}/approval-link", {"deliver": "link"})
    assert made.status_code == 201
    assert made.json()["url"].endswith(f"&submission={waiting['id']}")

    session = machine.post("landlord-sessions", {"invitation_token": made.json()["invitation_token"]}).json()

    lena = Caller(ALPHA.host, {"Authorization": f"Bearer {session['token']}"})
    assert lena.get(f"submissions/{waiting['id']}").json()["digest"] == waiting["digest"]


def test_outside_local_the_landlords_device_is_asked_for(
    lena: Caller, waiting: Any, alpha: Agency, settings: Any
) -> None:
    settings.HMRC = replace(settings.HMRC, name="sandbox")

    answer = lena.post(f"submissions/{waiting['id']}/approve", {"digest": waiting["digest"]})

    assert problem(answer) == (422, "fraud_context.required")
    with tenant(alpha):
        assert Submission.objects.get(pk=waiting["id"]).status == "waiting_for_approval"


def test_the_whole_business_must_be_declared(machine: Caller, alphas: World) -> None:
    left_out = submit(machine, alphas, declaration={"accepted": True})
    denied = submit(machine, alphas, declaration={"accepted": True, "covers_whole_business": False})

    assert problem(left_out) == (422, "request.invalid")
    assert pointers(left_out) == {"/declaration/covers_whole_business": "required"}
    assert problem(denied) == (422, "submission.whole_business_not_declared")


def test_everything_wrong_is_told_at_once(machine: Caller, alphas: World) -> None:
    answer = submit(
        machine,
        alphas,
        period_start="2026-07-06",
        figures={"income": {"periodAmount": "1.001"}},
        declaration={"accepted": False, "covers_whole_business": True},
    )

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == {
        "/figures/income/periodAmount": "format_value",
        "/period_start": "rule_start_date_not_aligned_with_reporting_type",
        "/declaration/accepted": "submission.declaration_missing",
    }


def test_the_wordings_are_everybodys(outsider: Caller, machine: Caller, alphas: World) -> None:
    said = {each["subject"]: each for each in outsider.get("wordings").json()["results"]}

    assert said.keys() == {"update", "mandate_standing", "mandate_per_quarter"}
    assert all(each["text"] for each in said.values())
    evidence = machine.get(f"submissions/{alphas.submission_id}/evidence").json()["submission"]
    assert evidence["declaration"]["text_version"] == said["update"]["version"]
    assert evidence["mandate"]["text_version"] == said["mandate_standing"]["version"]


def test_a_submission_tells_when_it_is_due_and_whether_it_is_late(machine: Caller, alphas: World) -> None:
    said = machine.get(f"submissions/{alphas.submission_id}").json()

    assert (said["due_date"], said["late"]) == (None, None)
