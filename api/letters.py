"""A page to print and post, for landlords without e-mail."""

from django.template.loader import render_to_string

from api import qr
from landlords.models import Landlord
from tenants.models import Agency


def invitation(*, landlord: Landlord, agency: Agency, url: str) -> str:
    """The whole page, as HTML that loads nothing from elsewhere."""
    said = {"name": landlord.full_name, "agency": agency.name, "url": url, "qr": qr.svg(url)}
    return render_to_string("landlord_letter.html", said)
