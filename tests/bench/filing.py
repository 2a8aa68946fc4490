"""Very many submissions while workers are killed, answers lost and servers restarted; then the books are compared.

`SUBMISSIONS=50000 make bench ONLY=filing` for the whole of it. Waits are a tenth of production's and the pace is
raised; what a worker does for one submission is not changed.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.soak.ground import laid

SUBMISSIONS = 1_000
PACE_PER_S = 2_000


def crashing() -> Iterator[Figure]:
    """All rounds, and what both sides say in the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with laid(folder) as ground:
            os.environ |= ground.environ(folder) | {"HMRC_REQUESTS_PER_SECOND": str(PACE_PER_S)}
            import django

            django.setup()
            from django.core.management import call_command

            import api.log
            from tests.bench.enqueue import enqueuing
            from tests.bench.filing_rounds import Rounds

            api.log.configure("CRITICAL")  # the output is for the figures
            call_command("prepare", verbosity=0)
            yield from enqueuing()
            many = int(os.environ.get("SUBMISSIONS", SUBMISSIONS))
            yield from Rounds(ground, folder, many=many).run()
