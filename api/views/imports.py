from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists, result_file
from api.auth import caller
from api.base import View, read
from api.fields import SPELT
from api.inputs_imports import FileForm, FileOptions, LandlordImportChange, LandlordImportIn, LandlordImportOfAny
from api.outputs.imports import ImportRowOut, LandlordImportOut
from api.pages import page
from api.parsers import (
    CsvFileParser,
    ExactJSONParser,
    ExcelFileParser,
    FileParser,
    TabsFileParser,
    XlsxFileParser,
)
from api.problems import field_faults
from api.tables import MOST_BYTES, Sheet, read_file, read_objects
from api.uploads import FORM, FileFormParser
from landlords import imports
from landlords.imports import Asked
from landlords.models import ImportRow, LandlordImport, RowStatus
from people.scopes import Scope
from tenants import clock
from tenants.faults import FieldFault, Invalid

_FILES = (CsvFileParser, TabsFileParser, ExcelFileParser, XlsxFileParser, FileParser)
_OF_A_FILE = [
    OpenApiParameter(
        "dry_run",
        bool,
        description="With a file only: what JSON or a form say beside their rows.",
    ),
    OpenApiParameter("sheet", str, description="With an XLSX only: the name of the sheet; its first, if left out."),
]
_OF_ROWS = OpenApiParameter("status", str, enum=RowStatus.values)
_OF_A_LANDLORD = OpenApiParameter("landlord_id", UUID, description="Imports that had a row for this landlord.")


class Imports(View):
    """Landlords from a file (CSV, XLSX) or from JSON. Taken in part: each faulty row says why."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}
    key_required = True
    most_bytes = MOST_BYTES
    parser_classes = [ExactJSONParser, *_FILES, FileFormParser]

    @extend_schema(
        operation_id="landlord_imports_list",
        parameters=[_OF_A_LANDLORD, *lists.PLAIN],
        responses=lists.paged(LandlordImportOut),
    )
    def get(self, request: Request) -> Response:
        rows, asked = LandlordImport.objects.all(), request.query_params
        if "landlord_id" in asked:
            rows = imports.touching(landlord_id=lists.uuid(asked["landlord_id"], "landlord_id"))
        return Response(page(request, rows, by=["created_at", "id"], shape=lists.shape(LandlordImportOut)))

    @extend_schema(
        operation_id="landlord_imports_create",
        parameters=_OF_A_FILE,
        request={
            "application/json": LandlordImportIn,
            **{str(each.media_type): OpenApiTypes.BINARY for each in _FILES},
            FORM: FileForm,
        },
        responses={202: LandlordImportOut},
    )
    def post(self, request: Request) -> Response:
        return _accepted(imports.create(by=caller(request), asked=_sent(request), now=clock.now()))


class ImportView(View):
    """How far an import is. PATCH corrects which column is what; DELETE calls it off."""

    scopes = {"GET": Scope.LANDLORDS_READ, "PATCH": Scope.LANDLORDS_WRITE, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="landlord_imports_retrieve", responses=LandlordImportOut)
    def get(self, request: Request, import_id: UUID) -> Response:
        return Response(LandlordImportOut(imports.get(import_id=import_id)).data)

    @extend_schema(
        operation_id="landlord_imports_correct", request=LandlordImportChange, responses={202: LandlordImportOut}
    )
    def patch(self, request: Request, import_id: UUID) -> Response:
        imports.get(import_id=import_id)  # before the body is looked at: what is not there has no body to mend
        given = {"mapping": None, "dry_run": None, **read(LandlordImportChange, request, partial=True)}
        return _accepted(imports.correct(by=caller(request), import_id=import_id, now=clock.now(), **given))

    @extend_schema(operation_id="landlord_imports_cancel", responses={200: LandlordImportOut})
    def delete(self, request: Request, import_id: UUID) -> Response:
        return Response(
            LandlordImportOut(imports.cancel(by=caller(request), import_id=import_id, now=clock.now())).data
        )


class ImportRows(View):
    """What became of each row of an import."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(
        operation_id="landlord_imports_rows",
        parameters=[_OF_ROWS, *lists.PLAIN],
        responses=lists.paged(ImportRowOut),
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        rows = _rows(request, import_id)
        return Response(page(request, rows, by=["number"], shape=lists.shape(ImportRowOut), newest_first=False))


class ImportResult(View):
    """The same as a file."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(
        operation_id="landlord_imports_result",
        parameters=[_OF_ROWS],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        rows = _rows(request, import_id).order_by("number")
        headers = {"Content-Disposition": f'attachment; filename="landlord-import-{import_id}.csv"'}
        file = result_file.render(rows.iterator(chunk_size=1000))
        return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(request: Request, import_id: UUID) -> Any:
    rows = ImportRow.objects.filter(landlord_import=imports.get(import_id=import_id))
    wanted = request.query_params.get("status")
    if wanted is not None:
        rows = rows.filter(status=lists.choice(wanted, RowStatus.values, "status"))
    return rows.select_related("landlord", "landlord_import")


def _kind(request: Request) -> str:
    return (request.content_type or "").partition(";")[0].strip().lower()


def _json(request: Request) -> Asked:
    given = read(LandlordImportOfAny, request)
    return _asked(read_objects(given["landlords"]), given)


def _file(request: Request) -> Asked:
    options = _options(request, {})
    charset = (request.content_type or "").lower().partition("charset=")[2].partition(";")[0].strip(' "')
    file: Any = request.data
    return _asked(read_file(file.get("file", b""), charset=charset, sheet=options["sheet"]), options)


def _form(request: Request) -> Asked:
    sent: Any = request.data
    options = _options(request, sent["fields"])
    return _asked(read_file(sent["file"], charset=sent["charset"], sheet=options["sheet"]), options)


_READ: Mapping[str, Callable[[Request], Asked]] = {**{str(each.media_type): _file for each in _FILES}, FORM: _form}


def _sent(request: Request) -> Asked:
    """What is sent, of whichever kind. Raises UnreadableFile, and what _file, _form and _json raise."""
    return _READ.get(_kind(request), _json)(request)


def _options(request: Request, fields: Mapping[str, str]) -> Mapping[str, Any]:
    """What is said beside the file: in the query, or by fields of its form, which come first."""
    form = FileOptions(data={**request.query_params.dict(), **fields}, context=SPELT)
    if not form.is_valid():
        raise Invalid(errors=[_placed(each, fields) for each in field_faults(form.errors)])
    return dict(form.validated_data)


def _placed(fault: FieldFault, fields: Mapping[str, str]) -> FieldFault:
    name = fault.pointer[1:]
    return fault if name in fields else FieldFault(f"?{name}", fault.code, fault.detail)


def _asked(sheet: Sheet, given: Mapping[str, Any]) -> Asked:
    return Asked(sheet.format, sheet.headers, sheet.rows, given["dry_run"], given.get("mapping"), sheet.reading)


def _accepted(made: LandlordImport) -> Response:
    location = {"Location": f"/api/v1/operations/{made.operation_id}"}
    return Response(LandlordImportOut(made).data, status=202, headers=location)
