"""One real thing of every kind an id can name, in one agency."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from events import outbox, webhooks
from events.delivery import relay
from hmrc_oauth import connections, needs
from hmrc_oauth.models import Connection, Grant, Tokens
from landlords import bulk, importing, imports, invitations, properties, records
from landlords.models import Campaign, CampaignMember, Deliver, InvitationPurpose, Landlord
from leaving.models import Export, ExportPart
from mtd import batches, calculations, declarations, intake, submissions
from mtd.models import Business, Calculation, CalculationStatus, CalculationType, Mandate, Write, WriteStatus
from people import keys
from people.models import User
from people.principal import SYSTEM
from people.scopes import Scope
from tenants import due
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import MAKER

DECLARED = "2025-26"
BUSINESS = "XAIS12345678901"
TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """The ids, under the names that paths give them."""

    landlord_id: str
    invitation_id: str
    session_id: str
    submission_id: str
    operation_id: str
    key_id: str
    user_id: str
    business_id: str
    tax_year: str
    calculation_id: str
    mandate_id: str
    batch_id: str
    import_id: str
    property_id: str
    export_id: str
    agency_id: str
    campaign_id: str
    bulk_id: str
    endpoint_id: str
    delivery_id: str
    connection_id: str

    def ids(self) -> dict[str, str]:
        return asdict(self)


def build(agency: Agency, *, nino: str, now: datetime) -> World:
    """A connected landlord with a submission on its way, an invitation, a key and a member of staff."""
    with tenant(agency):
        landlord = records.create(by=SYSTEM, given={"full_name": "Lena Landlady", "nino": nino}, now=now)
        session = begin(landlord.pk, now=now)
        connect(landlord, now=now)
        submission = submit(landlord.pk, now=now)
        made = keys.make_key(by=MAKER, name="world", scopes=[Scope.LANDLORDS_READ], expires_at=None)
        invited = invitations.invite(by=SYSTEM, landlord_id=landlord.pk, by_mail=False, now=now)
        user = User.invite(email="sam@world.example", role="member")
        business_id = f"XPIS00000{nino[2:8]}"
        Business.objects.create(landlord=landlord, business_id=business_id, type_of_business="uk-property")
        calculation = declare(landlord, now=now)
        mandate = Mandate.objects.get(landlord=landlord)
        batch = batched(landlord.pk, now=now)
        bulk_id = invited_in_bulk(landlord.pk, now=now)
        campaign = Campaign.objects.create(name="Spring", kind="connect", created_at=now)
        CampaignMember.objects.create(campaign=campaign, landlord=landlord)
        ids = (landlord.pk, invited.invitation.pk, session, submission, submission, made.key.pk, user.pk)
        imported = imported_from_a_file(reference=business_id, now=now)
        more = (imported, owned(landlord.pk, now=now), exported(landlord.pk, now=now), agency.pk, campaign.pk, bulk_id)
        told, connection = delivered(landlord.pk, now=now), Connection.objects.get(landlord=landlord).pk
        filed = (business_id, DECLARED, calculation, mandate.pk, batch)
        return World(*map(str, (*ids, *filed, *more, *told, connection)))


def begin(landlord_id: UUID, *, now: datetime) -> UUID:
    """Set out to connect, as the system."""
    return connections.begin(by=SYSTEM, landlord_id=landlord_id, return_url="", nino=None, now=now).session.pk


def connect(landlord: Landlord, *, now: datetime) -> Grant:
    """Give the landlord a connection that works, as if HMRC had granted it."""
    tokens = Tokens("an-access-token", "a-refresh-token", 14_400)
    grant = Grant.issue(landlord_id=landlord.pk, tokens=tokens, scope="write:self-assessment", now=now)
    grant.verify(now=now)
    assert Connection.of(landlord, now=now).establish(grant=grant, now=now)
    return grant


def submit(landlord_id: UUID, *, now: datetime) -> UUID:
    """Queue a quarter's figures. The submission and its operation have the same id."""
    wanted = submissions.Wanted(
        landlord_id=landlord_id,
        business_id=BUSINESS,
        tax_year="2026-27",
        period_start=date(2026, 4, 6),
        period_end=date(2026, 7, 5),
        figures={"income": {"periodAmount": "1200.00"}},
        declaration={"accepted": True, "covers_whole_business": True},
        mandate={"kind": "standing"},
        fraud_context_id=None,
    )
    return submissions.accept(by=SYSTEM, wanted=wanted, now=now).pk


def batched(landlord_id: UUID, *, now: datetime) -> UUID:
    """A batch of one row, which was taken in."""
    row = {
        "landlord_id": str(landlord_id),
        "business_id": BUSINESS,
        "tax_year": "2026-27",
        "period_start": date(2026, 4, 6),
        "period_end": date(2026, 10, 5),
        "figures": {"income": {"periodAmount": "2400.00"}},
    }
    declaration = {"accepted": True, "covers_whole_business": True}
    batch = batches.create(by=SYSTEM, asked=batches.Asked([batches.Row(1, row)], declaration, None), now=now)
    intake.run(batch_id=batch.pk)
    return batch.pk


def imported_from_a_file(*, reference: str, now: datetime) -> UUID:
    """A dry run of one row, which was looked at and is kept."""
    rows = [imports.Row(2, [reference, "Ida Imported"])]
    asked = imports.Asked("csv", ["Reference", "Name"], rows, dry_run=True)
    made = imports.create(by=SYSTEM, asked=asked, now=now)
    importing.run(import_id=made.pk, confirmed=needs.confirmed)
    return made.pk


def owned(landlord_id: UUID, *, now: datetime) -> UUID:
    """A property, all of it the landlord's."""
    given = {"address": "1 High Street", "owners": [{"landlord_id": landlord_id, "share": Decimal(100)}]}
    return properties.create(by=SYSTEM, given=given, now=now).pk


def exported(landlord_id: UUID, *, now: datetime) -> UUID:
    """A file that is ready to be fetched, and in which there is nothing but a word."""
    made = Export.objects.create(
        id=new_id(),
        landlord_id=landlord_id,
        created_by_kind="system",
        created_by_id=SYSTEM.id,
        created_at=now,
        ready_at=now,
        size=4,
    )
    part = ExportPart(export=made, fence=0, number=0)
    part.data = part.seal("data", "d29yZA==")
    part.save(force_insert=True)
    return made.pk


def invited_in_bulk(landlord_id: UUID, *, now: datetime) -> UUID:
    """A batch of one invitation, which was made."""
    purpose = InvitationPurpose.CONNECT
    batch = bulk.create(by=SYSTEM, named=[landlord_id], purpose=purpose, deliver=Deliver.LINK, now=now)
    bulk.run(batch_id=batch.pk, settled=lambda ids, since: set())
    return batch.pk


def declare(landlord: Landlord, *, now: datetime) -> UUID:
    """A calculation that is ready, and a declaration that quotes it and that HMRC took."""
    calculation = calculated(landlord, CalculationType.TO_FINALISE, now=now)
    terms = declarations.terms(by=SYSTEM, calculation=calculation)
    write = declarations.declare(
        by=SYSTEM,
        calculation=calculation,
        digest=terms.digest,
        declaration={"accepted": True, "text_version": terms.wording.version},
        fraud_context_id=None,
        now=now,
    )
    Write.objects.filter(pk=write.pk).update(status=WriteStatus.ACCEPTED, settled_at=now)
    due.done(kind=due.Kind.WRITE, subject_id=write.pk)
    return calculation.pk


def calculated(landlord: Landlord, kind: CalculationType, *, now: datetime) -> Calculation:
    """A calculation that HMRC has made of the tax year that is over, without faults."""
    calculation = Calculation(
        landlord=landlord,
        tax_year=DECLARED,
        type=kind,
        status=CalculationStatus.READY,
        calculation_id=str(new_id()),
        created_by_kind="system",
        created_by_id=SYSTEM.id,
        created_at=now,
    )
    content = {"metadata": {"periodTo": "2026-04-05"}, "calculation": {}, "messages": {}}
    calculation.content = calculation.seal("content", json.dumps(content))
    calculation.digest = calculations.digest(content)
    calculation.save(force_insert=True)
    return calculation


def delivered(landlord_id: UUID, *, now: datetime) -> tuple[UUID, UUID]:
    """An endpoint, and the delivery of an event about the landlord, who was not told anything for that."""
    endpoint = webhooks.create(by=SYSTEM, given={"url": "https://hooks.example/quarterday"}, now=now).endpoint
    event = outbox.publish(type="landlord.mail_allowed", subject_type="landlord", subject_id=landlord_id, now=now)
    (made,) = relay.queue(endpoint, [event], now=now)
    return endpoint.pk, made.id


def row_counts(*agencies: Agency) -> dict[str, int]:
    """How many rows every table of these agencies and of the public schema has."""
    schemas = ["public", *(agency.schema_name for agency in agencies)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)", [schemas])
        tables = [f"{schema}.{table}" for schema, table in cursor.fetchall()]
        one = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
        cursor.execute(one)
        return dict(cursor.fetchall())
