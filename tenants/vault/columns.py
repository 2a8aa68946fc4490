"""Where sealed values lie: the SealedFields of every model, and what rooms name that is sealed elsewhere.

Each place is told in words of SQL, of the row that is called `t`: what re-seals and counts goes by them, and makes no
instance of any model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from tenants.vault.fields import SealedField
from tenants.vault.purposes import Purpose


@dataclass(frozen=True)
class Column:
    """`value`: the sealed bytes. `place`: the UUID, and `bound_to` the version, that they are bound to. `put`: what is
    set where `fresh.value` takes their place.
    """

    model: str
    name: str
    purpose: Purpose
    label: str
    value: str
    place: str
    put: str
    bound_to: str = "NULL::bigint"

    @property
    def table(self) -> str:
        """The table, in quotes."""
        return connection.ops.quote_name(self._model._meta.db_table)

    @property
    def key(self) -> str:
        """The primary key's column, in quotes."""
        return connection.ops.quote_name(str(self._key.column))

    @property
    def key_type(self) -> str:
        """What PostgreSQL calls the primary key's type."""
        return str(self._key.rel_db_type(connection))

    @property
    def _model(self) -> type[models.Model]:
        return apps.get_model(self.model)

    @property
    def _key(self) -> "models.Field[Any, Any]":
        return self._model._meta.pk


_elsewhere: list[Column] = []


def add(*found: Column) -> None:
    """A room tells where it keeps sealed values that are in no SealedField."""
    _elsewhere.extend(found)


def columns() -> list[Column]:
    """Every place in an agency's schema that holds sealed values."""
    rooms = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    return [column for room in rooms for model in room.get_models() for column in _fields_of(model)] + _elsewhere


def _fields_of(model: type[models.Model]) -> Iterator[Column]:
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedField):
            yield _column(model, field)


def _column(model: type[models.Model], field: SealedField) -> Column:
    name, key = f'"{field.column}"', f't."{cast("Any", model._meta.pk).column}"'
    bound = {"bound_to": f't."{cast("Any", model._meta.get_field(field.bound_to)).column}"'} if field.bound_to else {}
    where = {"value": f"t.{name}", "place": key, "put": f"{name} = fresh.value"}
    return Column(model._meta.label, field.name, field.purpose, field.label, **where, **bound)
