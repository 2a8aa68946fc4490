"""Who is in the tests: two agencies and their hosts, and NINOs of HMRC's pattern that nobody was ever given."""

from typing import NamedTuple


class Cast(NamedTuple):
    name: str
    host: str
    front_end: str


ALPHA = Cast("Alpha Lettings", "alpha.localhost", "https://alpha.example")
BETA = Cast("Beta Homes", "beta.localhost", "https://beta.example")

NINO = "AA123456A"
OTHER_NINO = "AB654321B"
