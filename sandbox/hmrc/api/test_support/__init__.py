"""
Self Assessment Test Support 1.0: a taxpayer's test data, made and unmade.

Everything is about the taxpayer of the token; a NINO in the query must be theirs, and without one it is.
"""

from typing import Any

from sandbox.hmrc.api.operation import Operation
from sandbox.hmrc.api.test_support import business, itsa_status, vendor_state

OPERATIONS: tuple[Operation[Any], ...] = (
    *business.OPERATIONS,
    *itsa_status.OPERATIONS,
    *vendor_state.OPERATIONS,
)
