"""Business Details 2.0: which businesses HMRC knows a taxpayer for, and how each keeps its books."""

from typing import Any

from sandbox.hmrc.api.business_details import (
    accounting_type,
    late_accounting_date,
    periods_of_account,
    quarterly_type,
    retrieval,
)
from sandbox.hmrc.api.operation import Operation

OPERATIONS: tuple[Operation[Any], ...] = (
    *retrieval.OPERATIONS,
    *quarterly_type.OPERATIONS,
    *accounting_type.OPERATIONS,
    *periods_of_account.OPERATIONS,
    *late_accounting_date.OPERATIONS,
)
