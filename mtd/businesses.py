"""What an agency asks HMRC to keep of one business: its quarterly type, and a tax year's annual submission."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from landlords import records
from mtd import annual_shape, writes
from mtd.errors import QuarterlyTypeLocked
from mtd.models import AnnualSubmission, Business, Submission, SubmissionStatus, Write, WriteKind
from mtd.quarters import Quarter, QuarterlyType, quarters
from mtd.shapes import plain
from mtd.tax_years import TaxYear
from mtd.writes import Wanted
from people.principal import Principal
from tenants import clock
from tenants.faults import FieldFault, Invalid, NotFound

_FILED = "uk-property"


def choose_quarterly_type(
    *,
    by: Principal,
    landlord_id: UUID,
    business_id: str,
    tax_year: str,
    kind: QuarterlyType,
    fraud_context_id: UUID | None,
    now: datetime,
) -> Write:
    """Queue the choice. HMRC takes it for the current tax year only, before its first update.

    Raises NotFound, Invalid, QuarterlyTypeLocked, and what writes.accept raises.
    """
    landlord = records.get(landlord_id=landlord_id)
    if TaxYear.parse(tax_year) != TaxYear.of(clock.today()):
        said = "HMRC takes the choice for the current tax year only."
        raise Invalid(errors=[FieldFault("/tax_year", "rule_request_cannot_be_fulfilled", said)])
    find(landlord_id=landlord_id, business_id=business_id)
    place = {"landlord_id": landlord_id, "business_id": business_id, "tax_year": tax_year}
    if Submission.objects.filter(**place, status=SubmissionStatus.ACCEPTED).exists():
        raise QuarterlyTypeLocked
    content = {"type": str(kind)}
    wanted = Wanted(landlord, WriteKind.QUARTERLY_TYPE, business_id, tax_year, content, fraud_context_id)
    return writes.accept(by=by, wanted=wanted, now=now)


def submit_annual(
    *,
    by: Principal,
    landlord_id: UUID,
    business_id: str,
    tax_year: str,
    given: Mapping[str, Any],
    fraud_context_id: UUID | None,
    now: datetime,
) -> Write:
    """Queue the whole of a year's adjustments and allowances: it replaces what HMRC holds.

    Raises NotFound, Invalid with every fault at once, and what writes.accept raises.
    """
    landlord = records.get(landlord_id=landlord_id)
    TaxYear.parse(tax_year)
    find(landlord_id=landlord_id, business_id=business_id)
    content, faults = annual_shape.read(given)
    if faults:
        raise Invalid(errors=faults)
    wanted = Wanted(landlord, WriteKind.ANNUAL_SUBMISSION, business_id, tax_year, plain(content), fraud_context_id)
    return writes.accept(by=by, wanted=wanted, now=now)


def find(*, landlord_id: UUID, business_id: str) -> Business:
    """A UK property business that HMRC has listed for the landlord. Raises NotFound."""
    found = Business.objects.filter(landlord_id=landlord_id, business_id=business_id, type_of_business=_FILED).first()
    if found is None:
        raise NotFound("HMRC has not listed such a property business: read the landlord's businesses first.")
    return found


def quarters_of(business: Business, year: TaxYear) -> tuple[Quarter, ...]:
    """The quarters that the business reports in a tax year: standard ones, where HMRC knows of no choice."""
    chosen_in = TaxYear.known(business.quarterly_type_since)
    is_calendar = business.quarterly_type == QuarterlyType.CALENDAR and (chosen_in is None or chosen_in <= year)
    return quarters(year, QuarterlyType.CALENDAR if is_calendar else QuarterlyType.STANDARD, chosen_in=chosen_in)


def held_annual(*, landlord_id: UUID, business_id: str, tax_year: str) -> dict[str, Any] | None:
    """The annual submission as HMRC held it when it was last read, amounts as strings; None if it held none."""
    place = {"landlord_id": landlord_id, "business_id": business_id, "tax_year": tax_year}
    held = AnnualSubmission.objects.filter(**place).first()
    if held is None:
        return None
    with held.content.open(reason="shown to the caller") as text:
        return {"submitted_on": held.submitted_on, **json.loads(text)}
