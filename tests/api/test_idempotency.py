"""Idempotency-Key: the same request twice is one effect and one answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from api import idempotency
from landlords.models import Landlord
from people.models import ApiKey, IdempotencyRecord
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, key_caller, problem
from tests.api.document import BY_ID
from tests.api.world import BUSINESS, World, row_counts
from tests.cast import ALPHA

LENA = {"full_name": "Lena"}


def test_the_same_request_twice_has_one_effect_and_one_answer(machine: Caller, alpha: Agency) -> None:
    first = machine.post("landlords", LENA, Idempotency_Key="one")
    again = machine.post("landlords", LENA, Idempotency_Key="one")

    assert (again.status_code, again.json()) == (201, first.json())
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert [again.headers[name] for name in ("Location", "ETag")] == [first.headers[n] for n in ("Location", "ETag")]
    with tenant(alpha):
        assert Landlord.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(machine: Caller, alpha: Agency) -> None:
    machine.post("landlords", LENA, Idempotency_Key="one")
    before = row_counts(alpha)

    answer = machine.post("landlords", {"full_name": "Otto"}, Idempotency_Key="one")

    assert problem(answer) == (422, "idempotency.key_reused")
    assert row_counts(alpha) == before


def test_another_path_under_the_same_key_is_refused(machine: Caller) -> None:
    machine.post("landlords", LENA, Idempotency_Key="one")

    assert problem(machine.post("invitations", LENA, Idempotency_Key="one")) == (422, "idempotency.key_reused")


def test_a_key_belongs_to_whoever_sent_it(machine: Caller, alpha: Agency) -> None:
    other = key_caller(alpha, host=ALPHA.host)

    mine = machine.post("landlords", LENA, Idempotency_Key="one").json()
    theirs = other.post("landlords", LENA, Idempotency_Key="one").json()

    assert mine["id"] != theirs["id"]


def test_a_refusal_is_not_remembered(machine: Caller) -> None:
    refused = machine.post("landlords", {}, Idempotency_Key="one")

    answer = machine.post("landlords", LENA, Idempotency_Key="one")

    assert (problem(refused)[0], answer.status_code) == (422, 201)


def test_after_a_day_the_key_is_free_again(machine: Caller, alpha: Agency) -> None:
    first = machine.post("landlords", LENA, Idempotency_Key="one").json()
    with tenant(alpha):
        IdempotencyRecord.objects.update(created_at=clock.now() - timedelta(hours=24))

    again = machine.post("landlords", LENA, Idempotency_Key="one")

    assert again.json()["id"] != first["id"]
    assert "Idempotent-Replayed" not in again.headers


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "caf\u00e9"])
def test_a_key_that_can_not_be_used_is_refused(key: str, machine: Caller) -> None:
    answer = machine.post("landlords", LENA, Idempotency_Key=key)

    assert problem(answer) == (400, "idempotency.key_malformed")


def test_a_submission_without_a_key_is_refused_before_it_is_read(machine: Caller) -> None:
    assert problem(machine.post("submissions", {})) == (400, "idempotency.key_required")


def test_a_submission_sent_twice_is_queued_once(machine: Caller, alphas: World, alpha: Agency) -> None:
    shape = {"landlord_id": alphas.landlord_id, "business_id": BUSINESS, "tax_year": "2026-27"}
    body = {**BY_ID["submissions_create"].sample(), **shape, "figures": {"income": {"periodAmount": "1.00"}}}
    first = machine.post("submissions", body, Idempotency_Key="quarter-1")
    before = row_counts(alpha)

    again = machine.post("submissions", body, Idempotency_Key="quarter-1")

    assert (first.status_code, again.json()) == (202, first.json())
    assert row_counts(alpha) == before


def test_a_key_that_is_shown_once_lies_sealed_in_the_record_and_is_shown_again_to_a_replay(
    machine: Caller, alpha: Agency
) -> None:
    body = {"name": "crm", "scopes": ["landlords:read"]}

    first = machine.post("api-keys", body, Idempotency_Key="one")
    again = machine.post("api-keys", body, Idempotency_Key="one")

    secret = first.json()["key"]
    assert again.json()["key"] == secret
    with tenant(alpha):
        record = IdempotencyRecord.objects.get()
        assert ApiKey.objects.filter(name="crm").count() == 1
    assert secret.encode() not in record.body.blob
    assert secret not in str(vars(record)) + repr(record)


def test_while_the_first_request_runs_the_second_is_asked_to_wait(machine: Caller, alpha: Agency) -> None:
    me = machine.get("me").json()
    name = f"{me['kind']}:{me['id']}:one"

    with _another_request_holds(alpha, name):
        meanwhile = machine.post("landlords", LENA, Idempotency_Key="one")
    afterwards = machine.post("landlords", LENA, Idempotency_Key="one")

    assert (problem(meanwhile), meanwhile.headers["Retry-After"]) == ((409, "idempotency.still_running"), "1")
    assert meanwhile.json()["retryable"] is True
    assert afterwards.status_code == 201


class _another_request_holds:  # noqa: N801 - reads as a sentence
    """A second connection that took the lock of this key, as a request under way does."""

    def __init__(self, agency: Agency, name: str) -> None:
        self._agency, self._name = agency, name
        self._other: Any = connections["default"].copy()

    def __enter__(self) -> None:
        self._other.set_tenant(self._agency)
        self._other.set_autocommit(False)
        here, connections["default"] = connections["default"], self._other
        try:
            idempotency._lock(self._name)
        finally:
            connections["default"] = here

    def __exit__(self, *_: object) -> None:
        self._other.rollback()
        self._other.close()
