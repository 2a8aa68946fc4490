"""`python -m tests.mutants [NAME,...]`: the share of mutants that a test kills, by file, and who survived."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic

import pytest

from tests.bench.figures import Figure, tell
from tests.mutants.judging import Judge
from tests.mutants.making import HEART, ROOT, Mutant, mutants_of
from tests.mutants.verdicts import Verdicts

WANTED = ">= 90"
_TESTS = ("tests/hmrc_oauth", "tests/model")
# Without what would write, spread or time out by itself; the judge does the last.
_QUIETLY = ("-q", "-s", "-p", "no:cacheprovider", "--timeout=0")


def main(argv: list[str]) -> int:
    """Returns 1 if fewer are killed than wanted, 2 for a name that is not known or a test that fails unchanged."""
    names = {name.rpartition("/")[2]: name for name in HEART}
    asked = [name for name in ",".join(argv).split(",") if name] or list(names)
    if unknown := set(asked) - set(names):
        sys.stderr.write(f"No such files: {', '.join(sorted(unknown))}. There are {', '.join(names)}.\n")
        return 2
    os.nice(10)
    began = monotonic()
    made = {name: list(mutants_of(names[name])) for name in asked}
    verdicts = Verdicts(_kept("mutants.jsonl"))
    mine = [mutant for mutants in made.values() for mutant in mutants if verdicts.is_open(mutant)]
    judge = Judge(mine, verdicts.keep(lambda line: sys.stderr.write(f"{line}\n")))
    if ended := _pytest(judge):
        return ended
    return 0 if tell(_figures(made, verdicts, seconds=monotonic() - began)) else 1


def _pytest(judge: Judge) -> int:
    """Run with what the tests print led to a file: standard output is for the figures."""
    sys.stdout.flush()
    out = os.dup(1)
    with _kept("mutants.log").open("w") as log:
        os.dup2(log.fileno(), 1)
        try:
            return int(pytest.main([*_QUIETLY, *_TESTS], plugins=[judge]))
        finally:
            sys.stdout.flush()
            os.dup2(out, 1)


def _kept(name: str) -> Path:
    folder = ROOT / ".local"
    folder.mkdir(exist_ok=True)
    return folder / name


def _figures(made: Mapping[str, list[Mutant]], verdicts: Verdicts, *, seconds: float) -> Iterator[Figure]:
    everyone = [mutant for mutants in made.values() for mutant in mutants]
    for name, mutants in made.items():
        yield Figure(f"mutants.killed_share.{name}", _killed(mutants, verdicts), f"% of {len(mutants)}", WANTED)
    yield Figure("mutants.killed_share", _killed(everyone, verdicts), f"% of {len(everyone)}", WANTED)
    yield Figure("mutants.seconds", seconds, "s")


def _killed(mutants: list[Mutant], verdicts: Verdicts) -> float:
    return 100 * sum(not verdicts.is_alive(mutant) for mutant in mutants) / max(1, len(mutants))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
