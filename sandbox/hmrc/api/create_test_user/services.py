"""The services that a test user may be enrolled for, who may be, and the numbers that come with each."""

from dataclasses import dataclass

from sandbox.hmrc.api.operation import Answer, Call

INDIVIDUAL = "INDIVIDUAL"
ORGANISATION = "ORGANISATION"
AGENT = "AGENT"

_ANYONE = (INDIVIDUAL, ORGANISATION)
_BUSINESS = (ORGANISATION,)


@dataclass(frozen=True)
class Service:
    key: str
    name: str
    user_types: tuple[str, ...]
    numbers: tuple[str, ...] = ()


ALL = (
    Service("national-insurance", "National Insurance", _ANYONE, ("nino",)),
    Service("self-assessment", "Self Assessment", _ANYONE, ("saUtr",)),
    Service("corporation-tax", "Corporation Tax", _BUSINESS, ("ctUtr", "crn")),
    Service("paye-for-employers", "PAYE for Employers", _BUSINESS, ("empRef",)),
    Service("submit-vat-returns", "Submit VAT Returns", _BUSINESS, ("vrn",)),
    Service("mtd-vat", "MTD VAT", _ANYONE, ("vrn", "vatRegistrationDate")),
    Service("mtd-income-tax", "MTD Income Tax", _ANYONE, ("nino", "mtdItId")),
    Service("agent-services", "Agent Services", (AGENT,), ("agentServicesAccountNumber",)),
    Service("lisa", "Lifetime ISA", _BUSINESS, ("lisaManagerReferenceNumber",)),
    Service(
        "secure-electronic-transfer",
        "Secure Electronic Transfer",
        _BUSINESS,
        ("secureElectronicTransferReferenceNumber",),
    ),
    Service("relief-at-source", "Relief at Source", _BUSINESS, ("pensionSchemeAdministratorIdentifier",)),
    Service("customs-services", "Customs Services", _ANYONE, ("eoriNumber",)),
    Service("goods-vehicle-movements", "Goods Vehicle Services", _ANYONE, ("eoriNumber",)),
    Service("import-control-system", "Import Control System", _ANYONE, ("eoriNumber",)),
    Service("safety-and-security", "Safety and Security", _BUSINESS, ("eoriNumber",)),
    Service(
        "common-transit-convention-traders-legacy",
        "Common Transit Convention Traders Legacy",
        _ANYONE,
        ("eoriNumber",),
    ),
    Service("common-transit-convention-traders", "Common Transit Convention Traders", _ANYONE, ("eoriNumber",)),
    Service("excise-movement-control-system", "Excise Movement Control System", _BUSINESS, ("exciseNumber",)),
    Service("modernisation-of-authorisations", "Modernisation of Authorisations", _BUSINESS, ("saUtr",)),
    Service("pillar-2", "Pillar 2", _BUSINESS, ("pillar2Id",)),
)


def of(user_type: str) -> dict[str, Service]:
    """Return the services of a type of user, by key."""
    return {service.key: service for service in ALL if user_type in service.user_types}


def list_services(_call: Call, _: None) -> Answer:
    return Answer(
        200,
        [{"key": one.key, "name": one.name, "allowedUserTypes": list(one.user_types)} for one in ALL],
    )
