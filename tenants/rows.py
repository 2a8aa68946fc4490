"""Rows of several models out of one statement of our own, where the way through Django's would cost more than the
answer.
"""

from collections import namedtuple
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


class Columns(Generic[Row]):
    """All columns of a model's table, which the statement calls `alias`."""

    def __init__(self, model: type[Row], alias: str) -> None:
        fields = model._meta.concrete_fields
        self.listed = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.width = len(fields)
        self._model, self._names = model, [field.attname for field in fields]
        self._key = self._names.index(str(model._meta.pk.attname))
        turned = [(place, getattr(field, "from_db_value", None)) for place, field in enumerate(fields)]
        self._turned = [(place, turn) for place, turn in turned if turn is not None]

    def read(self, values: Sequence[Any]) -> Row | None:
        """The row; None if there was none to join."""
        if values[self._key] is None:
            return None
        found = list(values)
        for place, turn in self._turned:
            found[place] = turn(found[place], None, connection)
        return self._model.from_db(connection.alias, self._names, found)


class Worded:
    """A query for named tuples that Django puts into words once. It is asked again and again, in whichever agency was
    entered, with other parameters in their places.
    """

    def __init__(self, rows: "models.QuerySet[Any, Any]") -> None:
        compiler = rows.query.get_compiler(using=rows.db)
        self.statement, given = compiler.as_sql()
        self.given = tuple(given)
        self._row = _tuple_of(rows.query.values_select)
        turned = compiler.get_converters([expression for expression, *_ in compiler.select])
        self._turned = [(place, turns, of) for place, (turns, of) in turned.items()]

    def ask(self, *given: Any) -> list[Any]:
        """The rows as they are now. `given`: as many as in `self.given`."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, given)
            found = cursor.fetchall()
        return [self._row._make(self._read(values)) for values in found]

    def _read(self, values: Sequence[Any]) -> Sequence[Any]:
        row = list(values)
        for place, turns, of in self._turned:
            for turn in turns:
                row[place] = turn(row[place], of, connection)
        return row


def _tuple_of(names: Sequence[str]) -> Any:
    return namedtuple("Row", names)  # noqa: PYI024 - its names are known just now
