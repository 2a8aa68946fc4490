"""Calculations and the final declaration (Individual Calculations)."""

from hmrc_door.meanings.table import Row, row

CALCULATIONS: tuple[Row, ...] = (
    row(
        "hmrc.calculation_type_invalid",
        "HMRC does not make this kind of calculation here",
        "agency",
        "Choose a kind that fits the tax year: in-year before its end, final or amending after it.",
        "FORMAT_CALCULATION_TYPE",
        "FORMAT_FINAL_DECLARATION",
        "RULE_CALCULATION_TYPE_NOT_ALLOWED",
    ),
    row(
        "hmrc.calculation_id_invalid",
        "HMRC does not take this as the id of a calculation",
        "agency",
        "List the calculations of the tax year and choose one of them.",
        "FORMAT_CALCULATION_ID",
    ),
    row(
        "hmrc.calculation_in_progress",
        "HMRC is still calculating",
        "nobody",
        "Nothing: ask again in a while.",
        "RULE_CALCULATION_IN_PROGRESS",
        "RULE_FINAL_DECLARATION_IN_PROGRESS",
        retryable=True,
    ),
    row(
        "hmrc.calculation_outdated",
        "Something has changed since this calculation",
        "agency",
        "Ask for a new calculation, show it to the landlord, and declare by that one.",
        "RULE_INCOME_SOURCES_CHANGED",
        "RULE_RECENT_SUBMISSIONS_EXIST",
        "RULE_RESIDENCY_CHANGED",
    ),
    row(
        "hmrc.no_income_submitted",
        "HMRC holds no income for this tax year",
        "agency",
        "Submit the landlord's figures first.",
        "RULE_NO_INCOME_SUBMISSIONS_EXIST",
    ),
    row(
        "hmrc.business_validation",
        "HMRC's checks found faults in what was submitted",
        "agency",
        "Read the messages of the calculation, correct the figures, and ask for a new calculation.",
        "RULE_BUSINESS_VALIDATION_FAILURE",
        "RULE_SUBMISSION_FAILED",
    ),
    row(
        "hmrc.declared_already",
        "The tax year was declared final already",
        "agency",
        "Nothing, unless something is to be amended: then ask for an amending calculation.",
        "RULE_FINAL_DECLARATION_RECEIVED",
    ),
    row(
        "hmrc.not_declared_yet",
        "The tax year was not declared final yet",
        "agency",
        "Make the final declaration before amending it.",
        "RULE_DECLARATION_NOT_RECEIVED",
    ),
)
