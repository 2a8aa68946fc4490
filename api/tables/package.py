"""A zip, of which no more is unpacked than is asked for, and that only so far."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from api.errors import UnreadableFile
from api.tables.grid import refuse

MOST_INSIDE = 64 * 1024 * 1024  # bytes, of all that is read, unpacked
MOST_MEMBERS = 1000
_STEP = 64 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for gigabytes before the first byte
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)


class Package:
    """The members of a zip. Raises UnreadableFile, Invalid."""

    def __init__(self, body: bytes) -> None:
        # Counted before the directory is read: it alone could fill the memory.
        if body.count(b"PK\1\2") > MOST_MEMBERS:
            refuse("too_much_inside", f"It has more than {MOST_MEMBERS} members.")
        self._left = MOST_INSIDE
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except _BROKEN:
            raise UnreadableFile("It begins as an .xlsx does, and can't be unpacked.") from None

    def read(self, name: str) -> Iterator[bytes]:
        """A member, piece by piece. Raises UnreadableFile; Invalid once more has been read than any table needs."""
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            raise UnreadableFile("A member that it names is missing.") from None
        if info.compress_type not in _METHODS:
            raise UnreadableFile("A member is packed in an unusual way.")
        try:
            with self._zip.open(info) as member:
                while piece := member.read(_STEP):
                    self._left -= len(piece)
                    if self._left < 0:
                        refuse("too_much_inside", f"It unpacks to more than {MOST_INSIDE // 1024 // 1024} MB.")
                    yield piece
        except _BROKEN:
            raise UnreadableFile("A member can't be unpacked.") from None
