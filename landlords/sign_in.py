"""A fresh link for a landlord who comes back: no account and no password, only the address that is on file."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from landlords import invitations, outgoing
from landlords.models import InvitationPurpose, Landlord, LinkRequest
from people.principal import SYSTEM
from tenants import due
from tenants.ids import new_id

_MOST = 5  # landlords of one address, such as couples


def ask(*, address: str, now: datetime) -> None:
    """Somebody wants a link at this address. The same is done whether a landlord has it or not."""
    request = LinkRequest(id=new_id(), created_at=now)
    request.address = request.seal("address", address)
    request.save(force_insert=True)
    due.put(kind=due.Kind.SIGN_IN, subject_id=request.pk, lane=due.Lane.INTERACTIVE)


def run(*, request_id: UUID, now: datetime) -> None:
    """Mail whoever has the address, and forget it. Safe to run twice, late, or never."""
    with transaction.atomic():
        request = LinkRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is not None:
            with request.address.open(reason="sign-in link") as address:
                _answer(address, now)
            request.delete()
        due.done(kind=due.Kind.SIGN_IN, subject_id=request_id)


def _answer(address: str, now: datetime) -> None:
    known = Landlord.objects.kept().filter(email__iexact=address).order_by("created_at")[:_MOST]
    made = [invitations.make(each, InvitationPurpose.SIGN_IN, by=SYSTEM, now=now) for each in known]
    outgoing.queue([outgoing.of_invitation(each, now=now) for each in made], now=now)
