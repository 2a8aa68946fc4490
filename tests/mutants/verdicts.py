"""What became of each mutant, kept on disk: a run that was broken off goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.mutants.judging import SURVIVED, UNTESTED
from tests.mutants.making import Mutant

ALIVE = {SURVIVED, UNTESTED}


class Verdicts:
    """By the mutant's key, which is another one as soon as the changed function is.

    Only the killed are believed in the next run: what survived may meet a new test. Delete the file to judge all anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: dict[str, str] = {}
        if path.exists():
            self.known = dict(json.loads(line) for line in path.read_text().splitlines())

    def is_open(self, mutant: Mutant) -> bool:
        return self.known.get(mutant.key, SURVIVED) in ALIVE

    def is_alive(self, mutant: Mutant) -> bool:
        return self.known[mutant.key] in ALIVE

    def keep(self, tell: Callable[[str], object]) -> Callable[[Mutant, str], None]:
        """What a judge calls with each verdict; a survivor is told at once."""

        def heard(mutant: Mutant, verdict: str) -> None:
            self.known[mutant.key] = verdict
            with self.path.open("a") as file:
                file.write(json.dumps([mutant.key, verdict]) + "\n")
            if verdict in ALIVE:
                tell(f"{verdict}: {mutant}")

        return heard
