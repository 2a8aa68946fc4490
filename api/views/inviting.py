"""Invitations in bulk."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs_onboarding import BulkIn, LinksIn
from api.outputs.onboarding import InvitationBatchOut, InvitationRowOut, LinksOut
from api.pages import page
from landlords import bulk
from landlords.models import Deliver, InvitationBatch, InvitationPurpose, InvitationRowStatus
from people.scopes import Scope
from tenants import clock


class Bulk(View):
    """Invitations of many landlords at once."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}
    key_required = True

    @extend_schema(
        operation_id="invitations_bulk_list", parameters=lists.PLAIN, responses=lists.paged(InvitationBatchOut)
    )
    def get(self, request: Request) -> Response:
        return Response(page(request, InvitationBatch.objects.all(), by=["created_at", "id"], shape=_shape))

    @extend_schema(operation_id="invitations_bulk_create", request=BulkIn, responses={202: InvitationBatchOut})
    def post(self, request: Request) -> Response:
        given = read(BulkIn, request)
        batch = bulk.create(
            by=caller(request),
            named=[row.get("landlord_id") or row["reference"] for row in given["rows"]],
            purpose=InvitationPurpose(given["purpose"]),
            deliver=Deliver(given["deliver"]),
            now=clock.now(),
        )
        location = {"Location": f"/api/v1/operations/{batch.pk}"}
        return Response(_shape([batch])[0], status=202, headers=location)


class BulkView(View):
    """How far a batch of invitations is. DELETE calls off those that were not made."""

    scopes = {"GET": Scope.LANDLORDS_READ, "DELETE": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_bulk_retrieve", responses=InvitationBatchOut)
    def get(self, request: Request, bulk_id: UUID) -> Response:
        return Response(_shape([bulk.get(batch_id=bulk_id)])[0])

    @extend_schema(operation_id="invitations_bulk_cancel", responses={200: InvitationBatchOut})
    def delete(self, request: Request, bulk_id: UUID) -> Response:
        return Response(_shape([bulk.cancel(by=caller(request), batch_id=bulk_id, now=clock.now())])[0])


class BulkRows(View):
    """What became of each landlord of a batch of invitations."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(
        operation_id="invitations_bulk_rows",
        parameters=[OpenApiParameter("status", str, enum=InvitationRowStatus.values), *lists.PLAIN],
        responses=lists.paged(InvitationRowOut),
    )
    def get(self, request: Request, bulk_id: UUID) -> Response:
        rows = bulk.get(batch_id=bulk_id).rows.select_related("invitation").prefetch_related("invitation__mails")
        wanted = request.query_params.get("status")
        if wanted is not None:
            rows = rows.filter(status=lists.choice(wanted, InvitationRowStatus.values, "status"))
        return Response(page(request, rows, by=["number"], shape=lists.shape(InvitationRowOut), newest_first=False))


class BulkLinks(View):
    """Links for the agency to send itself: made when they are asked for, shown once."""

    scopes = {"POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="invitations_bulk_links", request=LinksIn, responses=LinksOut)
    def post(self, request: Request, bulk_id: UUID) -> Response:
        bulk.get(batch_id=bulk_id)  # before the body is looked at
        given = read(LinksIn, request)
        made = bulk.links(by=caller(request), batch_id=bulk_id, now=clock.now(), **given)
        after = made[-1].row.number if len(made) == given["limit"] else None
        return Response(LinksOut({"results": made, "after": after}).data)


def _shape(batches: Sequence[InvitationBatch]) -> Any:
    return InvitationBatchOut(batches, many=True, context={"counts": bulk.counts(batches)}).data
