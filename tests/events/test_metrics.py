"""What is told is what is counted, once it is committed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY

from events import outbox
from tenants.models import Agency

pytestmark = pytest.mark.usefixtures("in_alpha")
Tell = Callable[..., None]


@pytest.fixture
def connection_id() -> UUID:
    return uuid4()


@pytest.fixture
def tell(connection_id: UUID, now: datetime, django_capture_on_commit_callbacks: Any) -> Tell:
    """Publish an event of the connection, so many seconds after noon, and commit."""

    def run(what: str, *, after: float = 0, **data: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            at = now + timedelta(seconds=after)
            outbox.publish(
                type=f"connection.{what}", subject_type="connection", subject_id=connection_id, now=at, **data
            )

    return run


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def more() -> Callable[..., float]:
    """How much more was counted since it was last asked for."""
    seen: dict[str, float] = {}

    def run(name: str, **labels: str) -> float:
        key, value = f"{name}{labels}", counted(name, **labels)
        before, seen[key] = seen.get(key, value), value
        return value - before

    return run


def test_an_event_is_counted_by_type_and_reason(tell: Tell, more: Callable[..., float]) -> None:
    labels = {"type": "connection.reconnect_required", "reason": "refused"}
    more("quarterday_events_total", **labels)

    tell("reconnect_required", reason_code="refused", landlord_id=str(uuid4()))

    assert more("quarterday_events_total", **labels) == 1


def test_what_is_rolled_back_is_not_counted(
    in_alpha: Agency, now: datetime, more: Callable[..., float], django_capture_on_commit_callbacks: Any
) -> None:
    labels = {"type": "connection.connected", "reason": ""}
    more("quarterday_events_total", **labels)

    with django_capture_on_commit_callbacks(execute=False):
        outbox.publish(type="connection.connected", subject_type="connection", subject_id=uuid4(), now=now)

    assert more("quarterday_events_total", **labels) == 0


@pytest.mark.parametrize(("reason", "lost"), [("lost", 1), ("refused", 0), ("grant_ended", 0)])
def test_a_rotation_is_lost_if_that_is_the_reason(
    tell: Tell, more: Callable[..., float], reason: str, lost: int
) -> None:
    more("quarterday_rotation_lost_total")

    tell("reconnect_required", reason_code=reason)

    assert more("quarterday_rotation_lost_total") == lost


@pytest.mark.parametrize("end", ["recovered", "reconnect_required"])
def test_doubt_is_measured_from_when_it_was_told(tell: Tell, more: Callable[..., float], end: str) -> None:
    name, labels = "quarterday_doubt_settled_seconds", {"as": end}
    more(f"{name}_sum", **labels)
    more(f"{name}_count", **labels)
    tell("uncertain")

    tell(end, after=42)
    tell(end, after=99)

    assert (more(f"{name}_sum", **labels), more(f"{name}_count", **labels)) == (42, 1)


def test_who_was_never_in_doubt_has_none_to_settle(tell: Tell, more: Callable[..., float]) -> None:
    more("quarterday_doubt_settled_seconds_count", **{"as": "reconnect_required"})

    tell("reconnect_required", reason_code="refused")

    assert more("quarterday_doubt_settled_seconds_count", **{"as": "reconnect_required"}) == 0


def test_no_label_holds_an_id(tell: Tell, connection_id: UUID) -> None:
    tell("uncertain", landlord_id=str(uuid4()))

    names = {label for family in REGISTRY.collect() for sample in family.samples for label in sample.labels}
    values = {value for family in REGISTRY.collect() for sample in family.samples for value in sample.labels.values()}
    assert str(connection_id) not in values
    assert names <= _LABELS


_LABELS = {
    *("as", "code", "lane", "operation", "outcome", "reason", "type"),
    *("le", "generation", "implementation", "major", "minor", "patchlevel", "version"),  # the library's own
}
