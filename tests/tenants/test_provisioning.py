"""A new agency: all of it, or nothing."""

import pytest
from django.core.management import CommandError, call_command

from landlords.models import Landlord
from people.models import Role, User
from tenants import provisioning
from tenants.context import tenant
from tenants.db import connection
from tenants.errors import AgencyTaken
from tenants.models import Agency, Credential, Domain, TenantKey
from tests.cast import ALPHA


def _schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return {row[0] for row in cursor.fetchall()}


def _everything() -> tuple[object, ...]:
    counts = [model.objects.count() for model in (Agency, Domain, TenantKey, Credential)]
    return (*counts, _schemas())


def test_a_new_agency_has_a_schema_a_host_and_the_keys_an_api_process_may_hold(db: None) -> None:
    agency = provisioning.create_agency(name="Gamma & Sons'; --", host="Gamma.localhost")

    assert agency.schema_name == f"t_{agency.pk.hex}"
    assert agency.schema_name in _schemas()
    assert [domain.domain for domain in agency.domains.all()] == ["gamma.localhost"]
    assert sorted(TenantKey.objects.filter(agency_id=agency.pk).values_list("purpose", flat=True)) == [
        "flow",
        "index",
        "pii",
    ]


def test_a_new_agency_has_every_table_of_an_older_one(alpha: Agency) -> None:
    agency = provisioning.create_agency(name="Gamma", host="gamma.localhost")

    assert _tables(agency) == _tables(alpha)
    with tenant(agency):
        assert not Landlord.objects.exists()


def test_a_host_that_is_taken_leaves_nothing_behind(alpha: Agency) -> None:
    before = _everything()

    with pytest.raises(AgencyTaken):
        provisioning.create_agency(name="Impostor", host=ALPHA.host.upper())

    assert _everything() == before


@pytest.mark.parametrize("broken", ["tenants.vault.keyring.begin", "tenants.blueprint.build"])
def test_a_failure_on_the_way_leaves_nothing_behind(
    broken: str, alpha: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _everything()
    monkeypatch.setattr(broken, _fail)

    with pytest.raises(ZeroDivisionError):
        provisioning.create_agency(name="Gamma", host="gamma.localhost")

    assert _everything() == before
    assert connection.schema_name == "public"


def test_the_command_invites_an_owner(db: None, mailoutbox: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_agency", "Gamma", "--host", "gamma.localhost", "--owner", "olga@gamma.example")

    agency = Agency.objects.get(domains__domain="gamma.localhost")
    with tenant(agency):
        owner = User.objects.get()
    assert capsys.readouterr().out.split() == [str(agency.pk), "gamma.localhost"]
    assert (owner.email, owner.role, owner.has_usable_password()) == ("olga@gamma.example", Role.OWNER, False)


@pytest.mark.parametrize(
    ("host", "owner", "why"),
    [(ALPHA.host, "o@g.example", "agency.host_taken"), ("gamma.localhost", "nobody", "request.invalid")],
)
def test_the_command_says_why_it_makes_no_agency(host: str, owner: str, why: str, alpha: Agency) -> None:
    before = _everything()

    with pytest.raises(CommandError, match=why):
        call_command("create_agency", "Gamma", "--host", host, "--owner", owner)

    assert _everything() == before


def _tables(agency: Agency) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [agency.schema_name])
        return {row[0] for row in cursor.fetchall()}


def _fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError
