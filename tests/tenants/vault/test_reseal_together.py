"""Sealing anew while others read, write, hold rows and are killed: on committed rows, from several connections."""

import io
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from people.models import IdempotencyRecord
from tenants import shredding
from tenants.context import tenant
from tenants.db import connection
from tenants.errors import SealBroken
from tenants.models import Agency, TenantKey
from tenants.provisioning import create_agency
from tenants.vault import Purpose, keyring, reseal, seal_value, versions
from tests.hmrc_oauth.forks import forked, was_killed
from tests.tenants.processes import start
from tests.tenants.vault.rotating import let_time_pass, rotate, sealed_by

BODY = "people.IdempotencyRecord.body"
MANY = 1200


@pytest.fixture
def agency(django_db_setup: None, django_db_blocker: Any) -> Iterator[Agency]:
    """One of its own, committed, with more sealed rows than fit into a batch, whose keys were rotated."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        made = create_agency(name="Reseal", host="reseal.example")
        with tenant(made):
            IdempotencyRecord.objects.bulk_create(_record(number) for number in range(MANY))
            rotate(made.pk, [Purpose.PII])
            yield made
        shredding.drop_schema(made)
        shredding.forget(made)
        connection.close()


def _record(number: int) -> IdempotencyRecord:
    row = IdempotencyRecord(principal_kind="staff", principal_id=UUID(int=0), key=str(number), request_digest=b"")
    row.created_at, row.body = datetime(2026, 11, 22, tzinfo=UTC), row.seal("body", f"body {number}")
    return row


def resealed(agency: Agency) -> dict[str, int]:
    out = io.StringIO()
    call_command("reseal", agency=str(agency.pk), stdout=out)
    return dict(json.loads(out.getvalue().splitlines()[-1]))


def bodies() -> set[str]:
    found = set()
    for row in IdempotencyRecord.objects.all():
        with row.body.open(reason="test") as text:
            found.add(text)
    return found


def beside(agency: Agency, work: Callable[[], None]) -> Callable[[], int]:
    """Do it again and again in a thread. What is returned ends it, and tells how many times it was done."""
    over, times, failed = threading.Event(), [], []

    def run() -> None:
        try:
            with tenant(agency):
                while not over.is_set():
                    work()
                    times.append(1)
        except BaseException as why:  # noqa: BLE001 - told by whoever waits
            failed.append(why)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def end() -> int:
        over.set()
        thread.join(30)
        assert not failed, failed
        return len(times)

    return end


def test_killed_between_batches_it_goes_on_where_it_was(agency: Agency) -> None:
    command = ("manage.py", "reseal", "--agency", "reseal.example")

    killed = start(command, {"QUARTERDAY_DIE_AT": "reseal.between_batches"})

    assert killed.returncode == -9
    assert sealed_by()[BODY] == {1, 2}
    assert resealed(agency) == {"done": MANY - reseal.AT_ONCE, "broken": 0, "left": 0}
    assert sealed_by()[BODY] == {2}
    assert bodies() == {f"body {number}" for number in range(MANY)}


def test_two_at_once_seal_each_value_once(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reseal, "_WAIT_S", 0.01)
    done: list[int] = []
    ends = [beside(agency, lambda: done.append(sum(told.done for told in reseal.reseal()))) for _ in range(2)]
    while sealed_by()[BODY] != {2}:
        pass
    for end in ends:
        assert end()

    assert sum(done) == MANY
    assert len(bodies()) == MANY


def test_readers_and_writers_beside_it_notice_nothing(agency: Agency) -> None:
    ids = list(IdempotencyRecord.objects.values_list("pk", flat=True))
    turn, written = iter(range(10**9)), {}

    def read() -> None:
        row = IdempotencyRecord.objects.get(pk=ids[next(turn) % MANY])
        with row.body.open(reason="test") as text:
            assert text.startswith("body")

    def write() -> None:
        row = IdempotencyRecord.objects.get(pk=ids[(number := next(turn)) % MANY])
        row.body = row.seal("body", f"body of a writer {number}")
        row.save(update_fields=["body"])
        written[row.pk] = number

    ends = [beside(agency, work) for work in (read, read, write)]
    resealed(agency)
    assert all(end() for end in ends)

    assert sealed_by()[BODY] == {2}
    for row in IdempotencyRecord.objects.filter(pk__in=written):
        with row.body.open(reason="test") as text:
            assert text == f"body of a writer {written[row.pk]}"


def test_a_row_that_somebody_holds_is_left_and_told(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reseal, "_WAIT_S", 0)
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with tenant(agency), transaction.atomic():
            IdempotencyRecord.objects.select_for_update().get(key="7")
            held.set()
            over.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    with pytest.raises(CommandError, match="Not all was sealed anew"):
        resealed(agency)
    over.set()
    thread.join(30)

    assert sealed_by()[BODY] == {1, 2}
    assert resealed(agency) == {"done": 1, "broken": 0, "left": 0}


def test_two_who_rotate_at_once_add_one_version(agency: Agency) -> None:
    added: list[versions.Added | None] = []

    def rotate_too() -> None:
        with tenant(agency):
            added.append(versions.add(agency.pk, Purpose.PII))
        connection.close()

    thread = threading.Thread(target=rotate_too)
    with transaction.atomic():
        added.append(versions.add(agency.pk, Purpose.PII))
        thread.start()
        wait_for_a_lock()
    thread.join(30)

    assert [one and one.version for one in added] == [3, None]


def wait_for_a_lock() -> None:
    """Until somebody waits for a lock of ours."""
    with connection.cursor() as cursor:
        for _ in range(300):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    pytest.fail("nobody waited")


class TestRetiring:
    """Who counts does not see what others have not committed."""

    @pytest.fixture
    def old(self, agency: Agency) -> Agency:
        resealed(agency)
        let_time_pass(agency.pk, timedelta(minutes=5))
        return agency

    @pytest.mark.parametrize("ends", ["after the count", "once it was counted"])
    def test_keeps_a_version_while_a_transaction_runs_that_may_have_sealed_with_it(
        self, old: Agency, ends: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sealed, over, count = threading.Event(), threading.Event(), versions._used

        def seal_and_take_time() -> None:
            with tenant(old), transaction.atomic():
                late, key = _record(MANY), keyring.of_version(old.pk, Purpose.PII, 1)
                keyring._cache.put((old.pk, Purpose.PII, keyring._NEWEST), key)
                late.body = late.seal("body", "a late body")
                late.save()
                sealed.set()
                over.wait(30)
            connection.close()

        thread = threading.Thread(target=seal_and_take_time)

        def end() -> None:
            over.set()
            thread.join(30)

        def count_and_end() -> Any:
            counted = count()
            end()
            return counted

        thread.start()
        sealed.wait(30)
        before = versions.unused(timedelta(0))
        if ends == "once it was counted":
            monkeypatch.setattr(versions, "_used", count_and_end)
        done = versions.retire(before)
        end()

        assert before.versions == {(Purpose.PII, 1)}
        assert (done.versions, done.kept) == ([], [versions.Kept(Purpose.PII, 1, 0)])
        keyring.forget()
        assert "a late body" in bodies()

    def test_forgets_here_what_it_deleted(self, old: Agency) -> None:
        keyring.of_version(old.pk, Purpose.PII, 1)

        versions.retire(versions.unused(timedelta(0)))

        with pytest.raises(SealBroken):
            keyring.of_version(old.pk, Purpose.PII, 1)

    def test_two_at_once_delete_it_once(self, old: Agency) -> None:
        before, done = versions.unused(timedelta(0)), list[versions.Retired]()
        both = threading.Barrier(2, timeout=30)

        def retire_too() -> None:
            with tenant(old):
                both.wait()
                done.append(versions.retire(before))
            connection.close()

        threads = [threading.Thread(target=retire_too) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert sorted(len(one.versions) for one in done) == [0, 1]


class TestAnotherProcessWithTheOldKeyInMemory:
    def test_goes_on_to_read_what_was_sealed_anew_and_what_it_seals_is_found(self, agency: Agency) -> None:
        resealed(agency)
        (ready, tell_ready), (begun, begin) = os.pipe(), os.pipe()

        def hold_the_old_key_then_read_and_write() -> None:
            assert len(bodies()) == MANY
            assert keyring.primary(agency.pk, Purpose.PII).version == 2
            os.write(tell_ready, b"1")
            os.read(begun, 1)
            assert sealed_by()[BODY] == {3}
            assert len(bodies()) == MANY
            late = _record(MANY)
            assert late.body.blob[2] == 2
            late.save()

        other = forked(agency, hold_the_old_key_then_read_and_write)
        os.read(ready, 1)
        rotate(agency.pk, [Purpose.PII])
        resealed(agency)
        os.write(begin, b"1")

        assert not was_killed(other)
        assert resealed(agency) == {"done": 1, "broken": 0, "left": 0}

    def test_seals_with_it_until_its_five_minutes_are_over(
        self, agency: Agency, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seal = partial(seal_value, "x", purpose=Purpose.PII, label="a", row=UUID(int=1))
        keyring.primary(agency.pk, Purpose.PII)
        versions.add(agency.pk, Purpose.PII)
        TenantKey.objects.filter(agency_id=agency.pk, version=3).update(seals_from="2026-01-01T00:00Z")

        before = seal()
        monkeypatch.setattr("time.monotonic", partial(lambda then: then + keyring.LIFE_S + 1, time.monotonic()))
        after = seal()

        assert (before[2], after[2]) == (2, 3)

    def test_meets_no_version_before_its_time(self, agency: Agency) -> None:
        added = versions.add(agency.pk, Purpose.PII)
        keyring.forget()

        assert added is not None
        assert (added.previous_version, added.version) == (2, 3)
        assert keyring.primary(agency.pk, Purpose.PII).version == 2
        assert keyring.of_version(agency.pk, Purpose.PII, 3).version == 3
        let_time_pass(agency.pk)
        assert keyring.primary(agency.pk, Purpose.PII).version == 3

    def test_finds_that_one_waits_already(self, agency: Agency) -> None:
        assert versions.add(agency.pk, Purpose.PII) is not None
        assert versions.add(agency.pk, Purpose.PII) is None
