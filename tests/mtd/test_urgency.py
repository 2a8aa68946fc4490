"""Who goes first: a person, and the first few things that a program asks for."""

from typing import Any
from uuid import UUID

import pytest

from hmrc_oauth.models import Grant
from landlords.models import Landlord
from mtd import calculations, readings, urgency
from mtd.models import CalculationType
from people.models import Operation
from people.principal import Principal, PrincipalKind
from tenants import clock
from tenants.ids import new_id
from tenants.models import Due
from tests.hmrc_oauth.scenes import KEY


def _asked(many: int, *, kind: str = "fetch.obligations", **more: Any) -> None:
    Operation.objects.bulk_create(
        Operation(kind=kind, subject_type="landlord", subject_id=new_id(), created_at=clock.now(), **more)
        for _ in range(many)
    )


@pytest.mark.parametrize("kind", [PrincipalKind.STAFF, PrincipalKind.LANDLORD])
@pytest.mark.usefixtures("in_alpha")
def test_a_person_goes_first_whatever_else_was_asked(kind: PrincipalKind) -> None:
    _asked(50)

    assert urgency.lane_for(Principal(kind, new_id(), frozenset())) == "interactive"


@pytest.mark.parametrize(("many", "lane"), [(0, "interactive"), (4, "interactive"), (5, "bulk"), (50, "bulk")])
@pytest.mark.usefixtures("in_alpha")
def test_of_what_a_key_asks_for_the_first_few_do(many: int, lane: str) -> None:
    _asked(many)

    assert urgency.lane_for(KEY) == lane


@pytest.mark.usefixtures("in_alpha")
def test_neither_what_was_asked_long_ago_nor_other_work_counts() -> None:
    for _ in range(9):
        _asked(1, id=UUID(int=clock.machine().timestamp().__trunc__() * 1000 - 11_000 << 80 | new_id().int & 0xFFFF))
    _asked(9, kind="submission")

    assert urgency.lane_for(KEY) == "interactive"


def test_a_flood_of_refreshes_and_calculations_goes_with_bulk_work(grant: Grant, landlord: Landlord, time: Any) -> None:
    _asked(5)

    readings.read(by=KEY, landlord_id=landlord.pk, what="obligations", refresh=True, now=time.now)
    asked: dict[str, Any] = {"tax_year": "2026-27", "kind": CalculationType.IN_YEAR, "fraud_context_id": None}
    calculations.ask(by=KEY, landlord_id=landlord.pk, now=time.now, **asked)

    assert {*Due.objects.filter(kind__in=["fetch", "calculate"]).values_list("lane", flat=True)} == {"bulk"}
