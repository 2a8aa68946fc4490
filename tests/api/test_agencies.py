"""/agencies/{id}, for the operator: looked at, suspended, resumed, off-boarded."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from events.models import AuditEvent
from hmrc_oauth.models import Grant
from landlords import posting
from landlords.models import Mail
from tenants import clock, due
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.api.callers import Caller, problem
from tests.api.world import World
from tests.cast import ALPHA

NOBODYS = "agencies/01890000-0000-7000-8000-000000000000"


@pytest.fixture
def path(alpha: Agency) -> str:
    return f"agencies/{alpha.pk}"


def audited(agency: Agency, action: str) -> dict[str, Any]:
    with tenant(agency):
        return dict(AuditEvent.objects.get(action=action).detail)


def test_an_operator_sees_every_agency_and_finds_one(operator: Caller, alpha: Agency, beta: Agency, path: str) -> None:
    every = operator.get("agencies").json()["results"]
    by_host = operator.get(f"agencies?host={ALPHA.host}&status=active").json()["results"]

    assert {row["id"] for row in every} == {str(alpha.pk), str(beta.pk)}
    assert [row["id"] for row in by_host] == [str(alpha.pk)]
    assert operator.get(path).json() == by_host[0]
    assert operator.get("agencies?status=suspended").json()["results"] == []


def test_a_suspended_agency_is_told_so_and_keeps_everything(
    operator: Caller, machine: Caller, alpha: Agency, alphas: World, path: str
) -> None:
    answer = operator.post(f"{path}/suspend", {"reason": "unpaid"})

    assert (answer.status_code, answer.json()["status"]) == (200, "suspended")
    assert problem(machine.get("landlords")) == (403, "agency.suspended")
    assert audited(alpha, "agency.suspended") == {"reason": "unpaid"}
    with tenant(alpha):
        assert Grant.objects.get().access_token is not None


def test_what_is_due_for_a_suspended_agency_waits_and_costs_nobody_a_bell(
    operator: Caller, alpha: Agency, beta: Agency, path: str
) -> None:
    now = clock.now()
    for agency in (alpha, beta):
        with tenant(agency):
            due.put(kind=due.Kind.TIDY, subject_id=agency.pk, lane=due.Lane.BACKGROUND, at=now - timedelta(hours=1))
            due.put(kind=due.Kind.FETCH, subject_id=agency.pk, lane=due.Lane.BULK, at=now - timedelta(hours=1))
    Due.objects.update(rung_at=None)
    operator.post(f"{path}/suspend", {"reason": "unpaid"})

    due.sweep(now=now)

    rung = dict(Due.objects.filter(kind="tidy").values_list("agency_id", "rung_at"))
    assert (rung[alpha.pk], rung[beta.pk]) == (None, now)
    Due.objects.filter(agency_id=beta.pk).delete()
    assert due.oldest(now=now) == {}
    assert not due._a_call_waits(now)
    operator.post(f"{path}/resume", {})
    assert due.oldest(now=now).keys() == {"tidy", "fetch"}
    assert due._a_call_waits(now)


def test_a_resumed_agency_goes_on(operator: Caller, machine: Caller, alpha: Agency, path: str) -> None:
    operator.post(f"{path}/suspend", {"reason": "unpaid"})

    for _ in range(2):
        assert operator.post(f"{path}/resume", {}).json()["status"] == "active"

    assert machine.get("landlords").status_code == 200
    assert audited(alpha, "agency.resumed") == {}


def test_off_boarding_is_planned_by_name_followed_and_called_off(
    operator: Caller, machine: Caller, path: str, alpha: Agency
) -> None:
    assert problem(operator.post(f"{path}/off-board", {"confirm": "Alpha"})) == (422, "request.not_confirmed")

    planned = operator.post(f"{path}/off-board", {"confirm": ALPHA.name})

    assert (planned.status_code, planned.json()["status"]) == (202, "planned")
    assert operator.get(f"{path}/off-board").json() == planned.json()
    assert problem(operator.post(f"{path}/off-board", {"confirm": ALPHA.name})) == (409, "agency.already_leaving")
    assert machine.get("landlords").status_code == 200
    assert operator.delete(f"{path}/off-board").json()["status"] == "called_off"
    assert problem(operator.delete(f"{path}/off-board")) == (404, "not_found")


def test_an_agency_that_leaves_can_be_neither_suspended_nor_resumed(operator: Caller, alpha: Agency, path: str) -> None:
    Agency.objects.filter(pk=alpha.pk).update(status="leaving")

    assert problem(operator.post(f"{path}/suspend", {"reason": "x"})) == (403, "agency.leaving")
    assert problem(operator.post(f"{path}/resume", {})) == (403, "agency.leaving")
    assert again_is_leaving(alpha)


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("POST", "/suspend", {"reason": "x"}),
        ("POST", "/resume", {}),
        ("GET", "/off-board", None),
        ("POST", "/off-board", {"confirm": "x"}),
        ("DELETE", "/off-board", None),
    ],
)
def test_an_agency_of_nobody_is_not_found(method: str, rest: str, body: Any, operator: Caller) -> None:
    assert problem(operator.call(method, f"{NOBODYS}{rest}", body)) == (404, "not_found")


def test_landlords_mails_come_in_the_agencys_name_and_are_answered_to_it(
    machine: Caller, alphas: World, alpha: Agency, django_capture_on_commit_callbacks: Any
) -> None:
    machine.patch(f"landlords/{alphas.landlord_id}", {"email": "lena@post.example"})
    machine.patch("agency", {"mail_name": "Alpha, the agents", "mail_reply_to": "hello@alpha.example"})

    with django_capture_on_commit_callbacks(execute=True):
        machine.post("invitations", {"landlord_id": alphas.landlord_id, "deliver": "mail"})
    with tenant(alpha.pk):
        posting.run(mail_id=Mail.objects.get(landlord_id=alphas.landlord_id).pk)

    (sent,) = mail.outbox
    assert sent.from_email == '"Alpha, the agents" <no-reply@localhost>'
    assert (sent.reply_to, sent.subject) == (["hello@alpha.example"], "Alpha, the agents: connect HMRC")
    assert machine.get("agency").json()["mail_reply_to"] == "hello@alpha.example"


def again_is_leaving(agency: Agency) -> Any:
    return Agency.objects.filter(pk=agency.pk, status="leaving").exists()
