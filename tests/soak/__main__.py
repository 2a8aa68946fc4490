"""`python -m tests.soak [ROUNDS]`: returns 1 if a figure is not as wanted."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, tell
from tests.soak.ground import laid

ROUNDS = 200
KILLS_A_PROGRAM = 200  # of workers, for one of a whole program


def main(argv: list[str]) -> int:
    """First the tokens, then the filing of a whole world."""
    rounds = int(argv[0]) if argv else ROUNDS
    well = tell(_tokens(rounds))
    from tests.soak import filing

    return 0 if filing.soak(max(1, rounds // KILLS_A_PROGRAM)) and well else 1


def _tokens(rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        with laid(folder) as ground:
            os.environ |= ground.environ(folder) | {"HMRC_REQUESTS_PER_SECOND": "200"}
            import django

            django.setup()
            from tests.soak.tokens import Soak

            yield from Soak(ground, folder, rounds=rounds).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
