"""HMRC's Business Details API: which businesses a landlord has, by HMRC's own ids."""

from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.versions import Api


def list_businesses(nino: Secret) -> Call:
    """All businesses of the person. 404 MATCHING_RESOURCE_NOT_FOUND if HMRC knows none."""
    return Call(
        operation="business_details.list_businesses",
        api=Api.BUSINESS_DETAILS,
        method="GET",
        template="/individuals/business/details/{nino}/list",
        nino=nino,
    )
