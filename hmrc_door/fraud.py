"""
HMRC's fraud-prevention headers (its specification, version 3.3): facts in, headers out, and a word on what is lacking.

Pure. A value is collected or it is not sent: nothing here is made up, and what has not HMRC's form is reported.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from hmrc_door.fraud_facts import Facts, Method
from hmrc_door.fraud_formats import Unusable
from hmrc_door.fraud_table import HEADERS, HOW_TO_MEND, Header

__all__ = ["Built", "Facts", "Method", "Note", "build"]


# Of one header: what servers take by default (nginx, Pekko). A longer one would fail the whole call.
LONGEST = 8192


class Note(NamedTuple):
    """A header that is not sent, why, and what can be done. Holds no value."""

    header: str
    code: Literal["missing", "invalid", "agreed_missing", "not_sent"]
    how_to_mend: str


class Built(NamedTuple):
    """What goes to HMRC; what the law asks for and is lacking; what is left out for a reason."""

    headers: Mapping[str, str]
    missing: tuple[Note, ...]
    warnings: tuple[Note, ...]


def build(facts: Facts, *, agreed: frozenset[str] = frozenset()) -> Built:
    """
    The headers of `facts['connection_method']`. `agreed`: names of those that HMRC has agreed can't be collected.

    Raises ValueError for a connection method that is none of ours.
    """
    method = Method(facts.get("connection_method", ""))
    written = {row.name: _write(row, facts) for row in HEADERS if method in row.methods}
    headers = {name: value for name, value in written.items() if isinstance(value, str)}
    lacking = [note for note in written.values() if isinstance(note, Note)]
    warnings = [Note(note.header, "agreed_missing", _AGREED) for note in lacking if note.header in agreed]
    return Built(
        headers=MappingProxyType(headers),
        missing=tuple(note for note in lacking if note.header not in agreed),
        warnings=(*warnings, *_unwanted(facts, method)),
    )


def _write(row: Header, facts: Facts) -> str | Note:
    try:
        return _bounded(row.write(facts))
    except KeyError:
        return Note(row.name, "missing", HOW_TO_MEND[row.name])
    except Unusable as why:
        return Note(row.name, "invalid", f"What was collected {why}. {HOW_TO_MEND[row.name]}")


def _bounded(value: str) -> str:
    if len(value) > LONGEST:
        raise Unusable("is too long")
    return value


def _unwanted(facts: Facts, method: Method) -> tuple[Note, ...]:
    """Headers that could be sent, but not by this method: personal data collected for nothing."""
    wanted = {row.name for row in HEADERS if method in row.methods}
    others = [row for row in HEADERS if row.name not in wanted]
    return tuple(Note(row.name, "not_sent", _NOT_SENT) for row in others if isinstance(_write(row, facts), str))


_AGREED = "HMRC has agreed that it is left out."
_NOT_SENT = "This connection method does not send it; don't collect it."
