"""Operations told as they change, in the whole product: at both addresses, and whatever is killed meanwhile."""

import json
import signal
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
import requests

from tests.api.streams.reader import Event, parse
from tests.stack.cast import Landlord
from tests.stack.world import World, until

pytestmark = pytest.mark.stack


def watch(world: World, url: str, **headers: str) -> Iterator[Event]:
    sent = {"Authorization": f"Bearer {world.demo['api_key']}", **headers}
    answer = requests.get(url, headers=sent, stream=True, timeout=60)
    assert answer.status_code == 200, answer.text
    return parse(line + b"\n" for line in answer.iter_lines())


def asked(world: World, landlord: Landlord) -> Any:
    return world.agency.call("GET", f"landlords/{landlord.id}/businesses", params={"refresh": "true"}).json()


@pytest.mark.parametrize("own_address", [True, False], ids=["events_url", "the API's own"])
def test_a_reading_is_told_to_its_end(own_address: bool, world: World, connected: Landlord) -> None:
    operation = asked(world, connected)
    api = f"{world.demo['base_url']}/api/v1/operations/{operation['id']}/events"
    assert operation["events_url"].partition("/api/")[2] == api.partition("/api/")[2]

    told = list(watch(world, operation["events_url"] if own_address else api))

    assert (told[-2].data["status"], told[-1].data["reason"]) == ("succeeded", "done")


def test_an_end_is_told_though_the_streaming_process_was_stopped(world: World, connected: Landlord) -> None:
    world.hmrc.fail("hang", "business_list", connected.user, seconds=4)
    operation = asked(world, connected)
    events = watch(world, operation["events_url"])
    seen = next(events)

    old = pid(world)
    psutil.Process(old).send_signal(signal.SIGTERM)
    assert [each.data["reason"] for each in events if each.name == "end"] == ["stopping"]
    until(lambda: pid(world) != old and answers(operation["events_url"]))
    told = list(watch(world, operation["events_url"], **{"Last-Event-ID": str(seen.id)}))

    assert told[0].id > seen.id  # type: ignore[operator]
    assert told[-1].data["reason"] == "done"


def test_an_end_is_told_though_redis_was_killed(world: World, connected: Landlord) -> None:
    world.hmrc.fail("hang", "business_list", connected.user, seconds=4)
    operation = asked(world, connected)
    events = watch(world, operation["events_url"])
    next(events)

    world.kill("redis")

    assert list(events)[-1].data["reason"] == "done"


def pid(world: World) -> int:
    return int(json.loads((world.home / "demo.json").read_text())["pids"].get("streams", 0))


def answers(url: str) -> bool:
    base = url.partition("/api/")[0]
    try:
        return requests.get(f"{base}/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False
