"""/events: a feed to be followed. /audit-events: who did what."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from events import outbox
from events.models import AuditEvent, Event
from people.models import ApiKey
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Credential, Due
from tests.api.callers import Caller, key_caller, pointers, problem
from tests.cast import ALPHA


@pytest.fixture
def reader(alpha_committed: Agency) -> Iterator[Caller]:
    """A machine client outside any test transaction: events are seen only once they are committed."""
    with tenant(alpha_committed):
        events = set(Event.objects.values_list("pk", flat=True))
        audited = set(AuditEvent.objects.values_list("pk", flat=True))
    caller = key_caller(alpha_committed, host=ALPHA.host)
    key = UUID(caller.get("me").json()["id"])
    yield caller
    with tenant(alpha_committed):
        Event.objects.exclude(pk__in=events).delete()
        AuditEvent.objects.exclude(pk__in=audited).delete()
        ApiKey.objects.filter(pk=key).delete()
        Due.objects.filter(kind="seal_audit").delete()
    Credential.objects.filter(subject_id=key).delete()


def _publish(agency: Agency, subject: UUID, now: datetime, *kinds: str) -> None:
    with tenant(agency):
        for kind in kinds:
            outbox.publish(type=kind, subject_type="test", subject_id=subject, now=now, by="test")


def test_events_come_oldest_first_with_what_happened(reader: Caller, alpha_committed: Agency, now: datetime) -> None:
    subject = new_id()
    _publish(alpha_committed, subject, now, "first", "second")

    found = reader.get(f"events?subject_id={subject}").json()["results"]

    assert [event["type"] for event in found] == ["first", "second"]
    assert {event["subject_id"] for event in found} == {str(subject)}
    assert (found[0]["occurred_at"], found[0]["data"]) == ("2026-11-22T12:00:00Z", {"by": "test"})


def test_at_the_end_next_leads_on_to_what_happens_later(reader: Caller, alpha_committed: Agency, now: datetime) -> None:
    subject = new_id()
    _publish(alpha_committed, subject, now, "first", "second", "third")
    seen, cursor = [], ""
    for _ in range(2):
        page = reader.get(f"events?subject_id={subject}&limit=2{cursor}").json()
        seen += [event["type"] for event in page["results"]]
        cursor = f"&cursor={page['next']}"
    empty = reader.get(f"events?subject_id={subject}{cursor}").json()

    _publish(alpha_committed, subject, now, "fourth")
    late = reader.get(f"events?subject_id={subject}&cursor={empty['next']}").json()

    assert (seen, empty["results"]) == (["first", "second", "third"], [])
    assert [event["type"] for event in late["results"]] == ["fourth"]


def test_back_along_the_feed_the_same_events_come(reader: Caller, alpha_committed: Agency, now: datetime) -> None:
    subject = new_id()
    _publish(alpha_committed, subject, now, "first", "second", "third")
    first = reader.get(f"events?subject_id={subject}&limit=2").json()
    second = reader.get(f"events?subject_id={subject}&limit=2&cursor={first['next']}").json()

    back = reader.get(f"events?subject_id={subject}&limit=2&cursor={second['previous']}").json()

    assert back["results"] == first["results"]


def test_a_type_keeps_its_own(reader: Caller, alpha_committed: Agency, now: datetime) -> None:
    subject = new_id()
    _publish(alpha_committed, subject, now, "first", "second", "first")

    found = reader.get(f"events?subject_id={subject}&type=first").json()["results"]

    assert [event["type"] for event in found] == ["first", "first"]


def test_the_audit_trail_is_newest_first_and_names_the_actor(machine: Caller) -> None:
    me = machine.get("me").json()["id"]
    made = machine.post("landlords", {"full_name": "Lena"}).json()
    machine.delete(f"landlords/{made['id']}")

    found = machine.get(f"audit-events?subject_id={made['id']}").json()["results"]

    assert [row["action"] for row in found] == ["landlord.archived", "landlord.created"]
    assert {(row["actor_kind"], row["actor_id"]) for row in found} == {("api_key", me)}


def test_the_audit_trail_is_searched_by_action(machine: Caller) -> None:
    machine.post("landlords", {"full_name": "Lena"})
    machine.patch("agency", {"name": "New"})

    found = machine.get("audit-events?action=agency.changed").json()["results"]

    assert [(row["action"], row["detail"]) for row in found] == [("agency.changed", {"fields": ["name"]})]


@pytest.mark.parametrize("path", ["events", "audit-events"])
def test_a_subject_is_a_uuid(path: str, machine: Caller) -> None:
    answer = machine.get(f"{path}?subject_id=lena")

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == {"?subject_id": "invalid"}
