from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import letters, lists, qr
from api.auth import asking, caller
from api.base import View, read
from api.inputs import LandlordSessionIn
from api.inputs_onboarding import InvitationIn, ResendIn
from api.outputs import InvitationOut, InvitedOut, LandlordSessionOut
from api.pages import page
from landlords import invitations
from landlords.invitations import Invited, Started
from landlords.models import Invitation
from people.scopes import Scope
from tenants import clock
from tenants.context import current_agency
from tenants.errors import WrongAgency


class Invitations(View):
    """Links by which landlords connect: mailed, or for you to send."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_list", parameters=lists.PLAIN, responses=lists.paged(InvitationOut))
    def get(self, request: Request) -> Response:
        return Response(
            page(request, Invitation.objects.all(), by=["created_at", "id"], shape=lists.shape(InvitationOut))
        )

    @extend_schema(operation_id="invitations_create", request=InvitationIn, responses={201: InvitedOut})
    def post(self, request: Request) -> Response:
        given = read(InvitationIn, request)
        how: dict[str, Any] = {"by": caller(request), "landlord_id": given["landlord_id"], "now": clock.now()}
        in_branch = given["deliver"] == "branch"
        made = (
            invitations.invite_in_branch(**how)
            if in_branch
            else invitations.invite(by_mail=given["deliver"] == "mail", printed=given["deliver"] == "letter", **how)
        )
        location = {"Location": f"/api/v1/invitations/{made.invitation.pk}"}
        return Response(_told(made, given["deliver"]), status=201, headers=location)


class InvitationView(View):
    """One invitation. DELETE revokes its link."""

    scopes = {"GET": Scope.LANDLORDS_READ, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_retrieve", responses=InvitationOut)
    def get(self, request: Request, invitation_id: UUID) -> Response:
        return Response(InvitationOut(invitations.get(invitation_id=invitation_id)).data)

    @extend_schema(operation_id="invitations_revoke", responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        invitations.revoke(by=caller(request), invitation_id=invitation_id, now=clock.now())
        return Response(status=204)


class Resend(View):
    """Another link for the same invitation, which lives as long again; earlier ones go on working."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_resend", request=ResendIn, responses=InvitedOut)
    def post(self, request: Request, invitation_id: UUID) -> Response:
        invitations.get(invitation_id=invitation_id)  # before the body is looked at
        deliver = read(ResendIn, request)["deliver"]
        made = invitations.resend(
            by=caller(request),
            invitation_id=invitation_id,
            by_mail=deliver == "mail",
            printed=deliver == "letter",
            now=clock.now(),
        )
        return Response(_told(made, deliver))


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
        return begun(started)


def begun(started: Started) -> Response:
    """The session, with its token: shown once."""
    landlord = started.session.landlord
    said = {
        "token": started.token,
        "landlord_id": landlord.pk,
        "expires_at": started.session.expires_at,
        "nino_on_file": landlord.nino_index is not None,
    }
    return Response(LandlordSessionOut(said).data, status=201)


def _told(made: Invited, deliver: str) -> dict[str, Any]:
    said = {**InvitationOut(made.invitation).data, "invitation_token": made.token, "url": made.url}
    landlord = made.invitation.landlord
    letter = deliver == "letter" and letters.invitation(landlord=landlord, agency=current_agency(), url=made.url)
    return {**said, "qr_svg": qr.svg(made.url) if deliver == "branch" else "", "letter_html": letter or ""}
