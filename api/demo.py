"""The demo agency: made once, found again at every later start."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from events import governance
from landlords import records
from landlords.models import Landlord
from mtd import mandates
from people import keys, staff
from people.models import User
from people.principal import SYSTEM, Principal, PrincipalKind
from people.scopes import KEY_SCOPES
from tenants import credentials
from tenants.context import tenant
from tenants.errors import CredentialMalformed
from tenants.models import Agency, Credential, Domain

OWNER = "owner@demo.example"
# One's own machine, any port: whatever front end a developer runs may call and be returned to.
LOOPBACK = ["http://localhost:*", "http://127.0.0.1:*", "http://demo.localhost:*"]
MANDATE = {"kind": "standing", "evidence": "The demo's landlords have agreed to everything."}
_OPERATOR = Principal(PrincipalKind.SYSTEM, SYSTEM.id, KEY_SCOPES)


@transaction.atomic
def ensure(
    *, users: Sequence[Mapping[str, Any]], known: Mapping[str, Any], password: str, front_end: str, now: datetime
) -> dict[str, Any]:
    """The demo agency, its owner, its key and its landlords; what is there is left as it is."""
    domain = Domain.objects.filter(domain=settings.DEMO_HOST).select_related("tenant").first()
    agency = domain.tenant if domain else _create(front_end, now)
    with tenant(agency):
        owner = User.objects.get(email=OWNER)
        if known.get("staff_password") != password or not owner.has_usable_password():
            staff.set_password(user_id=owner.pk, password=password)
        return {
            "agency_host": settings.DEMO_HOST,
            "api_key": _key(agency, str(known.get("api_key", "")), now),
            "staff_email": OWNER,
            "staff_password": password,
            "landlords": [_landlord(user, number, now) for number, user in enumerate(users, start=1)],
        }


def _create(front_end: str, now: datetime) -> Agency:
    agency = governance.create_agency(by=SYSTEM, name="Demo Lettings", host=settings.DEMO_HOST, owner=OWNER, now=now)
    with tenant(agency):
        given = {"return_urls": LOOPBACK, "allowed_origins": LOOPBACK, "front_end_url": front_end}
        return governance.change_agency(by=SYSTEM, given=given, now=now)


def _key(agency: Agency, known: str, now: datetime) -> str:
    try:
        live = Credential.get_live(credentials.parse(known).digest, now=now)
    except CredentialMalformed:
        live = None
    if live is not None and live.agency_id == agency.pk:
        return known
    return keys.make_key(by=_OPERATOR, name="demo", scopes=KEY_SCOPES, expires_at=None).secret


def _landlord(user: Mapping[str, Any], number: int, now: datetime) -> dict[str, Any]:
    reference = f"DEMO-{number:03}"
    landlord = Landlord.objects.kept().filter(reference=reference).first()
    if landlord is None:
        given = {
            "reference": reference,
            "full_name": user["full_name"],
            "email": f"landlord{number}@demo.example",
            "nino": user["nino"],
        }
        landlord = records.create(by=SYSTEM, given=given, now=now)
    if not mandates.of(landlord_id=landlord.pk):
        mandates.record(by=SYSTEM, landlord_id=landlord.pk, given=MANDATE, now=now)
    return {
        "id": str(landlord.pk),
        "reference": reference,
        "nino": user["nino"],
        "hmrc_user_id": user["user_id"],
        "hmrc_password": user["password"],
    }
