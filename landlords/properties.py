"""Properties and who owns them: one landlord, or several with a share each, of whom each connects for themselves."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from events import audit, outbox
from landlords.errors import PropertyReferenceTaken
from landlords.models import Landlord, Property, Share
from people.principal import Principal
from tenants.faults import FieldFault, Invalid, NotFound, Stale
from tenants.ids import new_id

_PLAIN = ("reference", "address", "postcode", "external_ids")
_WHOLE = Decimal(100)


def kept() -> QuerySet[Property]:
    """All that are not archived, each with the shares of landlords who are not archived, the largest first."""
    shares = Share.objects.filter(landlord__archived_at=None).select_related("landlord__connection__grant")
    return Property.objects.kept().prefetch_related(Prefetch("shares", shares.order_by("-percent", "landlord_id")))


def get(*, property_id: UUID) -> Property:
    """Raises NotFound; an archived property is not found."""
    found = kept().filter(pk=property_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def create(*, by: Principal, given: Mapping[str, Any], now: datetime) -> Property:
    """Put a property on file, with its owners. Raises NotFound (an owner), Invalid (shares), PropertyReferenceTaken."""
    made = Property(id=new_id(), created_at=now, updated_at=now, **_plain(given))
    made.reference = made.reference or f"P-{made.id.hex[-12:]}"
    with _unique():
        made.save(force_insert=True)
    _own(made, given.get("owners", ()))
    _tell(made, "created", by=by, now=now)
    return get(property_id=made.pk)


@transaction.atomic
def change(
    *, by: Principal, property_id: UUID, given: Mapping[str, Any], expected: int | None, now: datetime
) -> Property:
    """Change what is given and nothing else; `owners` are all that there are from now on.

    Raises NotFound, Stale, Invalid (shares), PropertyReferenceTaken.
    """
    found = get(property_id=property_id)
    with _unique():
        if not found.change(expected=expected, now=now, **_plain(given)):
            raise Stale
    if "owners" in given:
        found.shares.filter(landlord__archived_at=None).delete()
        _own(found, given["owners"])
    _tell(found, "changed", by=by, now=now, fields=sorted(given))
    return get(property_id=property_id)


@transaction.atomic
def archive(*, by: Principal, property_id: UUID, expected: int | None, now: datetime) -> None:
    """Take it off the lists; nothing is deleted. Raises NotFound, Stale."""
    found = get(property_id=property_id)
    if not found.change(expected=expected, now=now, archived_at=now):
        raise Stale
    _tell(found, "archived", by=by, now=now)


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in _PLAIN if name in given}


def _own(owned: Property, owners: Sequence[Mapping[str, Any]]) -> None:
    ids = [owner["landlord_id"] for owner in owners]
    if Landlord.objects.kept().filter(pk__in=ids).count() != len(set(ids)):
        raise NotFound
    faults = [
        FieldFault(f"/owners/{place}/landlord_id", "owner_twice", "Each owner is named once.")
        for place, landlord_id in enumerate(ids)
        if landlord_id in ids[:place]
    ]
    if sum(owner["share"] for owner in owners) > _WHOLE:
        faults.append(FieldFault("/owners", "more_than_whole", "Shares are per cent, of 100 together at most."))
    if faults:
        raise Invalid(errors=faults)
    Share.objects.bulk_create(
        Share(property=owned, landlord_id=owner["landlord_id"], percent=owner["share"]) for owner in owners
    )


def _tell(what: Property, done: str, *, by: Principal, now: datetime, **detail: Any) -> None:
    subject: dict[str, Any] = {"subject_type": "property", "subject_id": what.pk, "now": now}
    audit.record(by=by, action=f"property.{done}", **subject, **detail)
    outbox.publish(type=f"property.{done}", **subject)


@contextmanager
def _unique() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise PropertyReferenceTaken from None
