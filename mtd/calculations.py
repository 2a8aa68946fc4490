"""Calculations, as the API sees them: ask for one, find one, read what it says. Asking HMRC is mtd.calculating's."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from events import audit
from hmrc_oauth import connections, fraud_contexts
from landlords import records
from landlords.errors import NinoMissing
from mtd.errors import AmendmentWindowClosed, TaxYearNotEnded
from mtd.models import Calculation, CalculationType
from mtd.models.calculation import OPEN
from mtd.tax_years import TaxYear
from mtd.urgency import lane_for
from people.models import Operation
from people.principal import Principal
from tenants import clock, due
from tenants.db import connection as database
from tenants.faults import NotFound
from tenants.ids import new_id

# Where HMRC's calculation holds the figures of a summary (pounds).
_SUMMARY = {
    "total_income": ("taxCalculation", "incomeTax", "totalIncomeReceivedFromAllSources"),
    "total_allowances": ("taxCalculation", "incomeTax", "totalAllowancesAndDeductions"),
    "taxable_income": ("taxCalculation", "incomeTax", "totalTaxableIncome"),
    "total_due": ("taxCalculation", "totalIncomeTaxAndNicsDue"),
    "estimate_for_the_year": ("endOfYearEstimate", "incomeTaxNicAmount"),
}


def ask(
    *,
    by: Principal,
    landlord_id: UUID,
    tax_year: str,
    kind: CalculationType,
    fraud_context_id: UUID | None,
    now: datetime,
) -> Calculation:
    """Queue a calculation; asking for the same while HMRC calculates is asking once.

    Raises NotFound, Invalid, NinoMissing, NotConnected, ReconnectRequired, TaxYearNotEnded, AmendmentWindowClosed, and
    what fraud_contexts.attach raises.
    """
    landlord = records.get(landlord_id=landlord_id)
    refuse_untimely(TaxYear.parse(tax_year), kind, today=clock.today())
    if landlord.nino is None:
        raise NinoMissing
    connections.require_usable(connections.get(landlord_id=landlord_id, now=now))
    context_id = fraud_contexts.attach(by=by, context_id=fraud_context_id, landlord_id=landlord_id, now=now)
    place = {"landlord_id": landlord_id, "tax_year": tax_year, "type": kind}
    with transaction.atomic():
        _lock(landlord_id)
        under_way = Calculation.objects.filter(**place, status__in=OPEN).first()
        if under_way is not None:
            return under_way
        asked = {"created_by_kind": by.kind, "created_by_id": by.id, "created_at": now}
        calculation = Calculation.objects.create(id=new_id(), fraud_context_id=context_id, **place, **asked)
        _queue(calculation, by=by, now=now)
    return calculation


def get(*, calculation_id: UUID) -> Calculation:
    """Raises NotFound."""
    found = Calculation.objects.select_related("landlord").filter(pk=calculation_id).first()
    if found is None:
        raise NotFound
    return found


def refuse_untimely(year: TaxYear, kind: CalculationType, *, today: date) -> None:
    """Raises TaxYearNotEnded, AmendmentWindowClosed: HMRC finalises after 5 April, and takes amendments for twelve
    months after the 31 January that follows (RULE_TAX_YEAR_NOT_ENDED, RULE_OUTSIDE_AMENDMENT_WINDOW).
    """
    if kind == CalculationType.TO_FINALISE and today <= year.end:
        raise TaxYearNotEnded
    if kind == CalculationType.TO_AMEND and today > year.last_amendment:
        raise AmendmentWindowClosed


def content_of(calculation: Calculation) -> dict[str, Any]:
    """What HMRC said, `{metadata, calculation, messages}` with its own names, amounts as strings; empty until ready."""
    if calculation.content is None:
        return {}
    with calculation.content.open(reason="shown to the caller") as text:
        return dict(json.loads(text))


def digest(content: Mapping[str, Any]) -> bytes:
    """SHA-256 of exactly what is shown, 32 bytes."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()


def summary(content: Mapping[str, Any]) -> dict[str, str]:
    """The figures that one looks for first, in pounds; without those that HMRC did not work out."""
    found = {name: _at(content.get("calculation", {}), path) for name, path in _SUMMARY.items()}
    return {name: f"{Decimal(value):.2f}" for name, value in found.items() if value is not None}


def _at(node: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return node


def _lock(landlord_id: UUID) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"calculations:{landlord_id}"])


def _queue(calculation: Calculation, *, by: Principal, now: datetime) -> None:
    subject: dict[str, Any] = {"subject_type": "calculation", "subject_id": calculation.pk}
    lane = lane_for(by)
    Operation.open(kind="calculation", landlord_id=calculation.landlord_id, now=now, id=calculation.pk, **subject)
    due.put(kind=due.Kind.CALCULATE, subject_id=calculation.pk, lane=lane)
    audit.record(by=by, action="calculation.queued", now=now, **subject)
