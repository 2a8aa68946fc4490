"""The mails that landlords get, in the agency's name and words, through Django's mail backend."""

import re
from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from landlords import one_click
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
    way_out = _opt_out(agency, url)
    return EmailMessage(
        subject=fill(text.subject, said),
        body=fill(text.body, said) + (way_out or "\n"),
        from_email=_sender(agency),
        to=[landlord.email],
        reply_to=[agency.mail_reply_to] if agency.mail_reply_to else None,
        headers={**_headers(agency, mail_id), **_unsubscribing(agency, mail_id if way_out else None)},
    )


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


def _headers(agency: Agency, mail_id: UUID | None) -> dict[str, str]:
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    # By it, a report that the mail bounced finds the mail.
    named = {"Message-ID": f"<{mail_id.hex}.{agency.pk.hex}@{host}>"} if mail_id else {}
    return {"Auto-Submitted": "auto-generated", **named}


def _unsubscribing(agency: Agency, mail_id: UUID | None) -> dict[str, str]:
    """How a mail program takes its reader off the list. `mail_id`: of a mail with which that can be done here."""
    by_click = one_click.address(mail_id, agency_id=agency.pk) if mail_id else ""
    by_mail = f"mailto:{agency.mail_reply_to}?subject=unsubscribe" if agency.mail_reply_to else ""
    ways = ", ".join(f"<{way}>" for way in (by_click, by_mail) if way)
    clicked = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if by_click else {}
    return {"List-Unsubscribe": ways, **clicked} if ways else {}


def _opt_out(agency: Agency, url: str) -> str:
    token = urlsplit(url).fragment
    if not token.startswith("invitation="):
        return ""
    return OPT_OUT.format(url=f"{agency.front_end_url.rstrip('/')}/opt-out#{token}")
