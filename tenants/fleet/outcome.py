"""What became of each schema, and of all of them."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, TextIO

import psycopg


class Result(StrEnum):
    MIGRATED = "migrated"
    SKIPPED = "skipped"  # there was nothing to do
    FAILED = "failed"


class Way(StrEnum):
    """How it was done."""

    NONE = ""
    REPLAYED = "replayed"
    DJANGO = "django"


class Outcome(NamedTuple):
    """One schema's. `why`: what failed, or why it was not replayed; never a value of anybody's row."""

    schema: str
    result: Result
    way: Way = Way.NONE
    seconds: float = 0.0
    why: str = ""


def reason(error: BaseException) -> str:
    """An error's kind and the names that PostgreSQL gives with it. Its text may hold rows, and is left out."""
    cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
    if not isinstance(cause, psycopg.Error):
        return type(error).__name__
    named = [cause.diag.table_name, cause.diag.column_name, cause.diag.constraint_name]
    return " ".join([type(cause).__name__, *filter(None, named)])


class Summary:
    """Counts outcomes as they come, and writes each down as a line of JSON."""

    def __init__(self, report: TextIO | None = None) -> None:
        self._report = report
        self._counts: Counter[Result] = Counter()
        self.failed: list[Outcome] = []

    def of(self, outcomes: Iterable[Outcome]) -> "Summary":
        """Take all of them in; the last line holds the counts."""
        for outcome in outcomes:
            self._counts[outcome.result] += 1
            self.failed += [outcome] if outcome.result is Result.FAILED else []
            self._write(outcome._asdict() | {"seconds": round(outcome.seconds, 4)})
        self._write({"schemas": self._counts.total(), **self._each()})
        return self

    def __str__(self) -> str:
        return ", ".join(f"{many} {result}" for result, many in self._each().items())

    def lines(self, *, limit: int = 10) -> Iterator[str]:
        """The failures, for a person."""
        yield from (f"{each.schema}: {each.why}" for each in self.failed[:limit])
        if len(self.failed) > limit:
            yield f"and {len(self.failed) - limit} more"

    def _each(self) -> dict[str, int]:
        return {result.value: self._counts[result] for result in Result}

    def _write(self, said: dict[str, object]) -> None:
        if self._report is not None:
            self._report.write(json.dumps(said) + "\n")
            self._report.flush()
