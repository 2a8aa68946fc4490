"""The test database as it was, for when a mutant had to be killed before it could tidy up."""

from types import TracebackType
from typing import Self

import psycopg
from django.db import connection, connections
from psycopg import sql


class Pristine:
    """A copy of the test database, kept for the length of the block."""

    def __init__(self) -> None:
        self.name = str(connection.settings_dict["NAME"])
        self.copy = f"{self.name}_pristine"

    def __enter__(self) -> Self:
        self._copy(self.name, self.copy)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.copy)

    def restore(self) -> None:
        """The test database is as it was."""
        self._copy(self.copy, self.name)

    def _copy(self, source: str, target: str) -> None:
        connections.close_all()
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", target)
        self._run("CREATE DATABASE {} TEMPLATE {}", target, source)

    @staticmethod
    def _run(statement: str, *names: str) -> None:
        given = connection.get_connection_params()
        known = {key: given[key] for key in ("host", "port", "user", "password") if key in given}
        with psycopg.connect(**known, dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
