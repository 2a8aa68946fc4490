"""
HMRC's bodies: JSON exact to the penny in both directions, and error bodies understood however they are formed.

No float is ever made: what HMRC would read as 0.1 must not leave as 0.1000000000000000055.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import NoReturn, TypeAlias

JSON: TypeAlias = bool | int | str | Decimal | list["JSON"] | dict[str, "JSON"] | None

# HMRC's gateway has answered with bodies that are not JSON: a broken throttling template, XML, the edge's HTML.
_JSON_MEMBER = re.compile(r'"(code|message|error|error_description)"\s*:\s*"([^"\\]{1,500})"')
_XML_ELEMENT = re.compile(r"<(\w{1,64})>([^<]{1,500})</\1>")
_XML_ERROR = re.compile(r"<error>(.{1,5000}?)</error>", re.DOTALL)
_LONGEST = 10_000
# What is kept of an error: it is stored with a submission, and its codes are counted.
_MOST_LETTERS, _MOST_FAULTS = 500, 100
_MOST_DIGITS = 100
_OWN_FIELDS = frozenset({"code", "message", "path", "paths", "errors", "error", "error_description"})


class Unreadable(ValueError):  # noqa: N818  it is said of the bytes
    """The bytes are not one JSON text. Says nothing of what they were."""


@dataclass(frozen=True, kw_only=True)
class HmrcFault:
    """One thing HMRC found wrong. `paths` are JSON pointers into what was sent; `extra` keeps fields we do not know."""

    code: str
    message: str = ""
    paths: tuple[str, ...] = ()
    extra: Mapping[str, JSON] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class HmrcError(HmrcFault):
    """HMRC's error body. `code` is empty when it gave none; `faults` holds every single fault, at least one."""

    faults: tuple[HmrcFault, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the single faults, in HMRC's order."""
        return tuple(fault.code for fault in self.faults)


def read_json(raw: bytes) -> JSON:
    """The JSON text in `raw`, fractions as Decimal; None if it is empty. Raises Unreadable."""
    try:
        value: JSON = json.loads(raw, parse_float=_number, parse_constant=_refuse_constant) if raw.strip() else None
    except (ValueError, RecursionError):
        # `from None`: json's own exception carries the whole document.
        raise Unreadable("not a JSON text") from None
    return value


def write_json(value: JSON) -> bytes:
    """`value` as JSON, Decimals as the very digits they hold. Raises TypeError for a float, ValueError for NaN."""
    return _written(value).encode()


def read_error(raw: bytes) -> HmrcError:
    """HMRC's error in `raw`: the API's or OAuth's JSON, JSON that does not parse, XML, or nothing. Never raises."""
    try:
        body = read_json(raw)
    except Unreadable:
        body = _salvaged(raw)
    return _error(body if isinstance(body, dict) else {})


def _error(body: dict[str, JSON]) -> HmrcError:
    listed = body.get("errors")
    several = listed[:_MOST_FAULTS] if isinstance(listed, list) else []
    faults = tuple(_fault(each) for each in several if isinstance(each, dict))
    whole = _fault(body)
    return HmrcError(
        code=whole.code, message=whole.message, paths=whole.paths, extra=whole.extra, faults=faults or (whole,)
    )


def _fault(body: dict[str, JSON]) -> HmrcFault:
    return HmrcFault(
        code=_text(body, "code") or _text(body, "error"),
        message=_text(body, "message") or _text(body, "error_description"),
        paths=_paths(body),
        extra={name: value for name, value in body.items() if name not in _OWN_FIELDS},
    )


def _paths(body: dict[str, JSON]) -> tuple[str, ...]:
    several = body.get("paths")
    single = body.get("path")
    named = several if isinstance(several, list) else [single]
    return tuple(path for path in named if isinstance(path, str))


def _text(body: dict[str, JSON], name: str) -> str:
    value = body.get(name)
    # PostgreSQL takes neither NUL nor half of a surrogate pair, and a log line no line end.
    return "".join(map(_printable, value[:_MOST_LETTERS])) if isinstance(value, str) else ""


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _salvaged(raw: bytes) -> JSON:
    text = raw[:_LONGEST].decode("utf-8", "replace")
    # The first of each name wins: the outermost comes first in every template seen.
    return dict(reversed(_JSON_MEMBER.findall(text))) or _xml(text)


def _xml(text: str) -> dict[str, JSON]:
    # Read by pattern: an error is no reason to let a parser loose on entities.
    if "<code>" not in text:
        return {}
    errors: list[JSON] = [_elements(each) for each in _XML_ERROR.findall(text)]
    return {**_elements(_XML_ERROR.sub("", text)), **({"errors": errors} if errors else {})}


def _elements(text: str) -> dict[str, JSON]:
    return {name: unescape(value).strip() for name, value in reversed(_XML_ELEMENT.findall(text))}


def _written(value: JSON) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, float):
        raise TypeError("money is never a float")
    return json.dumps(value)


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("not a number that JSON knows")
    return format(value, "f")


def _number(written: str) -> Decimal:
    number = Decimal(written)
    if abs(number.adjusted()) > _MOST_DIGITS:
        raise Unreadable("a number that would fill the memory if it were written out")
    return number


def _refuse_constant(_name: str) -> NoReturn:
    raise Unreadable("not a number that JSON knows")
