"""
A process that calls as fast as the pace lets it, each call as the door makes it: the pace's own load.

It is ready when it says so. Then each line that it reads is a run: until when by the monotonic clock, Redis' port,
HMRC's port, how many threads, how many a second. It is answered by when each request left.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from redis import Redis

from hmrc_door import wire
from hmrc_door.outcomes import NotSent
from hmrc_door.pace import Lane, NoSlot, Pace
from hmrc_door.wire import WireRequest


def main() -> None:
    _say("ready")
    for line in sys.stdin:
        until, *others = line.split()
        redis_port, hmrc_port, threads, per_second = map(int, others)
        pace = Pace(redis=Redis(port=redis_port), calls_per_second=per_second)
        request = WireRequest(method="GET", url=f"http://127.0.0.1:{hmrc_port}/counted")
        with ThreadPoolExecutor(threads) as callers:
            ended = [callers.submit(_call, pace, request, float(until)) for _ in range(threads)]
        _say(" ".join(str(stamp) for each in ended for stamp in each.result()))


def _call(pace: Pace, request: WireRequest, until: float) -> list[float]:
    left: list[float] = []

    def leave() -> None:
        slot.leave()
        left.append(time.monotonic())

    connects = True
    while (left_s := until - time.monotonic()) > 0:
        try:
            slot = pace.acquire(lane=Lane.BULK, agency="whale", timeout_s=left_s, connects=connects)
        except NoSlot:
            time.sleep(0.02)  # the end, or Redis is away
            continue
        outcome = wire.send(request, leave=leave)
        connects = isinstance(outcome, NotSent)
        if not connects:
            slot.answered()
    return left


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
