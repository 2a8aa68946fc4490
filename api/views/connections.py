from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, own, read
from api.inputs import AuthorizeIn, CheckIn, CompleteIn, Empty
from api.outputs import BegunOut, ConnectionOut, ConnectSessionOut, OperationOut
from api.views.operations import accepted
from hmrc_oauth import connections
from mtd import parked
from people.scopes import Scope
from tenants import clock

_WORK = OpenApiParameter(
    "work",
    str,
    enum=list(parked.Work),
    default=parked.Work.PARK,
    description="What becomes of submissions not sent yet: park keeps them for a reconnect, cancel ends them.",
)
_TOLD = "Disconnected. HMRC goes on listing the authority: the landlord is told where, and user_action says it."


class Connections(View):
    """How landlords' connections to HMRC stand."""

    scopes = {"GET": Scope.CONNECTIONS_READ}

    @extend_schema(
        operation_id="connections_list", parameters=lists.CONNECTION_FILTERS, responses=lists.paged(ConnectionOut)
    )
    def get(self, request: Request) -> Response:
        return Response(lists.connections(request))


class ConnectionView(View):
    """How one landlord's connection to HMRC stands, and what must be done. DELETE disconnects."""

    scopes = {"GET": Scope.CONNECTIONS_READ, "DELETE": Scope.CONNECTIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="connection_retrieve", responses=ConnectionOut)
    def get(self, request: Request, landlord_id: UUID) -> Response:
        return Response(ConnectionOut(connections.get(landlord_id=own(request, landlord_id), now=clock.now())).data)

    @extend_schema(
        operation_id="connection_disconnect", parameters=[_WORK], responses={204: OpenApiResponse(description=_TOLD)}
    )
    def delete(self, request: Request, landlord_id: UUID) -> Response:
        work = lists.choice(request.query_params.get("work", parked.Work.PARK), list(parked.Work), "work")
        parked.disconnect(
            by=caller(request), landlord_id=own(request, landlord_id), work=parked.Work(work), now=clock.now()
        )
        return Response(status=204)


class Authorize(View):
    """Begin to connect: where to send the browser."""

    scopes = {"POST": Scope.CONNECTIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="connection_authorize", request=AuthorizeIn, responses={201: BegunOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        given = {"nino": None, **read(AuthorizeIn, request)}
        begun = connections.begin(by=caller(request), landlord_id=own(request, landlord_id), now=clock.now(), **given)
        session = begun.session
        said = {
            "connect_session": session.pk,
            "authorization_url": begun.authorization_url,
            "expires_at": session.expires_at,
        }
        return Response(BegunOut(said).data, status=201, headers={"Location": f"/api/v1/connect-sessions/{session.pk}"})


class ConnectSessionView(View):
    """One attempt to connect, and how it ended."""

    scopes = {"GET": Scope.CONNECTIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="connect_sessions_retrieve", responses=ConnectSessionOut)
    def get(self, request: Request, session_id: UUID) -> Response:
        session = connections.get_session(session_id=session_id)
        own(request, session.connection.landlord_id)
        return Response(ConnectSessionOut(session).data)


class Complete(View):
    """Hand in the completion code that HMRC's return brought. Only who began may."""

    scopes = {"POST": Scope.CONNECTIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="connect_sessions_complete", request=CompleteIn, responses={202: ConnectSessionOut})
    def post(self, request: Request, session_id: UUID) -> Response:
        session = connections.complete(
            by=caller(request), session_id=session_id, now=clock.now(), **read(CompleteIn, request)
        )
        return Response(
            ConnectSessionOut(session).data, status=202, headers={"Location": f"/api/v1/connect-sessions/{session.pk}"}
        )


class Refresh(View):
    """Ask for a fresh access token now. It is done unasked whenever one is needed."""

    scopes = {"POST": Scope.CONNECTIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="connection_refresh", request=Empty, responses={202: OperationOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        read(Empty, request)
        return accepted(connections.refresh(landlord_id=own(request, landlord_id), now=clock.now()))


class Check(View):
    """Ask HMRC again whether it lets us act for this landlord, with a corrected NINO if one is given."""

    scopes = {"POST": Scope.CONNECTIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="connection_check", request=CheckIn, responses={202: OperationOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        given = {"nino": None, **read(CheckIn, request)}
        return accepted(
            connections.check(by=caller(request), landlord_id=own(request, landlord_id), now=clock.now(), **given)
        )
