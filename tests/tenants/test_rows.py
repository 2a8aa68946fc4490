"""Statements of our own, and those that Django words once."""

from typing import Any

import pytest

from landlords import records
from landlords.models import Landlord
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.db import connection
from tenants.models import Agency
from tenants.rows import Columns, Worded
from tests.cast import ALPHA, BETA

pytestmark = pytest.mark.django_db
_ASKED = ("full_name", "tags", "connection__state", "created_at")


def rows() -> Any:
    return Landlord.objects.values_list(*_ASKED, named=True).order_by("full_name")


def test_what_was_worded_once_is_asked_in_whichever_agency_was_entered(alpha: Agency, beta: Agency, now: Any) -> None:
    worded = Worded(rows().filter(full_name__startswith="N")[:2])
    for agency, tag in ((alpha, "of alpha"), (beta, "of beta")):
        with tenant(agency):
            for name in ("Nora", "Nick", "Nils", "Otto"):
                records.create(by=SYSTEM, given={"full_name": name, "tags": [tag]}, now=now)

    for agency, tag in ((alpha, "of alpha"), (beta, "of beta")):
        with tenant(agency):
            found = worded.ask(*worded.given)
            assert found == list(rows().filter(full_name__startswith="N")[:2])
        assert [(each.full_name, each.tags) for each in found] == [("Nick", [tag]), ("Nils", [tag])]


def test_other_parameters_take_the_places_of_those_it_was_worded_with(in_alpha: Agency, now: Any) -> None:
    for name in ("Nora", "Otto"):
        records.create(by=SYSTEM, given={"full_name": name}, now=now)
    worded = Worded(rows().filter(full_name="nobody"))

    assert worded.given == ("nobody",)
    assert [each.full_name for each in worded.ask("Otto")] == ["Otto"]
    assert worded.ask("nobody") == []


@pytest.mark.parametrize("host", [ALPHA.host, BETA.host])
def test_the_columns_of_a_row_make_the_row(host: str, alpha: Agency, beta: Agency) -> None:
    columns = Columns(Agency, "agency")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns.listed} FROM tenants_domain AS host JOIN tenants_agency AS agency"
            " ON agency.id = host.tenant_id WHERE host.domain = %s",
            [host],
        )
        read = columns.read(cursor.fetchone())

    wanted = Agency.objects.get(domains__domain=host)
    assert read is not None
    assert {name: getattr(read, name) for name in vars(wanted) if name[0] != "_"} == {
        name: value for name, value in vars(wanted).items() if name[0] != "_"
    }


def test_where_nothing_was_joined_there_is_no_row() -> None:
    columns = Columns(Agency, "agency")

    assert columns.read([None] * columns.width) is None
