"""What an agency asks HMRC to keep of one business: its quarterly type, and a tax year's annual submission."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from landlords import records
from mtd import annual_shape, writes
from mtd.errors import BusinessUnknown, QuarterlyTypeLocked
from mtd.models import Business, Submission, SubmissionStatus, Write, WriteKind
from mtd.quarters import QuarterlyType
from mtd.shapes import plain
from mtd.tax_years import TaxYear
from mtd.writes import Wanted
from people.principal import Principal
from tenants import clock
from tenants.faults import FieldFault, Invalid

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

    Raises NotFound, Invalid, BusinessUnknown, QuarterlyTypeLocked, and what writes.accept raises.
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

    Raises NotFound, Invalid with every fault at once, BusinessUnknown, and what writes.accept raises.
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
    """A UK property business that HMRC has listed for the landlord. Raises BusinessUnknown."""
    found = Business.objects.filter(landlord_id=landlord_id, business_id=business_id, type_of_business=_FILED).first()
    if found is None:
        raise BusinessUnknown
    return found
