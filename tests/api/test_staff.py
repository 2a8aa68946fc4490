"""/staff: invited, given a role, let go."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import TestCase

from events.models import AuditEvent
from people.models import User
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem

NELL = {"email": "Nell@alpha.example", "role": "member", "full_name": "Nell"}


def _id(caller: Caller, email: str) -> str:
    people = caller.get("staff?limit=100").json()["results"]
    return next(str(person["id"]) for person in people if person["email"] == email)


def test_who_is_invited_gets_a_mail_and_no_password(machine: Caller, alpha: Agency) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = machine.post("staff", NELL)

    assert made.status_code == 201
    assert made.json().items() >= {"email": "nell@alpha.example", "role": "member", "is_active": True}.items()
    assert machine.get(made.headers["Location"]).json() == made.json()
    assert [message.to for message in mail.outbox] == [["nell@alpha.example"]]
    with tenant(alpha):
        assert not User.objects.get(email="nell@alpha.example").has_usable_password()


def test_an_address_can_be_used_once(machine: Caller) -> None:
    machine.post("staff", NELL)

    assert problem(machine.post("staff", {**NELL, "email": "NELL@ALPHA.example"})) == (409, "staff.email_taken")


@pytest.mark.parametrize(("wrong", "pointer"), [({"email": "x"}, "/email"), ({"role": "god"}, "/role")])
def test_an_address_and_a_role_must_be_real(wrong: dict[str, str], pointer: str, machine: Caller) -> None:
    assert list(pointers(machine.post("staff", {**NELL, **wrong}))) == [pointer]


def test_a_changed_role_holds_from_the_next_request(signed_in: Callable[[str], Caller]) -> None:
    owner, member = signed_in("owner"), signed_in("member")
    assert problem(member.get("staff"))[0] == 403

    answer = owner.patch(f"staff/{_id(owner, 'member@alpha.example')}", {"role": "admin"})

    assert answer.json()["role"] == "admin"
    assert member.get("staff").status_code == 200


def test_who_is_let_go_is_out_at_once(signed_in: Callable[[str], Caller]) -> None:
    owner, member = signed_in("owner"), signed_in("member")
    path = f"staff/{_id(owner, 'member@alpha.example')}"

    assert owner.delete(path).status_code == 204

    assert problem(member.get("me")) == (401, "auth.required")
    assert owner.get(path).json()["is_active"] is False


@pytest.mark.parametrize("role", ["admin", "machine"])
def test_only_owners_make_owners(role: str, signed_in: Callable[[str], Caller], machine: Caller) -> None:
    caller = machine if role == "machine" else signed_in(role)

    assert problem(caller.post("staff", {**NELL, "role": "owner"})) == (403, "staff.owners_only")


def test_an_admin_changes_and_removes_no_owner(signed_in: Callable[[str], Caller]) -> None:
    owner, admin = signed_in("owner"), signed_in("admin")
    path = f"staff/{_id(owner, 'owner@alpha.example')}"

    refusals = [problem(admin.patch(path, {"role": "member"})), problem(admin.delete(path))]

    assert refusals == [(403, "staff.owners_only")] * 2


def test_the_last_owner_stays(signed_in: Callable[[str], Caller]) -> None:
    owner = signed_in("owner")
    path = f"staff/{_id(owner, 'owner@alpha.example')}"

    refusals = [problem(owner.patch(path, {"role": "admin"})), problem(owner.delete(path))]

    assert refusals == [(409, "staff.last_owner")] * 2
    assert owner.get("me").status_code == 200


def test_what_is_done_to_staff_is_audited(signed_in: Callable[[str], Caller], alpha: Agency) -> None:
    owner = signed_in("owner")
    path = owner.post("staff", NELL).headers["Location"]
    owner.patch(path, {"role": "admin"})
    owner.delete(path)

    with tenant(alpha):
        trail = list(AuditEvent.objects.filter(action__startswith="staff.").order_by("id"))
    assert [row.action for row in trail] == ["staff.invited", "staff.role_changed", "staff.deactivated"]
    assert {row.actor_kind for row in trail} == {"staff"}


def test_no_answer_holds_a_password(machine: Caller, signed_in: Callable[[str], Caller]) -> None:
    signed_in("member")

    assert "password" not in machine.get("staff").content.decode()
