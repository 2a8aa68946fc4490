from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import caller
from api.base import View, own, read
from api.inputs import Mandate as MandateIn
from api.outputs.mandates import MandateOut, MandatesOut, PromptOut, WordingsOut
from mtd import mandates, wording
from people.scopes import Scope
from tenants import clock


class Mandates(View):
    """What a landlord has allowed the agency: recorded by staff, or given by the landlord."""

    scopes = {"GET": Scope.SUBMISSIONS_READ, "POST": Scope.DECLARATIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="mandates_list", responses=MandatesOut)
    def get(self, request: Request, landlord_id: UUID) -> Response:
        found = mandates.of(landlord_id=own(request, landlord_id))
        return Response({"results": MandateOut(found, many=True).data})

    @extend_schema(operation_id="mandates_create", request=MandateIn, responses={201: MandateOut})
    def post(self, request: Request, landlord_id: UUID) -> Response:
        given, by = read(MandateIn, request), caller(request)
        mandate = mandates.record(by=by, landlord_id=own(request, landlord_id), given=given, now=clock.now())
        return Response(MandateOut(mandate).data, status=201)


class MandateView(View):
    """Revoke a landlord's mandate: nothing more is filed under it."""

    scopes = {"DELETE": Scope.DECLARATIONS_WRITE}
    landlord_may = True

    @extend_schema(operation_id="mandates_revoke", responses={204: None})
    def delete(self, request: Request, landlord_id: UUID, mandate_id: UUID) -> Response:
        own(request, landlord_id)
        mandates.revoke(by=caller(request), landlord_id=landlord_id, mandate_id=mandate_id, now=clock.now())
        return Response(status=204)


class Wordings(View):
    """The words to show before an update is sent or a mandate is given, in their current version."""

    scopes = {"GET": None}
    needs_agency = False
    authentication_classes = ()

    @extend_schema(operation_id="wordings_list", responses=WordingsOut)
    def get(self, request: Request) -> Response:
        said = [{"subject": subject, **words._asdict()} for subject, words in wording.shown().items()]
        return Response({"results": PromptOut(said, many=True).data})
