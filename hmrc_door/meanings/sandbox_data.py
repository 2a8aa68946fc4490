"""What only HMRC's sandbox is told: test businesses, statuses, checkpoints (SA Test Support)."""

from hmrc_door.meanings.table import Row, row

SANDBOX_DATA: tuple[Row, ...] = (
    row(
        "hmrc.test_business_invalid",
        "HMRC's sandbox does not take this test business",
        "operator",
        "Mend what is named: accounting period, latency, dates; trading name and address for self-employment only.",
        "FORMAT_LATENCY_INDICATOR",
        "FORMAT_POSTCODE",
        "MISSING_FIRST_ACCOUNTING_PERIOD_END_DATE",
        "MISSING_FIRST_ACCOUNTING_PERIOD_START_DATE",
        "MISSING_POSTCODE",
        "RULE_COMMENCEMENT_DATE_NOT_SUPPORTED",
        "RULE_FIRST_ACCOUNTING_DATE_RANGE_INVALID",
        "RULE_MISSING_BUSINESS_ADDRESS",
        "RULE_MISSING_TRADING_NAME",
        "RULE_UNEXPECTED_BUSINESS_ADDRESS",
        "RULE_UNEXPECTED_TRADING_NAME",
    ),
    row(
        "hmrc.test_business_exists",
        "The test person already has a business of this property type",
        "operator",
        "Use the business that is there, or delete it first.",
        "RULE_PROPERTY_BUSINESS_ADDED",
    ),
    row(
        "hmrc.test_status_invalid",
        "HMRC's sandbox does not take this test status",
        "operator",
        "Mend what is named: the reason, the income of two years before, or the time, each time once.",
        "DUPLICATE_SUBMITTED_ON",
        "FORMAT_BUSINESS_INCOME_2_YEARS_PRIOR",
        "FORMAT_STATUS_REASON",
        "FORMAT_SUBMITTED_ON",
    ),
    row(
        "hmrc.checkpoint_invalid",
        "HMRC does not take this as the id of a checkpoint",
        "operator",
        "List the checkpoints and choose one of them.",
        "FORMAT_CHECKPOINT_ID",
    ),
)
