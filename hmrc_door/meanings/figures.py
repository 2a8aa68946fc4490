"""Year-to-date figures and their period (Property Business, tax years from 2025-26)."""

from hmrc_door.meanings.table import Row, row

FIGURES: tuple[Row, ...] = (
    row(
        "hmrc.figures_invalid",
        "HMRC does not take one of the figures",
        "agency",
        "Correct the figures that are named: two decimal places at most, within HMRC's bounds.",
        "FORMAT_VALUE",
    ),
    row(
        "hmrc.figures_empty",
        "HMRC found nothing to take, or not what it expects",
        "agency",
        "Give at least one figure, under HMRC's own names.",
        "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED",
    ),
    row(
        "hmrc.both_expenses",
        "Consolidated and itemised expenses cannot go together",
        "agency",
        "Give either consolidated expenses or the single ones.",
        "RULE_BOTH_EXPENSES_SUPPLIED",
    ),
    row(
        "hmrc.dates_missing",
        "HMRC needs both dates of the period",
        "agency",
        "Give the first and the last day of the period.",
        "RULE_MISSING_SUBMISSION_DATES",
    ),
    row(
        "hmrc.dates_not_allowed",
        "HMRC takes no dates for a landlord who reports yearly",
        "agency",
        "Leave the dates out.",
        "RULE_START_AND_END_DATE_NOT_ALLOWED",
    ),
    row(
        "hmrc.start_date_not_aligned",
        "The first day does not fit the landlord's periods",
        "agency",
        "Start on 6 April (calendar periods: 1 April; the first such year 6 April), or on the day the business began.",
        "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE",
        "RULE_START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE",
    ),
    row(
        "hmrc.end_date_not_aligned",
        "The last day does not fit the landlord's periods",
        "agency",
        "End on the last day of one of the landlord's obligations.",
        "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE",
    ),
    row(
        "hmrc.period_not_ended",
        "Before a period ends, only its very last day is taken",
        "agency",
        "End on the last day of the period, or send again when it has ended.",
        "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE",
    ),
    row(
        "hmrc.too_early",
        "More than ten days before the period ends",
        "agency",
        "Send again no earlier than ten days before the last day of the period.",
        "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED",
    ),
    row(
        "hmrc.end_date_moved_back",
        "HMRC already holds figures up to a later day",
        "agency",
        "Send the year to date up to that day or a later one.",
        "RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS",
    ),
    row(
        "hmrc.amendment_window_closed",
        "Too late to amend this tax year",
        "agency",
        "Write to HMRC: the tax year can no longer be amended through software.",
        "RULE_OUTSIDE_AMENDMENT_WINDOW",
    ),
)
