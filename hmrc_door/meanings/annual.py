"""Adjustments and allowances of a tax year (Property Business, annual submissions)."""

from hmrc_door.meanings.table import Row, row

ANNUAL: tuple[Row, ...] = (
    row(
        "hmrc.both_allowances",
        "The property income allowance goes with no other allowance",
        "agency",
        "Give either the property income allowance or the others.",
        "RULE_BOTH_ALLOWANCES_SUPPLIED",
    ),
    row(
        "hmrc.property_income_allowance",
        "The property income allowance does not go with a private use adjustment",
        "agency",
        "Leave one of them out.",
        "RULE_PROPERTY_INCOME_ALLOWANCE",
    ),
    row(
        "hmrc.building_unnamed",
        "HMRC needs to know which building it is",
        "agency",
        "Give the postcode, and the building's name or number.",
        "RULE_BUILDING_NAME_NUMBER",
    ),
    row(
        "hmrc.text_invalid",
        "HMRC does not take one of the texts",
        "agency",
        "Shorten what is named, and leave out characters that HMRC does not document.",
        "FORMAT_STRING",
    ),
)
