"""A zip of JSON lines, a file a table, made in one go: nothing of it is ever on a disk, or in memory as a whole."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from leaving import rows
from leaving.models import Export, ExportPart

_PART = 256 * 1024
_CHUNK = 500


class Made(NamedTuple):
    size: int
    sha256: str
    counts: dict[str, int]


def make(export: Export, tables: Iterable[QuerySet[Any]], *, about: dict[str, Any]) -> Made:
    """Write the file into the export's parts. Each table is as it stood when its turn came. Raises SealBroken."""
    parts, counts = _Parts(export), {}
    with ZipFile(parts, "w", ZIP_DEFLATED) as file:
        for table in tables:
            name = f"{table.model._meta.db_table}.jsonl"
            counts[name] = 0
            with file.open(name, "w", force_zip64=True) as entry:
                for row in _each(table):
                    entry.write(rows.line(row))
                    counts[name] += 1
        file.writestr("manifest.json", json.dumps({**about, "rows": counts}, cls=DjangoJSONEncoder, indent=2))
    parts.end()
    return Made(parts.size, parts.digest.hexdigest(), counts)


def part(export: Export, number: int) -> bytes:
    """One part of the file."""
    with export.parts.get(fence=export.fence, number=number).data.open(reason="export fetched") as text:
        return b64decode(text)


def _each(table: QuerySet[Any]) -> Iterator[Model]:
    return table.order_by("pk").iterator(chunk_size=_CHUNK)


class _Parts(RawIOBase):
    """What is written, sealed and stored in parts. It can't be sought in, so that the zip is written as a stream."""

    def __init__(self, export: Export) -> None:
        super().__init__()
        self._export, self._number, self._held = export, 0, bytearray()
        self.size, self.digest = 0, hashlib.sha256()

    def write(self, data: Any) -> int:
        self._held += data
        self.digest.update(data)
        self.size += len(data)
        while len(self._held) >= _PART:
            self._store(_PART)
        return len(data)

    def end(self) -> None:
        """Store what is left."""
        self._store(len(self._held))

    def _store(self, many: int) -> None:
        part = ExportPart(export=self._export, fence=self._export.fence, number=self._number)
        part.data = part.seal("data", b64encode(self._held[:many]).decode())
        part.save(force_insert=True)
        del self._held[:many]
        self._number += 1
