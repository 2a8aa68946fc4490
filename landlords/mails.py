"""The mails that landlords get."""

from django.core.mail import EmailMessage

from landlords.models import Landlord
from tenants.models import Agency

_INVITATION = """Hello {name},

{agency} asks you to connect HMRC, so that the quarterly updates of your rental income can be sent for you.

You need your HMRC sign-in (Government Gateway), enrolment for Making Tax Digital for Income Tax, and your National
Insurance number.

Begin here:
{url}

It takes about five minutes and lasts 18 months. {agency} never sees your HMRC password.
"""


def send_invitation(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """Mail the link to the landlord through Django's mail backend."""
    body = _INVITATION.format(name=landlord.full_name, agency=agency.name, url=url)
    EmailMessage(subject=f"{agency.name}: connect HMRC", body=body, to=[landlord.email]).send()
