"""HMRC's health as our own calls see it, and HMRC's page that says what it says itself."""

from typing import Any

from django.conf import settings

from hmrc_door import health as door
from hmrc_oauth import standstill
from tenants import switches

# HMRC publishes availability for the sandbox and production apart.
_PAGES = {
    "local": "/",
    "sandbox": "https://api-platform-status.production.tax.service.gov.uk/",
    "production": "https://api-platform-status.production.tax.service.gov.uk/",
}


def health() -> dict[str, str]:
    """`status`: available, unavailable, client_refused, api_refused, or unknown if nothing was sent lately."""
    return {"status": _status(door.read()), "availability_page": _page()}


def in_full() -> dict[str, Any]:
    """The same, with the APIs that it refuses to us, what it says of its own, and its codes that nobody here knows."""
    seen = door.snapshot()
    return {
        "status": _status(seen.status),
        "availability_page": _page(),
        "refused_apis": list(standstill.refused_apis()),
        "answered_at": seen.answered_at,
        "failed_at": seen.failed_at,
        "deprecations": [each._asdict() for each in seen.deprecations],
        "unknown_codes": dict(seen.unknown_codes),
    }


def _status(seen: str) -> str:
    """HMRC may be well and refuse Quarterday itself: only the operator can mend that, and nobody has to reconnect."""
    if switches.is_thrown(switches.CLIENT_REFUSED):
        return "client_refused"
    return "api_refused" if standstill.refused_apis() else seen


def _page() -> str:
    page: str = _PAGES[settings.HMRC.name]
    return settings.HMRC.api_url + page if page == "/" else page
