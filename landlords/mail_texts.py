"""The words of the mails that landlords get, until an agency writes its own.

{name}, {agency} and {url} are filled in; {code} in the mail that brings one.
"""

from typing import NamedTuple

from landlords.models import MailKind


class Text(NamedTuple):
    subject: str
    body: str


_PROMISE = "It takes about five minutes and lasts 18 months. {agency} never sees your HMRC password."

TEXTS: dict[str, Text] = {
    MailKind.INVITATION: Text(
        "{agency}: connect HMRC",
        """Hello {name},

{agency} asks you to connect HMRC, so that the quarterly updates of your rental income can be sent for you.

You need your HMRC sign-in (Government Gateway), enrolment for Making Tax Digital for Income Tax, and your National
Insurance number.

Begin here:
{url}

"""
        + _PROMISE,
    ),
    MailKind.REMINDER: Text(
        "{agency}: connect HMRC (reminder)",
        """Hello {name},

we wrote to you some days ago: {agency} can't send the quarterly updates of your rental income to HMRC until you have
connected HMRC.

Begin here:
{url}

If something is in the way, answer this mail and {agency} will help. """
        + _PROMISE,
    ),
    MailKind.APPROVAL: Text(
        "{agency}: approve your quarterly update",
        """Hello {name},

{agency} has prepared the next quarterly update of your rental income. It is sent to HMRC only once you have seen its
figures and approved them.

See them here:
{url}

If they are not right, decline them there, and {agency} is told.""",
    ),
    MailKind.RECONNECT: Text(
        "{agency}: connect HMRC again",
        """Hello {name},

the permission by which {agency} sends the quarterly updates of your rental income to HMRC no longer works, or ends
soon. What has been sent stays sent; what waits goes by itself once you have connected again.

Connect again here:
{url}

You need your HMRC sign-in (Government Gateway). """
        + _PROMISE,
    ),
    MailKind.DISCONNECTED: Text(
        "{agency}: no longer connected to HMRC",
        """Hello {name},

{agency} is no longer connected to HMRC for you. The keys to your tax account that it held here have been destroyed, and
nothing more is sent for you.

HMRC goes on listing the permission until you remove it there:
{url}""",
    ),
    MailKind.SIGN_IN: Text(
        "{agency}: your link",
        """Hello {name},

somebody, you we hope, asked for a fresh link to your connection with HMRC. It works once, within the next hour:
{url}

If it was not you, do nothing.""",
    ),
    MailKind.CODE: Text(
        "{agency}: your code is {code}",
        """Hello {name},

to go on where you were, type this code on the page that asked for it, within ten minutes:

{code}

Tell it to nobody, {agency} included. If you did not ask for it, do nothing.""",
    ),
}
# What a text of the agency's own must hold, to be of any use.
NEEDED: dict[str, str] = {kind: "{code}" if kind == MailKind.CODE else "{url}" for kind in TEXTS}
OPT_OUT = "\n\nTo get no more of these mails: {url}\n"
