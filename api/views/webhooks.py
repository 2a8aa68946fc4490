"""Where an agency hears of its events, and what was sent there."""

from datetime import timedelta
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs import Empty
from api.inputs_webhooks import EndpointChange, EndpointIn, ReplayIn, RotateIn
from api.outputs.webhooks import DeliveryOut, EndpointOut, EndpointWithSecretOut
from api.pages import page
from events import deliveries, webhooks
from events.models import Delivery, DeliveryStatus, WebhookEndpoint
from people.scopes import Scope
from tenants import clock

_IF_MATCH = [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)]


class Endpoints(View):
    """Where the agency hears what happened. A secret is shown once, when it is made."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="webhook_endpoints_list", parameters=lists.PLAIN, responses=lists.paged(EndpointOut))
    def get(self, request: Request) -> Response:
        rows = WebhookEndpoint.objects.kept()
        return Response(page(request, rows, by=["created_at", "id"], shape=lists.shape(EndpointOut)))

    @extend_schema(operation_id="webhook_endpoints_create", request=EndpointIn, responses={201: EndpointWithSecretOut})
    def post(self, request: Request) -> Response:
        made = webhooks.create(by=caller(request), given=read(EndpointIn, request), now=clock.now())
        answer = _with_secret(made, status=201)
        answer["Location"] = f"/api/v1/webhook-endpoints/{made.endpoint.pk}"
        return answer


class EndpointView(View):
    """One endpoint, without its secret."""

    scopes = {"GET": Scope.AGENCY_ADMIN, "PATCH": Scope.AGENCY_ADMIN, "DELETE": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="webhook_endpoints_retrieve", responses=EndpointOut)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        return _shown(webhooks.get(endpoint_id=endpoint_id))

    @extend_schema(
        operation_id="webhook_endpoints_update",
        request=EndpointChange(partial=True),
        responses=EndpointOut,
        parameters=_IF_MATCH,
    )
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        given, expected = read(EndpointChange, request, partial=True), lists.expected_version(request)
        changed = webhooks.change(
            by=caller(request), endpoint_id=endpoint_id, given=given, expected=expected, now=clock.now()
        )
        return _shown(changed)

    @extend_schema(operation_id="webhook_endpoints_delete", responses={204: None}, parameters=_IF_MATCH)
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        expected = lists.expected_version(request)
        webhooks.archive(by=caller(request), endpoint_id=endpoint_id, expected=expected, now=clock.now())
        return Response(status=204)


class RotateSecret(View):
    """A new secret; for a while the old one signs as well."""

    scopes = {"POST": Scope.AGENCY_ADMIN}

    @extend_schema(
        operation_id="webhook_endpoints_rotate_secret",
        request=RotateIn,
        responses=EndpointWithSecretOut,
        parameters=_IF_MATCH,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        given, expected = read(RotateIn, request), lists.expected_version(request)
        overlap = timedelta(hours=given["overlap_hours"])
        made = webhooks.rotate(
            by=caller(request), endpoint_id=endpoint_id, overlap=overlap, expected=expected, now=clock.now()
        )
        return _with_secret(made)


class TestEndpoint(View):
    """An event of the type webhook_endpoint.test, to this endpoint alone, tried once."""

    scopes = {"POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="webhook_endpoints_test", request=Empty, responses={202: DeliveryOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        read(Empty, request)
        return _accepted(webhooks.test(by=caller(request), endpoint_id=endpoint_id, now=clock.now()))


class Replay(View):
    """One event once more, or everything since a time."""

    scopes = {"POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="webhook_endpoints_replay", request=ReplayIn, responses={202: EndpointOut})
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        webhooks.get(endpoint_id=endpoint_id)  # before the body is looked at: what is not there has no body to mend
        given = read(ReplayIn, request)
        replay = webhooks.replay if "event_id" in given else webhooks.replay_since
        return _shown(replay(by=caller(request), endpoint_id=endpoint_id, now=clock.now(), **given), status=202)


class Deliveries(View):
    """What was sent, newest first: kept for 30 days after it was delivered or given up."""

    scopes = {"GET": Scope.EVENTS_READ}

    @extend_schema(
        operation_id="deliveries_list", parameters=lists.DELIVERY_FILTERS, responses=lists.paged(DeliveryOut)
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        rows = Delivery.objects.select_related("event").defer("event__data")
        for name, column in _IDS.items():
            if name in asked:
                rows = rows.filter(**{column: lists.uuid(asked[name], name)})
        if "status" in asked:
            rows = rows.filter(status=lists.choice(asked["status"], DeliveryStatus.values, "status"))
        if asked.get("type"):
            rows = rows.filter(type=lists.plain(asked["type"], "type"))
        return Response(page(request, rows, by=["position"], shape=lists.shape(DeliveryOut)))


class DeliveryView(View):
    """One delivery with its attempts."""

    scopes = {"GET": Scope.EVENTS_READ}

    @extend_schema(operation_id="deliveries_retrieve", responses=DeliveryOut)
    def get(self, request: Request, delivery_id: UUID) -> Response:
        return Response(DeliveryOut(deliveries.get(delivery_id=delivery_id)).data)


class RetryDelivery(View):
    """Now, and if need be for another three days."""

    scopes = {"POST": Scope.AGENCY_ADMIN}

    @extend_schema(operation_id="deliveries_retry", request=Empty, responses={202: DeliveryOut})
    def post(self, request: Request, delivery_id: UUID) -> Response:
        read(Empty, request)
        return _accepted(deliveries.retry(by=caller(request), delivery_id=delivery_id, now=clock.now()))


_IDS = {"endpoint_id": "endpoint_id", "event_id": "event__id", "subject_id": "subject_id"}


def _etag(endpoint: WebhookEndpoint) -> dict[str, str]:
    return {"ETag": f'"{endpoint.version}"'}


def _shown(endpoint: WebhookEndpoint, *, status: int = 200) -> Response:
    return Response(EndpointOut(endpoint).data, status=status, headers=_etag(endpoint))


def _with_secret(made: webhooks.Shown, *, status: int = 200) -> Response:
    said = {**EndpointOut(made.endpoint).data, "secret": made.secret}
    return Response(said, status=status, headers=_etag(made.endpoint))


def _accepted(delivery: Delivery) -> Response:
    address = f"/api/v1/deliveries/{delivery.id}"
    return Response(DeliveryOut(delivery).data, status=202, headers={"Location": address})
