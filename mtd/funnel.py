"""How far landlords have come on the way to HMRC, and what stands in the way: one place a landlord.

A place is worked out in PostgreSQL, from rows and their indexes: nothing is opened, and nothing is kept that could be
wrong. Whoever's connection has ended walks the way again: only what happened since counts.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from hmrc_oauth.models import ConnectionState, ConnectSession
from hmrc_oauth.models.session import OPEN
from landlords import stops
from landlords.models import (
    Campaign,
    CampaignKind,
    Invitation,
    InvitationPurpose,
    InvitationStatus,
    Landlord,
    StopReason,
)
from mtd import readiness
from mtd.deadlines import Cause, WaitingOn
from mtd.models import ReadinessStatus


class Stage(StrEnum):
    """The furthest that a landlord has come."""

    IMPORTED = "imported"
    INVITED = "invited"
    OPENED = "opened"  # a person pressed Start
    BEGAN = "began"  # set out for HMRC; that attempt has ended
    AT_HMRC = "at_hmrc"  # an attempt is open; or they were there, and HMRC or staff have not said yes
    CONNECTED = "connected"
    READY = "ready"


class Place(NamedTuple):
    """Where a landlord stands, and why not further."""

    stage: Stage
    cause: Cause


def _place(stage: Stage, waiting_on: WaitingOn, action: str) -> Place:
    return Place(stage, Cause(waiting_on, action))


_LANDLORD, _AGENCY = WaitingOn.LANDLORD, WaitingOn.AGENCY
_RECORD = "Correct the address and lift the stop, or hand the link over yourself."
# From the first to the last. A key is the code that is shown.
PLACES: Mapping[str, Place] = {
    "not_invited": _place(Stage.IMPORTED, _AGENCY, "Invite the landlord."),
    "no_email": _place(Stage.IMPORTED, _AGENCY, "Enter an e-mail address; or print the letter, or show the QR code."),
    "opted_out": _place(Stage.IMPORTED, _AGENCY, "The landlord wants no mails. Hand the link over yourself."),
    "mail_bounced": _place(Stage.IMPORTED, _AGENCY, _RECORD),
    "not_opened": _place(Stage.INVITED, _LANDLORD, "The link was not opened yet. Reminders go by themselves."),
    "invitation_over": _place(Stage.INVITED, _AGENCY, "The link is over or was revoked. Invite the landlord again."),
    "invited_opted_out": _place(Stage.INVITED, _AGENCY, "The landlord wants no mails. Hand the link over yourself."),
    "invited_mail_bounced": _place(Stage.INVITED, _AGENCY, _RECORD),
    "not_begun": _place(Stage.OPENED, _LANDLORD, "Opened the link, and has not set out for HMRC."),
    "denied": _place(Stage.BEGAN, _LANDLORD, "Did not give permission at HMRC. Ask whether something is unclear."),
    "attempt_expired": _place(Stage.BEGAN, _LANDLORD, "Did not come back from HMRC in time. Ask them to try again."),
    "attempt_failed": _place(Stage.BEGAN, _LANDLORD, "The last attempt failed. Ask them to try again."),
    "waiting_at_hmrc": _place(Stage.AT_HMRC, _LANDLORD, "Is at HMRC just now, or has just come back."),
    "nino_unconfirmed": _place(Stage.AT_HMRC, _AGENCY, "Typed another NINO. See whether it is theirs, and confirm it."),
    "nino_mismatch": _place(
        Stage.AT_HMRC,
        _LANDLORD,
        "HMRC does not let this account act for this NINO: check the number, that they signed in with their own "
        "account, and that they are signed up for Making Tax Digital for Income Tax; then check again.",
    ),
    "not_enrolled": _place(
        Stage.AT_HMRC, _LANDLORD, "Must sign up for Making Tax Digital for Income Tax on GOV.UK; asked again daily."
    ),
    "not_authorised": _place(Stage.AT_HMRC, _LANDLORD, "Must connect again, and grant all that is asked."),
    **{
        status: Place(Stage.READY if status == ReadinessStatus.READY else Stage.CONNECTED, cause)
        for status, cause in readiness.CAUSES.items()
    },
}
PLACE_CODES = list(PLACES)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_ENDED = (ConnectionState.RECONNECT_REQUIRED, ConnectionState.DISCONNECTED)
_REFUSED = ("nino_unconfirmed", "nino_mismatch", "not_enrolled")
# What can be looked up of who stands there, where few may.
_NEEDED: Mapping[str, Q] = {
    **dict.fromkeys(readiness.CAUSES, Q(connection__state=ConnectionState.ACTIVE)),
    **dict.fromkeys((*_REFUSED, "not_authorised"), Q(connection__state=ConnectionState.NOT_AUTHORISED)),
    **dict.fromkeys(
        ("opted_out", "mail_bounced", "invited_opted_out", "invited_mail_bounced"), Q(mail_stop__isnull=False)
    ),
    "no_email": Q(email=""),
}
# By the agency. A fresh link that somebody asked for is none, until it is opened.
_INVITING = (InvitationPurpose.CONNECT, InvitationPurpose.RECONNECT, InvitationPurpose.BRANCH)
_OVER = (InvitationStatus.USED, InvitationStatus.REVOKED)


class Step(NamedTuple):
    """One step of the funnel: how many have come so far or further, how many stand here, and why."""

    stage: Stage
    reached: int
    here: int
    places: Mapping[str, int]


def rows(*, now: datetime, campaign: Campaign | None = None) -> QuerySet[Any]:
    """The landlords who are chased, each with `place`, a key of PLACES; with a campaign, those in it."""
    chased = Landlord.objects.chased()
    if campaign is not None:
        chased = chased.filter(memberships__campaign=campaign)
    return chased.alias(counts_from=_counts_from(campaign)).annotate(place=_placed(now, _since(campaign)))


def only(found: QuerySet[Any], *, stage: Stage | None = None, place: str | None = None) -> QuerySet[Any]:
    """Those who stand at this stage, or in this place."""
    if stage is not None:
        found = _standing(found, [code for code, each in PLACES.items() if each.stage is stage])
    return found if place is None else _standing(found, [place])


def _standing(found: QuerySet[Any], places: Sequence[str]) -> QuerySet[Any]:
    """PostgreSQL guesses of `place = …` that nearly nobody stands there, and would sort everybody for a page of twenty;
    of a CASE it guesses every other, and goes down the list until the page is full.
    """
    needed = {_NEEDED.get(each, Q()) for each in places}
    if len(needed) == 1:
        found = found.filter(*needed)
    return found.filter(Case(When(place__in=places, then=True), default=False, output_field=BooleanField()))


def steps(*, now: datetime, campaign: Campaign | None = None) -> list[Step]:
    """The whole funnel, in one query."""
    counted = rows(now=now, campaign=campaign).order_by().values("place").annotate(many=Count("pk"))
    many = {row["place"]: row["many"] for row in counted}
    found: list[Step] = []
    for stage in reversed(Stage):
        places = {code: many[code] for code, each in PLACES.items() if each.stage is stage and code in many}
        here = sum(places.values())
        found.insert(0, Step(stage, here + (found[0].reached if found else 0), here, places))
    return found


def _since(campaign: Campaign | None) -> datetime | None:
    return campaign.created_at if campaign is not None and campaign.kind == CampaignKind.RECONNECT else None


def _counts_from(campaign: Campaign | None) -> Combinable:
    """From when on what happened counts: the end of the connection, if it has one; a campaign to reconnect has one
    beginning for all.
    """
    since, field = _since(campaign), DateTimeField()
    if since is not None:
        return Value(since, output_field=field)
    ended = When(connection__state__in=_ENDED, then=F("connection__changed_at"))
    return Case(ended, default=Value(_EVER, output_field=field), output_field=field)


def _placed(now: datetime, since: datetime | None) -> Case:
    """The first that holds, from the last place to the first."""
    connected = Q(connection__state=ConnectionState.ACTIVE)
    if since is not None:
        connected &= Q(connection__connected_at__gte=since)
    of_readiness = [
        When(connected & Q(readiness__status=status), then=Value(str(status))) for status in ReadinessStatus
    ]
    refused = Q(connection__state=ConnectionState.NOT_AUTHORISED)
    sessions = ConnectSession.objects.filter(connection=OuterRef("connection"))
    return Case(
        *of_readiness,
        When(connected, then=Value("checking")),
        When(refused & Q(connection__reason_code__in=_REFUSED), then=F("connection__reason_code")),
        When(refused, then=Value("not_authorised")),
        When(_happened(sessions.filter(status__in=OPEN)), then=Value("waiting_at_hmrc")),
        When(_happened(sessions), then=_ended_attempt()),
        *_invited(now),
        default=_not_invited(),
        output_field=CharField(),
    )


def _happened(facts: QuerySet[Any]) -> Exists:
    """Whether there is one that counts.

    Compared with a time of the landlord's own, it can only be looked up landlord by landlord: PostgreSQL would else
    gather everybody's facts for the twenty of a page.
    """
    return Exists(facts.filter(created_at__gte=OuterRef("counts_from")))


def _ended_attempt() -> Case:
    reason = "connection__reason_code"
    return Case(
        When(**{reason: "denied"}, then=Value("denied")),
        When(**{reason: "expired"}, then=Value("attempt_expired")),
        default=Value("attempt_failed"),
        output_field=CharField(),
    )


def _invited(now: datetime) -> list[When]:
    every = Invitation.objects.filter(landlord=OuterRef("pk")).exclude(purpose=InvitationPurpose.APPROVE)
    invitations = every.filter(purpose__in=_INVITING)
    live = invitations.filter(expires_at__gt=now).exclude(status__in=_OVER)
    invited = Case(
        When(stops.stands(StopReason.OPTED_OUT) | stops.stands(StopReason.COMPLAINT), then=Value("invited_opted_out")),
        When(stops.stands(StopReason.BOUNCED), then=Value("invited_mail_bounced")),
        When(_happened(live), then=Value("not_opened")),
        default=Value("invitation_over"),
        output_field=CharField(),
    )
    return [
        When(_happened(every.filter(opened_at__isnull=False)), then=Value("not_begun")),
        When(_happened(invitations), then=invited),
    ]


def _not_invited() -> Case:
    return Case(
        When(stops.stands(StopReason.OPTED_OUT) | stops.stands(StopReason.COMPLAINT), then=Value("opted_out")),
        When(stops.stands(StopReason.BOUNCED), then=Value("mail_bounced")),
        When(email="", then=Value("no_email")),
        default=Value("not_invited"),
        output_field=CharField(),
    )
