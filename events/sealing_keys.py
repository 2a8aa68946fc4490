"""New versions of an agency's data keys, and the end of old ones: made by the vault, told and audited here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from events import audit, outbox
from people.principal import Principal
from tenants.context import current_agency
from tenants.vault import Purpose, versions
from tenants.vault.versions import Added, Retired, Unused


@transaction.atomic
def rotate(*, by: Principal, purposes: Sequence[Purpose], now: datetime) -> list[Added]:
    """A new version for each of these purposes of the current agency that has a key and no new one waiting.

    Raises KeyDenied if this process is not given one of them.
    """
    agency_id = current_agency().pk
    added = [one for one in (versions.add(agency_id, purpose) for purpose in purposes) if one is not None]
    for one in added:
        data: dict[str, Any] = {**one._asdict(), "seals_from": one.seals_from.isoformat()}
        subject: dict[str, Any] = {"subject_type": "agency", "subject_id": agency_id, "now": now}
        audit.record(by=by, action="key.rotated", **subject, **data)
        outbox.publish(type="key.rotated", **subject, **data)
    return added


@transaction.atomic
def retire(*, by: Principal, before: Unused, now: datetime) -> Retired:
    """Delete the current agency's versions that nothing was sealed with before, and nothing is now."""
    agency_id, done = current_agency().pk, versions.retire(before)
    for purpose, version in done.versions:
        said = {"purpose": purpose, "version": version}
        audit.record(by=by, action="key.retired", subject_type="agency", subject_id=agency_id, now=now, **said)
    return done
