"""What is asked of HMRC for a submission, and whether that is still what was approved."""

import json
from typing import Any

from hmrc_door import property_business
from hmrc_door.call import Call
from mtd import figures
from mtd.models import Step, Submission
from tenants.errors import SealBroken

# The operations of HMRC's that a submission takes.
OPERATIONS = {
    Step.READ: property_business.get_uk_cumulative.name,
    Step.PUT: property_business.put_uk_cumulative.name,
    Step.READ_BACK: property_business.get_uk_cumulative.name,
}


def request(submission: Submission, step: Step) -> Call:
    """The call of one step."""
    place: dict[str, Any] = {
        "nino": submission.landlord.nino,
        "business_id": submission.business_id,
        "tax_year": submission.tax_year,
    }
    if step is Step.PUT:
        return property_business.put_uk_cumulative(**place, body=_body(submission))
    return property_business.get_uk_cumulative(**place)


def _body(submission: Submission) -> dict[str, Any]:
    return {
        "fromDate": submission.period_start.isoformat(),
        "toDate": submission.period_end.isoformat(),
        "ukProperty": _amounts(submission),
    }


def _amounts(submission: Submission) -> dict[str, Any]:
    with submission.figures.open(reason="submit") as sealed:
        amounts: dict[str, Any] = figures.from_plain(json.loads(sealed))
    return amounts


def is_intact(submission: Submission) -> bool:
    """Whether what would be sent is to the byte what was approved."""
    try:
        digest = figures.digest(
            _amounts(submission),
            business_id=submission.business_id,
            tax_year=submission.tax_year,
            start=submission.period_start.isoformat(),
            end=submission.period_end.isoformat(),
        )
    except SealBroken:
        return False
    return digest == bytes(submission.digest)
