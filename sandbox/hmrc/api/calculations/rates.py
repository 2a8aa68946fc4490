"""
Income tax of England, Wales and Northern Ireland, by tax year, as GOV.UK publishes it.

Allowance and bands have been frozen since 2021-22; the additional rate's threshold fell in 2023-24. A later year
than the last of the table is taxed as the last one is.
"""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.hmrc.api.fields import TaxYear

TAPER_STARTS = 100_000
BASIC, HIGHER, ADDITIONAL = Decimal(20), Decimal(40), Decimal(45)
NO_LIMIT = 99_999_999_999


@dataclass(frozen=True)
class Rates:
    """Whole pounds: the personal allowance, and the taxable income up to which two of the three rates reach."""

    personal_allowance: int
    basic_limit: int
    higher_limit: int

    def allowance(self, income: int) -> int:
        """Return what is left of the allowance: a pound is lost for every two above £100,000."""
        return max(0, self.personal_allowance - max(0, income - TAPER_STARTS) // 2)

    def bands(self) -> tuple[tuple[str, Decimal, int], ...]:
        """Return each band's name, its rate in per cent, and where it ends."""
        return (
            ("basic-rate", BASIC, self.basic_limit),
            ("higher-rate", HIGHER, self.higher_limit),
            ("additional-rate", ADDITIONAL, NO_LIMIT),
        )


_BY_FIRST_YEAR = {
    2017: Rates(11_500, 33_500, 150_000),
    2018: Rates(11_850, 34_500, 150_000),
    2019: Rates(12_500, 37_500, 150_000),
    2021: Rates(12_570, 37_700, 150_000),
    2023: Rates(12_570, 37_700, 125_140),
}


def of(year: TaxYear) -> Rates:
    """Return the rates of a year from 2017-18 on."""
    return _BY_FIRST_YEAR[max(first for first in _BY_FIRST_YEAR if first <= year.starts_in)]
