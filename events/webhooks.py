"""The endpoints at which an agency hears of its events. Nothing is sent from here: workers do that."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from events import audit, outbox
from events.delivery import addresses, ending, relay
from events.errors import EndpointDisabled, TooManyEndpoints
from events.models import Delivery, DisabledReason, EndpointStatus, Event, WebhookEndpoint
from events.types import TEST
from people.principal import Principal
from tenants import due, relays
from tenants.faults import FieldFault, Invalid, NotFound, Stale
from tenants.ids import new_id

MOST = 10  # endpoints an agency
_SECRET_BYTES = 32
_SUBJECT = "webhook_endpoint"


class Shown(NamedTuple):
    """An endpoint and its new secret, which is never shown again."""

    endpoint: WebhookEndpoint
    secret: str


@transaction.atomic
def create(*, by: Principal, given: Mapping[str, Any], now: datetime) -> Shown:
    """An endpoint that hears of what happens from now on. Raises Invalid (url), TooManyEndpoints."""
    _check_url(given["url"])
    _one_at_a_time()
    if WebhookEndpoint.objects.kept().count() >= MOST:
        raise TooManyEndpoints
    made = WebhookEndpoint(id=new_id(), created_at=now, updated_at=now, **given)
    made.listen_from_now()
    secret = _draw()
    made.secret = made.seal("secret", secret)
    made.save(force_insert=True)
    relays.ask(now=now)
    _audit(by, made.pk, "created", now)
    return Shown(get(endpoint_id=made.pk), secret)


def get(*, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises NotFound."""
    found = WebhookEndpoint.objects.kept().filter(pk=endpoint_id).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def change(
    *, by: Principal, endpoint_id: UUID, given: Mapping[str, Any], expected: int | None, now: datetime
) -> WebhookEndpoint:
    """Change what is given and nothing else. What waits for one that is switched off is cancelled; switched on, it
    hears of what happens from then on. Raises NotFound, Stale, Invalid (url).
    """
    held = _hold(endpoint_id, expected)
    if "url" in given:
        _check_url(given["url"])
    status = given.get("status", held.status)
    plain = {name: value for name, value in given.items() if name != "status"}
    if plain or status == held.status:
        held.change(now=now, **plain)
    if status != held.status:
        _switch(held, status, by=by, now=now)
    _audit(by, endpoint_id, "changed", now, fields=sorted(given))
    return get(endpoint_id=endpoint_id)


def _switch(held: WebhookEndpoint, status: str, *, by: Principal, now: datetime) -> None:
    if status == EndpointStatus.DISABLED:
        ending.disable(held, by=by, reason=DisabledReason.ASKED, now=now)
        return
    held.listen_from_now()
    seen = {"seen_transaction": held.seen_transaction, "seen_position": held.seen_position}
    held.change(now=now, status=status, disabled_reason="", disabled_at=None, **seen, **_AFRESH)
    relays.ask(now=now)


@transaction.atomic
def archive(*, by: Principal, endpoint_id: UUID, expected: int | None, now: datetime) -> None:
    """Send nothing to it any more, and destroy its secrets. Raises NotFound, Stale."""
    held = _hold(endpoint_id, expected)
    ending.cancel_all(held, now=now)
    held.change(now=now, archived_at=now, status=EndpointStatus.DISABLED, **_WITHOUT_SECRETS)
    _audit(by, endpoint_id, "deleted", now)


def wipe_all(*, now: datetime) -> int:
    """The agency leaves: no endpoint has a secret any more, nor hears of anything. Returns how many there were."""
    return WebhookEndpoint.objects.kept().update(
        archived_at=now, status=EndpointStatus.DISABLED, url="", **_WITHOUT_SECRETS
    )


@transaction.atomic
def rotate(*, by: Principal, endpoint_id: UUID, overlap: timedelta, expected: int | None, now: datetime) -> Shown:
    """A new secret. For `overlap` the one that was in force signs beside it; one that was older does not any more.

    Raises NotFound, Stale.
    """
    held, secret = _hold(endpoint_id, expected), _draw()
    assert held.secret is not None
    with held.secret.open(reason="rotate a webhook's secret") as old:
        changes = {
            "secret": held.seal("secret", secret),
            "old_secret": held.seal("old_secret", old) if overlap else None,
            "old_secret_until": now + overlap if overlap else None,
        }
    held.change(now=now, **changes)
    _audit(by, endpoint_id, "secret_rotated", now, overlap_hours=overlap // timedelta(hours=1))
    return Shown(get(endpoint_id=endpoint_id), secret)


@transaction.atomic
def test(*, by: Principal, endpoint_id: UUID, now: datetime) -> Delivery:
    """Send an event that means nothing, once. Raises NotFound, EndpointDisabled."""
    held = _hold_active(endpoint_id)
    event = outbox.publish(type=TEST, subject_type=_SUBJECT, subject_id=endpoint_id, now=now)
    (made,) = relay.queue(held, [event], now=now, give_up_at=now)
    _let_go(held)
    _audit(by, endpoint_id, "tested", now)
    return made


@transaction.atomic
def replay(*, by: Principal, endpoint_id: UUID, event_id: UUID, now: datetime) -> WebhookEndpoint:
    """Send one event once more, behind what waits. Raises NotFound (the event, too), EndpointDisabled."""
    held = _hold_active(endpoint_id)
    event = Event.objects.filter(id=event_id).first()
    if event is None or (event.type == TEST and event.subject_id != endpoint_id):
        raise NotFound
    relay.queue(held, [event], now=now)
    _let_go(held)
    _audit(by, endpoint_id, "replayed", now, event=str(event_id))
    return get(endpoint_id=endpoint_id)


@transaction.atomic
def replay_since(*, by: Principal, endpoint_id: UUID, since: datetime, now: datetime) -> WebhookEndpoint:
    """Send everything once more that happened since then and that it wants: it has heard nothing of that. What waits of
    it is cancelled, so that nothing overtakes anything. Raises NotFound, EndpointDisabled.
    """
    held = _hold_active(endpoint_id)
    first = Event.objects.filter(occurred_at__gte=since).order_by("transaction", "position").first()
    if first is not None and (first.transaction, first.position) <= (held.seen_transaction, held.seen_position):
        ending.cancel_all(held, now=now, only=_from(first))
        WebhookEndpoint.objects.filter(pk=held.pk).update(
            seen_transaction=first.transaction, seen_position=first.position - 1
        )
    _let_go(held)
    relays.ask(now=now)
    _audit(by, endpoint_id, "replayed", now, since=since.isoformat())
    return get(endpoint_id=endpoint_id)


def _from(first: Event) -> Q:
    later = Q(event__transaction=first.transaction, event__position__gte=first.position)
    return later | Q(event__transaction__gt=first.transaction)


# As if it had never failed: somebody has seen to it.
_AFRESH: Mapping[str, Any] = {"failures": 0, "failing_since": None, "rest_until": None}
_WITHOUT_SECRETS: Mapping[str, Any] = {"secret": None, "old_secret": None, "old_secret_until": None}


def _hold(endpoint_id: UUID, expected: int | None = None) -> WebhookEndpoint:
    held = WebhookEndpoint.hold(endpoint_id)
    if held is None:
        raise NotFound
    if expected not in {None, held.version}:
        raise Stale
    return held


def _hold_active(endpoint_id: UUID) -> WebhookEndpoint:
    held = _hold(endpoint_id)
    if held.status != EndpointStatus.ACTIVE:
        raise EndpointDisabled
    return held


def _let_go(held: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=held.pk).update(**_AFRESH)
    due.put(kind=due.Kind.DELIVER, subject_id=held.pk, lane=due.Lane.INTERACTIVE)


def _check_url(url: str) -> None:
    """What can be seen without asking anybody; where a name leads is looked at whenever something is sent."""
    local = settings.HMRC.name == "local"
    try:
        where = urlsplit(url)
        port, host = where.port, where.hostname or ""
    except ValueError:
        raise _wrong_url("invalid", "An absolute address such as https://hooks.example.org/quarterday.") from None
    if where.scheme not in (("https", "http") if local else ("https",)):
        raise _wrong_url("https_only", "It must begin with https://.")
    if not host or port == 0 or "@" in where.netloc or where.fragment:
        raise _wrong_url("invalid", "A host, and neither a user nor a fragment.")
    if _is_closed(host.strip("[]"), loopback=local):
        raise _wrong_url("address_not_allowed", "Only addresses of the public internet.")


def _is_closed(host: str, *, loopback: bool) -> bool:
    try:
        return not addresses.may_be_reached(host, loopback=loopback)
    except ValueError:
        return False  # a name


def _wrong_url(code: str, detail: str) -> Invalid:
    return Invalid(errors=[FieldFault("/url", code, detail)])


def _draw() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def _one_at_a_time() -> None:
    """Two that are made at once must not both be the last that there is room for."""
    list(WebhookEndpoint.objects.kept().order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _audit(by: Principal, endpoint_id: UUID, what: str, now: datetime, **detail: Any) -> None:
    subject: dict[str, Any] = {"subject_type": _SUBJECT, "subject_id": endpoint_id, "now": now}
    audit.record(by=by, action=f"{_SUBJECT}.{what}", **subject, **detail)
