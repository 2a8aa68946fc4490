"""Entering an agency, and coming back to where one was, whatever happens."""

import pytest
from django.db import transaction

from tenants.context import current_agency, get_agency, public, tenant
from tenants.db import connection
from tenants.errors import UnknownHost
from tenants.ids import new_id
from tenants.models import Agency


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def test_inside_the_block_one_is_in_the_agency_and_afterwards_where_one_was(alpha: Agency) -> None:
    with tenant(alpha.pk) as entered:
        inside = (entered, current_agency(), _schema())

    assert inside == (alpha, alpha, alpha.schema_name)
    assert _schema() == "public"


def test_an_exception_leads_back_too(alpha: Agency) -> None:
    with pytest.raises(ZeroDivisionError), tenant(alpha):
        raise ZeroDivisionError

    assert (_schema(), connection.schema_name) == ("public", "public")


def test_from_one_agency_to_another_and_back(alpha: Agency, beta: Agency) -> None:
    with tenant(alpha):
        with pytest.raises(ZeroDivisionError), tenant(beta):
            raise ZeroDivisionError
        assert (current_agency(), _schema()) == (alpha, alpha.schema_name)
        with public():
            assert _schema() == "public"
        assert (current_agency(), _schema()) == (alpha, alpha.schema_name)


def test_public_leads_back_after_an_exception(alpha: Agency) -> None:
    with tenant(alpha):
        with pytest.raises(ZeroDivisionError), public():
            raise ZeroDivisionError
        assert _schema() == alpha.schema_name


def test_a_transaction_that_is_rolled_back_inside_leaves_one_inside(alpha: Agency) -> None:
    with tenant(alpha):
        with transaction.atomic():
            transaction.set_rollback(True)
        assert _schema() == alpha.schema_name
    assert _schema() == "public"


def test_an_agency_that_is_not_there_can_not_be_entered(db: None) -> None:
    with pytest.raises(UnknownHost), tenant(new_id()):
        raise AssertionError("entered")

    with pytest.raises(UnknownHost):
        get_agency(new_id())


def test_in_the_public_schema_there_is_no_current_agency(db: None) -> None:
    with pytest.raises(UnknownHost):
        current_agency()
