"""Everything sealed is sealed anew, wherever it lies, and still opens; what others write meanwhile stands."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from hmrc_oauth.models import Grant, Tokens
from landlords import records
from people.adapters import MFAAdapter
from people.models import IdempotencyRecord, User
from people.principal import SYSTEM
from people.sessions import SessionStore
from tenants.context import tenant
from tenants.models import Agency, TenantKey
from tenants.vault import Purpose, Sealed, SealedField, inventory, keyring, reseal, versions
from tenants.vault.columns import columns
from tests.api import world
from tests.leaving.scenes import NINO
from tests.tenants.vault.rotating import rotate, sealed_by

NEW = Tokens("new-access", "new-refresh", 14_400)


@pytest.fixture
def furnished(alpha: Agency, now: datetime) -> Iterator[Agency]:
    """An agency with one of everything, sealed with its first keys; the vault's own two places among it."""
    world.build(alpha, nino=NINO, now=now)
    with tenant(alpha):
        session = SessionStore()
        session["said"] = "hello"
        session.create()
        session.save()
        kept, user = MFAAdapter(), User.objects.order_by("pk").first()
        for kind, data in (
            ("totp", {"secret": kept.encrypt("S" * 60)}),
            ("recovery_codes", {"seed": kept.encrypt("seed"), "used_mask": 5}),
        ):
            Authenticator.objects.create(user=user, type=kind, data=data)
        record = IdempotencyRecord(
            principal_kind="staff", principal_id=alpha.pk, key="k", request_digest=b"", created_at=now
        )
        record.body = record.seal("body", "a body")
        record.save()
        yield alpha


def resealed(**more: Any) -> dict[str, int]:
    out = io.StringIO()
    call_command("reseal", stdout=out, stderr=io.StringIO(), **more)
    return dict(json.loads(out.getvalue().splitlines()[-1]))


def opened() -> dict[str, list[str]]:
    """All that SealedFields hold, in the clear."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        for field in (each for each in model._meta.concrete_fields if isinstance(each, SealedField)):
            for row in model._default_manager.order_by("pk"):
                value = getattr(row, field.attname)
                if isinstance(value, Sealed):
                    with value.open(reason="test") as text:
                        found.setdefault(str(field), []).append(text)
    return found


class TestResealing:
    def test_reaches_every_place_and_all_opens_as_before(self, furnished: Agency) -> None:
        before, places = opened(), set(sealed_by())
        rotate(furnished.pk)

        told = resealed()

        assert {"hmrc_oauth.Grant.refresh_token", "people.Session.data", "mfa.Authenticator.data.secret"} <= places
        assert set(sealed_by()) == places
        assert set().union(*sealed_by().values()) == {2}
        assert told["done"] == sum(each.values for each in inventory.count()) > len(places)
        assert opened() == before

    def test_keeps_sessions_and_second_factors(self, furnished: Agency) -> None:
        session = SessionStore()
        session["said"] = "hello"
        session.create()
        session["said"] = "hello"
        session.save()
        rotate(furnished.pk)

        resealed()

        kept = {row.type: row.data for row in Authenticator.objects.all()}
        assert SessionStore(session.session_key)["said"] == "hello"
        assert MFAAdapter().decrypt(kept["totp"]["secret"]) == "S" * 60
        assert "\n" not in kept["totp"]["secret"]
        assert MFAAdapter().decrypt(kept["recovery_codes"]["seed"]) == "seed"
        assert kept["recovery_codes"]["used_mask"] == 5

    def test_changes_no_row_in_anything_else(self, furnished: Agency) -> None:
        before = _plain()
        rotate(furnished.pk)

        resealed()

        assert _plain() == before

    def test_done_again_finds_nothing(self, furnished: Agency) -> None:
        rotate(furnished.pk)
        resealed()

        assert resealed() == {"done": 0, "broken": 0, "left": 0}

    def test_before_any_rotation_finds_nothing(self, furnished: Agency) -> None:
        assert resealed() == {"done": 0, "broken": 0, "left": 0}

    def test_does_nothing_while_the_new_version_still_waits(self, furnished: Agency) -> None:
        added, said = versions.add(furnished.pk, Purpose.PII), io.StringIO()
        keyring.forget()

        call_command("reseal", stdout=io.StringIO(), stderr=said)

        assert sealed_by()["landlords.Landlord.nino"] == {1}
        assert added is not None
        assert added.seals_from.isoformat() in said.getvalue()

    def test_leaves_other_agencies_alone(self, furnished: Agency, beta: Agency, now: datetime) -> None:
        with tenant(beta):
            records.create(by=SYSTEM, given={"full_name": "Otto Other", "nino": NINO}, now=now)
        rotate(furnished.pk)
        rotate(beta.pk)

        resealed(agency=str(furnished.pk))

        with tenant(beta):
            assert sealed_by()["landlords.Landlord.nino"] == {1}
        resealed(agency=beta.domains.get().domain)
        with tenant(beta):
            assert sealed_by()["landlords.Landlord.nino"] == {2}

    def test_without_the_ring_of_tokens_leaves_tokens(self, furnished: Agency, settings: Any) -> None:
        rotate(furnished.pk)
        settings.TOKEN_KEK_FILE = None

        resealed()

        found = sealed_by()
        assert found["hmrc_oauth.Grant.refresh_token"] == {1}
        assert found["landlords.Landlord.nino"] == {2}

    def test_passes_over_an_agency_whose_keys_are_destroyed(self, furnished: Agency) -> None:
        rotate(furnished.pk)
        keyring.shred(furnished.pk)

        assert resealed() == {"done": 0, "broken": 0, "left": 0}
        assert not TenantKey.objects.filter(agency_id=furnished.pk).exists()

    def test_tells_what_does_not_open_and_leaves_it(self, furnished: Agency) -> None:
        rotate(furnished.pk)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE landlords_landlord SET nino = set_byte(nino, 20, (get_byte(nino, 20) + 1) % 256)")

        with pytest.raises(CommandError, match="Not all was sealed anew"):
            resealed()

        found = sealed_by()
        assert found.pop("landlords.Landlord.nino") == {1}
        assert set().union(*found.values()) == {2}

    def test_of_nobody_is_refused(self, db: None) -> None:
        with pytest.raises(CommandError, match="No agency"):
            resealed(agency="nobody.example")

    def test_takes_a_large_value_by_itself(self, furnished: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reseal, "_BYTES_AT_ONCE", 1)
        rotate(furnished.pk)

        resealed()

        assert set().union(*sealed_by().values()) == {2}


class TestWhatAnotherWrites:
    def test_between_reading_and_writing_stands(
        self, furnished: Agency, monkeypatch: pytest.MonkeyPatch, now: datetime
    ) -> None:
        rotate(furnished.pk)
        grant, write = Grant.objects.filter(status="active").latest("pk"), reseal._write

        def refreshed_first(column: Any, given: Any) -> int:
            if column.label == "grant.refresh_token":
                assert grant.claim()
                claimed = Grant.objects.get(pk=grant.pk)
                assert claimed.commit(tokens=NEW, spent=claimed.token_version, now=now)
                monkeypatch.setattr(reseal, "_write", write)
            return write(column, given)

        monkeypatch.setattr(reseal, "_write", refreshed_first)
        monkeypatch.setattr(reseal, "_WAIT_S", 0)

        resealed()

        after = Grant.objects.get(pk=grant.pk)
        with after.refresh_token.open(reason="test") as token:
            assert token == NEW.refresh
        assert after.token_version == grant.token_version + 1
        assert set().union(*sealed_by().values()) == {2}


def _plain() -> dict[str, Any]:
    """Every column of every table that holds no sealed value."""
    sealed = {(column.table, column.name.partition(".")[0]) for column in columns()}
    tables: dict[str, Any] = {}
    for model in {apps.get_model(column.model) for column in columns()}:
        table = connection.ops.quote_name(model._meta.db_table)
        names = [each.column for each in model._meta.concrete_fields if (table, each.name) not in sealed]
        with connection.cursor() as cursor:
            listed = ", ".join(f'"{name}"' for name in names)
            cursor.execute(f"SELECT {listed} FROM {table} ORDER BY 1::text")
            tables[table] = cursor.fetchall()
    return tables
