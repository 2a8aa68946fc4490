"""Property Business 6.0: UK and foreign property, one declaration an operation."""

from typing import Any

from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.property_business import foreign, historic, uk
from sandbox.hmrc.api.property_business.declaring import build

DECLARED = (*uk.DECLARED, *historic.DECLARED, *foreign.DECLARED)
OPERATIONS: tuple[Operation[Any], ...] = tuple(build(one) for one in DECLARED)
