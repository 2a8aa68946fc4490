from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, own, read
from api.inputs_year_end import CalculationIn, FinalDeclarationIn
from api.outputs import CalculationInFullOut, CalculationOut, TermsOut, WriteOut
from api.pages import page
from api.views.businesses import queued
from mtd import calculations, declarations
from mtd.models import Calculation, CalculationType
from people.scopes import Scope
from tenants import clock


class Calculations(View):
    """What HMRC works out from all it holds of a landlord's tax year."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "POST": Scope.SUBMISSIONS_WRITE}

    @extend_schema(
        operation_id="calculations_list", parameters=lists.CALCULATION_FILTERS, responses=lists.paged(CalculationOut)
    )
    def get(self, request: Request) -> Response:
        return Response(page(request, _asked(request), by=["created_at", "id"], shape=lists.shape(CalculationOut)))

    @extend_schema(operation_id="calculations_create", request=CalculationIn, responses={202: CalculationOut})
    def post(self, request: Request) -> Response:
        given = {"fraud_context_id": None, **read(CalculationIn, request)}
        calculation = calculations.ask(
            by=caller(request),
            landlord_id=given["landlord_id"],
            tax_year=given["tax_year"],
            kind=CalculationType(given["type"]),
            fraud_context_id=given["fraud_context_id"],
            now=clock.now(),
        )
        headers = {"Location": f"/api/v1/operations/{calculation.pk}"}
        return Response(CalculationOut(calculation).data, status=202, headers=headers)


class CalculationView(View):
    """One calculation: how far it is, and what HMRC found."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="calculations_retrieve", responses=CalculationInFullOut)
    def get(self, request: Request, calculation_id: UUID) -> Response:
        return Response(CalculationInFullOut(_own(request, calculation_id)).data)


class FinalDeclaration(View):
    """In two steps: an empty POST gives the wording and the digest, a POST with both sends the declaration."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "POST": Scope.DECLARATIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="final_declaration_retrieve", responses=WriteOut)
    def get(self, request: Request, calculation_id: UUID) -> Response:
        return Response(WriteOut(declarations.newest(_own(request, calculation_id))).data)

    @extend_schema(
        operation_id="final_declaration_create",
        request=FinalDeclarationIn,
        responses={200: TermsOut, 202: WriteOut},
    )
    def post(self, request: Request, calculation_id: UUID) -> Response:
        given = read(FinalDeclarationIn, request)
        calculation, by = _own(request, calculation_id), caller(request)
        if "declaration" not in given:
            return Response(TermsOut(declarations.terms(by=by, calculation=calculation)).data)
        write = declarations.declare(
            by=by,
            calculation=calculation,
            digest=given.get("digest", ""),
            declaration=given["declaration"],
            fraud_context_id=given.get("fraud_context_id"),
            now=clock.now(),
        )
        return queued(write)


def _own(request: Request, calculation_id: UUID) -> Calculation:
    calculation = calculations.get(calculation_id=calculation_id)
    own(request, calculation.landlord_id)
    return calculation


def _asked(request: Request) -> QuerySet[Calculation]:
    rows = Calculation.objects.all()
    if "landlord_id" in request.query_params:
        rows = rows.filter(landlord_id=lists.uuid(request.query_params["landlord_id"], "landlord_id"))
    if request.query_params.get("tax_year"):
        rows = rows.filter(tax_year=lists.plain(request.query_params["tax_year"], "tax_year"))
    return rows
