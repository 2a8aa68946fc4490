"""What HMRC says is due of a landlord: quarters, of this tax year and of all that are open, and final declarations.

An answer takes the place of what it speaks of, and of nothing else: on 6 April a year's last quarter is still due.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from hmrc_door import obligations
from hmrc_door.operation import Call
from landlords.models import Landlord
from mtd.models import Obligation
from mtd.tax_years import TaxYear
from tenants import clock
from tenants.vault import Sealed

OPEN, FULFILLED = "open", "fulfilled"  # HMRC's words


def day(written: Any) -> date | None:
    """A day as HMRC writes it, if it does. Raises ValueError, TypeError."""
    return date.fromisoformat(written) if written else None


def of_this_year(nino: Sealed) -> Call:
    """The tax year in which today falls, whole: what was due and what is coming. HMRC wants less than 366 days."""
    year = TaxYear.of(clock.today())
    return obligations.list_obligations(nino=nino, from_date=year.start, to_date=year.end)


def store_year(landlord: Landlord, body: dict[str, Any]) -> int:
    """In place of all quarters that reach into the year."""
    year, rows = TaxYear.of(clock.today()), list(_quarters(landlord, body))
    known = landlord.obligations.filter(final_of="")
    known.filter(period_start__lte=year.end, period_end__gte=year.start).delete()
    return len(Obligation.objects.bulk_create(rows))


def all_open(nino: Sealed) -> Call:
    """Without dates, all that are open, however old."""
    return obligations.list_obligations(nino=nino, status=OPEN)


def store_open(landlord: Landlord, body: dict[str, Any]) -> int:
    """In place of those that were open. What HMRC does not list any more has been fulfilled, by whomever."""
    rows = [row for row in _quarters(landlord, body) if row.status == OPEN]
    known = landlord.obligations.filter(final_of="")
    listed = {_period(row) for row in rows}
    known.filter(pk__in=[row.pk for row in known if _period(row) in listed]).delete()
    known.filter(status=OPEN).update(status=FULFILLED)
    return len(Obligation.objects.bulk_create(rows))


def declarations(nino: Sealed) -> Call:
    """Of the last four tax years."""
    return obligations.list_crystallisation(nino=nino)


def store_declarations(landlord: Landlord, body: dict[str, Any]) -> int:
    """In place of those that were known."""
    rows = [_row(landlord, each, final_of=_year_of(each)) for each in body.get("obligations", [])]
    landlord.obligations.exclude(final_of="").delete()
    return len(Obligation.objects.bulk_create(rows))


def _period(row: Obligation) -> tuple[str, date, date]:
    return row.business_id, row.period_start, row.period_end


def _quarters(landlord: Landlord, body: dict[str, Any]) -> Iterator[Obligation]:
    for business in body.get("obligations", []):
        whose = {
            "business_id": str(business.get("businessId", ""))[:15],
            "type_of_business": str(business.get("typeOfBusiness", ""))[:32],
        }
        yield from (_row(landlord, detail, **whose) for detail in business.get("obligationDetails", []))


def _row(landlord: Landlord, detail: dict[str, Any], **more: str) -> Obligation:
    return Obligation(
        landlord=landlord,
        period_start=date.fromisoformat(detail["periodStartDate"]),
        period_end=date.fromisoformat(detail["periodEndDate"]),
        due_date=date.fromisoformat(detail["dueDate"]),
        status=str(detail.get("status", ""))[:16],
        received_date=day(detail.get("receivedDate")),
        **more,
    )


def _year_of(detail: dict[str, Any]) -> str:
    return str(TaxYear.of(date.fromisoformat(detail["periodEndDate"])))
