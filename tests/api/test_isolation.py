"""Two agencies: nothing of one can be reached, seen or named from the other. Generated from the OpenAPI document."""

from typing import Any

import pytest

from tenants.models import Agency
from tests.api.callers import Caller, problem
from tests.api.document import BY_ID, OPERATIONS, PUBLIC, Operation
from tests.api.world import World, row_counts

# An operator is of no agency: what only operators may do is closed to both. What is open to all takes no id, but at
# most a proof of its own.
_CLOSED = [operation for operation in OPERATIONS if operation.id not in PUBLIC]
_WITH_IDS = [operation for operation in _CLOSED if operation.keys and operation.scope != "operator"]
_LISTS = [operation for operation in OPERATIONS if "cursor" in operation.query and operation.scope != "operator"]
_NAMED_IN_BODIES = ["invitations_create", "submissions_create", "calculations_create"]


def test_an_id_of_the_other_agency_is_answered_like_an_id_of_nothing(
    machine: Caller, alpha: Agency, beta: Agency, betas: World
) -> None:
    nothing = dict.fromkeys(betas.ids(), "01890000-0000-7000-8000-000000000000")
    before = row_counts(alpha, beta)

    foreign = {each.id: _call(machine, each, betas.ids()) for each in _WITH_IDS}
    missing = {each.id: _call(machine, each, nothing) for each in _WITH_IDS}

    assert {name: problem(answer) for name, answer in foreign.items()} == dict.fromkeys(foreign, (404, "not_found"))
    assert {name: _said(answer) for name, answer in foreign.items()} == {
        name: _said(answer) for name, answer in missing.items()
    }
    assert row_counts(alpha, beta) == before


@pytest.mark.parametrize("operation_id", _NAMED_IN_BODIES)
def test_a_landlord_of_the_other_agency_can_not_be_named_in_a_body(
    operation_id: str, machine: Caller, betas: World
) -> None:
    operation = BY_ID[operation_id]
    body = {
        **operation.sample(),
        "landlord_id": betas.landlord_id,
        **({"business_id": "XAIS12345678901", "tax_year": "2026-27"} if operation_id == "submissions_create" else {}),
    }

    answer = machine.call(operation.method, operation.path, body, Idempotency_Key="k")

    assert problem(answer) == (404, "not_found")


def test_a_list_holds_nothing_of_the_other_agency(machine: Caller, alphas: World, betas: World) -> None:
    answers = {each.id: machine.get(f"{each.at(**alphas.ids())}?limit=100") for each in _LISTS}

    assert {answer.status_code for answer in answers.values()} == {200}
    assert {name for name, answer in answers.items() if _names(answer, betas)} == set()
    assert {name for name, answer in answers.items() if _names(answer, alphas)} >= {
        "landlords_list",
        "submissions_list",
    }


def test_a_cursor_of_the_other_agency_shows_nothing_of_it(
    machine: Caller, machine_of_beta: Caller, alphas: World, betas: World
) -> None:
    theirs = {each: machine_of_beta.get(f"{each.at(**betas.ids())}?limit=1").json()["next"] or "" for each in _LISTS}

    answers = {
        each.id: machine.get(f"{each.at(**alphas.ids())}?cursor={cursor}") for each, cursor in theirs.items() if cursor
    }

    assert answers
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {name for name, answer in answers.items() if _names(answer, betas)} == set()


def test_every_id_in_the_document_has_a_real_thing_to_be_tried_with(betas: World) -> None:
    named = {name for operation in _CLOSED for name in operation.keys}

    assert named == betas.ids().keys()


def test_the_things_tried_are_real_to_their_own_agency(machine_of_beta: Caller, betas: World) -> None:
    readable = [operation for operation in _WITH_IDS if operation.method == "GET"]

    answers = {each.id: machine_of_beta.get(each.at(**betas.ids())).status_code for each in readable}

    assert set(answers.values()) <= {200, 202}, answers


def _call(caller: Caller, operation: Operation, ids: dict[str, str]) -> Any:
    return caller.call(operation.method, operation.at(**ids), operation.sample(), X_Request_Id="the-same")


def _said(answer: Any) -> dict[str, Any]:
    return {**answer.json(), "instance": ""}


def _names(answer: Any, world: World) -> bool:
    # A tax year is everybody's.
    return any(each in answer.content.decode() for name, each in world.ids().items() if name != "tax_year")
