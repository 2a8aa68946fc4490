"""Campaigns, and how far landlords have come."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists
from api.auth import caller
from api.base import View, read
from api.inputs_onboarding import CampaignIn
from api.outputs.landlords import LANDLORD_COLUMNS
from api.outputs.onboarding import CampaignInFullOut, CampaignOut, FunnelLandlordOut, FunnelOut
from api.pages import page
from hmrc_oauth import campaigns
from landlords.models import Campaign, CampaignKind, Deliver
from mtd import funnel
from mtd.funnel import PLACE_CODES, Stage
from people.scopes import Scope
from tenants import clock
from tenants.db import row_by_row

_FILTERS = [
    OpenApiParameter("stage", str, enum=list(Stage)),
    OpenApiParameter("place", str, enum=PLACE_CODES),
    *lists.PLAIN,
]
_PAGE = lists.paged(FunnelLandlordOut)


class Campaigns(View):
    """Groups of landlords who are brought to connect, or to connect again, and are followed on the way."""

    scopes = {"GET": Scope.LANDLORDS_READ, "POST": Scope.LANDLORDS_WRITE}

    @extend_schema(operation_id="campaigns_list", parameters=lists.PLAIN, responses=lists.paged(CampaignOut))
    def get(self, request: Request) -> Response:
        return Response(page(request, Campaign.objects.all(), by=["created_at", "id"], shape=lists.shape(CampaignOut)))

    @extend_schema(operation_id="campaigns_create", request=CampaignIn, responses={201: CampaignInFullOut})
    def post(self, request: Request) -> Response:
        given = read(CampaignIn, request)
        within = timedelta(days=given["within_days"])
        campaign = campaigns.create(
            by=caller(request),
            name=given["name"],
            kind=CampaignKind(given["kind"]),
            chosen=campaigns.Chosen(given.get("landlord_ids"), given.get("tag"), within),
            deliver=Deliver(given["deliver"]) if "deliver" in given else None,
            now=clock.now(),
        )
        return Response(_shown(campaign), status=201, headers={"Location": f"/api/v1/campaigns/{campaign.pk}"})


class CampaignView(View):
    """One campaign with its funnel: how many of its landlords came how far."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(operation_id="campaigns_retrieve", responses=CampaignInFullOut)
    def get(self, request: Request, campaign_id: UUID) -> Response:
        return Response(_shown(campaigns.get(campaign_id=campaign_id)))


class CampaignLandlords(View):
    """A campaign's landlords, by how far each came and what stands in the way."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(operation_id="campaigns_landlords", parameters=_FILTERS, responses=_PAGE)
    def get(self, request: Request, campaign_id: UUID) -> Response:
        return _landlords(request, campaigns.get(campaign_id=campaign_id))


class Funnel(View):
    """How far all landlords of the agency have come."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(operation_id="funnel", responses=FunnelOut)
    def get(self, request: Request) -> Response:
        return Response(FunnelOut({"steps": funnel.steps(now=clock.now())}).data)


class FunnelLandlords(View):
    """The agency's landlords, by how far each came and what stands in the way."""

    scopes = {"GET": Scope.LANDLORDS_READ}

    @extend_schema(operation_id="funnel_landlords", parameters=_FILTERS, responses=_PAGE)
    def get(self, request: Request) -> Response:
        return _landlords(request, None)


def _landlords(request: Request, campaign: Campaign | None) -> Response:
    asked = request.query_params
    stage = Stage(lists.choice(asked["stage"], list(Stage), "stage")) if "stage" in asked else None
    place = lists.choice(asked["place"], PLACE_CODES, "place") if "place" in asked else None
    rows = funnel.only(funnel.rows(now=clock.now(), campaign=campaign), stage=stage, place=place)
    rows = rows.values_list(*LANDLORD_COLUMNS, "place", named=True)
    with row_by_row():
        return Response(page(request, rows, by=["created_at", "id"], shape=lists.shape(FunnelLandlordOut)))


def _shown(campaign: Campaign) -> Any:
    steps = FunnelOut({"steps": funnel.steps(now=clock.now(), campaign=campaign)}).data
    batches = campaign.batches.order_by("created_at").values_list("pk", flat=True)
    return {**CampaignOut(campaign).data, **steps, "batches": [str(each) for each in batches]}
