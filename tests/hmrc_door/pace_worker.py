"""A process that takes slots as fast as it gets them, and prints when each would have sent: the pace's own load."""

import sys
import time
from threading import Thread

from redis import Redis

from hmrc_door.pace import Lane, Pace


def main(*, port: int, until: float, threads: int) -> None:
    pace = Pace(redis=Redis(port=port), calls_per_second=3)
    callers = [Thread(target=_take, args=(pace, until)) for _ in range(threads)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()


def _take(pace: Pace, until: float) -> None:
    while time.monotonic() < until:
        slot = pace.acquire(lane=Lane.BULK, agency="whale", timeout_s=60)
        if slot.is_fresh:
            sys.stdout.write(f"{time.monotonic()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(port=int(sys.argv[1]), until=float(sys.argv[2]), threads=int(sys.argv[3]))
