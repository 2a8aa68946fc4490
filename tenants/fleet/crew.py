"""Several processes that each take some of the schemas."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.fleet.outcome import Outcome
from tenants.leash import die_with_parent

_A_PIECE = 20  # schemas: what a process takes at a time, and at most what it has not told of yet
Work: TypeAlias = Callable[[str], Outcome]


def default_processes() -> int:
    """One for each core, up to four: PostgreSQL does most of the work."""
    return min(4, os.cpu_count() or 1)


def spread(work: Work, schemas: Sequence[str], *, processes: int) -> Iterator[Outcome]:
    """Do this for all schemas, and yield what became of each as it comes. Few, or one process: here, one by one."""
    if processes == 1 or len(schemas) <= _A_PIECE:
        for schema in schemas:
            yield from _each(work, [schema])
    else:
        yield from _in_processes(work, schemas, processes)


def _in_processes(work: Work, schemas: Sequence[str], processes: int) -> Iterator[Outcome]:
    pieces = [schemas[start : start + _A_PIECE] for start in range(0, len(schemas), _A_PIECE)]
    _let_go_of_connections()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=die_with_parent) as pool:
        try:
            for done in as_completed([pool.submit(_each, work, piece) for piece in pieces]):
                yield from done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _each(work: Work, schemas: Sequence[str]) -> list[Outcome]:
    return [work(schema) for schema in schemas]


def _let_go_of_connections() -> None:
    """A connection that two processes hold is broken for both; so is a pool, whose threads stay behind."""
    ours: Any = connections[DEFAULT_DB_ALIAS]
    ours.close()
    ours.close_pool()
