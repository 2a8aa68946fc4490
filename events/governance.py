"""Changes of agencies, staff and keys: the lower rooms make them, here they are audited in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import audit, outbox
from people import keys, staff
from people.models import Role, User
from people.principal import Principal
from tenants import provisioning
from tenants.context import current_agency, tenant
from tenants.errors import AgencyLeaving
from tenants.faults import FieldFault, Invalid, NotFound
from tenants.models import Agency
from tenants.models.agency import AgencyStatus


@transaction.atomic
def create_agency(*, by: Principal, name: str, host: str, owner: str, now: datetime, front_end_url: str = "") -> Agency:
    """An agency with its owner invited by mail, whose link leads to the front end. All of it or nothing.

    Raises AgencyTaken, Invalid.
    """
    agency = provisioning.create_agency(name=name, host=host)
    if front_end_url:
        agency.front_end_url = front_end_url
        agency.save(update_fields=["front_end_url"])
    with tenant(agency):
        audit.record(by=by, action="agency.created", subject_type="agency", subject_id=agency.pk, now=now)
        staff.invite_staff(email=owner, role=Role.OWNER, invited_by=by, now=now)
    return agency


@transaction.atomic
def suspend_agency(*, by: Principal, agency_id: UUID, reason: str, now: datetime) -> Agency:
    """Close the API to the agency and let its work wait, tokens and all. Nothing is lost, and nothing is destroyed.

    Raises NotFound, AgencyLeaving.
    """
    return _move_agency(by, agency_id, AgencyStatus.SUSPENDED, "suspended", now, reason=reason)


@transaction.atomic
def resume_agency(*, by: Principal, agency_id: UUID, now: datetime) -> Agency:
    """Let the agency go on, with all that waited. Raises NotFound, AgencyLeaving."""
    return _move_agency(by, agency_id, AgencyStatus.ACTIVE, "resumed", now)


def get_agency(*, agency_id: UUID) -> Agency:
    """Raises NotFound."""
    found: Agency | None = Agency.objects.filter(pk=agency_id).first()
    if found is None:
        raise NotFound
    return found


def _move_agency(by: Principal, agency_id: UUID, to: AgencyStatus, what: str, now: datetime, **detail: Any) -> Agency:
    """Nothing is said of what was so before."""
    agency = get_agency(agency_id=agency_id)
    others = Agency.objects.filter(pk=agency_id).exclude(status__in=[to, AgencyStatus.LEAVING])
    if others.update(status=to, updated_at=now):
        subject: dict[str, Any] = {"subject_type": "agency", "subject_id": agency_id, "now": now}
        with tenant(agency):
            audit.record(by=by, action=f"agency.{what}", **subject, **detail)
            outbox.publish(type=f"agency.{what}", **subject)
    agency.refresh_from_db()
    if agency.status == AgencyStatus.LEAVING:
        raise AgencyLeaving
    return agency


def change_agency(*, by: Principal, given: Mapping[str, Any], now: datetime) -> Agency:
    """Change the current agency's settings.

    Raises OwnersOnly for front_end_url from anybody else: links that choose a password, an owner's too, lead there.
    """
    if "front_end_url" in given:
        staff.owners_only(by)
    agency: Agency = Agency.objects.get(pk=current_agency().pk)
    for name, value in given.items():
        setattr(agency, name, value)
    agency.save(update_fields=[*given, "updated_at"])
    audit.record(
        by=by, action="agency.changed", subject_type="agency", subject_id=agency.pk, now=now, fields=sorted(given)
    )
    return agency


def make_key(*, by: Principal, given: Mapping[str, Any], now: datetime) -> keys.MadeKey:
    """Raises Invalid, ScopeNotYours."""
    ends = given.get("expires_at")
    if ends is not None and ends <= now:
        raise Invalid(errors=[FieldFault("/expires_at", "past", "A time to come, or none.")])
    made = keys.make_key(by=by, name=given["name"], scopes=given["scopes"], expires_at=ends)
    audit.record(
        by=by, action="api_key.created", subject_type="api_key", subject_id=made.key.pk, now=now, scopes=made.key.scopes
    )
    return made


def revoke_key(*, by: Principal, key_id: UUID, now: datetime) -> None:
    """Raises NotFound."""
    keys.revoke_key(key_id=key_id, now=now)
    audit.record(by=by, action="api_key.revoked", subject_type="api_key", subject_id=key_id, now=now)


def invite_staff(*, by: Principal, given: Mapping[str, Any], now: datetime) -> User:
    """Raises Invalid, EmailTaken, OwnersOnly."""
    user = staff.invite_staff(**given, invited_by=by, now=now)
    audit.record(by=by, action="staff.invited", subject_type="staff", subject_id=user.pk, now=now, role=user.role)
    return user


def change_role(*, by: Principal, user_id: UUID, role: str, now: datetime) -> User:
    """Raises NotFound, OwnersOnly, LastOwner."""
    user = staff.change_role(user_id=user_id, role=role, by=by)
    audit.record(by=by, action="staff.role_changed", subject_type="staff", subject_id=user_id, now=now, role=role)
    return user


def deactivate_staff(*, by: Principal, user_id: UUID, now: datetime) -> None:
    """Raises NotFound, OwnersOnly, LastOwner."""
    staff.deactivate(user_id=user_id, by=by)
    audit.record(by=by, action="staff.deactivated", subject_type="staff", subject_id=user_id, now=now)
