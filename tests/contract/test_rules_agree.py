"""What the product takes as a quarterly update, the stand-in takes, and the other way about; HMRC's shape agrees."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mtd import figures, rules
from sandbox.hmrc.modes import PRODUCTION_LIKE
from tests.contract import facts
from tests.contract.samples import BUSINESSES, sample
from tests.contract.standin import Standin, codes, content
from tests.shapes import values

PUT = facts.find("PUT", "/individuals/business/property/uk/{nino}/{businessId}/cumulative/{taxYear}")
OBLIGATIONS = facts.find("GET", "/obligations/details/{nino}/income-and-expenditure")
QUARTERLY_TYPE = facts.find("PUT", "/individuals/business/details/{nino}/{businessId}/{taxYear}")
FIRST, LAST = date(2026, 4, 6), date(2027, 4, 5)
# The last days of the quarters, by the type that the landlord has chosen.
ENDS = {
    "standard": {date(2026, 7, 5), date(2026, 10, 5), date(2027, 1, 5), LAST},
    "calendar": {date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31), date(2027, 3, 31)},
}
OTHER = {"standard": "calendar", "calendar": "standard"}
MOST = Decimal("99999999999.99")
# What both sides can tell from the request alone.
OF_THE_REQUEST = {
    "FORMAT_BUSINESS_ID",
    "FORMAT_TAX_YEAR",
    "RULE_TAX_YEAR_RANGE_INVALID",
    "RULE_TAX_YEAR_NOT_SUPPORTED",
    "RULE_TO_DATE_BEFORE_FROM_DATE",
}

_edges = [Decimal(text) for text in ("0", "-0.01", "0.01", "0.005", "1E+3", "1E-2", "-99999999999.99", "-100000000000")]
_amounts = st.one_of(
    st.decimals(-2 * MOST, 2 * MOST, places=2),
    st.decimals(0, 1000, places=3).filter(lambda amount: amount != round(amount, 2)),
    st.integers(-(10**12), 10**12),
    st.sampled_from([*_edges, MOST, MOST + Decimal("0.01")]),
)


@given(given_figures=values(figures.FIGURES, _amounts))
@example(given_figures={"expenses": {"consolidatedExpenses": 1, "residentialFinancialCost": 1}})
@example(given_figures={"expenses": {"consolidatedExpenses": 1, "travelCosts": 1}})
@settings(max_examples=100, deadline=None)
def test_figures_are_taken_by_both_or_by_neither(given_figures: dict[str, Any], standins: dict[str, Standin]) -> None:
    request = sample(PUT)

    read, faults = figures.read(given_figures)

    body = {**request.body, "ukProperty": given_figures if faults else read}
    response = standins[PRODUCTION_LIKE].ask(replace(request, body=body))
    assert (response.status_code == PUT.success) == (not faults), (faults, response.text)
    if faults:
        # HMRC looks at the structure first, and tells of nothing else if that is wrong.
        assert set(codes(response)) <= {fault.code.upper() for fault in faults}
    else:
        assert facts.complaints(PUT.request, body, tax_year=request.tax_year) == []


@given(
    business_id=st.one_of(
        st.just(BUSINESSES["uk-property"]),
        st.from_regex(r"\A[XY][A-Za-z0-9]I[ST][0-9]{10,12}\Z"),
        st.text("XIS0123456789", min_size=1, max_size=16),
    ),
    tax_year=st.one_of(
        st.integers(2009, 2100).map(lambda year: f"{year}-{(year + 1) % 100:02}"),
        st.from_regex(r"\A20[0-9]{2}-[0-9]{2}\Z"),
        st.text("0123456789-", min_size=1, max_size=8),
    ),
    start=st.dates(FIRST, LAST),
    days=st.integers(-400, 400),
)
@settings(max_examples=100, deadline=None)
def test_places_and_dates_are_refused_by_both_for_the_same_reasons(
    business_id: str, tax_year: str, start: date, days: int, standins: dict[str, Standin]
) -> None:
    end = start + timedelta(days=days)
    request = sample(PUT).at(businessId=business_id, taxYear=tax_year)
    dated = replace(request, body={**request.body, "fromDate": start.isoformat(), "toDate": end.isoformat()})

    faults = rules.faults(business_id=business_id, tax_year=tax_year, start=start, end=end)

    said = standins[PRODUCTION_LIKE].ask(dated)
    ours = {fault.code.upper() for fault in faults}
    theirs = (set(codes(said)) if said.data else set()) & OF_THE_REQUEST
    assert theirs <= ours
    assert bool(theirs) == bool(ours)


@given(quarterly_type=st.sampled_from(sorted(ENDS)), end=st.dates(FIRST, LAST))
@example(quarterly_type="standard", end=date(2026, 6, 30))
@example(quarterly_type="standard", end=date(2027, 4, 5))
@example(quarterly_type="calendar", end=date(2026, 7, 5))
@example(quarterly_type="calendar", end=date(2027, 3, 31))
@example(quarterly_type="calendar", end=date(2027, 4, 1))
@settings(max_examples=30, deadline=None)
def test_an_update_fulfils_what_it_reaches_and_no_quarter_of_the_other_type_is_taken(
    quarterly_type: str, end: date, others: dict[str, Standin]
) -> None:
    standin = others[PRODUCTION_LIKE].begin()
    chosen = standin.ask(replace(sample(QUARTERLY_TYPE), body={"quarterlyPeriodType": quarterly_type}))
    assert chosen.status_code == QUARTERLY_TYPE.success
    standin.move_to("2027-05-01")
    assert _periods(standin, "open") == ENDS[quarterly_type]

    body = {**sample(PUT).body, "fromDate": FIRST.isoformat(), "toDate": end.isoformat()}
    answer = standin.ask(replace(sample(PUT), body=body))

    if end in ENDS[OTHER[quarterly_type]] - {LAST} or end > max(ENDS[quarterly_type]):
        assert codes(answer) == ["RULE_END_DATE_NOT_ALIGNED_WITH_REPORTING_TYPE"]
    else:
        assert answer.status_code == PUT.success
        assert _periods(standin, "fulfilled") == {each for each in ENDS[quarterly_type] if each <= end}


def _periods(standin: Standin, status: str) -> set[date]:
    """The last days of the year's obligations that are so."""
    asked = sample(OBLIGATIONS).at(fromDate=FIRST.isoformat(), toDate=LAST.isoformat(), status=status)
    said = content(standin.ask(asked.at(typeOfBusiness="uk-property"))).get("obligations", [])
    found = [each for one in said for each in one["obligationDetails"] if each["periodStartDate"] == FIRST.isoformat()]
    return {date.fromisoformat(each["periodEndDate"]) for each in found}
