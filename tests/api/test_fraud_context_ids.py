"""fraud_context_id, wherever a person asks something of HMRC: taken, refused with a code of its own, nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from hmrc_oauth.models import ConnectSession
from mtd.models import Submission
from people.models import Operation
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.world import World
from tests.cast import ALPHA
from tests.fraud import BROWSER, CLIENT_IP, INTEGRATOR, VENDOR

Ask = Callable[[Caller, str, str | None], Any]
SUBMISSION: dict[str, Any] = {
    "business_id": "XAIS12345678901",
    "tax_year": "2026-27",
    "period_start": "2026-04-06",
    "period_end": "2026-07-05",
    "figures": {"income": {"periodAmount": "1300.00"}},
    "declaration": {"accepted": True, "covers_whole_business": True},
    "mandate": {"kind": "standing"},
}


def submit(who: Caller, landlord_id: str, context: str | None) -> Any:
    body = {**SUBMISSION, "landlord_id": landlord_id, "fraud_context_id": context}
    return who.post("submissions", body, Idempotency_Key=str(new_id()))


def authorize(who: Caller, landlord_id: str, context: str | None) -> Any:
    return who.post(f"landlords/{landlord_id}/connection/authorize", {"fraud_context_id": context})


def check(who: Caller, landlord_id: str, context: str | None) -> Any:
    return who.post(f"landlords/{landlord_id}/connection/check", {"fraud_context_id": context})


def read(who: Caller, landlord_id: str, context: str | None) -> Any:
    return who.get(f"landlords/{landlord_id}/businesses?refresh=true{_named('&', context)}")


def first_read(who: Caller, landlord_id: str, context: str | None) -> Any:
    return who.get(f"landlords/{landlord_id}/obligations{_named('?', context)}")


def _named(sign: str, context: str | None) -> str:
    return f"{sign}fraud_context_id={context}" if context else ""


EVERYWHERE = pytest.mark.parametrize("ask", [submit, authorize, check, read, first_read])
BY_LANDLORDS = pytest.mark.parametrize("ask", [authorize, check, read, first_read])


@pytest.fixture(autouse=True)
def _configured(settings: Any) -> None:
    settings.VENDOR = VENDOR
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    settings.CLIENT_PORT_HEADER = "X-Client-Port"


@pytest.fixture
def strict(settings: Any, alphas: World) -> None:
    """Once the world stands: in production, nothing is asked without a context."""
    settings.HMRC = replace(settings.HMRC, name="production")


def context_of(who: Caller, body: dict[str, Any] = BROWSER) -> str:
    answer = who.post("fraud-contexts", body, X_Forwarded_For=CLIENT_IP, X_Client_Port="54321")
    assert answer.status_code == 201
    return str(answer.json()["id"])


@EVERYWHERE
@pytest.mark.usefixtures("strict")
def test_a_whole_one_is_taken_in_production(ask: Ask, machine: Caller, alphas: World) -> None:
    answer = ask(machine, alphas.landlord_id, context_of(machine, INTEGRATOR))

    assert answer.status_code in {201, 202}, answer.content


@BY_LANDLORDS
@pytest.mark.usefixtures("strict")
def test_a_landlords_own_is_taken_in_production(ask: Ask, alpha: Agency, alphas: World) -> None:
    landlord = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)

    answer = ask(landlord, alphas.landlord_id, context_of(landlord))

    assert answer.status_code in {201, 202}, answer.content


@EVERYWHERE
@pytest.mark.usefixtures("strict")
def test_without_one_nothing_is_accepted_in_production(ask: Ask, machine: Caller, alpha: Agency, alphas: World) -> None:
    tables = (Submission, ConnectSession, Operation)
    with tenant(alpha):
        before = [table.objects.count() for table in tables]

    answer = ask(machine, alphas.landlord_id, None)

    with tenant(alpha):
        assert [table.objects.count() for table in tables] == before
    assert problem(answer) == (422, "fraud_context.required")


@EVERYWHERE
@pytest.mark.usefixtures("strict")
def test_half_a_one_is_refused_in_production_with_the_way_to_mend_it(ask: Ask, machine: Caller, alphas: World) -> None:
    half = {name: said for name, said in INTEGRATOR.items() if name not in {"screens", "user_id"}}

    answer = ask(machine, alphas.landlord_id, context_of(machine, half))

    assert problem(answer) == (422, "fraud_context.incomplete")
    assert pointers(answer) == {
        "/fraud_context_id/Gov-Client-Screens": "missing",
        "/fraud_context_id/Gov-Client-User-IDs": "missing",
    }


@EVERYWHERE
def test_in_local_it_may_be_left_out_or_be_half_a_one(ask: Ask, machine: Caller, alphas: World) -> None:
    answers = [ask(machine, alphas.landlord_id, context) for context in (None, context_of(machine, {}))]

    assert {answer.status_code for answer in answers} <= {201, 202}


@EVERYWHERE
def test_nobody_elses_is_taken_anywhere(
    ask: Ask,
    machine: Caller,
    machine_of_beta: Caller,
    signed_in: Callable[[str], Caller],
    alphas: World,
    alpha: Agency,
) -> None:
    foreign = [
        context_of(machine_of_beta),
        context_of(signed_in("owner")),
        context_of(landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)),
        str(new_id()),
    ]

    answers = [ask(machine, alphas.landlord_id, context) for context in foreign]

    assert {problem(answer) for answer in answers} == {(404, "fraud_context.unknown")}


@EVERYWHERE
def test_one_for_another_landlord_is_not_taken(ask: Ask, machine: Caller, alphas: World) -> None:
    other = machine.post("landlords", {"full_name": "Otto Other"}).json()["id"]

    answer = ask(machine, alphas.landlord_id, context_of(machine, {**BROWSER, "landlord_id": other}))

    assert problem(answer) == (404, "fraud_context.unknown")


@EVERYWHERE
def test_what_is_no_id_is_refused(ask: Ask, machine: Caller, alphas: World) -> None:
    answer = ask(machine, alphas.landlord_id, "x")

    assert problem(answer) == (422, "request.invalid")
    assert list(pointers(answer)) in (["/fraud_context_id"], ["?fraud_context_id"])
