"""The audit trail: a chain that a changed, removed or inserted row breaks."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from structlog.contextvars import bound_contextvars

from events import audit
from events.models import AuditEvent
from people.principal import SYSTEM, Principal, PrincipalKind
from people.scopes import Scope
from tenants import due
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Due
from tests.conftest import NOON


def _record(subject: UUID, now: datetime, many: int = 1, **detail: Any) -> None:
    for number in range(many):
        audit.record(
            by=SYSTEM, action="thing.done", subject_type="test", subject_id=subject, now=now, number=number, **detail
        )


@pytest.fixture
def chain(in_alpha: Agency, subject: UUID, now: datetime) -> list[AuditEvent]:
    """Five sealed rows."""
    AuditEvent.objects.all().delete()
    _record(subject, now, many=5)
    assert audit.seal_chain(now=NOON) == 5
    return list(AuditEvent.objects.order_by("sequence"))


def test_a_row_says_who_did_what_to_what_when_and_in_which_request(
    in_alpha: Agency, subject: UUID, now: datetime
) -> None:
    who = Principal(PrincipalKind.STAFF, new_id(), frozenset({Scope.AGENCY_READ}))

    with bound_contextvars(request_id="request-1"):
        audit.record(by=who, action="thing.done", subject_type="test", subject_id=subject, now=now, why="asked")

    row = AuditEvent.objects.get(subject_id=subject)
    assert (row.actor_kind, row.actor_id, row.action, row.at) == ("staff", who.id, "thing.done", now)
    assert (row.detail, row.request_id, row.sequence, row.chain) == ({"why": "asked"}, "request-1", None, None)


def test_a_row_asks_for_its_seal(in_alpha: Agency, subject: UUID, now: datetime) -> None:
    Due.objects.all().delete()

    _record(subject, now, many=3)

    assert [(row.kind, row.agency_id) for row in Due.objects.all()] == [(due.Kind.SEAL_AUDIT, in_alpha.pk)]


def test_sealed_rows_are_numbered_without_gaps_and_hold_together(chain: list[AuditEvent]) -> None:
    assert [row.sequence for row in chain] == [1, 2, 3, 4, 5]
    assert len({bytes(row.chain or b"") for row in chain}) == 5
    assert audit.find_break() is None


def test_the_chain_goes_on_where_it_ended(chain: list[AuditEvent], subject: UUID, now: datetime) -> None:
    _record(subject, now + timedelta(days=1), many=2)

    assert (audit.seal_chain(now=NOON), audit.seal_chain(now=NOON), audit.find_break()) == (2, 0, None)
    assert AuditEvent.objects.order_by("-sequence").values_list("sequence", flat=True)[0] == 7


@pytest.mark.parametrize(
    "change",
    [
        {"action": "thing.undone"},
        {"actor_kind": "staff"},
        {"actor_id": UUID(int=7)},
        {"subject_id": UUID(int=7)},
        {"subject_type": "other"},
        {"at": datetime.fromisoformat("2026-11-22T12:00:00.000001+00:00")},
        {"detail": {"number": 99}},
        {"chain": b"\0" * 32},
        {"chain": None},
    ],
)
def test_a_changed_row_is_found(change: dict[str, Any], chain: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=chain[2].pk).update(**change)

    assert audit.find_break() == 3


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_removed_row_is_found(place: int, chain: list[AuditEvent]) -> None:
    chain[place].delete()

    assert audit.find_break() == place + 1


def test_two_rows_that_changed_places_are_found(chain: list[AuditEvent]) -> None:
    first, second = chain[1], chain[2]
    AuditEvent.objects.filter(pk=second.pk).update(sequence=99)
    AuditEvent.objects.filter(pk=first.pk).update(sequence=3)
    AuditEvent.objects.filter(pk=second.pk).update(sequence=2)

    assert audit.find_break() == 2


def test_an_inserted_row_is_found(chain: list[AuditEvent]) -> None:
    forged = AuditEvent.objects.get(pk=chain[4].pk)
    forged.pk, forged.sequence = new_id(), 6
    forged.save(force_insert=True)

    assert audit.find_break() == 6


def test_the_chain_of_one_agency_is_none_of_the_others_business(chain: list[AuditEvent], beta: Agency) -> None:
    with tenant(beta):
        AuditEvent.objects.all().delete()
        assert audit.seal_chain(now=NOON) == 0
        assert audit.find_break() is None


def test_the_seal_stays_due_until_nothing_is_left_unsealed(
    in_alpha: Agency, subject: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    AuditEvent.objects.all().delete()
    monkeypatch.setattr(audit, "_BATCH", 2)
    _record(subject, now, many=5)

    sealed = []
    while Due.objects.filter(kind=due.Kind.SEAL_AUDIT, agency_id=in_alpha.pk).exists():
        sealed.append(audit.seal_chain(now=NOON))

    assert sealed == [2, 2, 1, 0]
    assert audit.find_break() is None


def test_what_is_audited_is_rolled_back_with_what_it_tells_of(stage: Agency, subject: UUID, now: datetime) -> None:
    from django.db import transaction

    with transaction.atomic():
        _record(subject, now)
        transaction.set_rollback(True)

    assert not AuditEvent.objects.filter(subject_id=subject).exists()
