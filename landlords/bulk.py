"""Inviting thousands at once: rows are kept at once, and a worker makes the invitations, a part at a time. Each part is
one transaction, so that whoever is killed leaves whole parts behind, and whoever comes next goes on with the next one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from events import audit, outbox
from landlords import invitations, outgoing, stops
from landlords.errors import AskedLately, MailStopped, NoEmail, NoFrontEnd, NotChased, NothingToAsk, RowTwice
from landlords.models import (
    Campaign,
    Deliver,
    Invitation,
    InvitationBatch,
    InvitationPurpose,
    InvitationRow,
    InvitationRowStatus,
    InvitationStatus,
    Landlord,
    MailSettings,
)
from landlords.reminders import Settled
from people.models import Operation
from people.principal import Principal
from tenants import clock, due
from tenants.context import current_agency
from tenants.db import connection as database
from tenants.failpoints import failpoint
from tenants.faults import NotFound

POINTS = ("invite.in_part", "invite.after_part")
MOST_ROWS = 10_000
PART = 500
_RESULT = ["status", "code", "landlord", "invitation"]
_OVER = (InvitationStatus.USED, InvitationStatus.REVOKED)


class NumberedLink(NamedTuple):
    """A link that was made just now, and the row it is for."""

    row: InvitationRow
    token: str
    url: str


def create(
    *,
    by: Principal,
    named: Sequence[UUID | str],
    purpose: InvitationPurpose,
    deliver: Deliver,
    now: datetime,
    campaign: Campaign | None = None,
) -> InvitationBatch:
    """Keep the rows, each a landlord's id or reference, for a worker. Raises NoFrontEnd if it can't mail anybody."""
    if deliver is Deliver.MAIL and not current_agency().front_end_url:
        raise NoFrontEnd
    batch = InvitationBatch.objects.create(
        campaign=campaign,
        purpose=purpose,
        deliver=deliver,
        size=len(named),
        created_by_kind=by.kind,
        created_by_id=by.id,
        created_at=now,
    )
    rows = (InvitationRow.of(batch, number, who) for number, who in enumerate(named, start=1))
    InvitationRow.objects.bulk_create(rows, batch_size=2000)
    subject: dict[str, Any] = {"subject_type": "invitation_batch", "subject_id": batch.pk, "now": now}
    Operation.open(kind="invitation_batch", **subject, id=batch.pk)
    due.put(kind=due.Kind.INVITE, subject_id=batch.pk, lane=due.Lane.BULK)
    audit.record(by=by, action="invitation_batch.created", **subject, rows=batch.size, deliver=deliver)
    return batch


def get(*, batch_id: UUID) -> InvitationBatch:
    """Raises NotFound."""
    found = InvitationBatch.objects.filter(pk=batch_id).first()
    if found is None:
        raise NotFound
    return found


def counts(batches: Sequence[InvitationBatch]) -> dict[UUID, dict[str, int]]:
    """How many rows of each are in which state; of those made, by the state of the mail."""
    found: dict[UUID, dict[str, int]] = {batch.pk: {} for batch in batches}
    rows = InvitationRow.objects.filter(batch__in=found).values("batch_id", "status").annotate(many=Count("pk"))
    for row in rows:
        found[row["batch_id"]][row["status"]] = row["many"]
    return found


def cancel(*, by: Principal, batch_id: UUID, now: datetime) -> InvitationBatch:
    """Invite nobody more by it. Invitations that were made stand; revoke those. Raises NotFound."""
    with transaction.atomic():
        batch = InvitationBatch.hold(batch_id)
        if batch is None:
            raise NotFound
        if batch.cancel(now=now):
            batch.rows.filter(status=InvitationRowStatus.WAITING).update(status=InvitationRowStatus.CANCELLED)
            subject: dict[str, Any] = {"subject_type": "invitation_batch", "subject_id": batch_id, "now": now}
            audit.record(by=by, action="invitation_batch.cancelled", **subject)
            _finish(batch, now)
    return get(batch_id=batch_id)


def links(*, by: Principal, batch_id: UUID, after: int, limit: int, now: datetime) -> list[NumberedLink]:
    """New links for rows whose number is beyond `after`, for the agency to send itself. Earlier links go on working, so
    that an answer that was lost can be asked for again. Raises NotFound, NoFrontEnd.
    """
    if not current_agency().front_end_url:
        raise NoFrontEnd
    rows = get(batch_id=batch_id).rows.filter(
        number__gt=after, status=InvitationRowStatus.MADE, invitation__expires_at__gt=now
    )
    usable = rows.exclude(invitation__status__in=_OVER).select_related("invitation", "landlord").order_by("number")
    made = [NumberedLink(row, *invitations.link(row.invitation)[:2]) for row in usable[:limit] if row.invitation]
    ids = {each.row.invitation_id: {"batch": str(batch_id)} for each in made if each.row.invitation_id}
    audit.record_all(by=by, action="invitation.link_made", subject_type="invitation", details=ids, now=now)
    return made


def run(*, batch_id: UUID, settled: Settled) -> None:
    """Make what nobody made yet. Safe to run twice, late, or never: two at once wait for each other at every part."""
    while _step(batch_id, settled, clock.now()):
        failpoint("invite.after_part")


def unfinished() -> Iterator[UUID]:
    """Batches of which rows are still to be looked at."""
    waiting = InvitationBatch.objects.filter(rows__status=InvitationRowStatus.WAITING)
    yield from waiting.values_list("pk", flat=True).distinct()


def _step(batch_id: UUID, settled: Settled, now: datetime) -> bool:
    """Whether there may be more to do."""
    with transaction.atomic():
        _one_at_a_time()
        batch = InvitationBatch.hold(batch_id)
        waiting = (
            []
            if batch is None
            else list(batch.rows.filter(status=InvitationRowStatus.WAITING).order_by("number")[:PART])
        )
        if batch is None or not waiting:
            due.done(kind=due.Kind.INVITE, subject_id=batch_id)
            return False
        _Part(batch, waiting, settled, now).make()
        if not batch.rows.filter(status=InvitationRowStatus.WAITING).exists():
            _finish(batch, now)
        failpoint("invite.in_part")
        return True


def _one_at_a_time() -> None:
    """Two batches of an agency must not both find that a landlord was not mailed yet."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"invite:{current_agency().pk}"])


def _finish(batch: InvitationBatch, now: datetime) -> None:
    due.done(kind=due.Kind.INVITE, subject_id=batch.pk)
    said = counts([batch])[batch.pk]
    for operation in Operation.objects.filter(pk=batch.pk):
        operation.succeed(now=now, result=dict(said))
    outbox.publish(type="invitations.made", subject_type="invitation_batch", subject_id=batch.pk, now=now, **said)


class _Part:
    """Some rows of a batch, and what must be known of their landlords: asked for all of them at once."""

    def __init__(self, batch: InvitationBatch, rows: Sequence[InvitationRow], settled: Settled, now: datetime) -> None:
        self._batch, self._rows, self._now = batch, rows, now
        self._named = _named(rows)
        ids = {landlord.pk for landlord in self._named.values()}
        self._chased = set(Landlord.objects.chased().filter(pk__in=ids).values_list("pk", flat=True))
        self._settled = settled(ids, batch.created_at if batch.purpose == InvitationPurpose.RECONNECT else None)
        self._stopped = stops.stopped(ids) if self._mails else {}
        cooldown = timedelta(days=MailSettings.current().cooldown_days)
        asked = outgoing.asked_since(list(self._named.values()), since=now - cooldown) if self._mails else {}
        self._asked = {landlord.pk for landlord in asked}
        made = batch.rows.filter(status=InvitationRowStatus.MADE, landlord__in=ids)
        self._taken = set(made.values_list("landlord_id", flat=True))

    def make(self) -> None:
        """Invitations for those who need one, with their mails; for the others, why not."""
        made = [invitation for row in self._rows if (invitation := self._look_at(row))]
        Invitation.objects.bulk_create(made)
        # Written over, since they are there: many times as quick as Django's bulk_update.
        InvitationRow.objects.bulk_create(
            self._rows, update_conflicts=True, unique_fields=["id"], update_fields=_RESULT
        )
        ids = {each.landlord_id: {"invitation": str(each.pk), "purpose": each.purpose} for each in made}
        same: dict[str, Any] = {"subject_type": "landlord", "now": self._now}
        audit.record_all(by=self._batch.by, action="invitation.created", details=ids, **same)
        if self._mails and made:
            outgoing.queue([outgoing.of_invitation(each, now=self._now) for each in made], now=self._now)

    def _look_at(self, row: InvitationRow) -> Invitation | None:
        landlord = self._named.get(row.named_id or row.named_reference)
        row.code = NotFound.code if landlord is None else self._why_not(landlord)
        row.landlord = landlord
        row.status = InvitationRowStatus.REFUSED if row.code else InvitationRowStatus.MADE
        if landlord is None or row.code:
            return None
        self._taken.add(landlord.pk)
        row.invitation = Invitation(
            landlord=landlord,
            purpose=self._batch.purpose,
            created_at=self._now,
            expires_at=self._now + invitations.INVITATION_LIFE,
        )
        return row.invitation

    def _why_not(self, landlord: Landlord) -> str:
        """The code of the first thing that stands in the way; empty if nothing does."""
        hindrances = {
            RowTwice.code: landlord.pk in self._taken,
            NotChased.code: landlord.pk not in self._chased,
            NothingToAsk.code: landlord.pk in self._settled,
            NoEmail.code: self._mails and not landlord.email,
            MailStopped.code: landlord.pk in self._stopped,
            AskedLately.code: landlord.pk in self._asked,
        }
        return next((code for code, stands in hindrances.items() if stands), "")

    @property
    def _mails(self) -> bool:
        return self._batch.deliver == Deliver.MAIL


def _named(rows: Sequence[InvitationRow]) -> Mapping[UUID | str, Landlord]:
    """The kept landlords whom these rows name, by what they are named."""
    ids = [row.named_id for row in rows if row.named_id]
    references = [row.named_reference for row in rows if row.named_reference]
    kept = Landlord.objects.kept()
    found: dict[UUID | str, Landlord] = {landlord.pk: landlord for landlord in kept.filter(pk__in=ids)} if ids else {}
    if references:
        found |= {landlord.reference: landlord for landlord in kept.filter(reference__in=references)}
    return found
