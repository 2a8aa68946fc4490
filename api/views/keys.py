from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs import ApiKeyIn
from api.outputs import ApiKeyOut, MadeKeyOut
from api.pages import page
from events import governance
from people import keys
from people.models import ApiKey
from people.scopes import Scope
from tenants import clock


class ApiKeys(View):
    """Keys of machine clients. A key itself is shown once, when it is made."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="api_keys_list", parameters=lists.PLAIN, responses=lists.paged(ApiKeyOut))
    def get(self, request: Request) -> Response:
        return Response(page(request, ApiKey.objects.all(), by=["created_at", "id"], shape=lists.shape(ApiKeyOut)))

    @extend_schema(operation_id="api_keys_create", request=ApiKeyIn, responses={201: MadeKeyOut})
    def post(self, request: Request) -> Response:
        made = governance.make_key(by=caller(request), now=clock.now(), given=read(ApiKeyIn, request))
        said = {**ApiKeyOut(made.key).data, "key": made.secret}
        return Response(said, status=201, headers={"Location": f"/api/v1/api-keys/{made.key.pk}"})


class ApiKeyView(View):
    """One API key, without its secret. DELETE revokes it at once."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "DELETE": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="api_keys_retrieve", responses=ApiKeyOut)
    def get(self, request: Request, key_id: UUID) -> Response:
        return Response(ApiKeyOut(keys.get_key(key_id=key_id)).data)

    @extend_schema(operation_id="api_keys_revoke", responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        governance.revoke_key(by=caller(request), key_id=key_id, now=clock.now())
        return Response(status=204)
