from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, read
from api.inputs import Empty
from api.inputs_landlords import EraseIn
from api.outputs import OperationOut
from api.outputs.leaving import ErasedOut, ExportOut
from api.views.operations import accepted
from leaving import erasure, exports
from people.scopes import Scope
from tenants import clock


class LandlordExport(View):
    """All there is of one landlord, NINO in full, as a file."""

    scopes = {"POST": Scope.NINO_REVEAL}

    @extend_schema(operation_id="landlords_export", request=Empty, responses={202: OperationOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        read(Empty, request)
        return accepted(exports.ask_landlord(by=caller(request), landlord_id=landlord_id, now=clock.now()))


class AgencyExport(View):
    """Everything of the agency, as a file. For owners."""

    scopes = {"POST": Scope.OWNERS}

    @extend_schema(operation_id="agency_export", request=Empty, responses={202: OperationOut})
    def post(self, request: Request) -> Response:
        read(Empty, request)
        return accepted(exports.ask_agency(by=caller(request), now=clock.now()))


class ExportView(View):
    """One export: whether its file is ready, how large it is, and until when it is kept."""

    scopes = {"GET": Scope.NINO_REVEAL}

    @extend_schema(operation_id="exports_retrieve", responses=ExportOut)
    def get(self, request: Request, export_id: UUID) -> Response:
        return Response(ExportOut(exports.get(by=caller(request), export_id=export_id)).data)


class ExportFile(View):
    """A zip of JSON lines, a file a table, and manifest.json."""

    scopes = {"GET": Scope.NINO_REVEAL}

    @extend_schema(operation_id="exports_file", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: UUID) -> StreamingHttpResponse:
        export, file = exports.fetch(by=caller(request), export_id=export_id, now=clock.now())
        headers = {
            "Content-Length": str(export.size),
            "Content-Disposition": f'attachment; filename="quarterday-{export.created_at:%Y-%m-%d}.zip"',
        }
        return StreamingHttpResponse(file, content_type="application/zip", headers=headers)


class Erase(View):
    """One landlord erased. There is no way back."""

    scopes = {"POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="landlords_erase", request=EraseIn, responses=ErasedOut)
    def post(self, request: Request, landlord_id: UUID) -> Response:
        erasure.find(landlord_id=landlord_id)  # before the body is looked at: what is not there has no body to mend
        given = read(EraseIn, request)
        erased = erasure.erase(by=caller(request), landlord_id=landlord_id, now=clock.now(), **given)
        return Response(ErasedOut(erased).data)
