"""Several processes that call one strict server at one pace."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Self

from tests.hmrc_door.strict import StrictServer

PROCESSES = 4


class Fleet:
    """Started once, for any number of runs."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.hmrc_door.pace_worker"]
        self._workers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)
        ]
        assert {self._line(worker) for worker in self._workers} == {"ready"}
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.communicate(timeout=60)  # the end of what it reads is its end

    def run(
        self,
        *,
        redis_port: int,
        server: StrictServer,
        seconds: float,
        threads: int = 2,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> list[float]:
        """Call for `seconds`, with so many threads in each process, at the server's limit. When each request left."""
        until = time.monotonic() + seconds
        for worker in self._workers:
            assert worker.stdin is not None
            worker.stdin.write(f"{until} {redis_port} {server.port} {threads} {server.limit}\n")
            worker.stdin.flush()
        meanwhile()
        return sorted(float(stamp) for worker in self._workers for stamp in self._line(worker).split())

    def _line(self, worker: subprocess.Popen[str]) -> str:
        assert worker.stdout is not None
        return worker.stdout.readline().strip()
