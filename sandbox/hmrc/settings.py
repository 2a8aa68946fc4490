"""What may be set while the stand-in runs, and holds across a restart."""

import json
from collections.abc import Callable
from typing import Generic, TypeVar

from sandbox.hmrc.modes import MODES
from sandbox.hmrc.store import Store

LONGEST_LAG = 86_400.0

T = TypeVar("T")


class Setting(Generic[T]):
    """One value, kept in the store as JSON; the default until it is set."""

    def __init__(self, *, store: Store, name: str, default: T, takes: Callable[[T], bool]) -> None:
        self._store, self._name, self._default, self._takes = store, name, default, takes
        row = store.row("SELECT value FROM settings WHERE name = :name", name=name)
        self._value: T = json.loads(row["value"]) if row else default

    def get(self) -> T:
        return self._value

    def set(self, value: T) -> None:
        """Keep a value. Raises ValueError if it is not one that the setting takes."""
        if not self._takes(value):
            raise ValueError(f"this is no {self._name}")
        sql = "INSERT INTO settings VALUES (:name, :value) ON CONFLICT DO UPDATE SET value = excluded.value"
        self._store.change(sql, name=self._name, value=json.dumps(value))
        self._value = value

    def reset(self) -> None:
        self._store.change("DELETE FROM settings WHERE name = :name", name=self._name)
        self._value = self._default


def mode(store: Store, *, default: str) -> Setting[str]:
    """How an answer is chosen: by the state of the world, or fixed as HMRC's sandbox has it."""
    return Setting(store=store, name="mode", default=default, takes=lambda value: value in MODES)


def lag_seconds(store: Store) -> Setting[float]:
    """How much later than its update an obligation is fulfilled: HMRC's may take up to an hour."""
    return Setting(store=store, name="lag_seconds", default=0.0, takes=lambda value: 0 <= value <= LONGEST_LAG)
