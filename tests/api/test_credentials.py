"""Who is let in at all: credentials missing, forged, foreign, spent; hosts that are nobody's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tenants import clock, credentials
from tenants.ids import digest, new_id
from tenants.models import Agency, Credential
from tests.api.callers import Caller, bearing, key_caller, problem
from tests.api.document import OPERATIONS, PUBLIC, Operation
from tests.api.world import World
from tests.cast import ALPHA, BETA

_CLOSED = [operation for operation in OPERATIONS if operation.id not in PUBLIC]


def test_nothing_but_the_public_pages_answers_without_a_credential(outsider: Caller, alpha: Agency) -> None:
    answers = {operation.id: _call(outsider, operation) for operation in _CLOSED}

    assert {name: problem(answer) for name, answer in answers.items()} == dict.fromkeys(answers, (401, "auth.required"))
    assert {answer.headers["WWW-Authenticate"] for answer in answers.values()} == {'Bearer realm="quarterday"'}


def test_a_key_of_another_agency_than_the_host_is_refused(alpha: Agency, machine_of_beta: Caller) -> None:
    trespasser = Caller(ALPHA.host, machine_of_beta.headers)

    answers = {operation.id: problem(_call(trespasser, operation)) for operation in OPERATIONS}

    assert answers == dict.fromkeys(answers, (401, "auth.wrong_agency"))


@pytest.mark.parametrize(
    "sent",
    [
        "something",
        "qd_test_",
        "qd_test_" + "A" * 49,
        "qd_test_" + "A" * 10_000,
        "qd_test_" + "\u00e9" * 49,
        "'; DROP TABLE tenants_agency; --",
    ],
)
def test_a_credential_that_is_not_one_of_ours_is_malformed(sent: str, alpha: Agency) -> None:
    answer = bearing(sent, host=ALPHA.host).get("me")

    assert problem(answer) == (401, "auth.credential_malformed")


def test_a_key_with_a_changed_letter_fails_its_checksum(machine: Caller) -> None:
    key = machine.headers["Authorization"].removeprefix("Bearer ")
    changed = key[:20] + ("a" if key[20] != "a" else "b") + key[21:]

    answer = bearing(changed, host=ALPHA.host).get("me")

    assert problem(answer) == (401, "auth.credential_malformed")


def test_a_well_formed_key_that_was_never_made_is_unknown(machine: Caller) -> None:
    forged = credentials.mint(prefix="qdo", subject_id=new_id(), agency=None, expires_at=None)
    Credential.objects.filter(digest=digest(forged)).delete()

    answer = bearing(forged, host=ALPHA.host).get("me")

    assert problem(answer) == (401, "auth.credential_unknown")


def test_an_expired_key_is_unknown(alpha: Agency) -> None:
    late = key_caller(alpha, host=ALPHA.host, expires_at=clock.now() - timedelta(seconds=1))

    answer = late.get("me")

    assert problem(answer) == (401, "auth.credential_unknown")


def test_a_key_works_until_it_expires(alpha: Agency) -> None:
    soon = key_caller(alpha, host=ALPHA.host, expires_at=clock.now() + timedelta(minutes=1))

    assert soon.get("me").status_code == 200


def test_an_invitation_is_no_credential(alpha: Agency) -> None:
    token = credentials.mint(prefix="qdi", subject_id=new_id(), agency=alpha, expires_at=None)

    answer = bearing(token, host=ALPHA.host).get("me")

    assert problem(answer) == (401, "auth.credential_unknown")


@pytest.mark.parametrize("host", ["nobody.localhost", "localhost", "127.0.0.1", "localhost:8000", "alpha.localhost:81"])
def test_a_key_leads_to_its_agency_on_any_host_that_is_not_anothers(host: str, alpha: Agency, machine: Caller) -> None:
    answer = Caller(host, machine.headers).get("me")

    assert answer.json()["agency_id"] == str(alpha.pk)


def test_a_host_that_is_not_served_is_refused_before_anything_is_read(machine: Caller) -> None:
    answer = Caller("evil.example", machine.headers).get("landlords")

    assert problem(answer) == (400, "host.not_allowed")


@pytest.mark.parametrize("host", ["", "a b", "alpha.localhost:port", "[::1"])
def test_a_host_header_that_is_no_host_is_a_problem_too(host: str, db: None) -> None:
    answer = Caller(host).get("config")

    assert problem(answer)[0] == 400


def test_a_host_of_nobody_has_no_agency(db: None) -> None:
    answer = Caller("nobody.localhost").get("landlords")

    assert problem(answer) == (404, "agency.unknown_host")


def test_on_a_strangers_host_the_public_pages_still_answer(db: None) -> None:
    answer = Caller("nobody.localhost").get("config")

    assert (answer.status_code, answer.json()["agency"]) == (200, None)


def test_a_suspended_agency_is_told_so(alpha: Agency, machine: Caller) -> None:
    Agency.objects.filter(pk=alpha.pk).update(status="suspended")

    answer = machine.get("landlords")

    assert problem(answer) == (403, "agency.suspended")


def test_the_same_session_token_is_nobody_at_the_other_agency(signed_in: Callable[[str], Caller], beta: Agency) -> None:
    member = signed_in("member")

    here, there = member.get("me"), Caller(BETA.host, member.headers).get("me")

    assert here.json()["kind"] == "staff"
    assert problem(there) == (401, "auth.required")


def test_a_key_is_never_repeated_in_a_refusal(betas: World, machine_of_beta: Caller) -> None:
    answer = Caller(ALPHA.host, machine_of_beta.headers).get("landlords")

    secret = machine_of_beta.headers["Authorization"].removeprefix("Bearer ")
    assert secret not in answer.content.decode() + str(answer.headers)


def _call(caller: Caller, operation: Operation) -> Any:
    ids = dict.fromkeys(operation.keys, str(new_id()))
    return caller.call(operation.method, operation.at(**ids), operation.sample(), Idempotency_Key="k")
