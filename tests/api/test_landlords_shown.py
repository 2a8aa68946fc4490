"""A landlord is shown by a plain function: what it says is what the documented fields would say."""

from typing import Any

import pytest
from django.db.models import Value
from rest_framework.serializers import ModelSerializer

from api.outputs.landlords import LANDLORD_COLUMNS, LandlordOut
from api.outputs.onboarding import FunnelLandlordOut
from hmrc_oauth.models import Connection, Grant
from landlords import records
from landlords.models import Landlord
from mtd.models import Readiness
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.models import Agency
from tests.api.world import TODAY, World

FULL = {
    "full_name": "Zoë O'Hara",
    "email": "zoe@quux.example",
    "external_ids": {"crm": "4711", "bank": "ü"},
    "tags": ["north", "flats"],
    "nino": "AB123456C",
    "mtd_handling": "accountant",
}


@pytest.fixture
def landlord_ids(alpha: Agency, alphas: World) -> list[Any]:
    """One connected and ready, one of whom everything is known, one of whom nothing but a name is."""
    with tenant(alpha):
        Readiness.objects.update_or_create(
            landlord_id=alphas.landlord_id,
            defaults={"status": "ready", "tax_year": "2026-27", "assessed_at": TODAY, "changed_at": TODAY},
        )
        made = [records.create(by=SYSTEM, given=given, now=TODAY).pk for given in (FULL, {"full_name": "Ann"})]
    return [alphas.landlord_id, *made]


def both_ways(row: Any, out: type[LandlordOut] = LandlordOut) -> tuple[Any, Any]:
    plain = out(row).data
    return list(plain.items()), list(ModelSerializer.to_representation(out(), row).items())


def row(landlord_id: Any) -> Any:
    return records.read(*LANDLORD_COLUMNS, landlord_id=landlord_id)


def test_what_is_shown_is_what_is_documented(alpha: Agency, landlord_ids: list[Any]) -> None:
    with tenant(alpha):
        shown = [both_ways(row(each)) for each in landlord_ids]

    assert [plain for plain, _ in shown] == [by_fields for _, by_fields in shown]


@pytest.mark.parametrize("status", ["active", "uncertain", "dead"])
def test_so_are_the_states_that_the_grant_knows(status: str, alpha: Agency, landlord_ids: list[Any]) -> None:
    with tenant(alpha):
        connection = Connection.objects.exclude(grant=None).get(landlord_id=landlord_ids[0])
        Grant.objects.filter(connections=connection).update(status=status)
        connection = Connection.objects.select_related("grant").get(pk=connection.pk)

        plain, by_fields = both_ways(row(landlord_ids[0]))

    assert plain == by_fields
    assert dict(plain)["connection_state"] == connection.shown_state


def test_and_where_a_landlord_stands(alpha: Agency, landlord_ids: list[Any]) -> None:
    with tenant(alpha):
        rows = Landlord.objects.filter(pk__in=landlord_ids)
        places = rows.annotate(place=Value("not_invited")).values_list(*LANDLORD_COLUMNS, "place", named=True)
        shown = [both_ways(each, FunnelLandlordOut) for each in places]

    assert len(shown) == 3
    assert all(plain == by_fields for plain, by_fields in shown)
