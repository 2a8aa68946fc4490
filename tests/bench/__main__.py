"""`python -m tests.bench [NAME,...]`: all figures, or those whose names begin so. Each suite has a process of its
own."""

import subprocess
import sys
from collections.abc import Callable, Iterable

from tests.bench import (
    agencies,
    api,
    deadlines,
    filing,
    funnel,
    imports,
    landlords,
    pace,
    queue,
    refresh,
    rooms,
    running,
    standin,
    streams,
    webhooks,
)
from tests.bench.figures import Figure, tell

SUITES: dict[str, Callable[[], Iterable[Figure]]] = {
    "api": api.api,
    "run": running.starting,
    "connect": running.connecting,
    "vault": rooms.vault,
    "agency": agencies.agencies,
    "queue": queue.queueing,
    "refresh": refresh.refreshing,
    "filing": filing.crashing,
    "import": imports.importing,
    "deadlines": deadlines.deadlines,
    "landlords": landlords.landlords,
    "funnel": funnel.funnel,
    "pace": pace.pacing,
    "standin": standin.throughput,
    "streams": streams.streams,
    "webhooks": webhooks.delivering,
}


def main(argv: list[str]) -> int:
    """Returns 1 if a figure is not as wanted, 2 for a name that is not known."""
    names = [name.partition(".")[0] for name in ",".join(argv).split(",") if name] or list(SUITES)
    if unknown := set(names) - set(SUITES):
        sys.stderr.write(f"No such figures: {', '.join(sorted(unknown))}. There are {', '.join(SUITES)}.\n")
        return 2
    if len(names) == 1:
        return 0 if tell(SUITES[names[0]]()) else 1
    return max(subprocess.run([sys.executable, "-m", "tests.bench", name], check=False).returncode for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
