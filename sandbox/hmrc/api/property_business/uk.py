"""UK property, from 2022-23, and what UK and foreign property share."""

from sandbox.hmrc.api.property_business import bodies, cumulative, keeping, problems, rules
from sandbox.hmrc.api.property_business.declaring import Declared
from sandbox.hmrc.api.property_business.shared import (
    ANNUAL,
    ANNUAL_RULES,
    ANNUAL_YEARS,
    CUMULATIVE_RULES,
    CUMULATIVE_SCENARIOS,
    CUMULATIVE_YEARS,
    EITHER,
    FOREIGN_ANNUAL_YEARS,
    FOREIGN_PERIOD_YEARS,
    PERIOD,
    PERIOD_RULES,
    PERIOD_SCENARIOS,
    UK,
    UK_CUMULATIVE,
    UK_PERIOD_YEARS,
    an_id,
    listed,
    nothing,
    shown,
)

_UK_ANNUAL = "/uk/{nino}/{businessId}/annual/{taxYear}"
_UK_PERIOD = "/uk/{nino}/{businessId}/period/{taxYear}"
_UK_CUMULATIVE = "/uk/{nino}/{businessId}/cumulative/{taxYear}"

_UK = (
    Declared(
        name="uk_cumulative_put",
        method="PUT",
        path=_UK_CUMULATIVE,
        kind=UK_CUMULATIVE,
        work=cumulative.put,
        years=CUMULATIVE_YEARS,
        owners=UK,
        wrong_type=problems.NOT_FOUND,
        body=bodies.UK_CUMULATIVE,
        rules=CUMULATIVE_RULES,
        status=204,
        scenarios=CUMULATIVE_SCENARIOS,
    ),
    Declared(
        name="uk_cumulative_get",
        method="GET",
        path=_UK_CUMULATIVE,
        kind=UK_CUMULATIVE,
        work=cumulative.get,
        years=CUMULATIVE_YEARS,
        owners=UK,
        sample=shown(bodies.UK_CUMULATIVE, has_dates=True),
        scenarios=(
            "FOREIGN_PROPERTY NOT_FOUND STATEFUL TAX_YEAR_NOT_SUPPORTED UK_PROPERTY_CONSOLIDATED"
            " UK_PROPERTY_FULL_EXPENSES"
        ),
    ),
    Declared(
        name="uk_annual_put",
        method="PUT",
        path=_UK_ANNUAL,
        kind=ANNUAL,
        work=keeping.put,
        years=ANNUAL_YEARS,
        owners=UK,
        body=bodies.UK_ANNUAL,
        rules=ANNUAL_RULES,
        sample=nothing,
        scenarios="NOT_FOUND OUTSIDE_AMENDMENT_WINDOW PROPERTY_INCOME_ALLOWANCE STATEFUL TYPE_OF_BUSINESS_INCORRECT",
    ),
    Declared(
        name="uk_annual_get",
        method="GET",
        path=_UK_ANNUAL,
        kind=ANNUAL,
        work=keeping.get,
        years=ANNUAL_YEARS,
        owners=UK,
        sample=shown(bodies.UK_ANNUAL),
        scenarios=(
            "FOREIGN_PROPERTY STATEFUL UK_ALL_OTHER_ALLOWANCES UK_FHL_ALL_OTHER_ALLOWANCES UK_FHL_PROPERTY_ALLOWANCE"
            " UK_PROPERTY UK_PROPERTY_ALLOWANCE"
        ),
    ),
    Declared(
        name="uk_period_post",
        method="POST",
        path=_UK_PERIOD,
        kind=PERIOD,
        work=keeping.add,
        years=UK_PERIOD_YEARS,
        owners=UK,
        body=bodies.UK_PERIOD,
        rules=PERIOD_RULES,
        status=201,
        sample=an_id("submissionId"),
        scenarios=f"{PERIOD_SCENARIOS} TYPE_OF_BUSINESS_INCORRECT",
    ),
    Declared(
        name="uk_period_get",
        method="GET",
        path=f"{_UK_PERIOD}/{{submissionId}}",
        kind=PERIOD,
        work=keeping.get,
        years=UK_PERIOD_YEARS,
        owners=UK,
        sample=shown(bodies.UK_PERIOD_PUT, has_dates=True),
        scenarios=(
            "FOREIGN_PROPERTY NOT_FOUND STATEFUL UK_FHL_CONSOLIDATED UK_FHL_FULL_EXPENSES UK_NON_FHL_CONSOLIDATED"
            " UK_NON_FHL_FULL_EXPENSES UK_PROPERTY"
        ),
    ),
    Declared(
        name="uk_period_put",
        method="PUT",
        path=f"{_UK_PERIOD}/{{submissionId}}",
        kind=PERIOD,
        work=keeping.amend,
        years=UK_PERIOD_YEARS,
        owners=UK,
        body=bodies.UK_PERIOD_PUT,
        rules=(rules.one_kind_of_expenses,),
        sample=nothing,
        scenarios="NOT_FOUND STATEFUL TYPE_OF_BUSINESS_INCORRECT",
    ),
)

_EITHER = (
    Declared(
        name="annual_delete",
        method="DELETE",
        path="/{nino}/{businessId}/annual/{taxYear}",
        kind=ANNUAL,
        work=keeping.delete,
        years=FOREIGN_ANNUAL_YEARS,
        owners=EITHER,
        wrong_type=problems.NOT_FOUND,
        status=204,
        scenarios="NOT_FOUND OUTSIDE_AMENDMENT_WINDOW STATEFUL",
    ),
    Declared(
        name="period_list",
        method="GET",
        path="/{nino}/{businessId}/period/{taxYear}",
        kind=PERIOD,
        work=keeping.list_all,
        years=FOREIGN_PERIOD_YEARS,
        owners=EITHER,
        wrong_type=problems.NOT_FOUND,
        sample=listed,
        scenarios="NOT_FOUND STATEFUL",
    ),
)

DECLARED = (*_UK, *_EITHER)
