"""What a credential that is let in may do: read-only staff, a landlord, an operator. From the OpenAPI document."""

from collections.abc import Callable
from typing import Any

import pytest

from people.scopes import ADMIN, KEY_SCOPES, LANDLORD, READ, ROLES, Scope
from tenants.models import Agency
from tests.api.callers import Caller, key_caller, landlord_caller, problem
from tests.api.document import OPERATIONS, PUBLIC, Operation
from tests.api.world import World, row_counts
from tests.cast import ALPHA

_SCOPED = [operation for operation in OPERATIONS if operation.scope]
_WRITES = [operation for operation in _SCOPED if Scope(str(operation.scope)) not in READ]
# What a landlord's token opens: their own things, and only where a view says that landlords may.
_LANDLORDS = {
    "connection_retrieve",
    "connection_disconnect",
    "connection_authorize",
    "connection_refresh",
    "connection_check",
    "connect_sessions_retrieve",
    "connect_sessions_complete",
    "businesses_list",
    "obligations_list",
    "operations_retrieve",
    "operations_events",
    "submissions_retrieve",
    "submissions_evidence",
    "itsa_status_retrieve",
    "quarterly_type_retrieve",
    "annual_submission_retrieve",
    "calculations_retrieve",
    "final_declaration_retrieve",
    "final_declaration_create",
    "submissions_approve",
    "submissions_decline",
    "mandates_list",
    "mandates_create",
    "mandates_revoke",
}
# Lists that show a landlord their own.
_OWN_LISTS = {"submissions_list"}
_NO_SCOPE = (403, "auth.scope_missing")


def _call(caller: Caller, operation: Operation, ids: World) -> Any:
    return caller.call(operation.method, operation.at(**ids.ids()), operation.sample(), Idempotency_Key="k")


def test_read_only_staff_change_nothing(signed_in: Callable[[str], Caller], alpha: Agency, alphas: World) -> None:
    reader = signed_in("read-only")
    before = row_counts(alpha)

    answers = {operation.id: problem(_call(reader, operation, alphas)) for operation in _WRITES}

    assert set(answers.values()) == {(403, "auth.scope_missing")}
    assert row_counts(alpha) == before


def test_read_only_staff_read_all_that_is_to_be_read(signed_in: Callable[[str], Caller], alphas: World) -> None:
    reader = signed_in("read-only")
    readable = [operation for operation in _SCOPED if operation not in _WRITES]

    answers = {operation.id: _call(reader, operation, alphas).status_code for operation in readable}

    assert set(answers.values()) <= {200, 202}, answers
    assert len(answers) >= 15


@pytest.mark.parametrize("role", ["member", "admin", "owner"])
def test_a_role_opens_exactly_the_operations_of_its_scopes(
    role: str, signed_in: Callable[[str], Caller], alphas: World
) -> None:
    caller = signed_in(role)
    missing = [operation for operation in _SCOPED if Scope(str(operation.scope)) not in ROLES[role]]

    answers = {operation.id: problem(_call(caller, operation, alphas)) for operation in missing}

    assert set(answers.values()) == {(403, "auth.scope_missing")}
    assert ("agencies_create" in answers) is True
    assert ("staff_invite" in answers) is (role == "member")


@pytest.mark.parametrize("scope", sorted(KEY_SCOPES))
def test_a_key_with_every_scope_but_the_one_needed_is_refused(scope: Scope, alpha: Agency, alphas: World) -> None:
    caller = key_caller(alpha, host=ALPHA.host, scopes=KEY_SCOPES - {scope})
    needing = [operation for operation in _SCOPED if operation.scope == scope]

    answers = [_call(caller, operation, alphas) for operation in needing]

    assert {problem(answer) for answer in answers} == {_NO_SCOPE}
    assert {scope in answer.json()["detail"] for answer in answers} == {True}


def test_a_landlord_never_reaches_another_landlords_things(
    landlord_elsewhere: Caller, alpha: Agency, alphas: World
) -> None:
    before = row_counts(alpha)

    called = {operation.id: _call(landlord_elsewhere, operation, alphas) for operation in _SCOPED}
    lists = [called.pop(name) for name in _OWN_LISTS]
    answers = {name: problem(answer) for name, answer in called.items()}

    assert [(answer.status_code, answer.json()["results"]) for answer in lists] == [(200, [])] * len(_OWN_LISTS)
    foreign = {name: answers.pop(name) for name in _LANDLORDS}
    assert foreign.pop("connect_sessions_complete") == (409, "connect.other_principal")
    assert foreign == dict.fromkeys(foreign, (404, "not_found"))
    assert answers == dict.fromkeys(answers, _NO_SCOPE)
    assert row_counts(alpha) == before


def test_a_landlord_reads_their_own_connection(alpha: Agency, alphas: World) -> None:
    landlord = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)
    mine = [each for each in _SCOPED if each.id in _LANDLORDS and each.method == "GET"]

    answers = {operation.id: _call(landlord, operation, alphas).status_code for operation in mine}

    assert set(answers.values()) <= {200, 202}, answers


def test_a_landlord_of_an_archived_record_is_nobody(machine: Caller, alpha: Agency) -> None:
    made = machine.post("landlords", {"full_name": "Ada Archived"}).json()["id"]
    landlord = landlord_caller(alpha, made, host=ALPHA.host)
    assert machine.delete(f"landlords/{made}").status_code == 204

    answer = landlord.get(f"landlords/{made}/connection")

    assert problem(answer) == (401, "auth.credential_unknown")


def test_an_operator_sees_nothing_of_an_agency(operator: Caller, alphas: World) -> None:
    at_alpha = Caller(ALPHA.host, operator.headers)
    inside = [operation for operation in _SCOPED if operation.scope != Scope.OPERATOR]

    answers = {operation.id: problem(_call(at_alpha, operation, alphas)) for operation in inside}

    assert answers == dict.fromkeys(answers, _NO_SCOPE)


def test_every_operation_is_public_or_names_a_scope() -> None:
    unnamed = {operation.id for operation in OPERATIONS if operation.scope is None}

    assert unnamed == PUBLIC | {"me", "fraud_contexts_create"}


def test_no_key_and_no_landlord_has_what_only_people_or_operators_may_do() -> None:
    assert not KEY_SCOPES & {Scope.OWNERS, Scope.OPERATOR}
    assert LANDLORD < ADMIN
