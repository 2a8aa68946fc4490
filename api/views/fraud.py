"""What HMRC requires of the device on which a person acts: the way in, its JSON Schema, a script that collects it."""

from pathlib import Path
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, own, read
from api.fraud_facts import client_of, facts_of
from api.fraud_inputs import FraudContextIn
from api.outputs import FraudContextOut
from hmrc_oauth import fraud_contexts
from schema.fraud_context import json_schema
from tenants import clock

_SNIPPET: Final = (Path(__file__).parents[1] / "browser" / "snippet.js").read_text()
_AN_HOUR: Final = {"Cache-Control": "public, max-age=3600"}


class FraudContexts(View):
    """Keep what a person's device says of itself, for what that person is about to ask of HMRC."""

    scopes = {"POST": None}  # whoever may ask for something may say from where
    landlord_may = True

    @extend_schema(operation_id="fraud_contexts_create", request=FraudContextIn, responses={201: FraudContextOut})
    def post(self, request: Request) -> Response:
        by, said = caller(request), read(FraudContextIn, request)
        captured = fraud_contexts.capture(
            by=by,
            facts=facts_of(request, said),
            sender=client_of(request).ip,
            landlord_id=_landlord(request, said.get("landlord_id")),
            now=clock.now(),
        )
        return Response(FraudContextOut(captured).data, status=201)


def _landlord(request: Request, named: UUID | None) -> UUID | None:
    """Whom it is for: a landlord's is their own. Raises NotFound."""
    return caller(request).landlord_id if named is None else own(request, named)


class FraudContextSchema(View):
    """The JSON Schema of what is posted."""

    scopes = {"GET": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(
        operation_id="fraud_contexts_schema", responses={(200, "application/schema+json"): OpenApiTypes.OBJECT}
    )
    def get(self, request: Request) -> Response:
        return Response(json_schema(), content_type="application/schema+json", headers=_AN_HOUR)


class Snippet(View):
    """A script without dependencies: `quarterdayFraudContext()` gives what a browser can say of itself."""

    scopes = {"GET": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(operation_id="fraud_contexts_snippet", responses={(200, "text/javascript"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        # Any page may load it: it holds nothing of anybody.
        headers = {**_AN_HOUR, "Cross-Origin-Resource-Policy": "cross-origin"}
        return HttpResponse(_SNIPPET, content_type="text/javascript; charset=utf-8", headers=headers)
