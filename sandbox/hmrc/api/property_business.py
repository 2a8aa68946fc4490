"""Property Business 6.0: the cumulative summary of a UK property business, from tax year 2025-26."""

from typing import Any

from sandbox.hmrc.api import cumulative, exact, problems
from sandbox.hmrc.api.fields import FIRST_CUMULATIVE_YEAR, TaxYear, business_id_problems
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, Operation
from sandbox.hmrc.api.problems import Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.businesses import Business
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.filings import Filing

BASE = "/individuals/business/property"
UK_CUMULATIVE = "uk-cumulative"
WRONG_TYPE = Problem(
    "RULE_TYPE_OF_BUSINESS_INCORRECT", "The business ID supplied relates to a different type of business"
)

_PATH = f"{BASE}/uk/{{nino}}/{{businessId}}/cumulative/{{taxYear}}"


def check_put(call: Call) -> tuple[TaxYear, cumulative.Update]:
    year = _tax_year(call)
    return year, cumulative.read(call.body, path_problems=business_id_problems(call.path["businessId"]))


def put_uk_cumulative(call: Call, read: tuple[TaxYear, cumulative.Update]) -> Answer:
    """Replace the year to date: a field that is left out is erased."""
    year, update = read
    world, business_id = call.world, call.path["businessId"]
    with world.store.transaction():
        business = _uk_property(call) or refuse(problems.NOT_FOUND)
        held = world.filings.find(kind=UK_CUMULATIVE, business_id=business_id, tax_year=str(year))
        cumulative.check(update, business=business, year=year, held=held, today=world.clock.today())
        filing = Filing(
            kind=UK_CUMULATIVE,
            nino=call.user.nino,
            business_id=business_id,
            tax_year=str(year),
            body=exact.dumps(update.body),
            to_date=update.to_date,
            submitted_at=world.clock.now(),
        )
        world.filings.put(filing)
    return Answer(204)


def check_get(call: Call) -> TaxYear:
    year = _tax_year(call)
    refuse_any(business_id_problems(call.path["businessId"]))
    return year


def get_uk_cumulative(call: Call, year: TaxYear) -> Answer:
    """Return what was sent last, exact to the penny, and when."""
    business_id = call.path["businessId"]
    if _business(call) and not _uk_property(call):
        raise Refusal(WRONG_TYPE)
    held = call.world.filings.find(kind=UK_CUMULATIVE, business_id=business_id, tax_year=str(year))
    if held is None or held.nino != call.user.nino:
        raise Refusal(problems.NOT_FOUND)
    return Answer(200, f'{{"submittedOn":"{to_iso(held.submitted_at)}",{held.body[1:]}')


def _tax_year(call: Call) -> TaxYear:
    # HMRC chooses its schema by the tax year, so a bad one is reported alone, before all else.
    year = TaxYear.parse(call.path["taxYear"])
    if year < FIRST_CUMULATIVE_YEAR:
        raise Refusal(problems.TAX_YEAR_NOT_SUPPORTED)
    return year


def _business(call: Call) -> Business | None:
    return next((one for one in call.user.businesses if one.business_id == call.path["businessId"]), None)


def _uk_property(call: Call) -> Business | None:
    business = _business(call)
    return business if business and business.type_of_business == "uk-property" else None


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="uk_cumulative_put",
        method="PUT",
        path=_PATH,
        version="6.0",
        scope=WRITE,
        takes_body=True,
        check=check_put,
        stateful=put_uk_cumulative,
    ),
    Operation(
        name="uk_cumulative_get",
        method="GET",
        path=_PATH,
        version="6.0",
        scope=READ,
        check=check_get,
        stateful=get_uk_cumulative,
    ),
)
