"""How a business accounts: quarterly periods, periods of account, elections (Business Details)."""

from hmrc_door.meanings.table import Row, row

BUSINESSES: tuple[Row, ...] = (
    row(
        "hmrc.quarterly_type_locked",
        "The kind of quarterly periods cannot be changed now",
        "agency",
        "It can be chosen only before the first update of a tax year.",
        "RULE_BUSINESS_ID_STATE_CONFLICT",
        "RULE_QUARTERLY_PERIOD_UPDATING",
    ),
    row(
        "hmrc.accounting_type_invalid",
        "HMRC does not know this accounting type",
        "agency",
        "Give cash or accruals, as HMRC spells it in this API.",
        "FORMAT_ACCOUNTING_TYPE",
    ),
    row(
        "hmrc.periods_of_account_invalid",
        "HMRC does not take these periods of account",
        "agency",
        "Give periods that end within the tax year and by the day the business ceased, and do not overlap; or none.",
        "RULE_PERIODS_OF_ACCOUNT",
        "RULE_PERIODS_OVERLAP",
        "RULE_START_DATE",
        "RULE_END_DATE",
        "RULE_CESSATION_DATE",
    ),
    row(
        "hmrc.election_locked",
        "The late accounting date rule cannot be changed now",
        "agency",
        "Wait until the present election has expired.",
        "RULE_ELECTION_PERIOD_NOT_EXPIRED",
    ),
    row(
        "hmrc.no_late_accounting_date",
        "The business has no accounting date from 31 March to 4 April",
        "agency",
        "Nothing: the rule applies to such businesses only.",
        "RULE_NO_ACCOUNTING_DATE_FOUND",
    ),
    row(
        "hmrc.income_sources_invalid",
        "HMRC's records of the landlord's income do not allow this",
        "agency",
        "Compare the landlord's businesses with HMRC's, and ask HMRC if they agree.",
        "RULE_INCOME_SOURCES_INVALID",
    ),
)
