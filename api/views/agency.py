from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs import AgencyChange, StaffChange, StaffIn
from api.outputs import AgencyOut, StaffOut
from api.pages import page
from events import governance
from people.models import User
from people.scopes import Scope
from tenants import clock
from tenants.context import current_agency
from tenants.faults import NotFound


class AgencyView(View):
    """The agency's own settings."""

    scopes = {"GET": Scope.AGENCY_READ, "PATCH": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="agency_retrieve", responses=AgencyOut)
    def get(self, request: Request) -> Response:
        return Response(AgencyOut(current_agency()).data)

    @extend_schema(operation_id="agency_update", request=AgencyChange(partial=True), responses=AgencyOut)
    def patch(self, request: Request) -> Response:
        changed = governance.change_agency(
            by=caller(request), given=read(AgencyChange, request, partial=True), now=clock.now()
        )
        return Response(AgencyOut(changed).data)


class Staff(View):
    """Who works for the agency. Whoever is added is mailed a link to choose a password."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="staff_list", parameters=lists.PLAIN, responses=lists.paged(StaffOut))
    def get(self, request: Request) -> Response:
        return Response(page(request, User.objects.all(), by=["created_at", "id"], shape=lists.shape(StaffOut)))

    @extend_schema(operation_id="staff_invite", request=StaffIn, responses={201: StaffOut})
    def post(self, request: Request) -> Response:
        user = governance.invite_staff(by=caller(request), now=clock.now(), given=read(StaffIn, request))
        return Response(StaffOut(user).data, status=201, headers={"Location": f"/api/v1/staff/{user.pk}"})


class StaffMember(View):
    """One member of staff: the role, or the end of the access."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "PATCH": Scope.AGENCY_ADMIN, "DELETE": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="staff_retrieve", responses=StaffOut)
    def get(self, request: Request, user_id: UUID) -> Response:
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            raise NotFound
        return Response(StaffOut(user).data)

    @extend_schema(operation_id="staff_change_role", request=StaffChange, responses=StaffOut)
    def patch(self, request: Request, user_id: UUID) -> Response:
        given = read(StaffChange, request, partial=True)
        if not given:
            return self.get(request, user_id)
        user = governance.change_role(by=caller(request), user_id=user_id, now=clock.now(), **given)
        return Response(StaffOut(user).data)

    @extend_schema(operation_id="staff_deactivate", responses={204: None})
    def delete(self, request: Request, user_id: UUID) -> Response:
        governance.deactivate_staff(by=caller(request), user_id=user_id, now=clock.now())
        return Response(status=204)
