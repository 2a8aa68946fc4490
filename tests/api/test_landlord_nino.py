"""A landlord's NINO: which are taken, how they are shown, who may see one in full."""

from dataclasses import replace
from typing import Any

import pytest

from events.models import AuditEvent
from landlords.models import Landlord
from people.scopes import KEY_SCOPES, Scope
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, key_caller, pointers, problem
from tests.cast import ALPHA, NINO, OTHER_NINO


def _post(machine: Caller, nino: str) -> Any:
    return machine.post("landlords", {"full_name": "Lena", "nino": nino})


@pytest.mark.parametrize("sent", ["AA123456A", "aa123456a", "AA 12 34 56 A", " aa12 3456a "])
def test_spaces_and_lower_case_are_taken_and_the_number_is_shown_masked(sent: str, machine: Caller) -> None:
    answer = _post(machine, sent)

    assert answer.json()["nino"] == "AA****56A"
    assert "123456" not in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ("AA12345A", "nino.format"),
        ("AA123456E", "nino.format"),
        ("A1123456A", "nino.format"),
        ("AA123456", "nino.format"),
        ("\u0391A123456A", "nino.format"),
        ("DA123456A", "nino.prefix"),
        ("GB123456A", "nino.prefix"),
        ("AO123456A", "nino.prefix"),
        ("ZZ123456A", "nino.prefix"),
    ],
)
def test_a_number_hmrc_never_issued_is_refused_by_the_rule_it_breaks(sent: str, rule: str, machine: Caller) -> None:
    answer = _post(machine, sent)

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == {"/nino": rule}
    assert sent not in answer.content.decode()


@pytest.mark.parametrize("environment", ["local", "sandbox"])
def test_the_documentation_prefix_passes_outside_production(environment: str, machine: Caller, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name=environment)

    assert _post(machine, "QQ123456C").json()["nino"] == "QQ****56C"


def test_in_production_the_documentation_prefix_has_a_refusal_of_its_own(alpha: Agency, settings: Any) -> None:
    settings.HMRC = replace(settings.HMRC, name="production")

    answer = _post(key_caller(alpha, host=ALPHA.host), "QQ123456C")

    assert pointers(answer) == {"/nino": "nino.documentation"}


@pytest.mark.parametrize("same", [NINO, "AA123456B", "aa 12 34 56 a"])
def test_two_landlords_of_an_agency_can_not_be_the_same_person(same: str, machine: Caller) -> None:
    _post(machine, NINO)

    answer = _post(machine, same)

    assert problem(answer) == (409, "nino.conflict")


def test_the_same_person_may_be_a_landlord_of_two_agencies(machine: Caller, machine_of_beta: Caller) -> None:
    assert _post(machine, NINO).status_code == 201
    assert _post(machine_of_beta, NINO).status_code == 201


def test_a_corrected_number_takes_the_place_of_the_first(machine: Caller) -> None:
    made = _post(machine, NINO).json()

    changed = machine.patch(f"landlords/{made['id']}", {"nino": OTHER_NINO})
    revealed = machine.post(f"landlords/{made['id']}/reveal-nino", {"reason": "to check"})

    assert changed.json()["nino"] == "AB****21B"
    assert revealed.json() == {"nino": OTHER_NINO}
    assert _post(machine, NINO).status_code == 201


def test_who_reveals_a_number_and_why_is_audited_and_the_number_is_not(machine: Caller, alpha: Agency) -> None:
    made = _post(machine, NINO).json()

    machine.post(f"landlords/{made['id']}/reveal-nino", {"reason": "call from the landlord"})

    with tenant(alpha):
        row = AuditEvent.objects.get(action="nino.revealed")
        everything = str([vars(each) for each in AuditEvent.objects.all()])
    assert (str(row.subject_id), row.detail) == (made["id"], {"reason": "call from the landlord"})
    assert NINO not in everything


def test_without_its_scope_a_key_reveals_nothing(alpha: Agency, machine: Caller) -> None:
    made = _post(machine, NINO).json()
    caller = key_caller(alpha, host=ALPHA.host, scopes=KEY_SCOPES - {Scope.NINO_REVEAL})

    answer = caller.post(f"landlords/{made['id']}/reveal-nino", {"reason": "curious"})

    assert problem(answer) == (403, "auth.scope_missing")
    with tenant(alpha):
        assert not AuditEvent.objects.filter(action="nino.revealed").exists()


def test_a_number_that_is_not_on_file_can_not_be_revealed(machine: Caller) -> None:
    made = machine.post("landlords", {"full_name": "Otto"}).json()

    answer = machine.post(f"landlords/{made['id']}/reveal-nino", {"reason": "to check"})

    assert problem(answer) == (422, "hmrc.nino_missing")


def test_the_number_is_sealed_where_it_is_stored(machine: Caller, alpha: Agency) -> None:
    made = _post(machine, NINO).json()

    with tenant(alpha):
        landlord = Landlord.objects.get(pk=made["id"])
    assert NINO.encode() not in landlord.nino.blob
    assert b"123456" not in bytes(landlord.nino_index or b"")
