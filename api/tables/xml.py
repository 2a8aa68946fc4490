"""XML as a stream: nothing of it is held but what whoever walks it keeps."""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.parsers import expat

from api.errors import UnreadableFile
from api.tables.grid import refuse

MOST_ELEMENTS = 8_000_000
_DEEPEST = 32


class Walker:
    """Is told of every element as it begins and ends, and of text; puts what it has found into `found`."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins. `name`: without its namespace."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text between them; what stands together may come in pieces."""


def walk(chunks: Iterable[bytes], walker: Walker) -> Iterator[Any]:
    """What the walker finds, as it is found. Raises UnreadableFile, Invalid, and what the walker raises."""
    parser = _parser(walker)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from walker.found
            walker.found.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise UnreadableFile("One of its members is not XML.") from None


def _parser(walker: Walker) -> Any:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = elements = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > _DEEPEST or elements > MOST_ELEMENTS:
            refuse("too_much_inside", "It has more elements than any table here, or deeper ones.")
        walker.start(name.rpartition(" ")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        walker.end(name.rpartition(" ")[2])

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = walker.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: Any) -> None:
    # Entities begin here: of other files, and of themselves a thousand times.
    raise UnreadableFile("One of its members declares a document type.")
