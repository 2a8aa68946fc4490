"""Property Business 6.0: the cumulative summary of a UK property business, from tax year 2025-26."""

from sandbox.hmrc.api import cumulative, exact, problems
from sandbox.hmrc.api.fields import TaxYear, business_id_problems
from sandbox.hmrc.api.operation import READ, WRITE, Answer, Call, operation
from sandbox.hmrc.api.problems import Problem, Refusal, refuse, refuse_any
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.filings import Filing
from sandbox.hmrc.people import Business

BASE = "/individuals/business/property"
UK_CUMULATIVE = "uk-cumulative"
FIRST_CUMULATIVE_YEAR = TaxYear(2025)
WRONG_TYPE = Problem(
    "RULE_TYPE_OF_BUSINESS_INCORRECT", "The business ID supplied relates to a different type of business"
)

_PATH = f"{BASE}/uk/{{nino}}/{{businessId}}/cumulative/{{taxYear}}"


@operation("uk_cumulative_put", "PUT", _PATH, version="6.0", scope=WRITE)
def put_uk_cumulative(call: Call) -> Answer:
    """Replace the year to date: a field that is left out is erased."""
    year, business_id = _tax_year(call), call.path["businessId"]
    update = cumulative.read(call.body, path_problems=business_id_problems(business_id))
    world = call.world
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


@operation("uk_cumulative_get", "GET", _PATH, version="6.0", scope=READ)
def get_uk_cumulative(call: Call) -> Answer:
    """Return what was sent last, exact to the penny, and when."""
    year, business_id = _tax_year(call), call.path["businessId"]
    refuse_any(business_id_problems(business_id))
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


OPERATIONS = (put_uk_cumulative, get_uk_cumulative)
