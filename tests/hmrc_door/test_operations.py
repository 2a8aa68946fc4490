"""Every operation the door can send: its method, its path, its version, and its silence about the NINO."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from inspect import Parameter
from typing import Any

import pytest

from hmrc_door import individual_details, obligations, property_business, sa_test_support
from hmrc_door.operation import Call, Operation, names_in
from hmrc_door.operations import OPERATIONS
from hmrc_door.versions import TERMS, Api, accept

OBLIGATIONS = "/obligations/details/AA000001A/income-and-expenditure"
CHECKPOINTS = "/individuals/self-assessment-test-support/vendor-state/checkpoints"
BUSINESS = "XPIS12345678901"
FIGURES: dict[str, Any] = {"ukProperty": {"income": {"periodAmount": Decimal("1200.50")}}}
# HMRC's documentation, method and path; the contract tests hold the rest against HMRC's own description.
DOCUMENTED = """
GET    business-details-api 2.0 /individuals/business/details/{nino}/list
GET    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}
PUT    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}/{tax_year}
GET    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}/{tax_year}/accounting-type
PUT    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}/{tax_year}/accounting-type
GET    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}/{tax_year}/periods-of-account
PUT    business-details-api 2.0 /individuals/business/details/{nino}/{business_id}/{tax_year}/periods-of-account
GET    business-details-api 2.0 \
/individuals/business/details/{nino}/{business_id}/{tax_year}/late-accounting-date-rule-election
POST   business-details-api 2.0 \
/individuals/business/details/{nino}/{business_id}/{tax_year}/late-accounting-date-rule-election/disapply
DELETE business-details-api 2.0 \
/individuals/business/details/{nino}/{business_id}/{tax_year}/late-accounting-date-rule-election/withdraw
GET    obligations-api 3.0 /obligations/details/{nino}/income-and-expenditure
GET    obligations-api 3.0 /obligations/details/{nino}/crystallisation
PUT    property-business-api 6.0 /individuals/business/property/uk/{nino}/{business_id}/cumulative/{tax_year}
GET    property-business-api 6.0 /individuals/business/property/uk/{nino}/{business_id}/cumulative/{tax_year}
PUT    property-business-api 6.0 /individuals/business/property/uk/{nino}/{business_id}/annual/{tax_year}
GET    property-business-api 6.0 /individuals/business/property/uk/{nino}/{business_id}/annual/{tax_year}
DELETE property-business-api 6.0 /individuals/business/property/{nino}/{business_id}/annual/{tax_year}
POST   property-business-api 6.0 /individuals/business/property/uk/{nino}/{business_id}/period/{tax_year}
PUT    property-business-api 6.0 \
/individuals/business/property/uk/{nino}/{business_id}/period/{tax_year}/{submission_id}
GET    property-business-api 6.0 \
/individuals/business/property/uk/{nino}/{business_id}/period/{tax_year}/{submission_id}
GET    property-business-api 6.0 /individuals/business/property/{nino}/{business_id}/period/{tax_year}
POST   individual-calculations-api 8.0 \
/individuals/calculations/{nino}/self-assessment/{tax_year}/trigger/{calculation_type}
GET    individual-calculations-api 8.0 /individuals/calculations/{nino}/self-assessment/{tax_year}
GET    individual-calculations-api 8.0 /individuals/calculations/{nino}/self-assessment/{tax_year}/{calculation_id}
POST   individual-calculations-api 8.0 \
/individuals/calculations/{nino}/self-assessment/{tax_year}/{calculation_id}/{calculation_type}
GET    self-assessment-individual-details-api 2.0 /individuals/person/itsa-status/{nino}/{tax_year}
POST   mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/business/{nino}
DELETE mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/business/{nino}/{business_id}
POST   mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/itsa-status/{nino}/{tax_year}
DELETE mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/vendor-state
GET    mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/vendor-state/checkpoints
POST   mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/vendor-state/checkpoints
DELETE mtd-sa-test-support-api 1.0 /individuals/self-assessment-test-support/vendor-state/checkpoints/{checkpoint_id}
POST   mtd-sa-test-support-api 1.0 \
/individuals/self-assessment-test-support/vendor-state/checkpoints/{checkpoint_id}/restore
POST   api-platform-test-user 1.0 /create-test-user/individuals
POST   api-platform-test-user 1.0 /create-test-user/organisations
POST   api-platform-test-user 1.0 /create-test-user/agents
GET    api-platform-test-user 1.0 /create-test-user/services
GET    txm-fph-validator-api 1.0 /test/fraud-prevention-headers/validate
GET    txm-fph-validator-api 1.0 /test/fraud-prevention-headers/{api}/validation-feedback
"""


class Sealed:
    """A NINO that counts how often it was opened, and why."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        self.reasons.append(reason)
        yield "AA000001A"


NINO = Sealed()
EXAMPLES: dict[str, Any] = {
    "nino": NINO,
    "business_id": BUSINESS,
    "tax_year": "2026-27",
    "body": FIGURES,
    "calculation_type": "in-year",
    "api": "obligations-mtd",
}


def sample(operation: Operation[Any], *, full: bool = False) -> Call:
    """The operation with what its signature requires, or (`full`) with everything it takes."""
    wanted = operation.signature.parameters.values()
    names = [each.name for each in wanted if full or each.default is Parameter.empty]
    call: Call = operation(**{name: EXAMPLES.get(name, "given") for name in names})
    return call


def all_operations() -> Any:
    return pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def test_the_register_holds_every_operation_of_hmrcs_that_is_wanted_once() -> None:
    documented = [" ".join(line.split()) for line in DOCUMENTED.strip().splitlines()]

    held = [f"{each.method} {each.api} {TERMS[each.api].version} {each.template}" for each in OPERATIONS]

    assert held == documented
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS) == 40


@all_operations()
def test_each_makes_the_call_it_describes(operation: Operation[Any]) -> None:
    call = sample(operation)

    assert (call.operation, call.api, call.method, call.template) == (
        operation.name,
        operation.api,
        operation.method,
        operation.template,
    )
    assert call.path().count("/") == operation.template.count("/")
    assert call.headers()["Accept"] == accept(operation.api)
    assert call.writes is (operation.method != "GET")
    assert operation.__doc__
    assert repr(operation) == f"Operation({operation.name})"


@all_operations()
def test_each_takes_a_body_where_hmrc_wants_one_and_a_query_where_it_reads(operation: Operation[Any]) -> None:
    call = sample(operation, full=True)

    assert (call.body() is not None) == ("body" in operation.signature.parameters)
    assert ("Content-Type" in call.headers()) == (call.content is not None)
    assert not (call.query and call.writes)
    assert set(call.parts) | {"nino"} >= set(names_in(operation.template))


@all_operations()
def test_none_opens_the_nino_before_its_path_is_made_nor_shows_it(operation: Operation[Any]) -> None:
    NINO.reasons.clear()

    call = sample(operation)
    shown = repr(call)

    assert NINO.reasons == []
    assert shown == f"Call({call.operation})"
    assert call.path()
    assert NINO.reasons == ["hmrc.url"] * ("nino" in operation.signature.parameters and call.nino is not None)


def test_a_landlords_operations_want_a_scope_and_the_applications_own_none() -> None:
    scopes = {(operation.method == "GET", operation.scope) for operation in OPERATIONS}

    assert scopes == {(True, "read:self-assessment"), (False, "write:self-assessment"), (True, None), (False, None)}
    assert {operation.api for operation in OPERATIONS if operation.scope is None} == {Api.TEST_USERS, Api.TEST_HEADERS}


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (obligations.list_obligations(nino=NINO), OBLIGATIONS),
        (
            obligations.list_obligations(
                nino=NINO,
                type_of_business="uk-property",
                business_id=BUSINESS,
                from_date=date(2026, 4, 6),
                to_date=date(2027, 4, 5),
                status="open",
            ),
            (
                f"{OBLIGATIONS}?typeOfBusiness=uk-property&businessId={BUSINESS}"
                "&fromDate=2026-04-06&toDate=2027-04-05&status=open"
            ),
        ),
        (
            individual_details.get_itsa_status(nino=NINO, tax_year="2026-27", future_years=True, history=False),
            "/individuals/person/itsa-status/AA000001A/2026-27?futureYears=true&history=false",
        ),
        (sa_test_support.list_checkpoints(), CHECKPOINTS),
        (sa_test_support.list_checkpoints(nino=NINO), f"{CHECKPOINTS}?nino=AA000001A"),
    ],
)
def test_a_query_is_in_hmrcs_spelling(call: Call, path: str) -> None:
    assert call.path() == path


def test_what_is_written_is_exact() -> None:
    call = property_business.put_uk_cumulative(nino=NINO, business_id=BUSINESS, tax_year="2026-27", body=FIGURES)

    assert call.body() == b'{"ukProperty":{"income":{"periodAmount":1200.50}}}'


def test_an_empty_body_is_a_body() -> None:
    call = property_business.put_uk_cumulative(nino=NINO, business_id=BUSINESS, tax_year="2026-27", body={})

    assert call.body() == b"{}"
    assert call.headers()["Content-Type"] == "application/json"


def test_nothing_in_a_path_can_leave_its_place() -> None:
    call = property_business.get_uk_cumulative(nino=NINO, business_id="../x?y", tax_year="2026-27")

    assert call.path().endswith("/uk/AA000001A/..%2Fx%3Fy/cumulative/2026-27")


def test_a_scenario_is_named_in_a_header_and_belongs_to_the_sandbox() -> None:
    call = obligations.list_obligations(nino=NINO)

    tested = call.in_scenario("CUMULATIVE")

    assert tested.headers()["Gov-Test-Scenario"] == "CUMULATIVE"
    assert "Gov-Test-Scenario" not in call.headers()
    assert (call.only_sandbox, tested.only_sandbox) == (False, True)
    assert sa_test_support.list_checkpoints().only_sandbox


def test_every_api_has_its_terms() -> None:
    assert set(TERMS) == set(Api)
    assert accept(Api.OBLIGATIONS) == "application/vnd.hmrc.3.0+json"
