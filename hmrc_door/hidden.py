"""Strings that must not be shown: a protocol for the sealed ones, and a wrapper for those that are already plain."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hmac import compare_digest
from typing import NoReturn, Protocol


class Secret(Protocol):
    """Something that yields its plain text only inside a `with`, and only for a stated reason."""

    def open(self, *, reason: str) -> AbstractContextManager[str]:
        """Yield the plain text. Raises whatever the holder raises when it cannot be opened."""
        ...


class Hidden:
    """
    A plain string that no repr, f-string, log line or pickle will show.

    It satisfies `Secret`, so that a token just received can be used before it is sealed.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The plain text. Call it on the line that needs it."""
        return self._text

    @contextmanager
    def open(self, *, reason: str) -> Iterator[str]:
        """Yield the plain text. Never raises."""
        yield self._text

    def __repr__(self) -> str:
        return "Hidden()"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a hidden string is not pickled")
