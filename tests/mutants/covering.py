"""Which tests run which lines of the heart, and how long each takes."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from coverage import Coverage

from tests.mutants.applying import LoadError, constants
from tests.mutants.making import HEART, Mutant, source_of

# Two tests try hundreds of interleavings in seconds. What they alone would find is not counted as found.
SLOWEST_S = 2.0
_FILES = [str(source_of(file)) for file in HEART]


@dataclass
class Covering:
    """Filled while the tests run once, unchanged."""

    seconds: dict[str, float] = field(default_factory=dict)
    _coverage: Coverage = field(default_factory=lambda: Coverage(data_file=None, config_file=False, include=_FILES))

    def start(self) -> None:
        self._coverage.start()

    def enter(self, test: str) -> None:
        self._coverage.switch_context(test)

    def stop(self) -> None:
        self._coverage.stop()

    def judges(self, mutant: Mutant) -> list[str]:
        """The tests that run what is changed, the quickest first."""
        by_line = self._by_line[mutant.file]
        tests = {test for line in mutant.lines for test in by_line[line]} or self._users(mutant)
        return sorted((test for test in tests if self.seconds[test] <= SLOWEST_S), key=self.seconds.__getitem__)

    @cached_property
    def _by_line(self) -> dict[str, dict[int, set[str]]]:
        data = self._coverage.get_data()
        lines: dict[str, dict[int, set[str]]] = {}
        for file in HEART:
            found = data.contexts_by_lineno(str(source_of(file)))
            lines[file] = defaultdict(set, {line: {each for each in tests if each} for line, tests in found.items()})
        return lines

    def _users(self, mutant: Mutant) -> set[str]:
        """Those that run a function in which one of the changed constants is named. Its own line runs at import."""
        try:
            names = set(constants(mutant))
        except LoadError:
            return set()
        return {
            test
            for file in HEART
            for function in _functions(file)
            if names & {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
            for line in _lines(function)
            for test in self._by_line[file][line]
        }


def _functions(file: str) -> Iterable[ast.FunctionDef]:
    return (each for each in ast.walk(ast.parse(source_of(file).read_text())) if isinstance(each, ast.FunctionDef))


def _lines(function: ast.FunctionDef) -> range:
    return range(function.lineno, (function.end_lineno or function.lineno) + 1)
