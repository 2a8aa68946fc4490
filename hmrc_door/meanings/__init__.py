"""
HMRC's error codes and what they mean to us: one table, the source of `GET /errors`, the OpenAPI enum and the docs.

Our codes are never reused. HMRC's are those of its API conventions and gateway, of every API in `versions.Api`, and (in
lower case) of its OAuth endpoints.
"""

from hmrc_door.meanings.annual import ANNUAL
from hmrc_door.meanings.businesses import BUSINESSES
from hmrc_door.meanings.calculations import CALCULATIONS
from hmrc_door.meanings.figures import FIGURES
from hmrc_door.meanings.foreign import FOREIGN
from hmrc_door.meanings.periods import PERIODS
from hmrc_door.meanings.permission import PERMISSION
from hmrc_door.meanings.platform import PLATFORM
from hmrc_door.meanings.promised import PROMISED
from hmrc_door.meanings.reading import READING
from hmrc_door.meanings.sandbox_data import SANDBOX_DATA
from hmrc_door.meanings.table import Row

TABLE: tuple[Row, ...] = (
    PROMISED
    + PERMISSION
    + PLATFORM
    + READING
    + BUSINESSES
    + FIGURES
    + PERIODS
    + ANNUAL
    + FOREIGN
    + CALCULATIONS
    + SANDBOX_DATA
)
