"""Summaries of single periods (Property Business, tax years to 2024-25)."""

from hmrc_door.meanings.table import Row, row

PERIODS: tuple[Row, ...] = (
    row(
        "hmrc.period_duplicate",
        "HMRC already holds a summary of this period",
        "agency",
        "Amend the summary that is there.",
        "RULE_DUPLICATE_SUBMISSION",
    ),
    row(
        "hmrc.period_overlaps",
        "The period overlaps with one that HMRC holds",
        "agency",
        "Begin on the day after the last period.",
        "RULE_OVERLAPPING_PERIOD",
    ),
    row(
        "hmrc.period_not_aligned",
        "The period does not fit the landlord's accounting period",
        "agency",
        "Stay within one tax year, and begin where the landlord's periods begin.",
        "RULE_MISALIGNED_PERIOD",
        "RULE_END_DATE_AFTER_TAX_YEAR_END",
        "RULE_END_DATE_BEFORE_TAX_YEAR_START",
    ),
    row(
        "hmrc.period_leaves_gap",
        "The period leaves a gap after the last one",
        "agency",
        "Begin on the day after the last period.",
        "RULE_NOT_CONTIGUOUS_PERIOD",
    ),
    row(
        "hmrc.period_id_invalid",
        "HMRC does not take this as the id of a period's summary",
        "agency",
        "List the summaries of the tax year and choose one of them.",
        "FORMAT_SUBMISSION_ID",
        "FORMAT_PERIOD_ID",
    ),
)
