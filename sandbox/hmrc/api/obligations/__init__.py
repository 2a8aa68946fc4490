"""
Obligations 3.0: which quarterly updates and final declarations are open and which are fulfilled.

In the production-like mode they follow from what was sent, and so do more than HMRC's own sandbox, which never
changes its obligations: an accepted update that reaches a period's end fulfils that obligation, and every earlier
one of the same year, at once or after the lag that the world is set to.
"""

from typing import Any

from sandbox.hmrc.api.obligations import crystallisation, income_and_expenditure
from sandbox.hmrc.api.operation import Operation

OPERATIONS: tuple[Operation[Any], ...] = (*income_and_expenditure.OPERATIONS, *crystallisation.OPERATIONS)
