"""Fields whose values stay sealed: loading a row does no cryptography, opening is an explicit call with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast
from uuid import UUID

import structlog
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from tenants.errors import SealBroken
from tenants.vault.purposes import Purpose
from tenants.vault.values import open_value, seal_value

log = structlog.get_logger()


class Blob(bytes):
    """Bytes as they came from the database: known to be sealed, not yet bound to their row."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<Blob>"


class Place(NamedTuple):
    purpose: Purpose
    label: str
    row: UUID
    version: int | None


class Sealed:
    """A secret at rest in memory. Its repr shows where it belongs, never what it is."""

    __slots__ = ("_blob", "_place")

    def __init__(self, blob: bytes, place: Place) -> None:
        self._blob = blob
        self._place = place

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        """Yield the plaintext for as long as the block lasts.

        Raises SealBroken if the value was changed or moved, KeyDenied if this process is not given the key.
        """
        try:
            plaintext = open_value(self._blob, **self._place._asdict())
        except SealBroken:
            log.error("vault.seal_broken", label=self._place.label, row=str(self._place.row), reason=reason)  # noqa: TRY400
            raise
        yield plaintext

    @property
    def blob(self) -> bytes:
        """The sealed bytes, as they are stored."""
        return self._blob

    def __repr__(self) -> str:
        return f"<Sealed {self._place.label}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other._blob == self._blob

    def __hash__(self) -> int:
        return hash(self._blob)


class _Attribute(DeferredAttribute):
    """Binds the stored bytes to their row on the way out; refuses anything unsealed on the way in."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        value, field = super().__get__(instance, cls), cast("SealedField", self.field)
        return Sealed(value, field.place(instance)) if isinstance(value, Blob) else value

    def __set__(self, instance: Any, value: Any) -> None:
        if value is not None and not isinstance(value, Blob | Sealed):
            raise TypeError(f"{self.field.name}: seal the value before assigning it")
        instance.__dict__[self.field.attname] = Blob(value.blob) if isinstance(value, Sealed) else value


class SealedField(models.BinaryField):  # type: ignore[type-arg] # not subscriptable at run time
    """Holds a sealed value. `label` is part of what the value is bound to: it outlives renamed tables, so never
    change it.

    With `bound_to`, the value is also bound to that integer column of the row, so that yesterday's ciphertext can't
    be put back.
    """

    descriptor_class = _Attribute

    def __init__(
        self, *, purpose: Purpose = Purpose.PII, label: str = "", bound_to: str | None = None, **kwargs: Any
    ) -> None:
        self.purpose, self.label, self.bound_to = purpose, label, bound_to
        super().__init__(**{"editable": False, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs  # purpose and label are not the schema's business

    def get_default(self) -> None:
        """None: there is no sealed nothing."""
        return

    def place(self, instance: models.Model, version: int | None = None) -> Place:
        bound = getattr(instance, self.bound_to) if self.bound_to and version is None else version
        return Place(self.purpose, self.label, instance.pk, bound if self.bound_to else None)

    def from_db_value(self, value: Any, *_: Any) -> Blob | None:
        return None if value is None else Blob(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if value is not None and not isinstance(value, Blob | Sealed):
            raise TypeError(f"{self.label}: seal the value before storing it")
        blob = value.blob if isinstance(value, Sealed) else value
        return super().get_db_prep_value(None if blob is None else bytes(blob), connection, prepared)


class SealedModel(models.Model):
    """A model with sealed fields. Its primary key is a UUID made before the row exists, since values are bound to
    it.
    """

    class Meta:
        abstract = True

    def seal(self, field: str, plaintext: str, *, version: int | None = None) -> Sealed:
        """Seal `plaintext` for this row's `field`. `version`: what the bound column will hold, if not what it holds
        now.
        """
        described = self._meta.get_field(field)
        if not isinstance(described, SealedField):
            raise TypeError(f"{field} is not a sealed field")
        place = described.place(self, version)
        return Sealed(seal_value(plaintext, **place._asdict()), place)
