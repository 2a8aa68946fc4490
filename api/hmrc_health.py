"""HMRC's health as our own calls see it, and HMRC's page that says what it says itself."""

from django.conf import settings

from hmrc_door import health as door

# HMRC publishes availability for the sandbox and production apart.
_PAGES = {
    "local": "/",
    "sandbox": "https://api-platform-status.production.tax.service.gov.uk/",
    "production": "https://api-platform-status.production.tax.service.gov.uk/",
}


def health() -> dict[str, str]:
    """`status`: available, unavailable, or unknown if nothing was sent lately."""
    page = _PAGES[settings.HMRC.name]
    return {"status": door.read(), "availability_page": settings.HMRC.api_url + page if page == "/" else page}
