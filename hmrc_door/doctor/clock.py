"""Our clock against HMRC's `Date`: timestamps of fraud-prevention headers and our leases are made by it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from hmrc_door.doctor.finding import Finding, failure, ok, skipped, warning
from hmrc_door.outcomes import http_date

# `Date` is in whole seconds, and the answer took its time.
UNNOTICED_S = 5
HARMFUL_S = 60
_MEND = "Let the clock of this machine be kept by NTP."


def look(headers: Mapping[str, str], *, received: datetime) -> Iterator[Finding]:
    """`headers` of any answer of HMRC's, in lower case; `received` by the clock of the machine."""
    said = http_date(headers.get("date", ""))
    if said is None:
        yield skipped("clock", "no answer of HMRC's with a date to compare with")
        return
    skew = round((received - said).total_seconds())
    says = f"{abs(skew)} s {'ahead of' if skew > 0 else 'behind'} HMRC" if abs(skew) > UNNOTICED_S else "as HMRC's"
    if abs(skew) > HARMFUL_S:
        yield failure("clock", says, _MEND)
    elif abs(skew) > UNNOTICED_S:
        yield warning("clock", says, _MEND)
    else:
        yield ok("clock", says)
