"""Who runs this, as a landlord is told before a National Insurance number is asked for (`/config`)."""

from urllib.parse import urlsplit

from api.settings import env
from api.settings.hmrc import HMRC

_IN_PRODUCTION = None if HMRC.name == "production" else ""


def _page(name: str) -> str:
    address = env.text(name, _IN_PRODUCTION)
    if address and not (urlsplit(address).scheme == "https" and urlsplit(address).hostname):
        env.refuse(name, "must be an address such as https://quarterday.example/privacy")
    return address


OPERATOR = {
    "privacy_url": _page("PRIVACY_URL"),
    "terms_url": _page("TERMS_URL"),
    "security_contact": env.text("SECURITY_CONTACT", _IN_PRODUCTION),
    "server_location": env.text("SERVER_LOCATION", _IN_PRODUCTION),
}
if OPERATOR["security_contact"] and "@" not in OPERATOR["security_contact"]:
    env.refuse("SECURITY_CONTACT", "must be a mail address")
