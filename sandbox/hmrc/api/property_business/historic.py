"""UK property up to 2021-22, with and without furnished holiday lettings."""

from sandbox.hmrc.api.property_business import bodies, keeping, rules
from sandbox.hmrc.api.property_business.bodies import ByYear
from sandbox.hmrc.api.property_business.declaring import Declared
from sandbox.hmrc.api.property_business.shared import (
    HISTORIC_ID,
    HISTORIC_SCENARIOS,
    HISTORIC_YEARS,
    PERIOD_RULES,
    an_id,
    listed,
    nothing,
    shown,
)


def _historic(
    name: str, part: str, annual: ByYear, period: ByYear, period_put: ByYear, *, status: int
) -> tuple[Declared, ...]:
    annual_path, period_path = f"/uk/annual/{part}/{{nino}}/{{taxYear}}", f"/uk/period/{part}/{{nino}}"
    annual_kind, period_kind = f"{name}-annual", f"{name}-period"
    put_dates = PERIOD_RULES if period_put is period else (rules.one_kind_of_expenses,)
    return (
        Declared(
            name=f"{name}_annual_put",
            method="PUT",
            path=annual_path,
            kind=annual_kind,
            work=keeping.put,
            years=HISTORIC_YEARS,
            body=annual,
            sample=nothing,
            scenarios="NOT_FOUND STATEFUL",
        ),
        Declared(
            name=f"{name}_annual_get",
            method="GET",
            path=annual_path,
            kind=annual_kind,
            work=keeping.get,
            years=HISTORIC_YEARS,
            sample=shown(annual, is_historic=True),
            scenarios="NOT_FOUND STATEFUL",
        ),
        Declared(
            name=f"{name}_annual_delete",
            method="DELETE",
            path=annual_path,
            kind=annual_kind,
            work=keeping.delete,
            years=HISTORIC_YEARS,
            status=204,
            scenarios="DELETE NOT_FOUND STATEFUL STATEFUL_DELETE",
        ),
        Declared(
            name=f"{name}_period_post",
            method="POST",
            path=period_path,
            kind=period_kind,
            work=keeping.add,
            body=period,
            rules=PERIOD_RULES,
            status=status,
            sample=an_id("periodId", HISTORIC_ID),
            scenarios=HISTORIC_SCENARIOS,
        ),
        Declared(
            name=f"{name}_period_list",
            method="GET",
            path=period_path,
            kind=period_kind,
            work=keeping.list_all,
            sample=listed,
            scenarios="EMPTY STATEFUL",
        ),
        Declared(
            name=f"{name}_period_get",
            method="GET",
            path=f"{period_path}/{{periodId}}",
            kind=period_kind,
            work=keeping.get,
            sample=shown(period, is_historic=True, has_dates=True),
            scenarios="CONSOLIDATED NOT_FOUND STATEFUL",
        ),
        Declared(
            name=f"{name}_period_put",
            method="PUT",
            path=f"{period_path}/{{periodId}}",
            kind=period_kind,
            work=keeping.amend,
            body=period_put,
            rules=put_dates,
            sample=nothing,
            scenarios="NOT_FOUND STATEFUL",
        ),
    )


DECLARED = (
    *_historic(
        "fhl",
        "furnished-holiday-lettings",
        bodies.HISTORIC_FHL_ANNUAL,
        bodies.HISTORIC_FHL_PERIOD,
        bodies.HISTORIC_FHL_PERIOD_PUT,
        status=201,
    ),
    *_historic(
        "non_fhl",
        "non-furnished-holiday-lettings",
        bodies.HISTORIC_ANNUAL,
        bodies.HISTORIC_PERIOD,
        bodies.HISTORIC_PERIOD,
        status=200,
    ),
)
