from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import csv_rows, inputs_batches, lists
from api.auth import caller
from api.base import View, read
from api.fields import SPELT
from api.inputs import Declaration, Empty
from api.inputs_batches import BatchIn, BatchOfAny, BatchSharedIn, PauseIn
from api.outputs import BatchInFullOut, BatchOut, BatchRowOut
from api.pages import page
from api.parsers import CsvParser, ExactJSONParser
from api.problems import field_faults
from mtd import batches
from mtd.batches import Asked
from mtd.models import Batch, Channel
from people.scopes import Scope
from schema.parts import YEAR
from tenants import clock
from tenants.faults import FieldFault, Invalid

_MOST_BYTES = 16 * 1024 * 1024
_KINDS: dict[str, Any] = {
    "tax_year": YEAR,
    "period_start": date,
    "period_end": date,
    "fraud_context_id": UUID,
    "declaration.accepted": bool,
    "declaration.covers_whole_business": bool,
    "declaration.at": datetime,
    "declaration.channel": {"type": "string", "enum": Channel.values},
}
_OF_A_FILE = [
    OpenApiParameter(
        name, _KINDS.get(name, str), description="With text/csv only: what the body of JSON says beside its rows."
    )
    for name in (*inputs_batches.SHARED, "fraud_context_id", *(f"declaration.{each}" for each in Declaration().fields))
]


class Batches(View):
    """Many submissions at once, as JSON or CSV. Taken in part: each faulty row says why."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "POST": Scope.SUBMISSIONS_WRITE}
    key_required = True
    most_bytes = _MOST_BYTES
    parser_classes = [ExactJSONParser, CsvParser]

    @extend_schema(operation_id="submission_batches_list", parameters=lists.PLAIN, responses=lists.paged(BatchOut))
    def get(self, request: Request) -> Response:
        return Response(page(request, Batch.objects.all(), by=["created_at", "id"], shape=_shape))

    @extend_schema(
        operation_id="submission_batches_create",
        parameters=_OF_A_FILE,
        request={"application/json": BatchIn, "text/csv": OpenApiTypes.STR},
        responses={202: BatchInFullOut},
    )
    def post(self, request: Request) -> Response:
        asked = _file(request) if _is_file(request) else _json(request)
        batch = batches.create(by=caller(request), asked=asked, now=clock.now())
        return _accepted(batch)


class BatchView(View):
    """How far a batch is. DELETE calls off what has not been sent."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "DELETE": Scope.SUBMISSIONS_WRITE}

    @extend_schema(operation_id="submission_batches_retrieve", responses=BatchInFullOut)
    def get(self, request: Request, batch_id: UUID) -> Response:
        return _shown(batches.get(batch_id=batch_id))

    @extend_schema(operation_id="submission_batches_cancel", responses={202: BatchInFullOut})
    def delete(self, request: Request, batch_id: UUID) -> Response:
        return _accepted(batches.cancel(by=caller(request), batch_id=batch_id, now=clock.now()))


class Rows(View):
    """What became of each row of a batch."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}

    @extend_schema(
        operation_id="submission_batches_rows",
        parameters=[OpenApiParameter("status", str, enum=batches.ROW_STATUSES), *lists.PLAIN],
        responses=lists.paged(BatchRowOut),
    )
    def get(self, request: Request, batch_id: UUID) -> Response:
        rows = batches.get(batch_id=batch_id).rows.select_related("submission", "batch")
        wanted = request.query_params.get("status")
        if wanted is not None:
            rows = batches.in_state(rows, lists.choice(wanted, batches.ROW_STATUSES, "status"))
        return Response(page(request, rows, by=["number"], shape=lists.shape(BatchRowOut), newest_first=False))


class Pause(View):
    """Let a batch's rows that have not been sent stand still."""

    scopes = {"POST": Scope.SUBMISSIONS_WRITE}

    @extend_schema(operation_id="submission_batches_pause", request=PauseIn, responses=BatchInFullOut)
    def post(self, request: Request, batch_id: UUID) -> Response:
        batches.get(batch_id=batch_id)  # before the body is looked at: what is not there has no body to mend
        given = read(PauseIn, request)
        return _shown(batches.pause(by=caller(request), batch_id=batch_id, now=clock.now(), **given))


class Resume(View):
    """Let a paused batch go on."""

    scopes = {"POST": Scope.SUBMISSIONS_WRITE}

    @extend_schema(operation_id="submission_batches_resume", request=Empty, responses=BatchInFullOut)
    def post(self, request: Request, batch_id: UUID) -> Response:
        read(Empty, request)
        return _shown(batches.resume(by=caller(request), batch_id=batch_id, now=clock.now()))


def _is_file(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == CsvParser.media_type


def _json(request: Request) -> Asked:
    given = read(BatchOfAny, request)
    shared: Any = request.data
    rows = inputs_batches.rows(enumerate(given.pop("submissions"), 1), shared, pointer="/submissions/{}")
    return _asked(given, rows)


def _file(request: Request) -> Asked:
    sent: dict[str, Any] = {}
    for name, value in request.query_params.items():
        csv_rows.put(sent, name.split("."), value)
    form = BatchSharedIn(data=sent, context=SPELT)
    if not form.is_valid():
        faults = field_faults(form.errors)
        raise Invalid(
            errors=[FieldFault(f"?{each.pointer[1:].replace('/', '.')}", each.code, each.detail) for each in faults]
        )
    file: Any = request.data
    table = csv_rows.read(file.get("file", ""))
    rows = inputs_batches.rows(table.rows, sent, pointer="/rows/{}")
    return _asked(form.validated_data, rows, format="csv", columns=table.columns)


def _asked(shared: Any, rows: Any, **more: Any) -> Asked:
    return Asked(rows, dict(shared["declaration"]), shared.get("fraud_context_id"), **more)


def _shape(found: Sequence[Batch]) -> Any:
    return BatchOut(batches.look(found), many=True).data


def _shown(batch: Batch, **more: Any) -> Response:
    return Response(BatchInFullOut(batches.look([batch])[0]).data, **more)


def _accepted(batch: Batch) -> Response:
    return _shown(batch, status=202, headers={"Location": f"/api/v1/operations/{batch.pk}"})
