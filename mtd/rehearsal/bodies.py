"""What a rehearsal sends: small, plausible, and within HMRC's rules."""

from decimal import Decimal

from hmrc_door.bodies import JSON

Body = dict[str, JSON]

_INCOME: Body = {"periodAmount": Decimal("9120.00"), "otherIncome": Decimal("35.50")}
_EXPENSES: Body = {"premisesRunningCosts": Decimal("812.25"), "repairsAndMaintenance": Decimal("640.10")}


def itsa_status() -> Body:
    signed_up: Body = {
        "submittedOn": "2025-03-23T16:02:34.039Z",
        "status": "MTD Mandated",
        "statusReason": "Sign up - return available",
        "businessIncome2YearsPrior": Decimal("52000.00"),
    }
    return {"itsaStatusDetails": [signed_up]}


def home() -> Body:
    """A UK property business."""
    return {
        "typeOfBusiness": "uk-property",
        "firstAccountingPeriodStartDate": "2023-04-06",
        "firstAccountingPeriodEndDate": "2024-04-05",
        "accountingType": "CASH",
        "commencementDate": "2023-04-06",
    }


def shop() -> Body:
    """A trade: the accounting periods of Business Details are for trades."""
    return {
        "typeOfBusiness": "self-employment",
        "tradingName": "Rehearsal Joinery",
        "firstAccountingPeriodStartDate": "2023-04-06",
        "firstAccountingPeriodEndDate": "2024-04-05",
        "accountingType": "ACCRUALS",
        "commencementDate": "2023-04-06",
        "businessAddressLineOne": "1 Rehearsal Street",
        "businessAddressPostcode": "AA1 1AA",
        "businessAddressCountryCode": "GB",
    }


def quarterly_type() -> Body:
    return {"quarterlyPeriodType": "standard"}


def accounting_type() -> Body:
    return {"accountingType": "CASH"}


def periods_of_account(starts_in: int) -> Body:
    """A year that ends on 31 March: the late accounting date rule is about such years alone."""
    dates: Body = {"startDate": f"{starts_in}-04-01", "endDate": f"{starts_in + 1}-03-31"}
    return {"periodsOfAccount": True, "periodsOfAccountDates": [dates]}


def cumulative(starts_in: int) -> Body:
    """A whole tax year, itemised."""
    figures: Body = {"income": _INCOME, "expenses": _EXPENSES}
    return {"fromDate": f"{starts_in}-04-06", "toDate": f"{starts_in + 1}-04-05", "ukProperty": figures}


def annual() -> Body:
    adjustments: Body = {"balancingCharge": Decimal("20.00"), "nonResidentLandlord": False}
    allowances: Body = {"costOfReplacingDomesticItems": Decimal("310.00")}
    return {"ukProperty": {"adjustments": adjustments, "allowances": allowances}}


def period() -> Body:
    return {"fromDate": "2024-04-06", "toDate": "2024-07-05", **period_figures()}


def period_figures() -> Body:
    return {"ukNonFhlProperty": {"income": _INCOME, "expenses": _EXPENSES}}
