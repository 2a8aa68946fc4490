"""The mails that landlords get, in the agency's name and words, through Django's mail backend."""

import re
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from landlords.mail_texts import OPT_OUT, TEXTS, Text
from landlords.models import Landlord, MailKind, MailSettings
from tenants.models import Agency

_FIELD = re.compile(r"\{(name|agency|url|code)\}")
_MESSAGE_ID = re.compile(r"^<?([0-9a-f]{32})\.([0-9a-f]{32})@[^<>\s]+>?\Z")


def message(
    kind: str, *, landlord: Landlord, agency: Agency, url: str = "", code: str = "", mail_id: UUID | None = None
) -> EmailMessage:
    """The mail, not sent yet. `url` with a token in its fragment brings the link with which to opt out."""
    own = MailSettings.current()
    text, said = _text(kind, own), {"name": landlord.full_name, "agency": _named(agency), "url": url, "code": code}
    body = fill(text.body, said) + _opt_out(agency, url)
    return EmailMessage(
        subject=fill(text.subject, said),
        body=body,
        from_email=_sender(agency),
        to=[landlord.email],
        reply_to=[reply_to] if (reply_to := own.reply_to or agency.mail_reply_to) else None,
        headers=_headers(own, agency, mail_id),
    )


def send_approval(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The link with which to see a quarter's figures, and approve or decline them."""
    message(MailKind.APPROVAL, landlord=landlord, agency=agency, url=url).send()


def send_reconnect(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The authority has ended, and the link with which to connect again."""
    message(MailKind.RECONNECT, landlord=landlord, agency=agency, url=url).send()


def send_disconnected(*, landlord: Landlord, agency: Agency, url: str) -> None:
    """The connection has ended here; `url` is where HMRC lists the authority."""
    message(MailKind.DISCONNECTED, landlord=landlord, agency=agency, url=url).send()


def fill(text: str, said: Mapping[str, str]) -> str:
    """The text with its fields filled in. Nothing else in braces means anything: the words are an agency's."""
    return _FIELD.sub(lambda found: said[found[1]], text)


def read_message_id(raw: str) -> tuple[UUID, UUID] | None:
    """The mail and the agency that a Message-ID of ours names; None for any other."""
    found = _MESSAGE_ID.match(raw.strip())
    return None if found is None else (UUID(found[1]), UUID(found[2]))


def _text(kind: str, own: MailSettings) -> Text:
    return Text(**own.templates[kind]) if kind in own.templates else TEXTS[kind]


def _sender(agency: Agency) -> str:
    return formataddr((_named(agency), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _named(agency: Agency) -> str:
    return agency.mail_name or agency.name


def _headers(own: MailSettings, agency: Agency, mail_id: UUID | None) -> dict[str, str]:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    # By it, a report that the mail bounced finds the mail.
    named = {"Message-ID": f"<{mail_id.hex}.{agency.pk.hex}@{host}>"} if mail_id else {}
    out = {"List-Unsubscribe": f"<mailto:{own.reply_to}?subject=unsubscribe>"} if own.reply_to else {}
    return {"Auto-Submitted": "auto-generated", **named, **out}


def _opt_out(agency: Agency, url: str) -> str:
    token = urlsplit(url).fragment
    if not token.startswith("invitation="):
        return "\n"
    return OPT_OUT.format(url=f"{agency.front_end_url.rstrip('/')}/opt-out#{token}")
