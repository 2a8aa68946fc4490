"""Data keys: one per agency and purpose, held in memory for a while, never one that was rolled back."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tenants.db import connection
from tenants.errors import KeyDenied, SealBroken
from tenants.ids import new_id
from tenants.models import Agency, TenantKey
from tenants.vault import Purpose, keyring, seal_value
from tenants.vault.keyring import DataKey, _Cache


def test_every_agency_and_purpose_has_a_key_of_its_own(alpha: Agency, beta: Agency) -> None:
    keys = [keyring.primary(agency.pk, purpose).key for agency in (alpha, beta) for purpose in Purpose]

    assert {len(key) for key in keys} == {32}
    assert len(set(keys)) == 8


def test_a_key_is_the_same_whenever_it_is_asked_for(alpha: Agency) -> None:
    first = keyring.primary(alpha.pk, Purpose.PII)
    keyring.forget()

    assert keyring.primary(alpha.pk, Purpose.PII) == first
    assert keyring.of_version(alpha.pk, Purpose.PII, first.version) == first


def test_the_newest_version_seals_and_the_older_ones_still_open(alpha: Agency) -> None:
    first = keyring.primary(alpha.pk, Purpose.PII)
    _add_version(alpha.pk, 2)
    keyring.forget()

    assert keyring.primary(alpha.pk, Purpose.PII).version == 2
    assert keyring.of_version(alpha.pk, Purpose.PII, 1) == first


def test_where_clocks_went_back_the_oldest_version_seals(alpha: Agency) -> None:
    first = keyring.primary(alpha.pk, Purpose.PII)
    _add_version(alpha.pk, 2)
    TenantKey.objects.filter(agency_id=alpha.pk).update(seals_from="9000-01-01T00:00Z")
    keyring.forget()

    assert keyring.primary(alpha.pk, Purpose.PII) == first


def test_a_version_that_does_not_exist_opens_nothing(alpha: Agency) -> None:
    with pytest.raises(SealBroken):
        keyring.of_version(alpha.pk, Purpose.PII, 999)


def test_a_wrapped_key_moved_to_another_agency_or_purpose_is_refused(alpha: Agency, beta: Agency) -> None:
    keyring.primary(alpha.pk, Purpose.FLOW)
    stolen = TenantKey.objects.get(agency_id=alpha.pk, purpose=Purpose.PII).wrapped
    TenantKey.objects.filter(agency_id=beta.pk, purpose=Purpose.PII).update(wrapped=stolen)
    TenantKey.objects.filter(agency_id=alpha.pk, purpose=Purpose.FLOW).update(wrapped=stolen)
    keyring.forget()

    for agency, purpose in ((beta, Purpose.PII), (alpha, Purpose.FLOW)):
        with pytest.raises(SealBroken):
            keyring.primary(agency.pk, purpose)


def test_a_key_made_in_a_transaction_that_is_rolled_back_is_not_remembered(db: None) -> None:
    agency_id = new_id()
    with transaction.atomic():
        lost = keyring.primary(agency_id, Purpose.PII)
        transaction.set_rollback(True)

    assert keyring.primary(agency_id, Purpose.PII) != lost


def test_a_key_made_in_a_transaction_is_remembered_once_it_is_committed(db: None) -> None:
    agency_id = new_id()
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        made = keyring.primary(agency_id, Purpose.PII)
    TenantKey.objects.filter(agency_id=agency_id).delete()

    assert keyring.primary(agency_id, Purpose.PII) == made


def test_a_forgotten_agencys_keys_are_read_again_and_the_others_are_kept(alpha: Agency, beta: Agency) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        kept = keyring.primary(beta.pk, Purpose.PII)
        keyring.primary(alpha.pk, Purpose.PII)
    TenantKey.objects.all().delete()

    keyring.forget(alpha.pk)

    assert keyring.primary(beta.pk, Purpose.PII) == kept
    with pytest.raises(SealBroken):
        keyring.of_version(alpha.pk, Purpose.PII, 1)


def test_without_its_ring_a_process_neither_opens_nor_seals_a_token(in_alpha: Agency, settings: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        keyring.primary(in_alpha.pk, Purpose.TOKEN)
        keyring.of_version(in_alpha.pk, Purpose.TOKEN, 1)
    settings.TOKEN_KEK_FILE = None

    with pytest.raises(KeyDenied):
        keyring.primary(in_alpha.pk, Purpose.TOKEN)
    with pytest.raises(KeyDenied):
        keyring.of_version(in_alpha.pk, Purpose.TOKEN, 1)
    with pytest.raises(KeyDenied):
        seal_value("token", purpose=Purpose.TOKEN, label="grant.access_token", row=new_id())
    assert seal_value("code", purpose=Purpose.FLOW, label="connect_session.code", row=new_id())


@pytest.fixture
def fresh_agency_id(django_db_setup: None, django_db_blocker: Any) -> Iterator[UUID]:
    """An agency that has no keys yet, outside any test transaction."""
    agency_id = new_id()
    with django_db_blocker.unblock():
        yield agency_id
        connection.set_schema_to_public()
        TenantKey.objects.filter(agency_id=agency_id).delete()
        connection.close()


def test_several_who_make_the_first_key_at_once_get_the_same(
    fresh_agency_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 4
    at_once = threading.Barrier(many, timeout=10)
    make = keyring._make
    monkeypatch.setattr(keyring, "_make", lambda *of: (at_once.wait(), make(*of))[1])
    got: list[bytes] = []

    threads = [threading.Thread(target=_make_one, args=(fresh_agency_id, got)) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == many
    assert len(set(got)) == 1
    assert TenantKey.objects.filter(agency_id=fresh_agency_id).count() == 1


def test_a_key_that_was_there_before_the_transaction_is_asked_for_once(fresh_agency_id: UUID) -> None:
    # Read in the middle of one, where an import seals a thousand numbers: whatever becomes of it, the key stays.
    made = keyring.primary(fresh_agency_id, Purpose.PII)
    keyring.forget()

    with transaction.atomic():
        with CaptureQueriesContext(connections[DEFAULT_DB_ALIAS]) as asked:
            read = [keyring.primary(fresh_agency_id, Purpose.PII) for _ in range(3)]
            read += [keyring.of_version(fresh_agency_id, Purpose.PII, 1) for _ in range(3)]
        transaction.set_rollback(True)

    assert (len(asked), set(read)) == (2, {made})


def test_a_key_made_in_a_savepoint_that_is_rolled_back_is_not_remembered_by_who_finds_it_there(
    fresh_agency_id: UUID,
) -> None:
    with transaction.atomic():
        with transaction.atomic():
            lost = keyring.primary(fresh_agency_id, Purpose.PII)
            assert keyring.primary(fresh_agency_id, Purpose.PII) == lost
            assert keyring.of_version(fresh_agency_id, Purpose.PII, 1) == lost
            transaction.set_rollback(True)
        kept = keyring.primary(fresh_agency_id, Purpose.PII)

    assert kept != lost
    assert keyring.primary(fresh_agency_id, Purpose.PII) == kept


def test_the_memory_drops_what_was_used_longest_ago() -> None:
    cache, names = _Cache(), [(UUID(int=number), Purpose.PII, 0) for number in range(513)]
    for name in names[:512]:
        cache.put(name, DataKey(1, b"key"))
    cache.get(names[0])

    cache.put(names[512], DataKey(1, b"key"))

    assert [cache.get(names[number]) is not None for number in (0, 1, 2, 512)] == [True, False, True, True]


def test_the_memory_drops_what_is_five_minutes_old(monkeypatch: pytest.MonkeyPatch) -> None:
    cache, name = _Cache(), (UUID(int=1), Purpose.PII, 0)
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)
    cache.put(name, DataKey(1, b"key"))

    monkeypatch.setattr("time.monotonic", lambda: 1300.0)
    still_there = cache.get(name)
    monkeypatch.setattr("time.monotonic", lambda: 1300.1)

    assert (still_there, cache.get(name)) == (DataKey(1, b"key"), None)


def test_a_data_key_does_not_show_itself() -> None:
    key = DataKey(3, b"thirty-two bytes of a secret key")

    assert repr(key) == "<DataKey v3>"
    assert "secret" not in f"{key} {[key]}"


def _make_one(agency_id: UUID, got: list[bytes]) -> None:
    try:
        got.append(keyring.primary(agency_id, Purpose.PII).key)
    finally:
        connection.close()


def _add_version(agency_id: UUID, version: int) -> None:
    keyring.new_row(agency_id, Purpose.PII, version=version).save()
