"""The errors of Property Business 6.0, beside those that all APIs share."""

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.problems import Problem

# Formats
BAD_DATE = Problem("FORMAT_DATE", "The supplied date format is not valid")
BAD_STRING = Problem("FORMAT_STRING", "The supplied string format is not valid")
BAD_SUBMISSION_ID = Problem("FORMAT_SUBMISSION_ID", "The provided submission ID is invalid")
BAD_PERIOD_ID = Problem("FORMAT_PERIOD_ID", "The provided period ID is invalid")
BAD_PROPERTY_ID = Problem("FORMAT_PROPERTY_ID", "The provided property ID is invalid")
BAD_PROPERTY_NAME = Problem("FORMAT_PROPERTY_NAME", "The provided property name is invalid")
BAD_COUNTRY = Problem("FORMAT_COUNTRY_CODE", "The provided country code is invalid")
BAD_END_DATE = Problem("FORMAT_END_DATE", "The provided end date is invalid")
BAD_END_REASON = Problem("FORMAT_END_REASON", "The provided end reason is invalid")

# Rules of the body alone
TO_BEFORE_FROM = Problem("RULE_TO_DATE_BEFORE_FROM_DATE", "The To date cannot be earlier than the From date")
MISSING_DATES = Problem("RULE_MISSING_SUBMISSION_DATES", "From date and To date are required")
BOTH_EXPENSES = Problem(
    "RULE_BOTH_EXPENSES_SUPPLIED", "Both expenses and consolidatedExpenses can not be present at the same time"
)
BOTH_ALLOWANCES = Problem(
    "RULE_BOTH_ALLOWANCES_SUPPLIED", "The property income allowance cannot be claimed beside other allowances"
)
PROPERTY_ALLOWANCE = Problem(
    "RULE_PROPERTY_INCOME_ALLOWANCE", "The property income allowance cannot be claimed with a private use adjustment"
)
BUILDING = Problem("RULE_BUILDING_NAME_NUMBER", "A building needs a name or a number")
NO_SUCH_COUNTRY = Problem("RULE_COUNTRY_CODE", "The country code is not a valid ISO 3166-1 alpha-3 country code")
SAME_COUNTRY = Problem("RULE_DUPLICATE_COUNTRY_CODE", "A country code can be supplied only once")
SAME_PROPERTY = Problem("RULE_DUPLICATE_PROPERTY_ID", "A property ID can be supplied only once")
MISSING_END = Problem("RULE_MISSING_END_DETAILS", "End date and end reason are needed together")
END_TOO_EARLY = Problem("RULE_END_DATE_BEFORE_TAX_YEAR_START", "The end date is before the start of the tax year")
END_TOO_LATE = Problem("RULE_END_DATE_AFTER_TAX_YEAR_END", "The end date is after the end of the tax year")

# Rules about what HMRC holds
WRONG_TYPE = Problem(
    "RULE_TYPE_OF_BUSINESS_INCORRECT", "The business ID supplied relates to a different type of business"
)
WINDOW_CLOSED = Problem("RULE_OUTSIDE_AMENDMENT_WINDOW", "The submission is outside of the amendment window")
OVERLAPPING = Problem("RULE_OVERLAPPING_PERIOD", "The period overlaps with one that was submitted")
MISALIGNED = Problem("RULE_MISALIGNED_PERIOD", "The period is not within the accounting period")
NOT_CONTIGUOUS = Problem("RULE_NOT_CONTIGUOUS_PERIOD", "There is a gap between the period and those submitted")
DUPLICATE = Problem("RULE_DUPLICATE_SUBMISSION", "A summary of this period has been submitted already")
SAME_NAME = Problem("RULE_DUPLICATE_PROPERTY_NAME", "The property name is already in use")
CEASED = Problem("RULE_PROPERTY_BUSINESS_CEASED", "The foreign property business has ceased")
BEFORE_START = Problem("RULE_TAX_YEAR_BEFORE_BUSINESS_START", "The tax year is before the business started")
UNKNOWN_PROPERTY = Problem("RULE_PROPERTY_ID_MISMATCH", "The property ID is not one of this business")
START_NOT_ALIGNED = Problem(
    "RULE_START_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE", "The start date does not align with the reporting type"
)
NOT_COMMENCEMENT = Problem(
    "RULE_START_DATE_NOT_ALIGNED_TO_COMMENCEMENT_DATE", "The start date does not align with the commencement date"
)
END_NOT_ALIGNED = Problem(
    "RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE", "The end date does not align with the reporting type"
)
ADVANCE = Problem(
    "RULE_ADVANCE_SUBMISSION_REQUIRES_PERIOD_END_DATE",
    "An advance submission must have the period end date as its To date",
)
TOO_EARLY = Problem(
    "RULE_EARLY_DATA_SUBMISSION_NOT_ACCEPTED", "An update cannot be sent more than 10 days before the end of the period"
)
BACKWARDS = Problem(
    "RULE_SUBMISSION_END_DATE_CANNOT_MOVE_BACKWARDS",
    "The end date cannot be earlier than that of a previous submission",
)
DATES_NOT_ALLOWED = Problem(
    "RULE_START_AND_END_DATE_NOT_ALLOWED", "Annual and latent customers send neither a start nor an end date"
)

NOT_FOUND, TAX_YEAR_NOT_SUPPORTED = problems.NOT_FOUND, problems.TAX_YEAR_NOT_SUPPORTED
