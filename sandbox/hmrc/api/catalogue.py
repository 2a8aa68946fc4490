"""Every operation that the stand-in serves, by path and method; several versions of one path stand side by side."""

from typing import Any

from sandbox.hmrc.api import (
    business_details,
    create_test_user,
    itsa_status,
    obligations,
    property_business,
    test_support,
)
from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.serve import Versions

OPERATIONS: tuple[Operation[Any], ...] = (
    *business_details.OPERATIONS,
    *obligations.OPERATIONS,
    *property_business.OPERATIONS,
    *itsa_status.OPERATIONS,
    *test_support.OPERATIONS,
    *create_test_user.OPERATIONS,
)


def routes() -> dict[tuple[str, str], Versions]:
    """Return the versions of each (method, path)."""
    routes: dict[tuple[str, str], dict[str, Operation[Any]]] = {}
    for operation in OPERATIONS:
        routes.setdefault((operation.method, operation.path), {})[operation.version] = operation
    return dict(routes)
