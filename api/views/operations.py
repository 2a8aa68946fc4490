from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import here, sse
from api.auth import caller
from api.base import View, own
from api.outputs import OperationOut
from api.outputs.work import StreamEventOut
from api.streams import short, states
from api.streams.watch import EventStream, Watch
from people.models import Operation
from people.scopes import Scope
from tenants.context import current_agency
from tenants.faults import NotFound

_EVENTS = (
    "Server-sent events: `operation` with what GET says, whenever it changes, and at last `end` with a `reason`: "
    "`done`, `failed`, `refused`, or one after which to come back in `retry_ms`: `age`, `stopping`, `unavailable`."
)
_LAST = OpenApiParameter(
    "Last-Event-ID", int, OpenApiParameter.HEADER, description="Of the last event that was seen, when coming back."
)


class OperationView(View):
    """Long work that somebody asked for, and how far it is."""

    scopes = {"GET": Scope.CONNECTIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="operations_retrieve", responses=OperationOut)
    def get(self, request: Request, operation_id: UUID) -> Response:
        return Response(OperationOut(_visible(request, operation_id)).data)


class OperationEvents(View):
    """An operation as it changes. `events_url` leads to the process that tells it for long."""

    scopes = {"GET": Scope.CONNECTIONS_READ}
    landlord_may = True
    content_negotiation_class = sse.AnyAccept

    @extend_schema(
        operation_id="operations_events",
        parameters=[_LAST],
        responses={
            (200, sse.MEDIA_TYPE): OpenApiResponse(StreamEventOut, description=_EVENTS),
            204: OpenApiResponse(description="It is over, and the last event that was seen has told so."),
        },
    )
    def get(self, request: Request, operation_id: UUID) -> Response | EventStream:
        operation, seen = _visible(request, operation_id), states.last_seen(request.headers.get("Last-Event-ID", ""))
        if operation.finished_at and states.has_told(seen, operation):
            return Response(status=204)
        by, url = caller(request), here.events_url(operation.pk)
        watch = Watch(current_agency().pk, operation.pk, by.kind, by.id, url, seen)
        return EventStream(watch, [] if request.method == "HEAD" else short.flow(watch))


def accepted(operation: Operation) -> Response:
    """202: it is queued, and here is where to look."""
    return Response(
        OperationOut(operation).data, status=202, headers={"Location": f"/api/v1/operations/{operation.pk}"}
    )


def _visible(request: Request, operation_id: UUID) -> Operation:
    """Raises NotFound for another agency's, and for another landlord's."""
    operation = Operation.objects.filter(pk=operation_id).first()
    if operation is None:
        raise NotFound
    if caller(request).landlord_id is not None:
        own(request, operation.landlord_id or operation.pk)
    return operation
