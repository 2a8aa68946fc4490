"""What HMRC is to keep of one business, apart from its quarters."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, own, read
from api.inputs_year_end import AnnualSubmissionIn, QuarterlyTypeIn
from api.outputs import AnnualSubmissionOut, OperationOut, QuarterlyTypeOut, WriteOut
from api.views.operations import accepted
from api.views.readings import REFRESH, age, find
from landlords import records
from mtd import businesses, writes
from mtd.models import Reading, Write, WriteKind
from mtd.quarters import QuarterlyType
from mtd.tax_years import TaxYear
from people.scopes import Scope
from tenants import clock


class QuarterlyTypeView(View):
    """Which quarters a business reports in, standard or calendar; PUT chooses for a tax year."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "PUT": Scope.SUBMISSIONS_WRITE}
    landlord_may = True
    held_by_hmrc = True

    @extend_schema(
        operation_id="quarterly_type_retrieve",
        parameters=REFRESH,
        responses={200: QuarterlyTypeOut, 202: OperationOut},
    )
    def get(self, request: Request, landlord_id: UUID, business_id: str) -> Response:
        business = businesses.find(landlord_id=_known(request, landlord_id), business_id=business_id)
        found = find(request, landlord_id, f"business:{business_id}")
        if not isinstance(found, Reading):
            return accepted(found)
        year = TaxYear.of(clock.today())
        shown = {
            **age(found),
            "type": business.quarterly_type,
            "chosen_in": business.quarterly_type_since,
            "tax_year": str(year),
            "quarters": businesses.quarters_of(business, year),
            "change": _last(landlord_id, WriteKind.QUARTERLY_TYPE, business_id, str(year)),
        }
        return Response(QuarterlyTypeOut(shown).data)

    @extend_schema(operation_id="quarterly_type_choose", request=QuarterlyTypeIn, responses={202: WriteOut})
    def put(self, request: Request, landlord_id: UUID, business_id: str) -> Response:
        given = {"fraud_context_id": None, **read(QuarterlyTypeIn, request)}
        write = businesses.choose_quarterly_type(
            by=caller(request),
            landlord_id=own(request, landlord_id),
            business_id=business_id,
            tax_year=given["tax_year"],
            kind=QuarterlyType(given["type"]),
            fraud_context_id=given["fraud_context_id"],
            now=clock.now(),
        )
        return queued(write)


class AnnualSubmissionView(View):
    """A business's adjustments and allowances of a year. PUT replaces all of them at HMRC."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "PUT": Scope.SUBMISSIONS_WRITE}
    landlord_may = True
    held_by_hmrc = True

    @extend_schema(
        operation_id="annual_submission_retrieve",
        parameters=REFRESH,
        responses={200: AnnualSubmissionOut, 202: OperationOut},
    )
    def get(self, request: Request, landlord_id: UUID, business_id: str, tax_year: str) -> Response:
        businesses.find(landlord_id=_known(request, landlord_id), business_id=business_id)
        found = find(request, landlord_id, f"annual:{business_id}:{TaxYear.parse(tax_year)}")
        if not isinstance(found, Reading):
            return accepted(found)
        shown = {
            **age(found),
            "held": businesses.held_annual(landlord_id=landlord_id, business_id=business_id, tax_year=tax_year),
            "change": _last(landlord_id, WriteKind.ANNUAL_SUBMISSION, business_id, tax_year),
        }
        return Response(AnnualSubmissionOut(shown).data)

    @extend_schema(operation_id="annual_submission_replace", request=AnnualSubmissionIn, responses={202: WriteOut})
    def put(self, request: Request, landlord_id: UUID, business_id: str, tax_year: str) -> Response:
        given = read(AnnualSubmissionIn, request)
        context_id = given.pop("fraud_context_id", None)
        write = businesses.submit_annual(
            by=caller(request),
            landlord_id=own(request, landlord_id),
            business_id=business_id,
            tax_year=tax_year,
            given=given,
            fraud_context_id=context_id,
            now=clock.now(),
        )
        return queued(write)


def queued(write: Write) -> Response:
    """202: it is kept and queued, and here is where to look."""
    return Response(WriteOut(write).data, status=202, headers={"Location": f"/api/v1/operations/{write.pk}"})


def _known(request: Request, landlord_id: UUID) -> UUID:
    return records.get(landlord_id=own(request, landlord_id)).pk


def _last(landlord_id: UUID, kind: WriteKind, business_id: str, tax_year: str) -> Write | None:
    place: dict[str, Any] = {"landlord_id": landlord_id, "business_id": business_id, "tax_year": tax_year}
    return writes.newest({**place, "kind": kind})
