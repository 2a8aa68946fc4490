"""
Fraud-prevention data on its way: captured when a person acts, attached to what they ask for, opened when it is sent.

A person's click carries that person's data to HMRC, however late a worker sends it. Only what nobody asked for goes
with the host's own (BATCH_PROCESS_DIRECT). Where a person acted and left no context, nothing is sent in its place.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import QuerySet

from hmrc_door import fraud, fraud_host
from hmrc_door.fraud import Facts, Note
from hmrc_oauth import errors
from hmrc_oauth.models import ConnectSession
from hmrc_oauth.models.session import OPEN
from landlords import records
from people.models import FraudContext, Operation
from people.principal import Principal
from tenants import clock
from tenants.faults import FieldFault

log = structlog.get_logger()

# From the capture until the person has pressed the button; after that it says nothing of the device any more.
LIFE = timedelta(minutes=60)


@dataclass(frozen=True)
class Captured:
    context: FraudContext
    missing: tuple[Note, ...]
    warnings: tuple[Note, ...]

    @property
    def expires_at(self) -> datetime:
        """Until when it can be attached."""
        return self.context.created_at + LIFE


def capture(*, by: Principal, facts: Facts, sender: str | None, landlord_id: UUID | None, now: datetime) -> Captured:
    """
    Keep what was collected, sealed, in HMRC's form; say what is lacking.

    `sender`: the address from which the request reached us. Raises NotFound for a landlord nobody knows.
    """
    if landlord_id is not None:
        records.get(landlord_id=landlord_id)
    built = fraud.build(settings.VENDOR.completed(facts, sender=sender), agreed=settings.VENDOR.agreed)
    context = FraudContext.capture(
        by=by,
        landlord_id=landlord_id,
        connection_method=facts["connection_method"],
        headers=json.dumps(dict(built.headers)),
        missing=[note._asdict() for note in built.missing],
        now=now,
    )
    return Captured(context, built.missing, built.warnings)


def attach(*, by: Principal, context_id: UUID | None, landlord_id: UUID, now: datetime) -> UUID | None:
    """
    The context's id, if it may go with what `by` asks for this landlord.

    In `local` none is needed, and a whole one can't be had. Raises FraudContextRequired, FraudContextUnknown,
    FraudContextExpired, FraudContextIncomplete.
    """
    return click(by=by, context_id=context_id, now=now).go_with(landlord_id)


@dataclass(frozen=True)
class Click:
    """What may go with what one person asked at one moment, for however many landlords."""

    context: FraudContext | None

    def go_with(self, landlord_id: UUID) -> UUID | None:
        """The context's id. Raises FraudContextUnknown if it was left for another landlord."""
        if self.context is None:
            return None
        if self.context.landlord_id not in {None, landlord_id}:
            raise errors.FraudContextUnknown
        return self.context.pk


def click(*, by: Principal, context_id: UUID | None, now: datetime) -> Click:
    """Raises FraudContextRequired, FraudContextUnknown, FraudContextExpired, FraudContextIncomplete."""
    is_local = settings.HMRC.name == "local"
    if context_id is None:
        if is_local:
            return Click(None)
        raise errors.FraudContextRequired
    context = FraudContext.of(by, context_id)
    if context is None:
        raise errors.FraudContextUnknown
    if now >= context.created_at + LIFE:
        raise errors.FraudContextExpired
    lacking = [note for note in context.missing if note["header"] not in settings.VENDOR.agreed]
    if lacking and not is_local:
        raise errors.FraudContextIncomplete(errors=list(map(_fault, lacking)))
    return Click(context)


def kept(*, context_id: UUID, landlord_id: UUID) -> UUID:
    """The context's id, if its headers are still there and may go with a call for this landlord, whoever left it.

    For operators. Raises FraudContextUnknown.
    """
    context = FraudContext.objects.filter(pk=context_id, headers__isnull=False).first()
    if context is None or context.landlord_id not in {None, landlord_id}:
        raise errors.FraudContextUnknown
    return context_id


def of_person(context_id: UUID | None) -> Mapping[str, str]:
    """The headers of whoever asked; none, if they left no context."""
    return {} if context_id is None else Headers(lambda: _open(context_id))


def of_host() -> Mapping[str, str]:
    """The headers of this host, for what nobody asked for."""
    return Headers(_host)


def wipe(*, but: Sequence[QuerySet[Any]], attached: Sequence[QuerySet[Any]], now: datetime) -> int:
    """Wipe what can't be attached any more and is not awaited by anything under way, `but` included.

    What was attached to nothing, `attached` included, is dropped.
    """
    awaited = [*but, Operation.objects.filter(finished_at=None), ConnectSession.objects.filter(status__in=OPEN)]
    used = [*attached, Operation.objects.all(), ConnectSession.objects.all()]
    # Twice the life: what was attached at the last moment has been committed by then.
    return FraudContext.wipe(before=now - 2 * LIFE, but=awaited, attached=used)


class Headers(Mapping[str, str]):
    """Headers that are made when they are first looked at: at the line that sends them. A repr shows none."""

    def __init__(self, make: Callable[[], Mapping[str, str]]) -> None:
        self._make = make

    def __getitem__(self, name: str) -> str:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __repr__(self) -> str:
        return "Headers()"

    @cached_property
    def _made(self) -> Mapping[str, str]:
        return self._make()


def _open(context_id: UUID) -> Mapping[str, str]:
    sealed = FraudContext.objects.get(pk=context_id).headers
    if sealed is None:
        log.error("fraud_context.wiped_too_early", context=str(context_id))
        return {}
    with sealed.open(reason="sent to HMRC") as headers:
        return dict(json.loads(headers))


def _host() -> Mapping[str, str]:
    facts = fraud_host.facts(vendor=settings.VENDOR, now=clock.now())
    return fraud.build(settings.VENDOR.completed(facts), agreed=settings.VENDOR.agreed).headers


def _fault(note: Mapping[str, str]) -> FieldFault:
    return FieldFault(f"/fraud_context_id/{note['header']}", note["code"], note["how_to_mend"])
