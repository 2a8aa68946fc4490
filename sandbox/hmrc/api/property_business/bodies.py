"""
The bodies of Property Business 6.0, as data. A body that changed over the years is a mapping from its first year.

UK furnished holiday lettings ("fhl") stopped being a business of their own in 2025-26; from 2026-27 a foreign property
is named by its id and no longer by its country.
"""

from collections.abc import Mapping
from decimal import Decimal

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.property_business.problems import (
    BAD_COUNTRY,
    BAD_DATE,
    BAD_END_DATE,
    BAD_END_REASON,
    BAD_PROPERTY_ID,
    BAD_PROPERTY_NAME,
    BAD_STRING,
)
from sandbox.hmrc.api.shapes import (
    BOOLEAN,
    POUNDS,
    SIGNED_POUNDS,
    Array,
    Object,
    Shape,
    Value,
    amount,
    day,
    one_of,
    text,
)

Fields = Mapping[str, Shape]
ByYear = Mapping[str, Object]

ANY_YEAR = ""
UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def _all(shape: Shape, names: str) -> Fields:
    return dict.fromkeys(names.split(), shape)


def _object(fields: Fields, *, required: str = "") -> Object:
    return Object(fields, required=frozenset(required.split()))


FROM_DATE, TO_DATE = day(problems.FROM_DATE), day(problems.TO_DATE)
PERIOD = {"fromDate": FROM_DATE, "toDate": TO_DATE}
COUNTRY = {"countryCode": text("[A-Z]{3}", BAD_COUNTRY)}
PROPERTY_ID = {"propertyId": text(UUID, BAD_PROPERTY_ID)}
PROPERTY_NAME = {"propertyName": text(".{1,105}", BAD_PROPERTY_NAME)}
RENTS = {"rentARoom": _object({"rentsReceived": POUNDS})}
CLAIMED = {"rentARoom": _object({"amountClaimed": POUNDS})}

# UK updates

_COSTS = "premisesRunningCosts repairsAndMaintenance financialCosts professionalFees costOfServices other travelCosts"
_UK_FINANCE = _all(POUNDS, "residentialFinancialCost residentialFinancialCostsCarriedForward")
_UK_INCOME = _object(
    {**_all(POUNDS, "premiumsOfLeaseGrant reversePremiums periodAmount taxDeducted otherIncome"), **RENTS}
)
_FHL_INCOME = _object({**_all(POUNDS, "periodAmount taxDeducted"), **RENTS})


def _costs(pounds: Value) -> Fields:
    return _all(pounds, f"{_COSTS} consolidatedExpenses")


def _uk(pounds: Value) -> Object:
    return _object({"income": _UK_INCOME, "expenses": _object({**_costs(pounds), **_UK_FINANCE, **CLAIMED})})


def _fhl(pounds: Value) -> Object:
    return _object({"income": _FHL_INCOME, "expenses": _object({**_costs(pounds), **CLAIMED})})


def _uk_period(pounds: Value) -> Fields:
    return {"ukFhlProperty": _fhl(pounds), "ukNonFhlProperty": _uk(pounds)}


UK_CUMULATIVE: ByYear = {
    ANY_YEAR: _object({**PERIOD, "ukProperty": _uk(SIGNED_POUNDS)}, required="ukProperty"),
}
UK_PERIOD_PUT: ByYear = {
    ANY_YEAR: _object(_uk_period(POUNDS)),
    "2024-25": _object(_uk_period(SIGNED_POUNDS)),
}
UK_PERIOD: ByYear = {
    ANY_YEAR: _object({**PERIOD, **_uk_period(POUNDS)}, required="fromDate toDate"),
    "2024-25": _object({**PERIOD, **_uk_period(SIGNED_POUNDS)}, required="fromDate toDate"),
}

# UK annual submissions

_BUILDING_TEXT = text(r"[0-9a-zA-Z{\u00c0-\u02ff\u2019}\- _&`():.'^]{1,90}", BAD_STRING)
_BUILDINGS = Array(
    _object(
        {
            "amount": POUNDS,
            "firstYear": _object(
                {"qualifyingDate": day(BAD_DATE), "qualifyingAmountExpenditure": POUNDS},
                required="qualifyingDate qualifyingAmountExpenditure",
            ),
            "building": _object(_all(_BUILDING_TEXT, "name number postcode"), required="postcode"),
        },
        required="amount building",
    )
)
_PROPERTY_ALLOWANCE = {"propertyIncomeAllowance": amount(high=Decimal(1000))}
_JOINTLY_LET = {"rentARoom": _object({"jointlyLet": BOOLEAN}, required="jointlyLet")}
_NON_RESIDENT = {"nonResidentLandlord": BOOLEAN}
_GRACE = {"periodOfGraceAdjustment": BOOLEAN}
_CHARGES = _all(POUNDS, "balancingCharge privateUseAdjustment")
_RENOVATION = _all(POUNDS, "businessPremisesRenovationAllowanceBalancingCharges")
_CAPITAL = {**_all(POUNDS, "annualInvestmentAllowance otherCapitalAllowance"), **_PROPERTY_ALLOWANCE}
_UK_CAPITAL = {**_CAPITAL, **_all(POUNDS, "businessPremisesRenovationAllowance")}
_ITEMS = _all(POUNDS, "costOfReplacingDomesticItems")
_CAR = _all(POUNDS, "zeroEmissionsCarAllowance")
_OLD_ELECTRIC = _all(POUNDS, "electricChargePointAllowance")
_OLD_GOODS = _all(POUNDS, "zeroEmissionsGoodsVehicleAllowance")
_UK_ADJUSTMENTS = _object({**_CHARGES, **_RENOVATION, **_NON_RESIDENT, **_JOINTLY_LET}, required="nonResidentLandlord")
_FHL_ADJUSTMENTS = _object(
    {**_CHARGES, **_RENOVATION, **_GRACE, **_NON_RESIDENT, **_JOINTLY_LET},
    required="periodOfGraceAdjustment nonResidentLandlord",
)
_UK_ALLOWANCES = {
    **_UK_CAPITAL,
    **_ITEMS,
    **_CAR,
    **dict.fromkeys(("structuredBuildingAllowance", "enhancedStructuredBuildingAllowance"), _BUILDINGS),
}
_UK_ANNUAL_OLD = {
    "ukFhlProperty": _object(
        {"adjustments": _FHL_ADJUSTMENTS, "allowances": _object({**_UK_CAPITAL, **_OLD_ELECTRIC, **_CAR})}
    ),
    "ukProperty": _object(
        {
            "adjustments": _UK_ADJUSTMENTS,
            "allowances": _object({**_UK_ALLOWANCES, **_OLD_ELECTRIC, **_OLD_GOODS}),
        }
    ),
}
UK_ANNUAL: ByYear = {
    ANY_YEAR: _object(_UK_ANNUAL_OLD),
    "2025-26": _object(
        {"ukProperty": _object({"adjustments": _UK_ADJUSTMENTS, "allowances": _object(_UK_ALLOWANCES)})},
        required="ukProperty",
    ),
}

# UK, up to 2021-22: kept by taxpayer, without a business id

_OLD_CHARGES = {**_all(POUNDS, "lossBroughtForward"), **_CHARGES, **_RENOVATION, **_NON_RESIDENT, **_JOINTLY_LET}
HISTORIC_FHL_ANNUAL: ByYear = {
    ANY_YEAR: _object(
        {
            "annualAdjustments": _object(
                {**_OLD_CHARGES, **_GRACE}, required="periodOfGraceAdjustment nonResidentLandlord"
            ),
            "annualAllowances": _object({**_UK_CAPITAL, "propertyIncomeAllowance": POUNDS}),
        }
    )
}
HISTORIC_ANNUAL: ByYear = {
    ANY_YEAR: _object(
        {
            "annualAdjustments": _object(_OLD_CHARGES, required="nonResidentLandlord"),
            "annualAllowances": _object(
                {**_UK_CAPITAL, **_all(POUNDS, "zeroEmissionGoodsVehicleAllowance costOfReplacingDomesticGoods")}
            ),
        }
    )
}
HISTORIC_FHL_PERIOD_PUT: ByYear = {ANY_YEAR: _fhl(POUNDS)}
HISTORIC_FHL_PERIOD: ByYear = {
    ANY_YEAR: _object({**PERIOD, **_fhl(POUNDS).fields}, required="fromDate toDate"),
}
HISTORIC_PERIOD: ByYear = {
    ANY_YEAR: _object({**PERIOD, **_uk(POUNDS).fields}, required="fromDate toDate"),
}

# Foreign property

_FOREIGN_FINANCE = _all(POUNDS, "residentialFinancialCost broughtFwdResidentialFinancialCost")
_RENT = _object({"rentAmount": POUNDS})
_FOREIGN_INCOME = {
    "rentIncome": _RENT,
    "foreignTaxCreditRelief": BOOLEAN,
    **_all(
        POUNDS, "premiumsOfLeaseGrant otherPropertyIncome foreignTaxPaidOrDeducted specialWithholdingTaxOrUkTaxPaid"
    ),
}


def _foreign_expenses(pounds: Value) -> Object:
    return _object({**_costs(pounds), **_FOREIGN_FINANCE})


def _foreign_period(pounds: Value) -> Fields:
    lettings = _object(
        {"income": _object({"rentAmount": POUNDS}, required="rentAmount"), "expenses": _object(_costs(pounds))}
    )
    property_ = _object(
        {
            **COUNTRY,
            "income": _object(_FOREIGN_INCOME, required="foreignTaxCreditRelief"),
            "expenses": _foreign_expenses(pounds),
        },
        required="countryCode",
    )
    return {"foreignFhlEea": lettings, "foreignNonFhlProperty": Array(property_)}


def _foreign_properties(named: Fields, parts: Fields) -> Fields:
    return {"foreignProperty": Array(_object({**named, **parts}, required=" ".join(named)))}


def _foreign_cumulative(named: Fields) -> Object:
    parts = {"income": _object(_FOREIGN_INCOME), "expenses": _foreign_expenses(SIGNED_POUNDS)}
    return _object({**PERIOD, **_foreign_properties(named, parts)}, required="foreignProperty")


FOREIGN_PERIOD_PUT: ByYear = {
    ANY_YEAR: _object(_foreign_period(POUNDS)),
    "2024-25": _object(_foreign_period(SIGNED_POUNDS)),
}
FOREIGN_PERIOD: ByYear = {
    ANY_YEAR: _object({**PERIOD, **_foreign_period(POUNDS)}, required="fromDate toDate"),
    "2024-25": _object({**PERIOD, **_foreign_period(SIGNED_POUNDS)}, required="fromDate toDate"),
}
FOREIGN_CUMULATIVE: ByYear = {
    ANY_YEAR: _foreign_cumulative(COUNTRY),
    "2026-27": _foreign_cumulative(PROPERTY_ID),
}

_FOREIGN_ALLOWANCES = {**_CAPITAL, **_ITEMS, **_CAR, "structuredBuildingAllowance": _BUILDINGS}
_FOREIGN_PARTS = {"adjustments": _object(_CHARGES), "allowances": _object(_FOREIGN_ALLOWANCES)}
_FOREIGN_PARTS_OLD = {
    "adjustments": _object(_CHARGES),
    "allowances": _object({**_FOREIGN_ALLOWANCES, **_OLD_ELECTRIC, **_OLD_GOODS}),
}
_FOREIGN_FHL = _object(
    {
        "adjustments": _object({**_CHARGES, **_GRACE}, required="periodOfGraceAdjustment"),
        "allowances": _object({**_CAPITAL, **_OLD_ELECTRIC, **_CAR}),
    }
)
FOREIGN_ANNUAL: ByYear = {
    ANY_YEAR: _object({"foreignFhlEea": _FOREIGN_FHL, **_foreign_properties(COUNTRY, _FOREIGN_PARTS_OLD)}),
    "2025-26": _object(_foreign_properties(COUNTRY, _FOREIGN_PARTS), required="foreignProperty"),
    "2026-27": _object(_foreign_properties(PROPERTY_ID, _FOREIGN_PARTS), required="foreignProperty"),
}

_END_DATE = {"endDate": day(BAD_END_DATE)}
FOREIGN_DETAILS: ByYear = {
    ANY_YEAR: _object(
        {
            **PROPERTY_NAME,
            **COUNTRY,
            **_END_DATE,
            "endReason": one_of("no-longer-renting-property-out", "disposal", problem=BAD_END_REASON),
        },
        required="propertyName countryCode",
    )
}
FOREIGN_DETAILS_PUT: ByYear = {
    ANY_YEAR: _object(
        {
            **PROPERTY_NAME,
            **_END_DATE,
            "endReason": one_of("no-longer-renting-property-out", "disposal", "added-in-error", problem=BAD_END_REASON),
        },
        required="propertyName",
    )
}
