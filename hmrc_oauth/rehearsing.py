"""For those who build on Quarterday: what could happen to a connection, made to happen. Never in production.

What the landlord, HMRC or the network would do is done at the stand-in, and comes to us in the ordinary way. The
connection itself is not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from events import audit, outbox
from hmrc_door import stand_in
from hmrc_oauth.errors import NotInProduction, OnlyTestKeys
from hmrc_oauth.models import Connection
from landlords.errors import NinoMissing
from people.models import ApiKey
from people.principal import Principal, PrincipalKind
from tenants.faults import NotFound


class Action(StrEnum):
    REVOKE = "revoke"
    EXPIRE = "expire"
    LOSE_REFRESH = "lose_refresh"
    THROTTLE = "throttle"
    FAIL = "fail"
    FIRE_WEBHOOK = "fire_webhook"


# What is asked of the stand-in for each: the lever, and what goes with the NINO.
_LEVERS: Final[Mapping[Action, tuple[str, Mapping[str, Any]]]] = {
    Action.REVOKE: ("grants/revoke", {}),
    Action.EXPIRE: ("grants/end", {}),
    Action.LOSE_REFRESH: ("faults", {"kind": "answer_lost_after", "operation": "token"}),
    Action.THROTTLE: ("faults", {"kind": "rate_limited"}),
    Action.FAIL: ("faults", {"kind": "status", "status": 503}),
}
# What may be told of a connection as a test.
EVENT_TYPES: Final = (
    "connection.connected",
    "connection.uncertain",
    "connection.reconnect_required",
    "connection.recovered",
    "connection.expiring",
    "connection.disconnected",
)


@dataclass(frozen=True)
class Done:
    """`grants`: how many of HMRC's grants ended by it; `event_id`: of the event that was published."""

    action: Action
    grants: int | None = None
    event_id: UUID | None = None


def act(*, by: Principal, connection_id: UUID, action: Action, event_type: str, now: datetime) -> Done:
    """Let this happen to a connection. `event_type`: of the event to be told, if that is the action.

    Raises NotInProduction, OnlyTestKeys, NotFound, NinoMissing, OnlyTheStandIn, NotAtTheStandIn, StandInAway.
    """
    _require_test_key(by)
    connection = Connection.objects.select_related("landlord").filter(pk=connection_id).first()
    if connection is None:
        raise NotFound
    done = _tell(connection, event_type, now) if action is Action.FIRE_WEBHOOK else _pull(connection, action)
    audit.record(
        by=by,
        action="sandbox.acted",
        subject_type="landlord",
        subject_id=connection.landlord_id,
        now=now,
        what=str(action),
    )
    return done


def _require_test_key(by: Principal) -> None:
    if settings.HMRC.name == "production":
        raise NotInProduction
    is_key = by.kind is PrincipalKind.API_KEY
    if not (is_key and ApiKey.objects.filter(pk=by.id, prefix="qd_test").exists()):
        raise OnlyTestKeys


def _pull(connection: Connection, action: Action) -> Done:
    sealed = connection.landlord.nino
    if sealed is None:
        raise NinoMissing
    lever, wanted = _LEVERS[action]
    with sealed.open(reason="told to the stand-in") as nino:
        told = stand_in.pull(lever, {**wanted, "nino": str(nino)})
    return Done(action, grants=told.get("revoked", told.get("ended")))


def _tell(connection: Connection, type: str, now: datetime) -> Done:
    subject: dict[str, Any] = {"subject_type": "connection", "subject_id": connection.pk}
    said: dict[str, Any] = {
        "landlord_id": str(connection.landlord_id),
        "state": connection.state,
        "reason_code": connection.reason_code,
    }
    event = outbox.publish_test(type=type, **subject, now=now, **said)
    return Done(Action.FIRE_WEBHOOK, event_id=event.id)
