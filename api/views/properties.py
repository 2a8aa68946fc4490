from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs_landlords import PropertyIn
from api.outputs.properties import PropertyOut
from api.pages import page
from landlords import properties
from landlords.models import Property
from people.scopes import Scope
from tenants import clock


class Properties(View):
    """What is let, and whose it is."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}

    @extend_schema(
        operation_id="properties_list", parameters=lists.PROPERTY_FILTERS, responses=lists.paged(PropertyOut)
    )
    def get(self, request: Request) -> Response:
        return Response(page(request, _asked(request), by=["created_at", "id"], shape=lists.shape(PropertyOut)))

    @extend_schema(operation_id="properties_create", request=PropertyIn, responses={201: PropertyOut})
    def post(self, request: Request) -> Response:
        made = properties.create(by=caller(request), given=read(PropertyIn, request), now=clock.now())
        return _shown(made, status=201)


class PropertyView(View):
    """One property with its owners and their shares. DELETE archives."""

    scopes = {"GET": Scope.LANDLORDS_READ, "PATCH": Scope.LANDLORDS_WRITE, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="properties_retrieve", responses=PropertyOut)
    def get(self, request: Request, property_id: UUID) -> Response:
        return _shown(properties.get(property_id=property_id))

    @extend_schema(
        operation_id="properties_update",
        request=PropertyIn(partial=True),
        responses=PropertyOut,
    )
    def patch(self, request: Request, property_id: UUID) -> Response:
        given = read(PropertyIn, request, partial=True)
        asked: dict[str, Any] = {"by": caller(request), "expected": lists.expected_version(request)}
        return _shown(properties.change(property_id=property_id, given=given, now=clock.now(), **asked))

    @extend_schema(operation_id="properties_archive", responses={204: None})
    def delete(self, request: Request, property_id: UUID) -> Response:
        expected = lists.expected_version(request)
        properties.archive(by=caller(request), property_id=property_id, expected=expected, now=clock.now())
        return Response(status=204)


def _asked(request: Request) -> Any:
    asked = request.query_params
    rows: Any = properties.kept()
    if asked.get("search"):
        rows = rows.search(lists.plain(asked["search"], "search"))
    if asked.get("reference"):
        rows = rows.filter(reference=lists.plain(asked["reference"], "reference"))
    if asked.get("external_id"):
        system, _, value = lists.plain(asked["external_id"], "external_id").partition(":")
        rows = rows.filter(external_ids__contains={system: value})
    if "landlord_id" in asked:
        rows = rows.filter(shares__landlord=lists.uuid(asked["landlord_id"], "landlord_id"))
    if "updated_after" in asked:
        rows = rows.filter(updated_at__gt=lists.moment(asked["updated_after"], "updated_after"))
    return rows


def _shown(found: Property, *, status: int = 200) -> Response:
    location = {"Location": f"/api/v1/properties/{found.pk}"} if status == 201 else {}  # noqa: PLR2004
    return Response(PropertyOut(found).data, status=status, headers={"ETag": f'"{found.version}"', **location})
