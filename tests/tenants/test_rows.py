"""Statements of our own."""

import pytest

from tenants.db import connection
from tenants.models import Agency
from tenants.rows import Columns
from tests.cast import ALPHA, BETA

pytestmark = pytest.mark.django_db


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
