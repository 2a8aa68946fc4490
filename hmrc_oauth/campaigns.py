"""Campaigns: some landlords who are to connect, or to connect again before their grants end, invited and followed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from events import audit
from hmrc_oauth.models import ConnectionState
from landlords import bulk
from landlords.errors import CampaignEmpty
from landlords.models import Campaign, CampaignKind, CampaignMember, Deliver, InvitationPurpose, Landlord
from people.principal import Principal
from tenants.faults import NotFound

ENDING_SOON = timedelta(days=90)
_PURPOSES = {CampaignKind.CONNECT: InvitationPurpose.CONNECT, CampaignKind.RECONNECT: InvitationPurpose.RECONNECT}


class Chosen(NamedTuple):
    """Whom a campaign is for. Without names, everybody who is to do what it asks for."""

    landlord_ids: Collection[UUID] | None = None
    tag: str | None = None
    within: timedelta = ENDING_SOON  # to reconnect: whose grant ends by then


def create(
    *, by: Principal, name: str, kind: CampaignKind, chosen: Chosen, deliver: Deliver | None, now: datetime
) -> Campaign:
    """Gather its landlords, and invite them if `deliver` says how. Raises CampaignEmpty, NoFrontEnd."""
    with transaction.atomic():
        ids = list(_who(kind, chosen, now).values_list("pk", flat=True))
        if not ids:
            raise CampaignEmpty
        campaign = Campaign.objects.create(name=name, kind=kind, created_at=now)
        members = (CampaignMember(campaign=campaign, landlord_id=landlord_id) for landlord_id in ids)
        CampaignMember.objects.bulk_create(members, batch_size=5000)
        subject: dict[str, Any] = {"subject_type": "campaign", "subject_id": campaign.pk, "now": now}
        audit.record(by=by, action="campaign.created", **subject, kind=kind, landlords=len(ids))
        if deliver is not None:
            bulk.create(by=by, named=ids, purpose=_PURPOSES[kind], deliver=deliver, campaign=campaign, now=now)
    return campaign


def get(*, campaign_id: UUID) -> Campaign:
    """Raises NotFound."""
    found = Campaign.objects.filter(pk=campaign_id).first()
    if found is None:
        raise NotFound
    return found


def _who(kind: CampaignKind, chosen: Chosen, now: datetime) -> QuerySet[Landlord]:
    found = Landlord.objects.chased()
    if chosen.landlord_ids is not None:
        found = found.filter(pk__in=chosen.landlord_ids)
    if chosen.tag is not None:
        found = found.filter(tags__contains=[chosen.tag])
    return found.filter(_needs_it(kind, now + chosen.within)).order_by("created_at", "id")


def _needs_it(kind: CampaignKind, ends_by: datetime) -> Q:
    active = Q(connection__state=ConnectionState.ACTIVE)
    dead = Q(connection__state=ConnectionState.RECONNECT_REQUIRED)
    if kind == CampaignKind.RECONNECT:
        return dead | (active & Q(connection__grant__ends_at__lt=ends_by))
    return Q(connection=None) | ~(active | dead)
