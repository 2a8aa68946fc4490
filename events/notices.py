"""Mails to an agency's owners and admins about their endpoints. Sent by workers, for a day if need be."""

import smtplib
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q

from events.models import DisabledReason, EndpointStatus, WebhookEndpoint
from people.models import Role, User
from tenants import due
from tenants.context import current_agency

log = structlog.get_logger()

_AGAIN, _GIVE_UP = timedelta(minutes=5), timedelta(days=1)
_SUBJECT = "A webhook endpoint of {agency} was switched off"
_BODY = """\
Quarterday sends no more events to this endpoint of {agency}:

  {host}  (endpoint {endpoint})

Since {since:%d %B %Y, %H:%M} UTC it is disabled: {why}.

Events go on being kept. When the endpoint works again, set its status to active,
and have what it missed sent by POST /api/v1/webhook-endpoints/{endpoint}/replay
with the time from which on.
"""
_WHY = {
    DisabledReason.FAILING: "for three days not one event could be delivered",
    DisabledReason.GONE: "it answered 410, which says that it is gone for good",
}


def run(*, endpoint_id: UUID, now: datetime) -> None:
    """Tell them that it was disabled, if it still is. Safe to run twice, late, or never."""
    own = Q(status=EndpointStatus.DISABLED, disabled_reason__in=list(_WHY))
    endpoint = WebhookEndpoint.objects.kept().filter(own, pk=endpoint_id).first()
    if endpoint is None or (endpoint.disabled_at or now) + _GIVE_UP <= now or _send(endpoint):
        due.done(kind=due.Kind.TELL_STAFF, subject_id=endpoint_id)
    else:
        due.put_off(kind=due.Kind.TELL_STAFF, subject_id=endpoint_id, until=now + _AGAIN)


def _send(endpoint: WebhookEndpoint) -> bool:
    people = User.objects.filter(is_active=True, role__in=[Role.OWNER, Role.ADMIN]).order_by("pk")
    sent = [_mail(endpoint, user.email) for user in people]
    return all(sent)


def _mail(endpoint: WebhookEndpoint, address: str) -> bool:
    said = {
        "agency": " ".join(current_agency().name.split()),
        "host": endpoint.host,
        "endpoint": endpoint.pk,
        "since": endpoint.disabled_at,
        "why": _WHY[DisabledReason(endpoint.disabled_reason)],
    }
    message = EmailMessage(
        subject=_SUBJECT.format(**said),
        body=_BODY.format(**said),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as why:
        log.warning("webhook.notice_put_off", endpoint=str(endpoint.pk), why=type(why).__name__)
        return False
    return True
