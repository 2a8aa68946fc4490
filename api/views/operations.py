from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, own
from api.outputs import OperationOut
from people.models import Operation
from people.scopes import Scope
from tenants.faults import NotFound


class OperationView(View):
    """Long work that somebody asked for, and how far it is."""

    scopes = {"GET": Scope.CONNECTIONS_READ}
    landlord_may = True

    @extend_schema(operation_id="operations_retrieve", responses=OperationOut)
    def get(self, request: Request, operation_id: UUID) -> Response:
        operation = Operation.objects.filter(pk=operation_id).first()
        if operation is None:
            raise NotFound
        if caller(request).landlord_id is not None:
            own(request, operation.landlord_id or operation.pk)
        return Response(OperationOut(operation).data)


def accepted(operation: Operation) -> Response:
    """202: it is queued, and here is where to look."""
    return Response(
        OperationOut(operation).data, status=202, headers={"Location": f"/api/v1/operations/{operation.pk}"}
    )
