"""Every operation that the stand-in serves."""

from typing import Any

from sandbox.hmrc.api import (
    business_details,
    calculations,
    create_test_user,
    itsa_status,
    obligations,
    property_business,
    test_support,
)
from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.routes import Routes
from sandbox.hmrc.fraud import operations as fraud

OPERATIONS: tuple[Operation[Any], ...] = (
    *business_details.OPERATIONS,
    *obligations.OPERATIONS,
    *property_business.OPERATIONS,
    *itsa_status.OPERATIONS,
    *test_support.OPERATIONS,
    *calculations.OPERATIONS,
    *create_test_user.OPERATIONS,
    *fraud.OPERATIONS,
)

ROUTES = Routes(OPERATIONS)
