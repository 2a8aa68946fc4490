"""What HMRC says of a landlord, from what is stored. The API never calls HMRC itself."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, own
from api.outputs import BusinessOut, ItsaStatusOut, ObligationOut, OperationOut
from api.views.operations import accepted
from landlords import records
from mtd import readings
from mtd.models import Business, ItsaStatus, Obligation, Reading
from mtd.tax_years import TaxYear
from people.models import Operation
from people.scopes import Scope
from tenants import clock

REFRESH = [
    OpenApiParameter("refresh", bool, description="Fetch from HMRC first: 202 and an operation."),
    OpenApiParameter(
        "fraud_context_id",
        UUID,
        description="From POST /fraud-contexts; required outside local where HMRC must be asked.",
    ),
]


def envelope(of: type[serializers.BaseSerializer[object]], name: str) -> object:
    fields: dict[str, Any] = {
        "fetched_at": serializers.DateTimeField(),
        "stale": serializers.BooleanField(),
        "results": of(many=True),
    }
    return inline_serializer(name, fields=fields)


def find(request: Request, landlord_id: UUID, what: str) -> Reading | Operation:
    """What is stored, or the operation that fetches it. Raises what readings.read raises."""
    return readings.read(
        by=caller(request),
        landlord_id=own(request, landlord_id),
        what=what,
        refresh=lists.flag(request.query_params, "refresh"),
        now=clock.now(),
        fraud_context_id=_context(request),
    )


def age(reading: Reading) -> dict[str, Any]:
    """How old it is, for the answer."""
    stale = clock.now() - reading.fetched_at > readings.STALE_AFTER
    return {"fetched_at": reading.fetched_at, "stale": stale}


class _Readings(View):
    """What HMRC says of a landlord, from what is stored; 202 where it must be fetched first."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}
    landlord_may = True
    what: ClassVar[str]

    def answer(self, request: Request, landlord_id: UUID) -> Response:
        found = find(request, landlord_id, self.what)
        if not isinstance(found, Reading):
            return accepted(found)
        return Response({**age(found), "results": self.rows(landlord_id)})

    def rows(self, landlord_id: UUID) -> object:
        raise NotImplementedError


def _context(request: Request) -> UUID | None:
    given = request.query_params.get("fraud_context_id")
    return lists.uuid(given, "fraud_context_id") if given is not None else None


class Businesses(_Readings):
    what = "businesses"

    @extend_schema(
        operation_id="businesses_list",
        parameters=REFRESH,
        responses={200: envelope(BusinessOut, "Businesses"), 202: OperationOut},
    )
    def get(self, request: Request, landlord_id: UUID) -> Response:
        return self.answer(request, landlord_id)

    def rows(self, landlord_id: UUID) -> object:
        return BusinessOut(Business.objects.filter(landlord_id=landlord_id).order_by("business_id"), many=True).data


class Obligations(_Readings):
    what = "obligations"

    @extend_schema(
        operation_id="obligations_list",
        parameters=REFRESH,
        responses={200: envelope(ObligationOut, "Obligations"), 202: OperationOut},
    )
    def get(self, request: Request, landlord_id: UUID) -> Response:
        return self.answer(request, landlord_id)

    def rows(self, landlord_id: UUID) -> object:
        return ObligationOut(
            Obligation.objects.filter(landlord_id=landlord_id).order_by("due_date", "business_id"), many=True
        ).data


class Status(View):
    """Whether HMRC wants quarterly updates of the landlord in a tax year."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}
    landlord_may = True

    @extend_schema(
        operation_id="itsa_status_retrieve",
        parameters=REFRESH,
        responses={200: envelope(ItsaStatusOut, "ItsaStatuses"), 202: OperationOut},
    )
    def get(self, request: Request, landlord_id: UUID, tax_year: str) -> Response:
        records.get(landlord_id=own(request, landlord_id))
        found = find(request, landlord_id, f"status:{TaxYear.parse(tax_year)}")
        if not isinstance(found, Reading):
            return accepted(found)
        rows = ItsaStatus.objects.filter(landlord_id=landlord_id, tax_year=tax_year)
        return Response({**age(found), "results": ItsaStatusOut(rows, many=True).data})
