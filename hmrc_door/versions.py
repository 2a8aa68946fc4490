"""Which version of each of HMRC's APIs we speak. A bad or missing Accept is a 406, an unknown version a 404."""

from collections.abc import Mapping
from enum import StrEnum


class Api(StrEnum):
    """HMRC's APIs that the door knows."""

    BUSINESS_DETAILS = "business-details-api"
    OBLIGATIONS = "obligations-api"
    PROPERTY_BUSINESS = "property-business-api"


VERSIONS: Mapping[Api, str] = {
    Api.BUSINESS_DETAILS: "2.0",
    Api.OBLIGATIONS: "3.0",
    Api.PROPERTY_BUSINESS: "6.0",
}


def accept(api: Api) -> str:
    """The Accept header for `api`."""
    return f"application/vnd.hmrc.{VERSIONS[api]}+json"
