"""Every request that the door can send is one that HMRC's description takes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hmrc_door.operation import Operation
from hmrc_door.versions import TERMS
from tests.contract import facts
from tests.contract.door import OPERATIONS, call_of, fact_of
from tests.contract.samples import sample

# Published, and of no use to a letting agency that files for UK property from 2022-23 on.
NOT_SENT = 24
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)


@EACH
def test_an_operation_of_the_door_is_hmrcs_in_api_version_scope_and_accept(operation: Operation[Any]) -> None:
    fact = fact_of(operation)

    assert (operation.api, TERMS[operation.api].version, operation.scope) == (fact.api, fact.version, fact.scope)
    assert call_of(operation, sample(fact)).headers()["Accept"] == fact.accept


@EACH
@pytest.mark.parametrize("with_queries", [False, True], ids=["plain", "with queries"])
def test_the_address_is_hmrcs_path_and_the_query_what_hmrc_takes(operation: Operation[Any], with_queries: bool) -> None:
    fact = fact_of(operation)
    request = sample(fact)

    address = urlsplit(call_of(operation, request, with_queries=with_queries).path())

    assert address.path == request.address
    query = {name: values[0] for name, values in parse_qs(address.query, strict_parsing=bool(address.query)).items()}
    shapes = {name: _as_text(shape) for name, shape in fact.query.items()}
    assert facts.complaints(shapes, query) == []
    assert with_queries <= (query.keys() == {name.removesuffix("*") for name in fact.query})


@EACH
@pytest.mark.parametrize("full", [False, True], ids=["least", "full"])
def test_the_body_leaves_exactly_as_hmrc_describes_it(operation: Operation[Any], full: bool) -> None:
    fact = fact_of(operation)
    request = sample(fact, full=full)

    call = call_of(operation, request)

    body = call.body()
    assert (body is None) == (fact.request is None)
    assert ("Content-Type" in call.headers()) == (fact.request is not None)
    if body is not None:
        assert facts.loads(body) == request.body
        assert facts.complaints(fact.request, facts.loads(body), tax_year=request.tax_year) == []


@EACH
def test_the_signature_names_what_the_address_needs_and_the_body_where_there_is_one(operation: Operation[Any]) -> None:
    fact = fact_of(operation)

    assert ("body" in operation.signature.parameters) == (fact.request is not None)
    assert ("nino" in operation.signature.parameters) == ("{nino}" in fact.path or any("nino" in q for q in fact.query))


def test_what_the_door_does_not_send_is_told() -> None:
    sent = {str(fact_of(operation)) for operation in OPERATIONS}

    assert len(sent) == len(OPERATIONS)
    unsent = [str(each) for each in facts.operations() if str(each) not in sent]
    assert len(unsent) == NOT_SENT
    assert all("foreign" in each or "furnished-holiday-lettings" in each for each in unsent)


def _as_text(shape: str) -> str:
    return "=true|false" if shape == "b" else shape
