"""Every table of an agency, and what it holds of a landlord: the one list by which one is exported and erased.

A table that is in neither of the two lists below fails a test: whoever adds one decides here what becomes of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Func, JSONField, Model, Q

from events.models import AuditEvent, Delivery, Event
from hmrc_oauth.models import Connection, ConnectSession, Grant, NinoClaim
from landlords.models import (
    CampaignMember,
    ImportRow,
    Invitation,
    InvitationRow,
    Landlord,
    LandlordSession,
    Mail,
    MailStop,
    Property,
    Share,
    SignInCode,
)
from leaving.models import Export, ExportPart
from mtd.models import (
    AnnualSubmission,
    Attempt,
    BatchRow,
    Business,
    Calculation,
    Held,
    ItsaStatus,
    Mandate,
    Obligation,
    Readiness,
    Reading,
    Submission,
    Write,
)
from people.models import FraudContext, IdempotencyRecord, Operation
from people.principal import PrincipalKind

Ids = Collection[UUID]


@dataclass(frozen=True)
class Table:
    """`of`: which rows are of these landlords. When they are erased the rows are deleted, or, with `wiped`, these
    columns are set so; or the rows stay as they are, because of `kept`.
    """

    model: type[Model]
    of: Callable[[Ids], Q]
    wiped: Mapping[str, Any] = field(default_factory=dict)
    kept: str = ""
    exported: bool = True


def _landlord(ids: Ids) -> Q:
    return Q(landlord_id__in=ids)


def _of(path: str) -> Callable[[Ids], Q]:
    return lambda ids: Q(**{f"{path}__in": ids})


def _said_of(ids: Ids) -> Q:
    return Q(subject_id__in=ids) | Q(data__landlord_id__in=[str(each) for each in ids])


def _told_of(ids: Ids) -> Q:
    return Q(subject_id__in=ids) | Q(event__data__landlord_id__in=[str(each) for each in ids])


def _by_or_for(ids: Ids) -> Q:
    return Q(landlord_id__in=ids) | Q(principal_kind=PrincipalKind.LANDLORD, principal_id__in=ids)


def _by(ids: Ids) -> Q:
    return Q(principal_kind=PrincipalKind.LANDLORD, principal_id__in=ids)


class _WithoutName(Func):
    template = "(%(expressions)s - 'name')"
    output_field = JSONField()


_IDS = "ids, times and codes only, by which what happened can be proved; they lead to an empty record"
_FILED = "evidence of what HMRC was told, by whose leave, and what it answered: without a figure or a name"
_UNNAMED = {"declaration": _WithoutName("declaration")}

# In this order they are destroyed: what points at something goes before it.
TABLES: tuple[Table, ...] = (
    Table(ExportPart, _of("export__landlord_id"), exported=False),
    Table(Export, _landlord, kept=_IDS),
    Table(IdempotencyRecord, _by, exported=False),
    Table(FraudContext, _by_or_for),
    Table(Operation, _landlord, kept=_IDS),
    Table(LandlordSession, _landlord),
    Table(Mail, _landlord),
    Table(SignInCode, _landlord),
    Table(MailStop, _landlord),
    Table(InvitationRow, _landlord),
    Table(CampaignMember, _landlord),
    Table(Invitation, _landlord),
    Table(NinoClaim, _landlord),
    Table(Readiness, _landlord),
    Table(ImportRow, _landlord, kept=_IDS),
    Table(ConnectSession, _of("connection__landlord_id")),
    Table(Connection, _landlord, kept=_IDS),
    Table(
        Grant, _landlord, kept="its tokens were destroyed before; when it was given and ended proves by what we acted"
    ),
    Table(Reading, _landlord),
    Table(Business, _landlord),
    Table(ItsaStatus, _landlord),
    Table(Obligation, _landlord),
    Table(AnnualSubmission, _landlord),
    Table(Held, _landlord),
    Table(BatchRow, _of("submission__landlord_id"), kept=_IDS),
    Table(Attempt, _of("submission__landlord_id"), kept=_FILED),
    Table(Submission, _landlord, wiped={"figures": None, **_UNNAMED}, kept=_FILED),
    Table(Calculation, _landlord, wiped={"content": None}, kept=_FILED),
    Table(Write, _landlord, wiped={"content": None, **_UNNAMED}, kept=_FILED),
    Table(Mandate, _landlord, wiped={"evidence": ""}, kept=_FILED),
    Table(Property, _of("shares__landlord_id")),
    Table(Share, _landlord),
    Table(Delivery, _told_of, kept=_IDS),
    Table(Event, _said_of, kept=_IDS),
    Table(AuditEvent, _of("subject_id"), kept="the chain of the audit trail must hold; " + _IDS),
    Table(
        Landlord,
        _of("pk"),
        wiped={
            "reference": "",
            "full_name": "",
            "email": "",
            "nino": None,
            "nino_index": None,
            "nino_mask": "",
            "external_ids": {},
            "tags": [],
        },
        kept="a tombstone: an id, and when it was erased",
    ),
)

# Tables of an agency without anything of a landlord, and why there is nothing.
NOT_OF_LANDLORDS: Mapping[str, str] = {
    "contenttypes.ContentType": "Django's",
    "auth.Permission": "Django's",
    "auth.Group": "Django's",
    "auth.Group_permissions": "Django's",
    "landlords.LandlordImport": "who asked for how many rows, and how they were read",
    "landlords.ImportPart": "rows that nobody looked at yet, sealed, of many landlords at once: gone once a worker has",
    "landlords.ImportClaim": "blind indexes of one import's rows: gone once it is done",
    "landlords.ColumnMeaning": "what the columns of an agency's files mean",
    "landlords.Campaign": "an agency's name for it, and when it was made",
    "landlords.InvitationBatch": "who asked for how many invitations",
    "landlords.MailSettings": "the agency's words",
    "landlords.LinkRequest": "an address that somebody typed, sealed: gone once a worker has answered it",
    "events.WebhookEndpoint": "an agency's addresses, and their secrets",
    "people.User": "staff",
    "people.ApiKey": "machines",
    "people.Session": "staff",
    "account.EmailAddress": "staff",
    "account.EmailConfirmation": "staff",
    "mfa.Authenticator": "staff",
    "mtd.Batch": "who asked for how many submissions",
    "mtd.BatchPart": "rows that nobody looked at yet, sealed, of many landlords at once: gone once a worker has",
}
