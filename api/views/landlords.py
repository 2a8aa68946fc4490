from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, own, read
from api.inputs import LandlordIn, RevealIn
from api.inputs_landlords import MergeIn
from api.outputs import LandlordOut, RevealedOut
from api.outputs.landlords import LANDLORD_COLUMNS
from landlords import records
from mtd import merging, submissions
from people.scopes import Scope
from tenants import clock


class Landlords(View):
    """The agency's landlords."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="landlords_list", parameters=lists.LANDLORD_FILTERS, responses=lists.paged(LandlordOut))
    def get(self, request: Request) -> Response:
        return Response(lists.landlords(request))

    @extend_schema(operation_id="landlords_create", request=LandlordIn, responses={201: LandlordOut})
    def post(self, request: Request) -> Response:
        landlord = records.create(by=caller(request), given=read(LandlordIn, request), now=clock.now())
        row = records.stored(*LANDLORD_COLUMNS, landlord_id=landlord.pk)
        return _told(row, status=201, headers={"Location": f"/api/v1/landlords/{row.id}"})


class LandlordView(View):
    """One landlord. DELETE archives and disconnects."""

    scopes = {"GET": Scope.LANDLORDS_READ, "PATCH": Scope.LANDLORDS_WRITE, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="landlords_retrieve", responses=LandlordOut)
    def get(self, request: Request, landlord_id: UUID) -> Response:
        return _shown(own(request, landlord_id))

    @extend_schema(
        operation_id="landlords_update",
        request=LandlordIn(partial=True),
        responses=LandlordOut,
    )
    def patch(self, request: Request, landlord_id: UUID) -> Response:
        given = read(LandlordIn, request, partial=True)
        expected = lists.expected_version(request)
        records.change(by=caller(request), landlord_id=landlord_id, given=given, expected=expected, now=clock.now())
        return _shown(landlord_id)

    @extend_schema(
        operation_id="landlords_archive",
        responses={204: None},
    )
    def delete(self, request: Request, landlord_id: UUID) -> Response:
        expected = lists.expected_version(request)
        submissions.archive_landlord(by=caller(request), landlord_id=landlord_id, now=clock.now(), expected=expected)
        return Response(status=204)


class RevealNino(View):
    """The NINO in full; audited."""

    scopes = {"POST": Scope.NINO_REVEAL}

    @extend_schema(operation_id="landlords_reveal_nino", request=RevealIn, responses=RevealedOut)
    def post(self, request: Request, landlord_id: UUID) -> Response:
        given = read(RevealIn, request)
        nino = records.reveal_nino(by=caller(request), landlord_id=landlord_id, now=clock.now(), **given)
        return Response(RevealedOut({"nino": nino}).data)


class Merge(View):
    """Two records of one person become one."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(
        operation_id="landlords_merge",
        request=MergeIn,
        responses=LandlordOut,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, landlord_id: UUID) -> Response:
        records.get(landlord_id=landlord_id)  # before the body is looked at: what is not there has no body to mend
        given, expected = read(MergeIn, request), lists.expected_version(request)
        merging.merge(by=caller(request), landlord_id=landlord_id, expected=expected, now=clock.now(), **given)
        return _shown(landlord_id)


def _shown(landlord_id: UUID) -> Response:
    return _told(records.read(*LANDLORD_COLUMNS, landlord_id=landlord_id))


def _told(row: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(LandlordOut(row).data, status=status, headers={"ETag": f'"{row.version}"', **(headers or {})})
