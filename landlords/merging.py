"""Two records of one person become one: what a landlord's record holds, and what hangs on it in this room."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.functions import Least

from landlords.errors import ExternalIdsDiffer, OtherPerson
from landlords.models import (
    CampaignMember,
    Invitation,
    InvitationRow,
    Landlord,
    LandlordSession,
    Mail,
    MailStop,
    MtdHandling,
    Share,
    SignInCode,
    StopReason,
)
from tenants.faults import FieldFault, NotFound
from tenants.models import Credential


def hold(*, landlord_id: UUID, duplicate_id: UUID) -> tuple[Landlord, Landlord]:
    """Both, locked in one order: nothing new can be hung on either until the transaction ends. Raises NotFound."""
    wanted = Landlord.objects.kept().filter(pk__in=[landlord_id, duplicate_id])
    found = {each.pk: each for each in wanted.order_by("pk").select_for_update()}
    if found.keys() != {landlord_id, duplicate_id}:
        raise NotFound
    return found[landlord_id], found[duplicate_id]


def refuse_two_people(kept: Landlord, duplicate: Landlord) -> None:
    """Raises OtherPerson, ExternalIdsDiffer."""
    if None not in {kept.nino_index, duplicate.nino_index} and bytes(kept.nino_index or b"") != bytes(
        duplicate.nino_index or b""
    ):
        raise OtherPerson
    differing = [name for name, known in duplicate.external_ids.items() if kept.external_ids.get(name, known) != known]
    if differing:
        said = "The two landlords have different ids here."
        raise ExternalIdsDiffer(errors=[FieldFault(f"/external_ids/{name}", "differs", said) for name in differing])


def take_over(kept: Landlord, duplicate: Landlord, *, now: datetime) -> None:
    """Fill in what the kept one lacks, and take the duplicate off the lists, with a sign to where it went."""
    gained: dict[str, Any] = {
        "external_ids": {**duplicate.external_ids, **kept.external_ids},
        "tags": list(dict.fromkeys([*kept.tags, *duplicate.tags])),
        "email": kept.email or duplicate.email,
        "mtd_handling": _handling(kept, duplicate),
    }
    # First, since no two who are kept may have one number.
    duplicate.change(
        expected=None, now=now, archived_at=now, merged_into=kept, nino=None, nino_index=None, nino_mask=""
    )
    if kept.nino is None and duplicate.nino is not None:
        with duplicate.nino.open(reason="merged") as nino:  # sealed for its own row, and useless in another
            kept.put_nino(nino)
        gained |= {"nino": kept.nino, "nino_index": kept.nino_index, "nino_mask": kept.nino_mask}
    kept.change(expected=None, now=now, **gained)
    Landlord.objects.filter(merged_into=duplicate).update(merged_into=kept)


def move_own(*, landlord_id: UUID, duplicate_id: UUID, agency_id: UUID) -> None:
    """Invitations with their mails, sessions, campaigns and shares, and that somebody wants no mails. Sessions that the
    duplicate's links began end: they were for another id.
    """
    ended = LandlordSession.objects.filter(landlord_id=duplicate_id).values_list("pk", flat=True)
    Credential.objects.filter(agency_id=agency_id, subject_id__in=list(ended)).delete()
    for model in (Invitation, InvitationRow, LandlordSession, Mail, SignInCode):
        of(model, duplicate_id).update(landlord_id=landlord_id)
    joined = of(CampaignMember, landlord_id).values("campaign_id")
    of(CampaignMember, duplicate_id).exclude(campaign_id__in=joined).update(landlord_id=landlord_id)
    of(CampaignMember, duplicate_id).delete()
    _keep_stop(landlord_id, duplicate_id)
    for share in Share.objects.filter(landlord_id=duplicate_id):
        own = Share.objects.filter(property_id=share.property_id, landlord_id=landlord_id)
        if own.update(percent=Least(F("percent") + share.percent, 100)):
            share.delete()
    of(Share, duplicate_id).update(landlord_id=landlord_id)


def _keep_stop(landlord_id: UUID, duplicate_id: UUID) -> None:
    """What a person has said comes before what an address did, whichever record it was said to."""
    said = of(MailStop, duplicate_id).exclude(reason=StopReason.BOUNCED)
    if said.exists():
        of(MailStop, landlord_id).delete()
    if not of(MailStop, landlord_id).exists():
        of(MailStop, duplicate_id).update(landlord_id=landlord_id)
    of(MailStop, duplicate_id).delete()


def of(model: type[Model], landlord_id: UUID) -> QuerySet[Any]:
    """The landlord's rows of this kind."""
    return model._default_manager.filter(landlord_id=landlord_id)


def _handling(kept: Landlord, duplicate: Landlord) -> str:
    return duplicate.mtd_handling if kept.mtd_handling == MtdHandling.UNKNOWN else kept.mtd_handling
