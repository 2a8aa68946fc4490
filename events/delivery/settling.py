"""What became of a batch: of each event, and of the endpoint."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Now

from events import metrics
from events.delivery import backoff
from events.delivery.answers import GONE, Answer
from events.delivery.batch import Attempt
from events.delivery.ending import disable
from events.models import Delivery, DeliveryStatus, DisabledReason, EndpointStatus, WebhookEndpoint
from events.models.webhooks import LEASE
from events.types import TEST
from people.principal import SYSTEM
from tenants.failpoints import failpoint

_SLOW_MS = 3000
_MANY = 3  # answers of one batch, all of them bad: it is the endpoint, and not the events
# One statement for a batch, which unrolled would be a hundred. What was cancelled meanwhile stays so.
_SETTLE = """
    UPDATE events_delivery AS delivery
    SET status = told.status, tries = delivery.tries + 1, attempts = delivery.attempts || told.attempt,
        next_attempt_at = told.next_at, settled_at = told.settled_at
    FROM unnest(%s::bigint[], %s::text[], %s::text[]::jsonb[], %s::timestamptz[], %s::timestamptz[])
         AS told(position, status, attempt, next_at, settled_at)
    WHERE delivery.position = told.position AND delivery.status = 'pending'
"""


class _Told(NamedTuple):
    """Of one delivery: a column of the statement each."""

    position: int
    status: str
    attempt: str
    next_at: datetime
    settled_at: datetime | None


@transaction.atomic
def settle(endpoint: WebhookEndpoint, attempts: Sequence[Attempt], *, now: datetime) -> WebhookEndpoint | None:
    """Write it down, and keep holding the endpoint. Its row as it is now; None if it is not held any more, and nothing
    is written then.
    """
    held = WebhookEndpoint.hold(endpoint.pk, fence=endpoint.fence)
    if held is None:
        return None
    told = [_told(attempt, now) for attempt in attempts]
    if attempts:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [list(column) for column in zip(*told, strict=True)])
        failpoint("deliver.in_settling")
        _note(held, [each.answer for each in attempts], now)
    reason = _why_disable(held, attempts, now)
    if reason is not None and held.status == EndpointStatus.ACTIVE:
        disable(held, by=SYSTEM, reason=reason, now=now)
    transaction.on_commit(lambda: _count(attempts, now), robust=True)
    return WebhookEndpoint.objects.get(pk=held.pk)


def _told(attempt: Attempt, now: datetime) -> _Told:
    delivery, answer = attempt
    said = {
        "at": now.isoformat(),
        "outcome": answer.outcome,
        "response_code": answer.code,
        "latency_ms": answer.latency_ms,
    }
    line = json.dumps([said])
    if answer.arrived:
        return _Told(delivery.position, DeliveryStatus.DELIVERED, line, now, now)
    if now >= delivery.give_up_at:
        return _Told(delivery.position, DeliveryStatus.FAILED, line, now, now)
    wait = max(backoff.of_delivery(delivery.tries + 1), timedelta(seconds=answer.retry_after_s))
    return _Told(delivery.position, DeliveryStatus.PENDING, line, min(now + wait, delivery.give_up_at), None)


def _note(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> None:
    changes: dict[str, Any]
    if any(each.arrived for each in answers):
        changes = {"failures": 0, "failing_since": None, "rest_until": None, "delivered_at": now}
        if endpoint.failures:  # it is back: what waited for that goes at once
            waiting = Delivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.PENDING)
            waiting.filter(next_attempt_at__gt=now).update(next_attempt_at=now)
    else:
        changes = {"failing_since": endpoint.failing_since or now}
        if endpoint.failures or len(answers) >= _MANY or not all(each.is_alone for each in answers):
            changes |= _rest(endpoint.failures + 1, answers, now)
    changes["is_slow"] = any(each.latency_ms > _SLOW_MS for each in answers)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**changes, lease_ends_at=Now() + LEASE)


def _rest(failures: int, answers: Sequence[Answer], now: datetime) -> dict[str, Any]:
    """It is not one event: the endpoint itself is looked at again after a while."""
    asked = timedelta(seconds=max(each.retry_after_s for each in answers))
    return {"failures": failures, "rest_until": now + max(backoff.of_endpoint(failures), asked)}


def _count(attempts: Sequence[Attempt], now: datetime) -> None:
    metrics.count_attempts(
        outcomes=[each.answer.outcome for each in attempts],
        waited=[(now - each.delivery.created_at).total_seconds() for each in attempts if not each.delivery.tries],
    )


def _why_disable(endpoint: WebhookEndpoint, attempts: Sequence[Attempt], now: datetime) -> DisabledReason | None:
    if any(each.answer.outcome == GONE for each in attempts):
        return DisabledReason.GONE
    if any(each.answer.arrived for each in attempts):
        return None
    given_up = [each.delivery for each in attempts if now >= each.delivery.give_up_at]
    return DisabledReason.FAILING if any(_failed_all_the_time(endpoint, each) for each in given_up) else None


def _failed_all_the_time(endpoint: WebhookEndpoint, given_up: Delivery) -> bool:
    """Nothing has arrived since this one was made."""
    last = endpoint.delivered_at
    return given_up.type != TEST and (last is None or last < given_up.created_at)
