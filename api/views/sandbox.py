from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, read
from api.inputs_sandbox import SandboxActionIn
from api.outputs.sandbox import SandboxActionOut
from hmrc_oauth import rehearsing
from people.scopes import Scope
from tenants import clock


class SandboxActions(View):
    """Let happen to a connection what a landlord, HMRC or the network could do. For test keys, never in production."""

    scopes = {"POST": Scope.CONNECTIONS_WRITE}

    @extend_schema(operation_id="sandbox_act", request=SandboxActionIn, responses=SandboxActionOut)
    def post(self, request: Request, connection_id: UUID) -> Response:
        given = read(SandboxActionIn, request)
        action = rehearsing.Action(given.pop("action"))
        done = rehearsing.act(by=caller(request), connection_id=connection_id, action=action, now=clock.now(), **given)
        return Response(SandboxActionOut(done).data)
