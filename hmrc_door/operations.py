"""Every operation the door can send: for whoever walks them all (contract tests, the rehearsal, the doctor)."""

from typing import Any

from hmrc_door import (
    business_details,
    calculations,
    create_test_user,
    header_validation,
    individual_details,
    obligations,
    property_business,
    sa_test_support,
)
from hmrc_door.operation import Operation

_MODULES = (
    business_details,
    obligations,
    property_business,
    calculations,
    individual_details,
    sa_test_support,
    create_test_user,
    header_validation,
)

OPERATIONS: tuple[Operation[Any], ...] = tuple(
    declared for module in _MODULES for declared in vars(module).values() if isinstance(declared, Operation)
)
