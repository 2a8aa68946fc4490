"""How long `make run` takes to READY, and connecting in a world that is otherwise idle."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from tests.bench.figures import Figure
from tests.stack.cast import Landlord, new_landlord
from tests.stack.world import World

CALLBACKS = 100
CONNECTIONS = 10


def starting() -> Iterator[Figure]:
    """From nothing but the virtual environment to READY, and again with the data that is there."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve() / "home"
        for name, wanted in (("run.ready_s", "<= 120"), ("run.again_s", "<= 15")):
            began = time.monotonic()
            world = World(home)
            try:
                world.start()
                yield Figure(name, time.monotonic() - began, "s", wanted)
            finally:
                world.stop()


def connecting() -> Iterator[Figure]:
    """HMRC's returns, and the way from the posted completion code to a connection that the API shows as active."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder).resolve() / "home")
        try:
            world.start()
            yield from _returns(world)
            times = [_connected(new_landlord(world)) for _ in range(CONNECTIONS)]
        finally:
            world.stop()
    yield Figure("connect.complete_to_active_s", median(times), "s", "<= 2")
    yield Figure("connect.complete_to_active_max_s", max(times), "s", "<= 2")


def _returns(world: World) -> Iterator[Figure]:
    landlord = new_landlord(world)
    left = [world.hmrc.leave(landlord.begin()["authorization_url"], landlord.user) for _ in range(CALLBACKS)]
    times = [_timed(world, callback) for callback in left]
    yield Figure("connect.callback_p95_ms", quantiles(times, n=20)[-1] * 1000, "ms", "<= 50")


def _connected(landlord: Landlord) -> float:
    back = landlord.go(landlord.begin())
    landlord.world.until_idle()
    began = time.perf_counter()
    landlord.complete(back)
    landlord.until_state("active")
    return time.perf_counter() - began


def _timed(world: World, callback: str) -> float:
    began = time.perf_counter()
    world.hmrc.follow(callback)
    return time.perf_counter() - began
