from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.base import View
from api.outputs import AuditEventOut, EventOut
from api.pages import page
from events.models import AuditEvent, Event
from people.scopes import Scope


class Events(View):
    """What happened, oldest first: poll with the cursor of the last page."""

    scopes = {"GET": Scope.EVENTS_READ}

    @extend_schema(operation_id="events_list", parameters=lists.EVENT_FILTERS, responses=lists.paged(EventOut))
    def get(self, request: Request) -> Response:
        rows = Event.objects.settled()
        if request.query_params.get("type"):
            rows = rows.filter(type=lists.plain(request.query_params["type"], "type"))
        if "subject_id" in request.query_params:
            rows = rows.filter(subject_id=lists.uuid(request.query_params["subject_id"], "subject_id"))
        return Response(
            page(
                request,
                rows,
                by=["transaction", "position"],
                shape=lists.shape(EventOut),
                newest_first=False,
                follow=True,
            )
        )


class AuditEvents(View):
    """Who did what, newest first."""

    scopes = {"GET": Scope.AGENCY_ADMIN}

    @extend_schema(
        operation_id="audit_events_list", parameters=lists.AUDIT_FILTERS, responses=lists.paged(AuditEventOut)
    )
    def get(self, request: Request) -> Response:
        rows = AuditEvent.objects.all()
        if request.query_params.get("action"):
            rows = rows.filter(action=lists.plain(request.query_params["action"], "action"))
        if "subject_id" in request.query_params:
            rows = rows.filter(subject_id=lists.uuid(request.query_params["subject_id"], "subject_id"))
        return Response(page(request, rows, by=["at", "id"], shape=lists.shape(AuditEventOut)))
