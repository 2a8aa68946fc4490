"""A new key-encrypting key: every data key moves to it, whoever is killed on the way, and nobody starts with a ring
that does not open all there is.
"""

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import TestCase

from tenants.context import tenant
from tenants.db import connection
from tenants.errors import KeyDenied
from tenants.ids import new_id
from tenants.models import Agency, KeyCheck, TenantKey
from tenants.vault import Purpose, check, kek, keyring, open_value, seal_value
from tenants.vault.check import check_ring
from tenants.vault.providers import provider
from tests.tenants.processes import API, refused, start

ROW = UUID(int=7)
Ring = Callable[..., None]


def line(name: str, letter: str) -> str:
    return f"{name}:{base64.b64encode(letter.encode() * 32).decode()}"


@pytest.fixture
def ring(settings: Any, tmp_path: Path) -> Ring:
    """Writes the file of a ring, and names it to this process."""

    def write(*lines: str, setting: str = "KEK_FILE") -> None:
        path = tmp_path / setting
        path.touch(mode=0o600)
        path.write_text("\n".join(lines))
        setattr(settings, setting, path)

    return write


@pytest.fixture
def old(settings: Any) -> str:
    """The line that the test database is sealed with."""
    return str(settings.KEK_FILE.read_text().strip())


def rotated() -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("rotate_kek", stdout=out)
    return [json.loads(said) for said in out.getvalue().splitlines()]


def wrapped_by(*purposes: Purpose) -> set[str]:
    return set(TenantKey.objects.filter(purpose__in=purposes).values_list("kek_ref", flat=True))


DATA = (Purpose.FLOW, Purpose.PII, Purpose.INDEX)


def test_every_data_key_moves_to_the_first_line_and_opens_what_it_opened(
    alpha: Agency, beta: Agency, ring: Ring, old: str
) -> None:
    sealed = {}
    for agency in (alpha, beta):
        with tenant(agency):
            keyring.primary(agency.pk, Purpose.TOKEN)
            sealed[agency] = seal_value("secret", purpose=Purpose.PII, label="a", row=ROW)
    ring(line("new", "n"), old)

    data, token = rotated()

    assert (data["file"], data["to"], data["left"]) == ("KEK_FILE", "new", {})
    assert data["moved"] == TenantKey.objects.filter(purpose__in=DATA).count()
    assert (token["to"], token["moved"]) == ("test", 0)
    assert (wrapped_by(*DATA), wrapped_by(Purpose.TOKEN)) == ({"new"}, {"test"})
    ring(line("new", "n"))
    keyring.forget()
    for agency, value in sealed.items():
        with tenant(agency):
            assert open_value(value, purpose=Purpose.PII, label="a", row=ROW) == "secret"
    check_ring("data")


def test_done_again_it_moves_nothing(alpha: Agency, ring: Ring, old: str) -> None:
    ring(line("new", "n"), old)
    rotated()

    assert [done["moved"] for done in rotated()] == [0, 0]
    assert list(KeyCheck.objects.filter(ring="data").values_list("kek_ref", flat=True)) == ["new"]


def test_without_the_ring_of_tokens_the_keys_of_tokens_stay(alpha: Agency, ring: Ring, old: str, settings: Any) -> None:
    keyring.primary(alpha.pk, Purpose.TOKEN)
    settings.TOKEN_KEK_FILE = None
    ring(line("new", "n"), old)

    assert [done["file"] for done in rotated()] == ["KEK_FILE"]
    assert wrapped_by(Purpose.TOKEN) == {"test"}


def test_a_key_that_can_not_be_moved_is_told_and_the_old_check_stays(alpha: Agency, ring: Ring, old: str) -> None:
    TenantKey.objects.filter(agency_id=alpha.pk, purpose=Purpose.FLOW).update(wrapped=b"altered" * 9)
    ring(line("new", "n"), old)

    with pytest.raises(CommandError, match="Take no line away"):
        rotated()

    assert set(KeyCheck.objects.filter(ring="data").values_list("kek_ref", flat=True)) == {"new", "test"}
    assert wrapped_by(Purpose.PII) == {"new"}


class TestARing:
    def test_that_lacks_the_old_line_moves_nothing(self, alpha: Agency, ring: Ring) -> None:
        ring(line("new", "n"))

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            kek.rewrap("data")

    def test_whose_old_line_is_another_key_moves_nothing(self, alpha: Agency, ring: Ring) -> None:
        ring(line("new", "n"), line("test", "w"))

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            kek.rewrap("data")
        assert wrapped_by(*DATA) == {"test"}

    def test_whose_new_line_is_another_hosts_is_refused(self, alpha: Agency, ring: Ring, old: str) -> None:
        ring(line("new", "n"), old)
        check_ring("data")
        ring(line("new", "x"), old)

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            check_ring("data")

    def test_whose_new_line_another_host_told_at_the_same_moment_is_refused(
        self, alpha: Agency, ring: Ring, old: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ring(line("new", "x"), old)
        theirs, remember = provider("data").wrap(check._KNOWN, check._context("data")), check._remember
        ring(line("new", "n"), old)

        def they_came_first(name: str) -> None:
            KeyCheck.objects.create(ring=name, kek_ref="new", wrapped=theirs.data)
            remember(name)

        monkeypatch.setattr(check, "_remember", they_came_first)

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            check_ring("data")

    def test_whose_new_line_is_another_hosts_wraps_nothing_before_the_next_start(
        self, alpha: Agency, ring: Ring, old: str
    ) -> None:
        ring(line("new", "x"), old)
        check_ring("data")
        ring(line("new", "n"), old)

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            keyring.primary(new_id(), Purpose.PII)
        assert "new" not in wrapped_by(*DATA)

    def test_whose_new_line_wraps_for_the_first_time_is_known_from_then_on(
        self, alpha: Agency, ring: Ring, old: str
    ) -> None:
        ring(line("new", "n"), old)
        keyring.new_row(alpha.pk, Purpose.PII, version=5)
        ring(line("new", "x"), old)

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            check_ring("data")

    def test_whose_first_line_becomes_another_key_of_its_name_wraps_nothing_more(
        self, alpha: Agency, ring: Ring, old: str
    ) -> None:
        ring(line("new", "n"), old)
        with TestCase.captureOnCommitCallbacks(execute=True):
            keyring.new_row(alpha.pk, Purpose.PII, version=5)
        ring(line("new", "x"), old)

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            keyring.new_row(alpha.pk, Purpose.PII, version=6)

    def test_that_changes_while_keys_are_moved_is_looked_at_before_the_next_of_them(
        self, alpha: Agency, beta: Agency, ring: Ring, old: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ring(line("newest", "y"), old)
        check_ring("data")
        ring(line("new", "n"), old)
        monkeypatch.setattr(kek, "_AT_ONCE", 1)
        monkeypatch.setattr(kek, "failpoint", lambda _: ring(line("newest", "x"), line("new", "n"), old))

        with pytest.raises(ImproperlyConfigured, match="not the key that this database was sealed with"):
            kek.rewrap("data")
        assert wrapped_by(*DATA) == {"new", "test"}

    def test_from_which_a_line_was_taken_too_early_is_refused(self, alpha: Agency, ring: Ring, old: str) -> None:
        ring(line("new", "n"), old)
        check_ring("data")
        ring(line("new", "n"))

        with pytest.raises(ImproperlyConfigured, match="wrapped with test, which is not in it"):
            check_ring("data")

    def test_to_which_a_line_was_added_is_read_without_a_restart(self, alpha: Agency, ring: Ring, old: str) -> None:
        ring(old)
        sealed_before = keyring.new_row(alpha.pk, Purpose.PII, version=5)
        ring(line("new", "n"), old)

        assert keyring.new_row(alpha.pk, Purpose.PII, version=6).kek_ref == "new"
        assert keyring._unwrap(sealed_before).version == 5

    def test_that_becomes_unreadable_stays_as_it_was(self, alpha: Agency, ring: Ring, old: str, settings: Any) -> None:
        ring(old)
        keyring.new_row(alpha.pk, Purpose.PII, version=5)
        for rubbish in (b"no key at all", b"\xff" * 32):
            settings.KEK_FILE.write_bytes(rubbish)
            assert keyring.new_row(alpha.pk, Purpose.PII, version=6).kek_ref == "test"

    def test_without_the_line_of_a_key_opens_nothing(self, alpha: Agency, ring: Ring, old: str) -> None:
        ring(line("new", "n"), old)
        row = keyring.new_row(alpha.pk, Purpose.PII, version=5)
        ring(old)

        with pytest.raises(KeyDenied):
            keyring._unwrap(row)


@pytest.fixture
def many_keys(alpha_committed: Agency) -> Iterator[UUID]:
    """Data keys of a thousand versions, committed; afterwards all is wrapped with the test's own line again."""
    agency_id = new_id()
    kept = {row.pk: (row.kek_ref, bytes(row.wrapped)) for row in TenantKey.objects.all()}
    checks = list(KeyCheck.objects.all())
    TenantKey.objects.bulk_create(
        keyring.new_row(agency_id, Purpose.FLOW, version=version) for version in range(1, 1001)
    )
    yield agency_id
    TenantKey.objects.filter(agency_id=agency_id).delete()
    for pk, (ref, data) in kept.items():
        TenantKey.objects.filter(pk=pk).update(kek_ref=ref, wrapped=data)
    KeyCheck.objects.all().delete()
    KeyCheck.objects.bulk_create(checks)
    connection.close()


def test_killed_in_the_midst_it_goes_on_and_a_process_with_the_new_line_alone_waits(
    many_keys: UUID, ring: Ring, old: str, settings: Any
) -> None:
    ring(line("new", "n"), old)
    both = {"KEK_FILE": str(settings.KEK_FILE)}

    killed = start(("manage.py", "rotate_kek"), {**both, "QUARTERDAY_DIE_AT": "rotate_kek.between_batches"})

    assert killed.returncode == -9
    assert wrapped_by(Purpose.FLOW) == {"new", "test"}
    ring(line("new", "n"), setting="ALONE")
    alone = {"KEK_FILE": str(settings.ALONE), "TOKEN_KEK_FILE": None}
    assert "wrapped with test, which is not in it" in refused(start(API, alone))
    assert [done["left"] for done in rotated()] == [{}, {}]
    assert wrapped_by(*DATA) == {"new"}
    assert start(API, alone).returncode == 0
