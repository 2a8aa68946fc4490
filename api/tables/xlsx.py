"""The cells of an XLSX as text, read as a stream by the standard library's zipfile and expat (docs/adr/0028)."""

import re
from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from typing import NamedTuple

from api.errors import UnreadableFile
from api.tables.grid import Line, refuse
from api.tables.package import Package
from api.tables.xml import Walker, walk
from landlords.imports import MOST_COLUMNS

_OLD = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_LETTERS = 26
_MOST_LINES = 1_048_576  # Excel's own bound


class Place(NamedTuple):
    """A sheet that is shown: its name, and where in the package it is."""

    name: str
    path: str


class Workbook:
    """An XLSX, read as far as the names of its sheets. Raises UnreadableFile, Invalid."""

    def __init__(self, body: bytes) -> None:
        if body.startswith(_OLD):
            raise UnreadableFile("It is an old .xls, or locked by a password: save it as .xlsx without one.")
        self._package = Package(body)
        self._book = next((target for kind, _, target in self._relations("") if kind == "officeDocument"), "")
        self._parts = {name: (kind, target) for kind, name, target in self._relations(self._book)}
        self.sheets = list(self._sheets())
        if not self.sheets:
            raise UnreadableFile("It has no sheet that is shown.")

    def lines(self, sheet: Place) -> Iterator[Line]:
        """Every line that the sheet has. Raises UnreadableFile, Invalid."""
        shared = next((target for kind, target in self._parts.values() if kind == "sharedStrings"), "")
        texts = list(walk(self._package.read(shared), _Texts())) if shared else []
        return walk(self._package.read(sheet.path), _Lines(texts))

    def _sheets(self) -> Iterator[Place]:
        for each in walk(self._package.read(self._book), _Attributes("sheet")):
            kind, target = self._parts.get(each.get("id", ""), ("", ""))
            if kind == "worksheet" and each.get("state", "visible") == "visible":
                yield Place(each.get("name", ""), target)

    def _relations(self, of: str) -> Iterator[tuple[str, str, str]]:
        """What a member refers to: kind, name and path of each. The package itself is the member without a name."""
        folder = dirname(of)
        for each in walk(
            self._package.read(join(folder, "_rels", f"{of[len(folder) :].strip('/')}.rels")),
            _Attributes("Relationship"),
        ):
            target = normpath(join("/", folder, each.get("Target", ""))).strip("/")
            yield each.get("Type", "").rpartition("/")[2], each.get("Id", ""), target


class _Attributes(Walker):
    """The attributes of every element of a name, without their namespaces."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self._of = of

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._of:
            self.found.append({each.rpartition(" ")[2]: value for each, value in attributes.items()})


class _Texts(Walker):
    """Shared texts: what stands in <t>, without how it is pronounced (<rPh>)."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._is_open = self._is_spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._is_spoken |= name == "rPh"
        self._is_open = name == "t" and not self._is_spoken

    def end(self, name: str) -> None:
        self._is_open = False
        self._is_spoken &= name != "rPh"
        if name == "si":
            self.found.append(self._taken())

    def text(self, data: str) -> None:
        if self._is_open:
            self._pieces.append(data)

    def _taken(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return text


class _Lines(_Texts):
    """The lines of a sheet. A formula's cell is what the spreadsheet made of it when it was saved."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts
        self._number = self._place = 0
        self._kind = ""
        self._cells: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if name == "v":
            self._is_open = True
        elif name == "c":
            self._kind, self._place = attributes.get("t", "n"), self._placed(attributes.get("r"))
        elif name == "row":
            self._number, self._cells = self._numbered(attributes.get("r")), []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "c":
            self._put(self._worth(self._taken()))
        elif name == "row":
            self.found.append((self._number, self._cells))

    def _numbered(self, said: str | None) -> int:
        number = self._number + 1 if said is None else int(said) if said.isdecimal() and len(said) < 8 else 0  # noqa: PLR2004
        if not self._number < number <= _MOST_LINES:
            raise UnreadableFile("Its lines are not in their order.")
        return number

    def _placed(self, said: str | None) -> int:
        found = _CELL.match(said) if said else None
        if said and not found:
            raise UnreadableFile("One of its cells has no place.")
        place = len(self._cells)
        if found:
            place = 0
            for letter in found[1]:
                place = place * _LETTERS + ord(letter) - ord("A") + 1
            place -= 1
        if place < len(self._cells):
            raise UnreadableFile("Its cells are not in their order.")
        return place

    def _put(self, text: str) -> None:
        if not text:
            return
        if self._place >= MOST_COLUMNS:
            refuse("column_count", f"A file has at most {MOST_COLUMNS} columns.")
        self._cells += [""] * (self._place - len(self._cells)) + [text]

    def _worth(self, text: str) -> str:
        if self._kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        if self._kind != "s" or not text:
            return text
        if not text.isdecimal() or int(text[:9]) >= len(self._texts):
            raise UnreadableFile("One of its cells refers to a text that is not there.")
        return self._texts[int(text)]
