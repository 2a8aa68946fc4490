"""Looks at everything between us and HMRC, and says what is wrong and how to mend it. Sends little, changes nothing."""

from hmrc_door.doctor.finding import Finding, Level, worst
from hmrc_door.doctor.round import examine

__all__ = ["Finding", "Level", "examine", "worst"]
