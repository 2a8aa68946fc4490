"""Who reports quarterly and who does not."""

from sandbox.hmrc.api.fields import TaxYear
from sandbox.hmrc.api.operation import World
from sandbox.hmrc.businesses import Business


def is_annual(*, business: Business, nino: str, year: TaxYear, world: World) -> bool:
    """Tell whether a business reports that year once: its taxpayer's status is Annual, or it is new and chose so."""
    return business.is_latent_in(str(year)) or world.statuses.is_annual(nino=nino, tax_year=str(year))
