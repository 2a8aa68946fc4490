"""For the operator: agencies from their first day to their last."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs import AgencyIn, Empty
from api.inputs_landlords import OffBoardIn, SuspendIn
from api.outputs import AgencyOut
from api.outputs.leaving import OffBoardingOut
from api.pages import page
from events import governance
from leaving import off_boarding
from people.scopes import Scope
from tenants import clock
from tenants.models import Agency
from tenants.models.agency import AgencyStatus

_FILTERS = [OpenApiParameter("status", str, enum=AgencyStatus.values), OpenApiParameter("host", str), *lists.PLAIN]


class _Operators(View):
    """Agencies, as an operator sees them: never what is in one."""

    needs_agency = False


class Agencies(_Operators):
    scopes = {"GET": Scope.OPERATOR, "POST": Scope.OPERATOR}

    @extend_schema(operation_id="agencies_list", parameters=_FILTERS, responses=lists.paged(AgencyOut))
    def get(self, request: Request) -> Response:
        return Response(page(request, _asked(request), by=["created_at", "id"], shape=lists.shape(AgencyOut)))

    @extend_schema(operation_id="agencies_create", request=AgencyIn, responses={201: AgencyOut})
    def post(self, request: Request) -> Response:
        made = governance.create_agency(by=caller(request), now=clock.now(), **read(AgencyIn, request))
        return Response(AgencyOut(made).data, status=201, headers={"Location": f"/api/v1/agencies/{made.pk}"})


class AgencyOfAll(_Operators):
    scopes = {"GET": Scope.OPERATOR}

    @extend_schema(operation_id="agencies_retrieve", responses=AgencyOut)
    def get(self, request: Request, agency_id: UUID) -> Response:
        return Response(AgencyOut(governance.get_agency(agency_id=agency_id)).data)


class Suspend(_Operators):
    """Its API closes and its work waits; nothing is lost."""

    scopes = {"POST": Scope.OPERATOR}

    @extend_schema(operation_id="agencies_suspend", request=SuspendIn, responses=AgencyOut)
    def post(self, request: Request, agency_id: UUID) -> Response:
        given = read(SuspendIn, request)
        moved = governance.suspend_agency(by=caller(request), agency_id=agency_id, now=clock.now(), **given)
        return Response(AgencyOut(moved).data)


class Resume(_Operators):
    scopes = {"POST": Scope.OPERATOR}

    @extend_schema(operation_id="agencies_resume", request=Empty, responses=AgencyOut)
    def post(self, request: Request, agency_id: UUID) -> Response:
        read(Empty, request)
        moved = governance.resume_agency(by=caller(request), agency_id=agency_id, now=clock.now())
        return Response(AgencyOut(moved).data)


class OffBoard(_Operators):
    """The agency leaves, and all it has here is destroyed: planned, followed, called off while that is possible."""

    scopes = {"GET": Scope.OPERATOR, "POST": Scope.OPERATOR, "DELETE": Scope.OPERATOR}

    @extend_schema(operation_id="agencies_off_boarding", responses=OffBoardingOut)
    def get(self, request: Request, agency_id: UUID) -> Response:
        return Response(OffBoardingOut(off_boarding.get(agency_id=agency_id)).data)

    @extend_schema(operation_id="agencies_off_board", request=OffBoardIn, responses={202: OffBoardingOut})
    def post(self, request: Request, agency_id: UUID) -> Response:
        given = read(OffBoardIn, request)
        planned = off_boarding.plan(by=caller(request), agency_id=agency_id, now=clock.now(), **given)
        return Response(OffBoardingOut(planned).data, status=202)

    @extend_schema(operation_id="agencies_stay", responses={200: OffBoardingOut})
    def delete(self, request: Request, agency_id: UUID) -> Response:
        kept = off_boarding.call_off(by=caller(request), agency_id=agency_id, now=clock.now())
        return Response(OffBoardingOut(kept).data)


def _asked(request: Request) -> Any:
    asked, rows = request.query_params, Agency.objects.all()
    if "status" in asked:
        rows = rows.filter(status=lists.choice(asked["status"], AgencyStatus.values, "status"))
    if asked.get("host"):
        rows = rows.filter(domains__domain=lists.plain(asked["host"], "host").lower())
    return rows
