"""New data keys are told to the agency and audited, and old ones go only when nothing needs them."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events.models import AuditEvent, Event
from landlords import records
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants import shredding
from tenants.context import tenant
from tenants.errors import SealBroken
from tenants.models import Agency, TenantKey
from tenants.models.agency import AgencyStatus
from tenants.vault import Purpose, keyring
from tests.leaving.scenes import NINO
from tests.tenants.vault.rotating import let_time_pass

LIFE = timedelta(seconds=keyring.LIFE_S)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    keyring.forget()
    yield
    keyring.forget()


@pytest.fixture
def landlord(in_alpha: Agency, now: datetime) -> Landlord:
    return records.create(by=SYSTEM, given={"full_name": "Lena Landlady", "nino": NINO}, now=now)


def run(command: str, *args: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def versions_of(agency: Agency, purpose: Purpose = Purpose.PII) -> list[int]:
    rows = TenantKey.objects.filter(agency_id=agency.pk, purpose=purpose).order_by("version")
    return list(rows.values_list("version", flat=True))


class TestRotating:
    def test_tells_the_agency_and_its_audit_trail_and_never_the_key(self, landlord: Landlord, in_alpha: Agency) -> None:
        run("rotate_tenant_keys", "--agency", str(in_alpha.pk), "--purpose", "pii")

        row = TenantKey.objects.get(agency_id=in_alpha.pk, purpose="pii", version=2)
        said = {"purpose": "pii", "version": 2, "previous_version": 1, "seals_from": row.seals_from.isoformat()}
        event = Event.objects.get(type="key.rotated")
        assert (event.subject_type, event.subject_id, event.data) == ("agency", in_alpha.pk, said)
        assert AuditEvent.objects.get(action="key.rotated").detail == said

    def test_seals_five_minutes_later(self, landlord: Landlord, in_alpha: Agency) -> None:
        run("rotate_tenant_keys")

        assert keyring.primary(in_alpha.pk, Purpose.PII).version == 1
        let_time_pass(in_alpha.pk, LIFE - timedelta(seconds=30))
        assert keyring.primary(in_alpha.pk, Purpose.PII).version == 1
        let_time_pass(in_alpha.pk, timedelta(seconds=30))
        assert keyring.primary(in_alpha.pk, Purpose.PII).version == 2

    def test_is_for_every_agency_and_purpose_but_the_index(self, alpha: Agency, beta: Agency) -> None:
        for agency in (alpha, beta):
            keyring.primary(agency.pk, Purpose.TOKEN)

        *_, told = run("rotate_tenant_keys")

        assert told == {"added": 6, "purposes": ["flow", "token", "pii"]}
        for agency in (alpha, beta):
            assert [versions_of(agency, purpose) for purpose in Purpose] == [[1, 2], [1, 2], [1, 2], [1]]

    def test_done_again_while_one_waits_adds_none(self, alpha: Agency) -> None:
        run("rotate_tenant_keys")

        assert run("rotate_tenant_keys")[-1]["added"] == 0

    def test_of_one_agency_leaves_the_others(self, alpha: Agency, beta: Agency) -> None:
        run("rotate_tenant_keys", "--agency", alpha.domains.get().domain)

        assert (versions_of(alpha), versions_of(beta)) == ([1, 2], [1])

    def test_without_the_ring_of_tokens_leaves_tokens(self, alpha: Agency, settings: Any) -> None:
        keyring.primary(alpha.pk, Purpose.TOKEN)
        settings.TOKEN_KEK_FILE = None

        run("rotate_tenant_keys")

        assert versions_of(alpha, Purpose.TOKEN) == [1]
        with pytest.raises(CommandError, match="TOKEN_KEK_FILE"):
            run("rotate_tenant_keys", "--purpose", "token")

    def test_passes_over_who_leaves(self, alpha: Agency, beta: Agency) -> None:
        Agency.objects.filter(pk=alpha.pk).update(status=AgencyStatus.LEAVING)
        keyring.shred(beta.pk)

        assert run("rotate_tenant_keys")[-1]["added"] == 0


class TestRetiring:
    """A version goes if nothing is sealed with it and it has been old for so long."""

    @pytest.fixture(autouse=True)
    def waited(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """How long was waited between the two counts: not in earnest."""
        waited: list[float] = []
        monkeypatch.setattr("events.management.commands.retire_keys.time.sleep", waited.append)
        return waited

    @pytest.fixture
    def rotated(self, landlord: Landlord, in_alpha: Agency) -> Agency:
        run("rotate_tenant_keys", "--purpose", "pii", "--agency", str(in_alpha.pk))
        let_time_pass(in_alpha.pk)
        return in_alpha

    def test_deletes_it_and_says_so_in_the_audit_trail(self, rotated: Agency, landlord: Landlord) -> None:
        run("reseal")
        let_time_pass(rotated.pk, timedelta(days=35, minutes=6))

        assert run("retire_keys")[-1] == {"retired": 1, "still_used": 0}

        assert versions_of(rotated) == [2]
        assert AuditEvent.objects.get(action="key.retired").detail == {"purpose": "pii", "version": 1}
        nino = Landlord.objects.get(pk=landlord.pk).nino
        assert nino is not None
        with nino.open(reason="test") as text:
            assert text == NINO
        run("rotate_tenant_keys", "--purpose", "pii", "--agency", str(rotated.pk))
        assert versions_of(rotated) == [2, 3]

    def test_counts_again_after_a_keys_life_what_somebody_puts_back_meanwhile(
        self, rotated: Agency, landlord: Landlord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = Landlord.objects.get(pk=landlord.pk)
        run("reseal")
        let_time_pass(rotated.pk, timedelta(days=36))
        waited = []

        def put_back(seconds: float) -> None:
            waited.append(seconds)
            read.save(update_fields=["nino"])

        monkeypatch.setattr("events.management.commands.retire_keys.time.sleep", put_back)

        with pytest.raises(CommandError, match="run reseal first"):
            run("retire_keys")

        assert waited == [keyring.LIFE_S]
        assert versions_of(rotated) == [1, 2]

    def test_that_finds_nothing_to_delete_waits_for_nobody(self, rotated: Agency, waited: list[float]) -> None:
        run("reseal")
        run("retire_keys")

        assert waited == []

    def test_refuses_one_that_values_are_sealed_with(self, rotated: Agency) -> None:
        let_time_pass(rotated.pk, timedelta(days=400))

        with pytest.raises(CommandError, match="run reseal first"):
            run("retire_keys")

        assert versions_of(rotated) == [1, 2]

    def test_keeps_one_that_is_too_young(self, rotated: Agency) -> None:
        run("reseal")
        let_time_pass(rotated.pk, timedelta(days=34))

        told = run("retire_keys")

        assert told[0]["kept"] == {"purpose": "pii", "version": 1, "values": 0}
        assert versions_of(rotated) == [1, 2]

    def test_never_deletes_one_that_a_process_may_still_seal_with(self, rotated: Agency) -> None:
        run("reseal")

        run("retire_keys", "--older-than", "0")
        assert versions_of(rotated) == [1, 2]
        let_time_pass(rotated.pk)
        run("retire_keys", "--older-than", "0")
        assert versions_of(rotated) == [2]

    def test_never_deletes_the_newest(self, in_alpha: Agency) -> None:
        let_time_pass(in_alpha.pk, timedelta(days=4000))

        assert run("retire_keys")[-1]["retired"] == 0

    def test_of_another_agency_is_not_its_business(self, rotated: Agency, beta: Agency) -> None:
        run("reseal")
        let_time_pass(rotated.pk, timedelta(days=36))

        run("retire_keys", "--agency", str(beta.pk))

        assert versions_of(rotated) == [1, 2]

    def test_takes_no_day_to_come(self, db: None) -> None:
        with pytest.raises(CommandError, match="older-than"):
            run("retire_keys", "--older-than", "-1")


class TestTheReport:
    def test_counts_by_table_field_version_and_kek(self, landlord: Landlord, in_alpha: Agency) -> None:
        told = run("vault_report", "--json", "--agency", str(in_alpha.pk))

        where = {"table": "landlords_landlord", "field": "nino", "purpose": "pii", "version": 1, "kek": "test"}
        assert {**where, "values": 1} in told

    def test_shows_values_whose_key_is_gone(self, landlord: Landlord, in_alpha: Agency) -> None:
        keyring.shred(in_alpha.pk)

        told = run("vault_report", "--json")

        assert {line["kek"] for line in told} == {""}
        assert landlord.nino is not None
        with pytest.raises(SealBroken), landlord.nino.open(reason="test"):
            pass

    def test_shows_what_is_not_sealed(self, landlord: Landlord, in_alpha: Agency) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE landlords_landlord SET nino = 'plain'")

        told = run("vault_report", "--json")

        assert [line["version"] for line in told if line["field"] == "nino"] == [None]

    def test_can_be_read(self, landlord: Landlord) -> None:
        out = io.StringIO()
        call_command("vault_report", stdout=out)

        assert "landlords_landlord                nino            pii     v1          test" in out.getvalue()

    def test_passes_over_an_agency_whose_schema_is_dropped(self, alpha: Agency) -> None:
        keyring.shred(alpha.pk)
        shredding.drop_schema(alpha)

        assert run("vault_report", "--agency", str(alpha.pk)) == []
        assert run("retire_keys")[-1]["retired"] == 0
        with tenant(alpha):
            assert run("reseal")[-1]["done"] == 0
