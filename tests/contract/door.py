"""The door's operations beside HMRC's: which is which, and the call that the door makes of a sample request."""

import re
from datetime import date
from typing import Any

from hmrc_door.hidden import Hidden
from hmrc_door.operation import Call, Operation
from hmrc_door.operations import OPERATIONS
from tests.contract import facts
from tests.contract.samples import Request

__all__ = ["OPERATIONS", "call_of", "fact_of"]

_FLAGS = {"future_years": True, "history": True}
_QUERIES: dict[str, Any] = {
    "type_of_business": "uk-property",
    "business_id": "XPIS10000000001",
    "from_date": date(2026, 4, 6),
    "to_date": date(2027, 4, 5),
    "status": "open",
    "tax_year": "2026-27",
    "calculation_type": "in-year",
    "connection_method": "WEB_APP_VIA_SERVER",
    **_FLAGS,
}


def fact_of(operation: Operation[Any]) -> facts.Operation:
    """Return what HMRC publishes of an operation of the door's. Raises LookupError."""
    return facts.find(operation.method, _camel(operation.template))


def call_of(operation: Operation[Any], request: Request, *, with_queries: bool = False) -> Call:
    """Return the call the door makes for a sample, with every query parameter it knows if so asked."""
    given: dict[str, Any] = {
        "nino": Hidden(request.path.get("nino", request.query.get("nino", ""))),
        "body": request.body,
    }
    given |= {_snake(name): value for name, value in request.path.items() if name != "nino"}
    known = operation.signature.parameters
    optional = {name: value for name, value in _QUERIES.items() if with_queries and name not in given}
    call: Call = operation(**{name: value for name, value in (given | optional).items() if name in known})
    return call


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
