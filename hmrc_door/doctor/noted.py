"""What our own calls have seen of HMRC of late: APIs that will end, and codes that nobody here knows."""

from collections.abc import Iterator

from hmrc_door.deprecations import Deprecation
from hmrc_door.doctor.finding import Finding, failure, ok, warning
from hmrc_door.health import Snapshot
from tenants.clock import machine

_UPGRADE = "Look up the API's versions on HMRC's Developer Hub, and upgrade."
_TELL = "Look each up in HMRC's documentation, and give it a row in hmrc_door/meanings."


def look(snapshot: Snapshot) -> Iterator[Finding]:
    """The latest of it, from all processes."""
    for deprecation in snapshot.deprecations:
        yield _deprecated(deprecation)
    if snapshot.unknown_codes:
        counts = ", ".join(f"{code} ({count})" for code, count in snapshot.unknown_codes.items())
        yield warning("unknown_codes", counts, _TELL)
    if not snapshot.deprecations and not snapshot.unknown_codes:
        yield ok("noted", "no deprecation, no unknown code in the last 30 days")


def _deprecated(found: Deprecation) -> Finding:
    name = f"{found.api} {found.version}"
    if found.sunset and found.sunset <= machine():
        return failure("deprecation", f"{name} has ended on {found.sunset:%-d %B %Y}", _UPGRADE)
    until = f", ends on {found.sunset:%-d %B %Y}" if found.sunset else ""
    return warning("deprecation", f"{name} is deprecated{until}", _UPGRADE)
