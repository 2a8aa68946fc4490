"""Measures connecting against a running world, one JSON object a line: `python -m tests.stack.measure --home .local`.

Not a test: a shared machine's times prove nothing. Run it while nothing else does.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from tests.stack.cast import Landlord, new_landlord
from tests.stack.world import World

CALLBACKS = 100
CONNECTIONS = 10


def main(argv: Sequence[str]) -> int:
    """Print every figure. Returns 1 if one is not as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".local"))
    world = World(parser.parse_args(argv).home.resolve())
    world.visit()
    lines = [*_callbacks(world), *_completions(world)]
    sys.stdout.writelines(f"{json.dumps(line)}\n" for line in lines)
    return 0 if all(line["ok"] for line in lines) else 1


def _callbacks(world: World) -> Iterator[dict[str, object]]:
    """Returns from HMRC, one after the other, each with a state that is waited for."""
    landlord = new_landlord(world)
    returns = [world.hmrc.leave(landlord.begin()["authorization_url"], landlord.user) for _ in range(CALLBACKS)]
    times = [_timed(world, callback) for callback in returns]
    yield _figure("connect.callback_p95_ms", quantiles(times, n=20)[-1] * 1000, "ms", wanted=50)


def _completions(world: World) -> Iterator[dict[str, object]]:
    """From the posted completion code to the connection that the API shows as active."""
    times = [_connected(new_landlord(world)) for _ in range(CONNECTIONS)]
    yield _figure("connect.complete_to_active_s", median(times), "s", wanted=2)
    yield _figure("connect.complete_to_active_max_s", max(times), "s", wanted=2)


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


def _figure(name: str, value: float, unit: str, *, wanted: float) -> dict[str, object]:
    return {"figure": name, "value": round(value, 3), "unit": unit, "wanted": f"<= {wanted}", "ok": value <= wanted}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
