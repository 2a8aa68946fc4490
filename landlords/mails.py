"""The mails that landlords get, in the agency's name, through Django's mail backend."""

from email.utils import formataddr, parseaddr

from django.conf import settings
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

_APPROVAL = """Hello {name},

{agency} has prepared the next quarterly update of your rental income. It is sent to HMRC only once you have seen its
figures and approved them.

See them here:
{url}

If they are not right, decline them there, and {agency} is told.
"""

_RECONNECT = """Hello {name},

the permission by which {agency} sends the quarterly updates of your rental income to HMRC no longer works. What has
been sent stays sent; what waits goes by itself once you have connected again.

Connect again here:
{url}

You need your HMRC sign-in (Government Gateway). It takes about five minutes and lasts 18 months. {agency} never sees
your HMRC password.
"""

_DISCONNECTED = """Hello {name},

{agency} is no longer connected to HMRC for you. The keys to your tax account that it held here have been destroyed, and
nothing more is sent for you.

HMRC goes on listing the permission until you remove it there:
{url}
"""


def send_invitation(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The link with which to connect."""
    _send(landlord, agency, "connect HMRC", _INVITATION, url)


def send_approval(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The link with which to see a quarter's figures, and approve or decline them."""
    _send(landlord, agency, "approve your quarterly update", _APPROVAL, url)


def send_reconnect(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The authority has ended, and the link with which to connect again."""
    _send(landlord, agency, "connect HMRC again", _RECONNECT, url)


def send_disconnected(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The connection has ended here; `url` is where HMRC lists the authority."""
    _send(landlord, agency, "no longer connected to HMRC", _DISCONNECTED, url)


def _send(landlord: Landlord, agency: Agency, subject: str, text: str, url: str) -> None:
    named = agency.mail_name or agency.name
    EmailMessage(
        subject=f"{named}: {subject}",
        body=text.format(name=landlord.full_name, agency=named, url=url),
        from_email=formataddr((named, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[landlord.email],
        reply_to=[agency.mail_reply_to] if agency.mail_reply_to else None,
    ).send()
