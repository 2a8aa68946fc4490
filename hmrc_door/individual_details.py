"""HMRC's Self Assessment Individual Details API: whether somebody must report quarterly."""

from hmrc_door.hidden import Secret
from hmrc_door.operation import operation
from hmrc_door.versions import Api


@operation(Api.INDIVIDUAL_DETAILS, "GET", "/individuals/person/itsa-status/{nino}/{tax_year}")
def get_itsa_status(
    *, nino: Secret, tax_year: str, future_years: bool | None = None, history: bool | None = None
) -> None:
    """The status in a tax year, on request with later years and earlier statuses. 403 CLIENT_NOT_MTD_ENROLLED."""
