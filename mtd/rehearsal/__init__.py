"""Every operation HMRC wants to see in its sandbox before it approves software, called once and written down."""

from mtd.rehearsal.conduct import NoToken, conduct
from mtd.rehearsal.evidence import Evidence
from mtd.rehearsal.perform import Performed

__all__ = ["Evidence", "NoToken", "Performed", "conduct"]
