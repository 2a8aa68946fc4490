"""A submission on its way, and what HMRC holds of it."""

from datetime import date
from typing import Any
from uuid import UUID

from hmrc_door.outcomes import Answered
from landlords.models import Landlord
from mtd import mandates, submissions
from mtd.held import NOTHING, last_seen, note
from mtd.models import Mandate, Submission
from tenants import clock
from tests.hmrc_oauth.fake_door import holds
from tests.hmrc_oauth.scenes import KEY, due_at

BUSINESS = "XAIS12345678901"
DECLARED = {"accepted": True, "covers_whole_business": True}
START, END = date(2026, 4, 6), date(2026, 7, 5)


def wanted(landlord_id: UUID, *, income: str = "1200.00", **more: Any) -> submissions.Wanted:
    """For the first quarter of the tax year, unless the dates say otherwise."""
    years_ago = START.year - int(str(more.get("tax_year", "2026"))[:4])
    given: dict[str, Any] = {
        "landlord_id": landlord_id,
        "business_id": BUSINESS,
        "tax_year": "2026-27",
        "period_start": START.replace(year=START.year - years_ago),
        "period_end": END.replace(year=END.year - years_ago),
        "figures": {"income": {"periodAmount": income}},
        "declaration": DECLARED,
        "mandate": {"kind": "standing"},
        "fraud_context_id": None,
    }
    return submissions.Wanted(**{**given, **more})


def given(landlord: Landlord, **more: Any) -> dict[str, Any]:
    """A row of a batch, shaped as the API hands it on."""
    return {
        "landlord_id": landlord.pk,
        "business_id": BUSINESS,
        "tax_year": "2026-27",
        "period_start": START,
        "period_end": END,
        "figures": {"income": {"periodAmount": "1200.00"}},
        "mandate": {"kind": "standing"},
        **more,
    }


def mandated(landlord: Landlord) -> Mandate:
    """The landlord's leave to file, on record."""
    return mandates.record(by=KEY, landlord_id=landlord.pk, given={"kind": "standing"}, now=clock.now())


def queue(landlord: Landlord, *, income: str = "1200.00", is_known: bool = True, **more: Any) -> Submission:
    """Accepted and queued; `created_at` is the clock's. `is_known`: what HMRC holds was looked at, and was nothing."""
    submission = submissions.accept(by=KEY, wanted=wanted(landlord.pk, income=income, **more), now=clock.now())
    if is_known and last_seen(submission) is None:
        note(submission, NOTHING, now=clock.now())
    return submission


def held(income: str, *, start: date = START, end: date = END) -> Answered:
    """HMRC's answer when it is read back and holds this income."""
    return holds(start=start.isoformat(), end=end.isoformat(), periodAmount=income)


def submit_due(submission: Submission) -> Any:
    return due_at("submit", submission.pk)
