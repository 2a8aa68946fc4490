"""What the API says of itself and of the caller."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import catalogue, lists, queue, tables
from api.auth import asking, caller
from api.base import View
from api.outputs import ConfigOut, ErrorOut, MeOut, QueueOut
from people.scopes import Scope
from tenants import clock


class Config(View):
    """What a front end needs before anyone has signed in."""

    scopes = {"GET": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(operation_id="config", responses=ConfigOut)
    def get(self, request: Request) -> Response:
        agency = asking(request).agency
        said = {
            "environment": settings.HMRC.name,
            "api_version": "1",
            "public_url": settings.PUBLIC_URL,
            "now": clock.now(),
            "agency": {"id": str(agency.pk), "name": agency.name} if agency else None,
            "operator": settings.OPERATOR,
            "limits": {"landlord_import": tables.LIMITS},
        }
        return Response(ConfigOut(said).data)


class Me(View):
    """Who the credential says you are."""

    scopes = {"GET": None}
    needs_agency = False
    landlord_may = True

    @extend_schema(operation_id="me", responses=MeOut)
    def get(self, request: Request) -> Response:
        who = caller(request)
        agency = asking(request).agency
        said: dict[str, Any] = {
            "kind": who.kind,
            "id": who.id,
            "agency_id": agency.pk if agency else None,
            "agency_name": agency.name if agency else "",
            "landlord_id": who.landlord_id,
            "scopes": sorted(who.scopes),
        }
        return Response(MeOut(said).data)


class Errors(View):
    """Every code, who must act, and what they should do."""

    scopes = {"GET": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(operation_id="errors_list", responses=lists.paged(ErrorOut))
    def get(self, request: Request) -> Response:
        every = ErrorOut(catalogue.entries(), many=True).data
        return Response({"results": every, "next": None, "previous": None})


class Queue(View):
    """HMRC's budget, what waits for it, and HMRC's health."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}

    @extend_schema(operation_id="queue", responses=QueueOut)
    def get(self, request: Request) -> Response:
        return Response(QueueOut(queue.state()).data)
