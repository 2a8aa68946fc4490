"""What is sent, by Standard Webhooks: `{type, timestamp, data}`, thin, and three headers, of which one signs."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, NamedTuple

from standardwebhooks import Webhook

from events.models import Event, WebhookEndpoint
from tenants import clock
from tenants.context import current_agency


class Message(NamedTuple):
    """A body and its headers."""

    body: bytes
    headers: dict[str, str]


class Writer:
    """Writes for one endpoint, with the secrets that hold at this moment. Raises KeyDenied, SealBroken."""

    def __init__(self, endpoint: WebhookEndpoint, *, now: datetime) -> None:
        self._agency = str(current_agency().pk)
        self._signers = list(_signers(endpoint, now))

    def write(self, event: Event) -> Message:
        """The same event has the same body and the same id however often it is sent; the signature says when."""
        at = clock.machine()  # which the receiver compares with its own
        text = json.dumps(body(event, agency_id=self._agency), separators=(",", ":"))
        signed = " ".join(each.sign(str(event.id), at, text) for each in self._signers)
        headers = {
            "webhook-id": str(event.id),
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signed,
        }
        return Message(text.encode(), headers)


def body(event: Event, *, agency_id: str) -> dict[str, Any]:
    """What is said of the event: ids, times and codes."""
    subject = {"subject_type": event.subject_type, "subject_id": str(event.subject_id)}
    return {
        "type": event.type,
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
        "data": {"agency_id": agency_id, **subject, **event.data},
    }


def _signers(endpoint: WebhookEndpoint, now: datetime) -> Iterator[Webhook]:
    """The new secret's, and the old one's for as long as it holds."""
    overlaps = endpoint.old_secret_until is not None and now < endpoint.old_secret_until
    with ExitStack() as opened:
        for sealed in (endpoint.secret, endpoint.old_secret if overlaps else None):
            if sealed is not None:
                yield Webhook(opened.enter_context(sealed.open(reason="sign a webhook")))
