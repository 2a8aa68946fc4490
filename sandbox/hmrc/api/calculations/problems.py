"""The errors of Individual Calculations 8.0, beside those that all APIs share."""

from sandbox.hmrc.api.problems import Problem

BAD_TYPE = Problem("FORMAT_CALCULATION_TYPE", "The provided calculation type is invalid")
BAD_ID = Problem("FORMAT_CALCULATION_ID", "The provided calculation ID is invalid")
TYPE_NOT_ALLOWED = Problem("RULE_CALCULATION_TYPE_NOT_ALLOWED", "The calculation type is not allowed for the tax year")
NO_INCOME = Problem("RULE_NO_INCOME_SUBMISSIONS_EXIST", "No income submissions exist for the tax year")
DECLARED = Problem("RULE_FINAL_DECLARATION_RECEIVED", "A final declaration has already been received")
NOT_DECLARED = Problem("RULE_DECLARATION_NOT_RECEIVED", "No final declaration has been received to amend")
NOT_ENDED = Problem("RULE_TAX_YEAR_NOT_ENDED", "The tax year has not ended")
PREMATURE = Problem("RULE_PREMATURE_FINALISATION", "The updates of the tax year are not complete")
WINDOW_CLOSED = Problem("RULE_OUTSIDE_AMENDMENT_WINDOW", "The amendment window of the tax year has closed")
SOURCES_CHANGED = Problem("RULE_INCOME_SOURCES_CHANGED", "Income sources have changed since the calculation")
SOURCES_INVALID = Problem("RULE_INCOME_SOURCES_INVALID", "There are no valid income sources")
RECENT = Problem("RULE_RECENT_SUBMISSIONS_EXIST", "There are submissions that are newer than the calculation")
RESIDENCY = Problem("RULE_RESIDENCY_CHANGED", "Residency has changed since the calculation")
IN_PROGRESS = Problem("RULE_CALCULATION_IN_PROGRESS", "A calculation is in progress")
INVALID_BUSINESS = Problem("RULE_BUSINESS_VALIDATION_FAILURE", "The submissions break business validation rules")
DECLARING = Problem("RULE_FINAL_DECLARATION_IN_PROGRESS", "A final declaration is in progress")
DECLARED_TOO_EARLY = Problem(
    "RULE_FINAL_DECLARATION_TAX_YEAR", "A final declaration cannot be made before the tax year has ended"
)
FAILED = Problem("RULE_SUBMISSION_FAILED", "The calculation cannot be declared")
