"""All there is of a landlord, or of the agency, as a file: asked for, made by a worker, fetched for a while."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from events import audit, outbox
from landlords.models import Landlord
from leaving import files, personal, rows
from leaving.errors import ExportNotReady, ExportOver
from leaving.models import Export
from people import staff
from people.models import Operation
from people.principal import Principal
from tenants import clock, due
from tenants.context import current_agency, tenant
from tenants.errors import SealBroken
from tenants.faults import NotFound

log = structlog.get_logger()

KEPT = timedelta(days=3)
# Nobody makes so large a file for so long; a worker that was killed is followed by another after it.
_LEASE = timedelta(minutes=30)


def ask_landlord(*, by: Principal, landlord_id: UUID, now: datetime) -> Operation:
    """Ask for all there is of one landlord, archived or not. Raises NotFound."""
    if not Landlord.objects.filter(pk=landlord_id, erased_at=None).exists():
        raise NotFound
    return _ask(by, "landlord", landlord_id, landlord_id, now)


def ask_agency(*, by: Principal, now: datetime) -> Operation:
    """Ask for everything. Raises OwnersOnly."""
    staff.owners_only(by)
    return _ask(by, "agency", current_agency().pk, None, now)


def get(*, by: Principal, export_id: UUID) -> Export:
    """Raises NotFound; OwnersOnly for the agency's."""
    found = Export.objects.filter(pk=export_id).first()
    if found is None:
        raise NotFound
    if found.landlord_id is None:
        staff.owners_only(by)
    return found


def fetch(*, by: Principal, export_id: UUID, now: datetime) -> tuple[Export, Iterator[bytes]]:
    """The file; that it was fetched is audited. Raises NotFound, OwnersOnly, ExportNotReady, ExportOver."""
    export = get(by=by, export_id=export_id)
    if export.wiped_at is not None or (export.expires_at is not None and export.expires_at <= now):
        raise ExportOver
    if export.ready_at is None:
        raise ExportNotReady
    audit.record(by=by, action="export.fetched", subject_type="export", subject_id=export_id, now=now)
    return export, _stream(export, current_agency().pk)


def run(*, export_id: UUID) -> None:
    """Make the file. Safe to run twice, late, or never: whoever is killed leaves parts that are not the file's."""
    now = clock.now()
    export = Export.objects.filter(pk=export_id).first()
    if export is None or not export.claim():
        return _drop(export_id, ExportOver.code, now)
    due.put_off(kind=due.Kind.EXPORT, subject_id=export_id, until=now + _LEASE)
    operation = Operation.objects.get(pk=export_id)
    operation.start()
    try:
        made = files.make(export, _tables(export.landlord_id), about=_about(export))
    except SealBroken as why:
        export.wipe(now=clock.now())
        return _drop(export_id, why.code, clock.now())
    return _finish(export, operation, made, clock.now())


def wipe(*, export_id: UUID, now: datetime) -> None:
    """Its time is over. Safe to run twice, late, or never: after its time nothing is handed out."""
    with transaction.atomic():
        for export in Export.objects.filter(pk=export_id):
            export.wipe(now=now)
        due.done(kind=due.Kind.WIPE_EXPORT, subject_id=export_id)


def _ask(by: Principal, what: str, subject_id: UUID, landlord_id: UUID | None, now: datetime) -> Operation:
    with transaction.atomic():
        operation = Operation.open(
            kind=f"export.{what}", subject_type=what, subject_id=subject_id, landlord_id=landlord_id, now=now
        )
        Export.ask(operation.pk, by=by, landlord_id=landlord_id, now=now)
        due.want(kind=due.Kind.EXPORT, subject_id=operation.pk, lane=due.Lane.BULK)
        said: dict[str, Any] = {"subject_type": what, "subject_id": subject_id, "now": now}
        audit.record(by=by, action=f"{what}.export_asked", **said, export=str(operation.pk))
    return operation


def _drop(export_id: UUID, code: str, now: datetime) -> None:
    """There is nothing to make, or it can't be made."""
    for operation in Operation.objects.filter(pk=export_id):
        operation.fail(now=now, code=code)
    due.done(kind=due.Kind.EXPORT, subject_id=export_id)


def _finish(export: Export, operation: Operation, made: files.Made, now: datetime) -> None:
    with transaction.atomic():
        if not export.finish(size=made.size, sha256=made.sha256, now=now, expires_at=now + KEPT):
            export.parts.filter(fence=export.fence).delete()  # somebody else makes it, or it is not to be any more
            return
        operation.succeed(now=now, result={"export": str(export.pk), "size": made.size, "rows": made.counts})
        due.done(kind=due.Kind.EXPORT, subject_id=export.pk)
        due.put(kind=due.Kind.WIPE_EXPORT, subject_id=export.pk, lane=due.Lane.BACKGROUND, at=now + KEPT)
        outbox.publish(type="export.ready", subject_type="export", subject_id=export.pk, now=now)
    log.info("export.ready", export=str(export.pk), size=made.size)


def _tables(landlord_id: UUID | None) -> Iterator[QuerySet[Any]]:
    if landlord_id is None:
        yield from (model._default_manager.all() for model in _every_model())
        return
    ids = everybody(landlord_id)
    for table in personal.TABLES:
        if table.exported:
            yield table.model._default_manager.filter(table.of(ids)).distinct()


def everybody(landlord_id: UUID) -> list[UUID]:
    """The landlord's id, and those of the duplicates that were merged into it."""
    return [landlord_id, *Landlord.objects.filter(merged_into=landlord_id).values_list("pk", flat=True)]


def _every_model() -> Iterator[type[Model]]:
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            every = config.get_models(include_auto_created=True)
            yield from (model for model in every if model._meta.label not in rows.SECRET_TABLES)


def _about(export: Export) -> dict[str, Any]:
    agency = current_agency()
    return {
        "agency": {"id": agency.pk, "name": agency.name},
        "landlord_id": export.landlord_id,
        "asked_at": export.created_at,
        "left_out": "tokens, codes, passwords, second factors, sessions and remembered answers",
        "settings": {name: getattr(agency, name) for name in _SETTINGS} if export.landlord_id is None else None,
    }


_SETTINGS = ("allowed_origins", "return_urls", "front_end_url", "reconnect_mail", "mail_name", "mail_reply_to")


def _stream(export: Export, agency_id: UUID) -> Iterator[bytes]:
    # The answer goes out when the request's own visit to the agency is over.
    with tenant(agency_id):
        many = export.parts.filter(fence=export.fence).count()
    for number in range(many):
        with tenant(agency_id):
            part = files.part(export, number)
        yield part
