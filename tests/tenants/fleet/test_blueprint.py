"""A new agency's schema, made by one text of SQL, is what the migrations make."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError

from tenants import blueprint, provisioning
from tenants.db import connection
from tenants.fleet import drawing
from tenants.fleet.catalogue import described
from tenants.fleet.drawing import contents
from tenants.management.commands import draw_blueprint
from tenants.models import Agency, Due
from tests.tenants.fleet.conftest import Release


@pytest.fixture
def new(db: None) -> Agency:
    return provisioning.create_agency(name="Gamma", host="gamma.localhost")


@pytest.fixture
def migrated(db: None) -> str:
    """A schema that has run every migration by django-tenants' own hand."""
    agency = Agency(id=UUID(int=7))
    agency.create_schema(verbosity=0)
    return str(agency.schema_name)


class TestANewAgency:
    def test_is_what_the_migrations_make(self, new: Agency, migrated: str) -> None:
        ours, theirs = described(new.schema_name), described(migrated)

        assert ours - theirs == {}
        assert theirs - ours == {}
        assert ours.total() > 1000
        # A row each for its rows, and one for the place to which each sequence has counted.
        assert contents(new.schema_name) == contents(migrated)
        assert len(contents(migrated)["auth_permission"]) > 100

    def test_leaves_us_where_we_were_and_is_due_to_be_tidied(self, new: Agency) -> None:
        assert connection.schema_name == "public"
        assert [*Due.objects.filter(agency_id=new.pk).values_list("kind", flat=True)] == ["tidy"]


class TestTheText:
    def test_is_drawn_from_these_migrations(self) -> None:
        assert blueprint.fits(), "`make blueprint` draws it anew"

    def test_is_missed_when_it_differs_or_is_not_there(
        self, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(draw_blueprint, "_drawn", lambda: "something else")
        for path in (blueprint.TEXT, tmp_path / "none.sql"):
            monkeypatch.setattr(blueprint, "TEXT", path)
            with pytest.raises(CommandError, match="`make blueprint` draws it anew"):
                call_command("draw_blueprint", check=True)

    def test_is_drawn_anew_and_the_same_again(
        self, db: None, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # After rows were changed, a default that fills them is no longer folded into the table.
        release(
            "migrations.RunSQL('UPDATE landlords_landlord SET version = 1'),"
            " migrations.AddField('landlord', 'probe', models.UUIDField(default=uuid4)),"
            " migrations.AddField('landlord', 'since', models.DateTimeField(auto_now_add=True, null=True))",
            before="from uuid import uuid4",
        )
        monkeypatch.setattr(blueprint, "TEXT", tmp_path / "agency.sql")

        call_command("draw_blueprint")
        call_command("draw_blueprint", check=True)

        assert blueprint.TEXT.read_text().startswith(blueprint.heading())
        assert '"probe" uuid DEFAULT gen_random_uuid() NOT NULL' in blueprint.TEXT.read_text()

    def test_is_not_drawn_where_a_migration_leaves_rows_by_python(self, db: None, release: Release) -> None:
        release("migrations.RunPython(fill)", before=_FILL)

        with pytest.raises(CommandError, match="rows that the text does not: auth_group, auth_group_id_seq"):
            call_command("draw_blueprint", check=True)

    def test_is_not_drawn_where_it_would_make_another_schema(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drawing, "described", lambda schema: Counter([schema]))

        with pytest.raises(drawing.CannotDraw, match="differs from the migrated one"):
            drawing._compare("one", "another")


class TestATextThatDoesNotFit:
    def test_is_one_of_other_migrations(self, release: Release) -> None:
        release("migrations.RunSQL('SELECT 1')")

        assert not blueprint.fits()

    def test_is_one_that_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(blueprint, "TEXT", tmp_path / "none.sql")

        assert not blueprint.fits()

    def test_is_not_used(self, release: Release, db: None) -> None:
        release("migrations.AddField('landlord', 'probe', models.IntegerField(null=True))")

        agency = provisioning.create_agency(name="Gamma", host="gamma.localhost")

        assert any(line.startswith("column: landlords_landlord.probe ") for line in described(agency.schema_name))


def test_what_is_missing_in_the_schema_is_not_found_in_the_public_one(db: None) -> None:
    with pytest.raises(ProgrammingError, match='relation "tenants_agency" does not exist'):
        blueprint.build(Agency(id=UUID(int=8)), text="SELECT count(*) FROM tenants_agency")

    assert connection.schema_name == "public"


_CHANGES = [
    "ALTER TABLE landlords_landlord ADD COLUMN probe integer",
    "ALTER TABLE landlords_landlord ALTER COLUMN nino_mask TYPE varchar(15)",
    "ALTER TABLE landlords_landlord ALTER COLUMN full_name DROP NOT NULL",
    "ALTER TABLE landlords_landlord ALTER COLUMN full_name SET DEFAULT 'x'",
    "ALTER TABLE landlords_landlord ALTER COLUMN full_name SET STORAGE EXTERNAL",
    "ALTER TABLE landlords_landlord ALTER COLUMN full_name SET STATISTICS 7",
    "ALTER TABLE landlords_landlord RENAME COLUMN full_name TO name",
    "ALTER TABLE landlords_landlord ADD CONSTRAINT probe CHECK (full_name <> '')",
    "ALTER TABLE landlords_landlord RENAME CONSTRAINT landlords_landlord_pkey TO probe",
    "ALTER TABLE landlords_landlord SET (fillfactor = 70)",
    "ALTER TABLE events_delivery SET UNLOGGED",
    "ALTER TABLE landlords_landlord ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE landlords_landlord REPLICA IDENTITY FULL",
    "ALTER TABLE auth_group ALTER COLUMN id SET GENERATED ALWAYS",
    "ALTER SEQUENCE auth_group_id_seq MAXVALUE 5",
    "ALTER INDEX landlords_landlord_pkey RENAME TO probe",
    "CREATE INDEX probe ON landlords_landlord (full_name)",
    "CREATE STATISTICS probe ON full_name, id FROM landlords_landlord",
    "CREATE POLICY probe ON landlords_landlord USING (true)",
    "CREATE RULE probe AS ON DELETE TO landlords_landlord DO INSTEAD NOTHING",
    "CREATE TYPE probe AS ENUM ('a')",
    "CREATE VIEW probe AS SELECT 1 AS one",
    "CREATE FUNCTION probe() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE COLLATION probe (provider = libc, locale = 'C')",
    "CREATE TRIGGER probe BEFORE UPDATE ON auth_group EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "GRANT SELECT ON landlords_landlord TO PUBLIC",
    "GRANT SELECT (full_name) ON landlords_landlord TO PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO PUBLIC",
    "COMMENT ON COLUMN landlords_landlord.full_name IS 'x'",
    "COMMENT ON CONSTRAINT landlords_landlord_pkey ON landlords_landlord IS 'x'",
]


@pytest.mark.parametrize("change", _CHANGES)
def test_no_difference_goes_unseen(change: str, in_alpha: Agency) -> None:
    before = described(in_alpha.schema_name)

    connection.set_tenant(in_alpha)
    with connection.cursor() as cursor:
        cursor.execute(change.format(schema=in_alpha.schema_name))

    assert described(in_alpha.schema_name) != before


_FILL = """
def fill(apps, editor):
    apps.get_model("auth", "Group").objects.create(name="probe")
"""
