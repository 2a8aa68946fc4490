"""Tax years as HMRC writes them: `2026-27` is 6 April 2026 to 5 April 2027, days in London."""

import re
from datetime import date
from typing import NamedTuple, Self

from tenants.faults import FieldFault, Invalid

# The whole of 2000 to 2099, as HMRC's app/shared resolvers take it; cumulative figures begin with 2025-26.
_WRITTEN = re.compile(r"20([1-9][0-9])-([1-9][0-9])")
_FIRST_CUMULATIVE = 2025
_NOT_A_YEAR = FieldFault("/tax_year", "format_tax_year", "A tax year as HMRC writes it, such as 2026-27.")
_NOT_ONE_YEAR = FieldFault("/tax_year", "rule_tax_year_range_invalid", "A tax year ends in the year after it begins.")
_TOO_OLD = FieldFault("/tax_year", "rule_tax_year_not_supported", "Quarterday files for tax years from 2025-26.")


class TaxYear(NamedTuple):
    """A tax year, by the year in which it begins."""

    starts_in: int

    @classmethod
    def parse(cls, written: str) -> Self:
        """Raises Invalid for what is no tax year, or one of before quarterly updates."""
        if _WRITTEN.fullmatch(written) is None:
            raise Invalid(errors=[_NOT_A_YEAR])
        year = cls.known(written)
        if year is None:
            raise Invalid(errors=[_NOT_ONE_YEAR])
        if year.starts_in < _FIRST_CUMULATIVE:
            raise Invalid(errors=[_TOO_OLD])
        return year

    @classmethod
    def known(cls, written: str) -> Self | None:
        """The tax year, however long ago, as HMRC tells of it; None if it tells of none."""
        found = _WRITTEN.fullmatch(written)
        year = None if found is None else cls(2000 + int(found[1]))
        return year if str(year) == written else None

    @classmethod
    def of(cls, day: date) -> Self:
        """The tax year in which a day falls."""
        return cls(day.year if (day.month, day.day) >= (4, 6) else day.year - 1)

    @property
    def start(self) -> date:
        return date(self.starts_in, 4, 6)

    @property
    def end(self) -> date:
        return date(self.starts_in + 1, 4, 5)

    @property
    def last_amendment(self) -> date:
        """The last day on which HMRC takes an amendment: twelve months after the 31 January by which the final
        declaration is due (TMA 1970 s. 9ZA; service guide: 31 January 2028 for 2025-26).
        """
        return date(self.starts_in + 3, 1, 31)

    def __str__(self) -> str:
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02}"
