"""What of events and webhooks is kept for a while only."""

from datetime import datetime, timedelta

from events.deliveries import KEPT_DAYS
from events.models import Delivery, WebhookEndpoint

_AT_ONCE = 50_000


def tidy(*, now: datetime) -> None:
    """Drop the log of deliveries that were settled long ago, and secrets that sign no more."""
    WebhookEndpoint.objects.filter(old_secret_until__lt=now).update(old_secret=None, old_secret_until=None)
    old = Delivery.objects.filter(settled_at__lt=now - timedelta(days=KEPT_DAYS)).order_by("settled_at")
    Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_AT_ONCE])).delete()
