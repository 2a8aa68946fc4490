"""What is due at HMRC, and what stands in its way: obligation x submission x connection, soonest first.

A due date is a day in London and ends with it. Which submission answers an obligation: the newest of that business
whose period covers the quarter, since an update holds the year to date.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from hmrc_oauth.models import ConnectionState
from landlords.models import MtdHandling
from mtd import final_deadlines
from mtd.models import Obligation, Submission, SubmissionStatus
from tenants import clock

OPEN = "open"  # HMRC's word for an obligation that is not fulfilled
_FORGOTTEN = (SubmissionStatus.SUPERSEDED, SubmissionStatus.CANCELLED)


class WaitingOn(StrEnum):
    """Who has to act next."""

    AGENCY = "agency"
    LANDLORD = "landlord"
    QUARTERDAY = "quarterday"
    HMRC = "hmrc"
    NOBODY = "nobody"


class Risk(StrEnum):
    """How near it is to being missed, given who has to act."""

    LATE = "late"
    CRITICAL = "critical"
    HIGH = "high"
    LOW = "low"
    NONE = "none"


class Cause(NamedTuple):
    """Why an obligation is not met yet."""

    waiting_on: WaitingOn
    action: str


CAUSES: Mapping[str, Cause] = {
    "accepted": Cause(WaitingOn.NOBODY, ""),
    "queued": Cause(WaitingOn.QUARTERDAY, "Nothing: it goes by itself."),
    "in_doubt": Cause(WaitingOn.HMRC, "Nothing: HMRC is asked what it holds."),
    "waiting_for_connection": Cause(WaitingOn.LANDLORD, "Ask the landlord to connect to HMRC again."),
    "waiting_for_approval": Cause(WaitingOn.LANDLORD, "Ask the landlord to approve the figures."),
    "stopped": Cause(WaitingOn.AGENCY, "Look at what stopped the submission, and decide."),
    "rejected": Cause(WaitingOn.AGENCY, "Correct the figures that HMRC refused, and send them again."),
    "nino_missing": Cause(WaitingOn.AGENCY, "Enter the landlord's National Insurance number."),
    "not_connected": Cause(WaitingOn.LANDLORD, "Invite the landlord to connect to HMRC."),
    "reconnect_required": Cause(WaitingOn.LANDLORD, "Ask the landlord to connect to HMRC again."),
    "figures_missing": Cause(WaitingOn.AGENCY, "Send the figures of this quarter."),
    "declaration_missing": Cause(WaitingOn.AGENCY, "Have the year calculated, and the final declaration made."),
}

_OF_STATUS = {
    SubmissionStatus.ACCEPTED: "accepted",
    SubmissionStatus.QUEUED: "queued",
    SubmissionStatus.SENDING: "queued",
    SubmissionStatus.UNKNOWN: "in_doubt",
    SubmissionStatus.WAITING_FOR_CONNECTION: "waiting_for_connection",
    SubmissionStatus.WAITING_FOR_APPROVAL: "waiting_for_approval",
    SubmissionStatus.STOPPED: "stopped",
    SubmissionStatus.REJECTED: "rejected",
}
_CONNECTED = (ConnectionState.ACTIVE, ConnectionState.RECONNECT_REQUIRED)

# Fewer days than these before the due date's end, by who has to act: people need longer than machines.
_CRITICAL_DAYS = {WaitingOn.LANDLORD: 7, WaitingOn.AGENCY: 2, WaitingOn.HMRC: 1, WaitingOn.QUARTERDAY: 1}
_HIGH_DAYS = {WaitingOn.LANDLORD: 21, WaitingOn.AGENCY: 10, WaitingOn.HMRC: 3, WaitingOn.QUARTERDAY: 2}


def due_at(due_date: date) -> datetime:
    """The first moment that is too late: midnight in London after the due date, UTC."""
    return datetime.combine(due_date + timedelta(days=1), time(), tzinfo=clock.LONDON).astimezone(UTC)


def is_late(due_date: date, *, at: datetime) -> bool:
    """Whether what reaches HMRC `at` this moment is late."""
    return at >= due_at(due_date)


def risk(*, waiting_on: WaitingOn, due_date: date, today: date, fits: bool = True) -> Risk:
    """How near an obligation is to being missed, on London's day `today`. What is queued and does not go in time is
    critical, however far off that is.
    """
    if waiting_on is WaitingOn.NOBODY:
        return Risk.NONE
    left = (due_date - today).days
    if left < 0:
        return Risk.LATE
    if left < _CRITICAL_DAYS[waiting_on] or not fits:
        return Risk.CRITICAL
    return Risk.HIGH if left < _HIGH_DAYS[waiting_on] else Risk.LOW


def rows(*, landlord_id: UUID | None = None) -> QuerySet[Any]:
    """Open obligations of kept landlords whose updates are ours to see to. Each has `cause` (a key of CAUSES), and of
    the submission that answers it `submission_id`, `submission_status`, `submission_reason`, or None.
    """
    open_ones = Obligation.objects.filter(
        status=OPEN, landlord__archived_at=None, landlord__mtd_handling=MtdHandling.US
    )
    if landlord_id is not None:
        open_ones = open_ones.filter(landlord_id=landlord_id)
    newest = _answers().exclude(status__in=_FORGOTTEN).order_by("-created_at", "-id")
    return open_ones.select_related("landlord__connection").annotate(
        is_accepted=Q(Exists(_answers().filter(status=SubmissionStatus.ACCEPTED))) | Q(Exists(final_deadlines.made())),
        declaration_status=final_deadlines.status(),
        submission_id=Subquery(newest.values("id")[:1]),
        submission_status=Subquery(newest.values("status")[:1]),
        submission_reason=Subquery(newest.values("reason_code")[:1]),
        cause=_cause(),
    )


def in_order(found: QuerySet[Any], misfits: Collection[UUID]) -> QuerySet[Any]:
    """Each row of `rows()` with `goes_in_time`, 0 or 1: first what is queued and does not, then by due date."""
    late = When(submission_id__in=list(misfits), then=Value(0))
    one = Value(1, output_field=IntegerField())
    goes_in_time = Case(late, default=one) if misfits else one
    ordered: QuerySet[Any] = found.annotate(goes_in_time=goes_in_time)
    return ordered


def only(
    found: QuerySet[Any],
    *,
    today: date,
    due_before: date | None = None,
    waiting_on: WaitingOn | None = None,
    risk: Risk | None = None,
    with_accepted: bool = False,
    misfits: Collection[UUID] = (),
) -> QuerySet[Any]:
    """Narrow `rows()`. What is accepted is left out, unless it is asked for. `misfits`: submissions that are queued and
    do not go in time.
    """
    if due_before is not None:
        found = found.filter(due_date__lt=due_before)
    if not with_accepted:
        found = found.filter(is_accepted=False)
    if waiting_on is not None:
        found = found.filter(_implied(waiting_on), cause__in=_causes(waiting_on))
    return found if risk is None else found.filter(_of_risk(risk, today, misfits))


def summary(*, today: date, due_before: date | None = None, misfits: Collection[UUID] = ()) -> list[dict[str, Any]]:
    """How many wait on whom, by due date: [{"due_date", "waiting_on", "count", "risks"}], soonest first. `risks` counts
    them by risk; `misfits` as in `only()`.
    """
    found = in_order(only(rows(), today=today, due_before=due_before, with_accepted=True), misfits)
    counted = found.order_by("due_date").values("due_date", "cause", "goes_in_time").annotate(count=Count("pk"))
    totals: dict[tuple[date, WaitingOn], Counter[Risk]] = {}
    for row in counted:
        day, who = row["due_date"], CAUSES[row["cause"]].waiting_on
        near = risk(waiting_on=who, due_date=day, today=today, fits=row["goes_in_time"] == 1)
        totals.setdefault((day, who), Counter())[near] += row["count"]
    return [
        {"due_date": day, "waiting_on": who, "count": risks.total(), "risks": risks}
        for (day, who), risks in totals.items()
    ]


def _answers() -> QuerySet[Submission]:
    return Submission.objects.filter(
        landlord_id=OuterRef("landlord_id"),
        business_id=OuterRef("business_id"),
        period_start__lte=OuterRef("period_start"),
        period_end__gte=OuterRef("period_end"),
    )


def _cause() -> Case:
    """The first that holds: what became of the figures, then what keeps them from being sent."""
    of_status = [When(submission_status=status, then=Value(cause)) for status, cause in _OF_STATUS.items()]
    return Case(
        When(is_accepted=True, then=Value("accepted")),
        *of_status,
        *final_deadlines.causes(),
        When(landlord__nino_index=None, then=Value("nino_missing")),
        When(
            ~Q(landlord__connection__state__in=_CONNECTED) | Q(landlord__connection=None), then=Value("not_connected")
        ),
        When(landlord__connection__state=ConnectionState.RECONNECT_REQUIRED, then=Value("reconnect_required")),
        When(final_deadlines.IS_ONE, then=Value("declaration_missing")),
        default=Value("figures_missing"),
        output_field=CharField(),
    )


def _causes(waiting_on: WaitingOn) -> list[str]:
    return [name for name, cause in CAUSES.items() if cause.waiting_on is waiting_on]


def _implied(waiting_on: WaitingOn) -> Q:
    """What must hold of all that waits on them: cheap to find, so that the cause is worked out for few."""
    statuses = [status for status, cause in _OF_STATUS.items() if CAUSES[cause].waiting_on is waiting_on]
    # Whose, not which: asked once, and not for every obligation.
    submitted = Q(landlord_id__in=Submission.objects.filter(status__in=statuses).values("landlord_id"))
    match waiting_on:
        case WaitingOn.AGENCY:
            return Q()
        case WaitingOn.LANDLORD:
            apart = Q(landlord__connection=None) | ~Q(landlord__connection__state=ConnectionState.ACTIVE)
            return apart & Q(landlord__nino_index__isnull=False) | submitted | final_deadlines.IS_ONE
        case _:
            return submitted | final_deadlines.IS_ONE


def _of_risk(wanted: Risk, today: date, misfits: Collection[UUID]) -> Q:
    near = _any(Q(cause__in=_causes(who), **_days(wanted, who, today)) for who in WaitingOn if _can_be(wanted, who))
    if not misfits or wanted is Risk.LATE:
        return near
    late = Q(cause="queued", submission_id__in=list(misfits))
    return near | (late & Q(due_date__gte=today)) if wanted is Risk.CRITICAL else near & ~late


def _can_be(wanted: Risk, who: WaitingOn) -> bool:
    return (wanted is Risk.NONE) == (who is WaitingOn.NOBODY)


def _days(wanted: Risk, who: WaitingOn, today: date) -> dict[str, date]:
    if who is WaitingOn.NOBODY:
        return {}
    critical, high = today + timedelta(days=_CRITICAL_DAYS[who]), today + timedelta(days=_HIGH_DAYS[who])
    bounds: dict[Risk, tuple[date | None, date | None]] = {
        Risk.LATE: (None, today),
        Risk.CRITICAL: (today, critical),
        Risk.HIGH: (critical, high),
        Risk.LOW: (high, None),
    }
    first, end = bounds[wanted]
    return {**({"due_date__gte": first} if first else {}), **({"due_date__lt": end} if end else {})}


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined
