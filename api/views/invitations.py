from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import asking, caller
from api.base import View, read
from api.inputs import InvitationIn, LandlordSessionIn
from api.outputs import InvitationOut, InvitedOut, LandlordSessionOut
from api.pages import page
from landlords import invitations
from landlords.models import Invitation
from people.scopes import Scope
from tenants import clock
from tenants.errors import WrongAgency


class Invitations(View):
    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_list", parameters=lists.PLAIN, responses=lists.paged(InvitationOut))
    def get(self, request: Request) -> Response:
        return Response(
            page(request, Invitation.objects.all(), by=["created_at", "id"], shape=lists.shape(InvitationOut))
        )

    @extend_schema(operation_id="invitations_create", request=InvitationIn, responses={201: InvitedOut})
    def post(self, request: Request) -> Response:
        given = read(InvitationIn, request)
        made = invitations.invite(
            by=caller(request), landlord_id=given["landlord_id"], by_mail=given["deliver"] == "mail", now=clock.now()
        )
        said = {**InvitationOut(made.invitation).data, "invitation_token": made.token, "url": made.url}
        return Response(said, status=201, headers={"Location": f"/api/v1/invitations/{made.invitation.pk}"})


class InvitationView(View):
    scopes = {"GET": Scope.LANDLORDS_READ, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_retrieve", responses=InvitationOut)
    def get(self, request: Request, invitation_id: UUID) -> Response:
        return Response(InvitationOut(invitations.get(invitation_id=invitation_id)).data)

    @extend_schema(operation_id="invitations_revoke", responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        invitations.revoke(by=caller(request), invitation_id=invitation_id, now=clock.now())
        return Response(status=204)


class LandlordSessions(View):
    """A landlord pressed Start: the invitation becomes a short session."""

    scopes = {"POST": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(
        operation_id="landlord_sessions_create", request=LandlordSessionIn, responses={201: LandlordSessionOut}
    )
    def post(self, request: Request) -> Response:
        given = read(LandlordSessionIn, request)
        started = invitations.start_session(now=clock.now(), **given)
        here = asking(request)
        if here.agency is not None and here.agency.pk != started.agency_id and not here.by_default:
            raise WrongAgency
        said = {
            "token": started.token,
            "landlord_id": started.session.landlord_id,
            "expires_at": started.session.expires_at,
        }
        return Response(LandlordSessionOut(said).data, status=201)
