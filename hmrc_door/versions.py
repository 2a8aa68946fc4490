"""HMRC's APIs and their terms: one table. A bad or missing Accept is a 406, an unknown version a 404."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Api(StrEnum):
    """HMRC's APIs that the door knows, by HMRC's own names."""

    BUSINESS_DETAILS = "business-details-api"
    OBLIGATIONS = "obligations-api"
    PROPERTY_BUSINESS = "property-business-api"
    CALCULATIONS = "individual-calculations-api"
    INDIVIDUAL_DETAILS = "self-assessment-individual-details-api"
    TEST_SUPPORT = "mtd-sa-test-support-api"
    TEST_USERS = "api-platform-test-user"
    TEST_HEADERS = "txm-fph-validator-api"


class Terms(NamedTuple):
    """
    The version we speak, and who may ask.

    `by_application`: with our application's token, not a landlord's. `only_sandbox`: not in production.
    """

    version: str
    by_application: bool = False
    only_sandbox: bool = False


TERMS: Mapping[Api, Terms] = {
    Api.BUSINESS_DETAILS: Terms("2.0"),
    Api.OBLIGATIONS: Terms("3.0"),
    Api.PROPERTY_BUSINESS: Terms("6.0"),
    Api.CALCULATIONS: Terms("8.0"),
    Api.INDIVIDUAL_DETAILS: Terms("2.0"),
    Api.TEST_SUPPORT: Terms("1.0", only_sandbox=True),
    Api.TEST_USERS: Terms("1.0", by_application=True, only_sandbox=True),
    Api.TEST_HEADERS: Terms("1.0", by_application=True, only_sandbox=True),
}


def accept(api: Api) -> str:
    """The Accept header for `api`."""
    return f"application/vnd.hmrc.{TERMS[api].version}+json"
