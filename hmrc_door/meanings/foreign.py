"""Property abroad (Property Business)."""

from hmrc_door.meanings.table import Row, row

FOREIGN: tuple[Row, ...] = (
    row(
        "hmrc.country_invalid",
        "HMRC does not take this country here",
        "agency",
        "Give each country once, by its three letters in ISO 3166; not the United Kingdom.",
        "FORMAT_COUNTRY_CODE",
        "RULE_COUNTRY_CODE",
        "RULE_DUPLICATE_COUNTRY_CODE",
    ),
    row(
        "hmrc.property_not_known",
        "HMRC does not know this property abroad by this id",
        "agency",
        "List the landlord's properties and give the id of each once.",
        "FORMAT_PROPERTY_ID",
        "RULE_PROPERTY_ID_MISMATCH",
        "RULE_DUPLICATE_PROPERTY_ID",
    ),
    row(
        "hmrc.property_details_invalid",
        "HMRC does not take these details of a property abroad",
        "agency",
        "Give a name that no other property has, and an end date and its reason together or not at all.",
        "FORMAT_PROPERTY_NAME",
        "RULE_DUPLICATE_PROPERTY_NAME",
        "FORMAT_END_REASON",
        "RULE_MISSING_END_DETAILS",
    ),
    row(
        "hmrc.business_ceased",
        "The property business has ceased",
        "agency",
        "Compare the day it ceased with HMRC's.",
        "RULE_PROPERTY_BUSINESS_CEASED",
    ),
)
