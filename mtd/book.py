"""What submissions are checked against, loaded in as many queries for a thousand landlords as for one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Func, Max, Model

from hmrc_oauth import claims, fraud_contexts
from hmrc_oauth.fraud_contexts import Click
from hmrc_oauth.models import ConnectionState
from landlords.models import Landlord
from mtd import leave
from mtd.leave import Standing
from mtd.models import Business, Mandate, Obligation, Reading, Submission, SubmissionStatus
from mtd.quarters import QuarterlyType, quarters
from mtd.rules import Known
from mtd.tax_years import TaxYear
from people.principal import Principal
from tenants.copying import any_of
from tenants.faults import NotFound

# A dead grant is not hopeless: the submission waits for the reconnect. One that never was is.
_HOPEFUL = {ConnectionState.ACTIVE, ConnectionState.RECONNECT_REQUIRED}


@dataclass(frozen=True)
class Book:
    """Some landlords, and what is known of them. Whoever is not in `businesses`, HMRC was not asked about yet.

    `drawn_up`: mandates that are to be put on record with what goes by them.
    """

    landlords: Mapping[UUID, Landlord]
    references: Mapping[str, UUID]
    businesses: Mapping[UUID, Mapping[str, Business]]
    obligations: Mapping[tuple[UUID, str], Sequence[Obligation]]
    reached: Mapping[tuple[UUID, str, str], date]
    mandates: dict[UUID, Standing]
    drawn_up: list[Mandate] = field(default_factory=list)
    _clicks: dict[UUID | None, Click] = field(default_factory=dict)

    @classmethod
    def of(cls, landlord_ids: Collection[UUID], *, references: Collection[str] = (), is_held: bool = False) -> Self:
        """Of these landlords, named by id or by reference; without those who are archived or unknown. `is_held`: locked
        until the transaction ends, so that nobody else puts a mandate of theirs on record.
        """
        kept = Landlord.objects.kept().select_related("connection").order_by("pk")
        if is_held:
            kept = kept.select_for_update(of=("self",), no_key=True)
        # Two questions, each with an index of its own; an OR of them has none.
        named: dict[str, list[Any]] = {"id": list(landlord_ids), "reference": list(references)}
        found = [
            row for column, asked in named.items() if asked for row in kept.filter(any_of(Landlord, column, asked))
        ]
        landlords = {landlord.pk: landlord for landlord in found}
        return cls(
            landlords=landlords,
            references={landlord.reference: landlord.pk for landlord in found},
            businesses=_businesses(landlords),
            obligations=_obligations(landlords),
            reached=_reached(landlords),
            mandates=leave.standing(landlords),
        )

    def landlord(self, landlord_id: UUID) -> Landlord:
        """Raises NotFound."""
        if landlord_id not in self.landlords:
            raise NotFound
        return self.landlords[landlord_id]

    def may_connect(self, landlord_id: UUID) -> bool:
        """Whether there is a connection that works, or will once the landlord has renewed it."""
        connection = getattr(self.landlords[landlord_id], "connection", None)
        return connection is not None and connection.state in _HOPEFUL

    def is_unconfirmed(self, landlord_id: UUID) -> bool:
        """Whether the landlord typed another NINO that staff have not confirmed."""
        connection = getattr(self.landlords[landlord_id], "connection", None)
        return connection is not None and connection.reason_code == claims.REASON

    def lists(self, landlord_id: UUID, business_id: str) -> bool:
        """Whether the landlord has this business, as far as is known."""
        listed = self.businesses.get(landlord_id)
        return listed is None or business_id in listed

    def draw_up(self, mandate: Mandate) -> None:
        """From now on it is the landlord's."""
        known = self.mandates.get(mandate.landlord_id, Standing())
        self.mandates[mandate.landlord_id] = known._replace(mandate=mandate)
        self.drawn_up.append(mandate)

    def click(self, *, by: Principal, context_id: UUID | None, now: datetime) -> Click:
        """Asked once for each context, whoever's rows it goes with. Raises what fraud_contexts.click raises."""
        if context_id not in self._clicks:
            self._clicks[context_id] = fraud_contexts.click(by=by, context_id=context_id, now=now)
        return self._clicks[context_id]

    def known(self, landlord_id: UUID, business_id: str, year: TaxYear) -> Known:
        """HMRC's details of the business come first; where they say nothing of its quarters, its obligations do."""
        business = self.businesses.get(landlord_id, {}).get(business_id)
        due = [each for each in self.obligations.get((landlord_id, business_id), ()) if _is_of(each, year)]
        kind, starts = _chosen(business, year) if business else (None, frozenset[date]())
        return Known(
            type_of_business=business.type_of_business if business else "",
            quarterly_type=kind or _kind(due, year),
            starts=starts or frozenset(each.period_start for each in due),
            commenced=business.commencement_date if business else None,
            ceased=business.cessation_date if business else None,
            reached=self.reached.get((landlord_id, business_id, str(year))),
        )

    def due_date(self, landlord_id: UUID, business_id: str, end: date) -> date | None:
        """When an update to this day is due: with the quarter in which the day lies. None if HMRC was not asked."""
        ahead = [each for each in self.obligations.get((landlord_id, business_id), ()) if each.period_end >= end]
        quarter = min(ahead, key=lambda each: each.period_end, default=None)
        return quarter.due_date if quarter and quarter.period_start <= end else None


def _of(model: type[Model], landlords: Collection[UUID]) -> Func:
    return any_of(model, "landlord_id", list(landlords))


def _businesses(landlords: Collection[UUID]) -> Mapping[UUID, Mapping[str, Business]]:
    read = Reading.objects.filter(_of(Reading, landlords), what="businesses").values_list("landlord_id", flat=True)
    listed: dict[UUID, dict[str, Business]] = {landlord_id: {} for landlord_id in read}
    for business in Business.objects.filter(_of(Business, listed)):
        listed[business.landlord_id][business.business_id] = business
    return listed


def _obligations(landlords: Collection[UUID]) -> Mapping[tuple[UUID, str], Sequence[Obligation]]:
    found: dict[tuple[UUID, str], list[Obligation]] = defaultdict(list)
    for each in Obligation.objects.filter(_of(Obligation, landlords)):
        found[each.landlord_id, each.business_id].append(each)
    return found


def _reached(landlords: Collection[UUID]) -> Mapping[tuple[UUID, str, str], date]:
    accepted = Submission.objects.filter(_of(Submission, landlords), status=SubmissionStatus.ACCEPTED)
    rows = accepted.values_list("landlord_id", "business_id", "tax_year").annotate(Max("period_end"))
    return {(landlord_id, business_id, year): end for landlord_id, business_id, year, end in rows}


def _is_of(obligation: Obligation, year: TaxYear) -> bool:
    """Whether it is one of the year's quarters; calendar ones may begin five days before the year does."""
    return date(year.starts_in, 4, 1) <= obligation.period_start and obligation.period_end <= year.end


def _chosen(business: Business, year: TaxYear) -> tuple[QuarterlyType | None, frozenset[date]]:
    """The type of the year, and where its updates begin, by HMRC's details of the business."""
    since = TaxYear.known(business.quarterly_type_since)
    if not business.quarterly_type or since is None or since > year:
        return None, frozenset()
    kind = QuarterlyType(business.quarterly_type)
    return kind, frozenset({quarters(year, kind, chosen_in=since)[0].start})


def _kind(due: Iterable[Obligation], year: TaxYear) -> QuarterlyType | None:
    ends = {each.period_end for each in due}
    fits = [kind for kind in QuarterlyType if ends and ends <= {quarter.end for quarter in quarters(year, kind)}]
    return fits[0] if len(fits) == 1 else None
