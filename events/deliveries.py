"""The log of deliveries, and another try of one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import audit
from events.delivery.relay import GIVE_UP
from events.errors import AlreadyDelivered, EndpointDisabled
from events.models import Delivery, DeliveryStatus, EndpointStatus, WebhookEndpoint
from people.principal import Principal
from tenants import due
from tenants.faults import NotFound

KEPT_DAYS = 30


def get(*, delivery_id: UUID) -> Delivery:
    """Raises NotFound."""
    found = Delivery.objects.select_related("event").filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def retry(*, by: Principal, delivery_id: UUID, now: datetime) -> Delivery:
    """Try it now, and if need be for another three days. Later events of its subject wait for it again.

    Raises NotFound, EndpointDisabled, AlreadyDelivered.
    """
    found = get(delivery_id=delivery_id)
    endpoint = WebhookEndpoint.hold(found.endpoint_id)
    if endpoint is None or endpoint.status != EndpointStatus.ACTIVE:
        raise EndpointDisabled
    again = {"status": DeliveryStatus.PENDING, "settled_at": None, "next_attempt_at": now, "give_up_at": now + GIVE_UP}
    if not Delivery.objects.filter(pk=found.pk).exclude(status=DeliveryStatus.DELIVERED).update(**again):
        raise AlreadyDelivered
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, failing_since=None, rest_until=None)
    due.put(kind=due.Kind.DELIVER, subject_id=endpoint.pk, lane=due.Lane.INTERACTIVE)
    subject = {"subject_type": "delivery", "subject_id": delivery_id, "now": now}
    audit.record(by=by, action="delivery.retried", **subject)  # type: ignore[arg-type] # the members of subject
    return get(delivery_id=delivery_id)
