"""A National Insurance number that the landlord typed, and that is not the one on file: staff decide whose it is."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, read
from api.inputs import Empty
from api.outputs import ConnectionOut
from api.outputs.onboarding import NinoClaimOut
from hmrc_oauth import claims, connections
from landlords import records
from people.scopes import Scope
from tenants import clock


class NinoClaimView(View):
    """A number that the landlord typed and that waits for staff."""

    scopes = {"GET": Scope.CONNECTIONS_READ}

    @extend_schema(operation_id="connection_nino_retrieve", responses=NinoClaimOut)
    def get(self, request: Request, landlord_id: UUID) -> Response:
        landlord = records.get(landlord_id=landlord_id)
        claim = claims.of(landlord_id)
        said = {
            "status": claim.status if claim else "none",
            "typed": claim.nino_mask if claim else None,
            "on_file": landlord.nino_mask or None,
            "created_at": claim.created_at if claim else None,
        }
        return Response(NinoClaimOut(said).data)


class ConfirmNino(View):
    """It is the landlord's: it goes on file, and HMRC is asked once more. Follow the connection."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="connection_nino_confirm", request=Empty, responses={202: ConnectionOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        connection = connections.get(landlord_id=landlord_id, now=clock.now())
        read(Empty, request)
        claims.confirm(by=caller(request), landlord_id=connection.landlord_id, now=clock.now())
        return Response(ConnectionOut(connections.get(landlord_id=landlord_id, now=clock.now())).data, status=202)


class RefuseNino(View):
    """It is somebody else's: their permission is wiped."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="connection_nino_refuse", request=Empty, responses=ConnectionOut)
    def post(self, request: Request, landlord_id: UUID) -> Response:
        connection = connections.get(landlord_id=landlord_id, now=clock.now())
        read(Empty, request)
        claims.refuse(by=caller(request), landlord_id=connection.landlord_id, now=clock.now())
        return Response(ConnectionOut(connections.get(landlord_id=landlord_id, now=clock.now())).data)
