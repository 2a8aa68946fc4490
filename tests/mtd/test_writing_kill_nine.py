"""Workers die at every named point of a write or a calculation: HMRC ends with the newest, and nothing is left over."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hmrc_door import config, wire
from mtd import businesses, calculating, calculations, fetching, filing, readings, writing
from mtd.models import Business, CalculationType, Write
from mtd.writing import POINTS
from tenants import clock, due
from tenants.models import Agency
from tests.conftest import NOON
from tests.hmrc_door.conftest import OpenPace
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import KEY, abandon, again, due_at
from tests.hmrc_oauth.side_by_side import committed
from tests.mtd.real_hmrc import Client, RealHmrc, running
from tests.mtd.scenes import mandated

LOST: dict[str, dict[str, Any]] = {
    "nothing_lost": {},
    "lost_before": {"kind": "answer_lost_before"},
    "lost_after": {"kind": "answer_lost_after"},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHmrc]:
    with running(tmp_path_factory.mktemp("hmrc"), now=NOON) as world:
        yield world


@pytest.fixture
def client(
    served: RealHmrc, alpha_committed: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    pace = OpenPace()
    monkeypatch.setattr(config, "pace", lambda: pace)
    monkeypatch.setattr(config, "environment", lambda: served.environment)
    served.served.control("faults/lift", {})
    served.is_now(time.now)  # tests before this one may have moved it on
    with committed(alpha_committed):
        client = served.client()
        mandated(client.landlord)
        mine = {"landlord": client.landlord, "business_id": client.user.business_id}
        Business.objects.create(**mine, type_of_business="uk-property")
        yield client


def put(client: Client, amount: str) -> Write:
    return businesses.submit_annual(
        by=KEY,
        landlord_id=client.landlord.pk,
        business_id=client.user.business_id,
        tax_year="2026-27",
        given={"allowances": {"otherCapitalAllowance": amount}},
        fraud_context_id=None,
        now=clock.now(),
    )


def held(client: Client) -> str:
    """What HMRC says when it is asked."""
    place = {"business_id": client.user.business_id, "tax_year": "2026-27"}
    what = f"annual:{place['business_id']}:{place['tax_year']}"
    asked = readings.ask(landlord_id=client.landlord.pk, what=what, lane=due.Lane.BULK, now=clock.now())
    fetching.run(operation_id=asked.pk)
    assert again(asked).status == "succeeded"
    found = businesses.held_annual(landlord_id=client.landlord.pk, **place)
    assert found is not None
    return str(found["allowances"]["otherCapitalAllowance"])


def die(agency: Agency, write: Write, *, at: str) -> bool:
    """Whether a worker came so far; its lease is over."""
    wire._pooled.cache_clear()  # what is kept alive is not shared with a child
    killed = was_killed(forked(agency, lambda: writing.run(write_id=write.pk), dies_at=at))
    abandon(write)
    return killed


def settle(time: FakeClock, *writes: Write) -> None:
    """Workers come who live."""
    for _ in range(6):
        for write in writes:
            if due_at("write", write.pk) is not None:
                abandon(write)
                writing.run(write_id=write.pk)
        time.advance(seconds=6)


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("point", POINTS)
def test_a_write_killed_at(point: str, lost: str, client: Client, alpha_committed: Agency, time: FakeClock) -> None:
    older = put(client, "10")
    if LOST[lost]:
        client.world.hmrc.fail(LOST[lost]["kind"], "uk_annual_put", client.user)
    assert die(alpha_committed, older, at=point)
    time.advance(seconds=6)
    newer = put(client, "20")

    settle(time, older, newer)

    assert again(newer).status == "accepted"
    assert again(older).status in {"accepted", "superseded"}
    assert held(client) == "20.00"


@pytest.mark.parametrize("point", calculating.POINTS)
@pytest.mark.parametrize("step", ["trigger", "fetch"])
def test_a_calculation_killed_at(
    point: str, step: str, client: Client, alpha_committed: Agency, time: FakeClock
) -> None:
    who: dict[str, Any] = {"landlord_id": client.landlord.pk, "tax_year": "2026-27", "fraud_context_id": None}
    asked = calculations.ask(by=KEY, kind=CalculationType.IN_YEAR, now=clock.now(), **who)

    def work() -> None:
        calculating.run(operation_id=asked.pk)

    filed = client.file("1000.00")
    while due_at("submit", filed.pk) is not None:
        filing.run(submission_id=filed.pk)
    if step == "fetch":
        work()
        time.advance(seconds=6)
    wire._pooled.cache_clear()
    assert was_killed(forked(alpha_committed, work, dies_at=point))
    for _ in range(3):
        time.advance(seconds=60)
        client.world.is_now(time.now)
        work()

    assert (again(asked).reason_code, again(asked).status, due_at("calculate", asked.pk)) == ("", "ready", None)


@pytest.mark.parametrize("module", [writing, calculating])
def test_every_point_stands_in_the_code_once(module: ModuleType) -> None:
    code, points = Path(str(module.__file__)).read_text(), module.POINTS

    assert [code.count(f'failpoint("{point}")') for point in points] == [1] * len(points)
    assert code.count("failpoint(") == len(points)
