"""A landlord of whom there is something in every table that can hold something, and how to look for it afterwards."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from hmrc_oauth.models import Grant, NinoClaim
from landlords import invitations, records
from landlords.models import ImportRow, Landlord, LandlordImport, Mail, MailStop, SignInCode
from leaving import exports
from mtd.models import (
    AnnualSubmission,
    Attempt,
    Business,
    Held,
    ItsaStatus,
    Mandate,
    Obligation,
    Readiness,
    Reading,
    Step,
    Submission,
    SubmissionStatus,
    Write,
    WriteStatus,
)
from people.models import FraudContext, IdempotencyRecord
from people.principal import SYSTEM, Principal, PrincipalKind
from tenants import clock
from tenants.ids import new_id
from tenants.models import Agency
from tests.api import world

NINO = "AA987654A"
# Words that stand nowhere else.
NAME, EMAIL, REFERENCE, PROOF, ADDRESS = "Zelda Quux", "zelda@quux.example", "QUUX-77", "drawer 4711", "9 Quux Lane"
WORDS = (NAME, EMAIL, REFERENCE, PROOF, ADDRESS, "crm-0815", "quuxtag", "Z. Quux herself", "Quux Lettings")


def known_everywhere(agency: Agency) -> Landlord:
    """She is connected, has filed, and owns a house; nothing is under way."""
    now = clock.now()
    made = world.build(agency, nino=NINO, now=now)
    landlord = records.change(
        by=SYSTEM,
        landlord_id=UUID(made.landlord_id),
        given={
            "full_name": NAME,
            "email": EMAIL,
            "reference": REFERENCE,
            "external_ids": {"crm": "crm-0815"},
            "tags": ["quuxtag"],
        },
        expected=None,
        now=now,
    )
    landlord.shares.get().property.change(expected=None, now=now, address=ADDRESS)
    _read_from_hmrc(landlord)
    _left_by_herself(landlord)
    _onboarded(landlord)
    settle(landlord)
    return landlord


def settle(landlord: Landlord) -> None:
    """Nothing of hers is under way any more."""
    said = {"accepted": True, "covers_whole_business": True, "name": "Z. Quux herself"}
    mine = Submission.objects.filter(landlord=landlord)
    mine.update(status=SubmissionStatus.ACCEPTED, declaration=said, correlation_id="c-1")
    Write.objects.filter(landlord=landlord).update(status=WriteStatus.ACCEPTED, declaration=said)
    for submission in mine:
        Attempt.begin(submission, what=Step.PUT, now=clock.now())


def _read_from_hmrc(landlord: Landlord) -> None:
    now, place = clock.now(), {"landlord": landlord, "business_id": world.BUSINESS, "tax_year": "2026-27"}
    Business.objects.filter(landlord=landlord).update(trading_name="Quux Lettings")
    Reading.objects.create(landlord=landlord, what="obligations", fetched_at=now)
    ItsaStatus.objects.create(landlord=landlord, tax_year="2026-27", status="MTD Mandated", submitted_on=now)
    annual, held = AnnualSubmission(**place), Held(**place, read_at=now)
    annual.content, held.body = annual.seal("content", "{}"), held.seal("body", '{"figures": {}}')
    annual.save(force_insert=True)
    held.save(force_insert=True)
    day = date(2026, 7, 5)
    Obligation.objects.create(
        landlord=landlord,
        business_id=world.BUSINESS,
        type_of_business="uk-property",
        period_start=day - timedelta(days=90),
        period_end=day,
        due_date=day + timedelta(days=33),
        status="open",
    )
    Mandate.objects.filter(landlord=landlord).update(evidence=PROOF)


def _onboarded(landlord: Landlord) -> None:
    now = clock.now()
    code = SignInCode.objects.create(
        landlord=landlord, connect_session_id=new_id(), created_at=now, expires_at=now + timedelta(minutes=10)
    )
    Mail.objects.create(landlord=landlord, code=code, kind="code", status="sent", queued_at=now)
    MailStop.objects.create(landlord=landlord, reason="bounced", address=EMAIL, at=now)
    of_grant = {"grant": Grant.objects.filter(landlord_id=landlord.pk).first(), "status": "confirmed"}
    claim = NinoClaim(landlord=landlord, nino_mask="AA****54A", created_at=now, **of_grant)
    claim.nino = claim.seal("nino", NINO)
    claim.save(force_insert=True)
    Readiness.objects.create(landlord=landlord, status="ready", tax_year="2026-27", assessed_at=now, changed_at=now)
    taken = LandlordImport.objects.earliest("created_at")
    ImportRow.objects.create(landlord_import=taken, number=77, status="created", landlord=landlord)


def _left_by_herself(landlord: Landlord) -> None:
    now, herself = clock.now(), Principal(PrincipalKind.LANDLORD, landlord.pk, frozenset())
    invited = invitations.invite(by=SYSTEM, landlord_id=landlord.pk, by_mail=False, now=now)
    invitations.start_session(invitation_token=invited.token, now=now)
    FraudContext.capture(by=herself, landlord_id=None, connection_method="WEB", headers="{}", missing=[], now=now)
    remembered = IdempotencyRecord(
        principal_kind="landlord", principal_id=landlord.pk, key="k", request_digest=b"-", status=200, created_at=now
    )
    remembered.body = remembered.seal("body", "{}")
    remembered.save(force_insert=True)


def tables_with(agency: Agency, *needles: str) -> dict[str, set[str]]:
    """In which tables of the agency, and of the public schema, each of these is read by somebody with the database."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', %s)", [agency.schema_name]
        )
        for schema, table in cursor.fetchall():
            for needle in needles:
                cursor.execute(f'SELECT 1 FROM "{schema}"."{table}" AS row WHERE row::text ILIKE %s', [f"%{needle}%"])
                if cursor.fetchone():
                    found.setdefault(table, set()).add(needle)
    return found


def ask(landlord: Landlord | None, by: Principal = SYSTEM) -> UUID:
    """Ask for all there is of the landlord, or of the agency. The export's id."""
    if landlord is None:
        return exports.ask_agency(by=by, now=clock.now()).pk
    return exports.ask_landlord(by=by, landlord_id=landlord.pk, now=clock.now()).pk


def fetched(export_id: UUID) -> bytes:
    return b"".join(exports.fetch(by=SYSTEM, export_id=export_id, now=clock.now())[1])


def ids_of(rows: Iterable[Any]) -> set[UUID]:
    return {row.pk for row in rows}


NOBODY = new_id()
