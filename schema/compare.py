"""What differs between two OpenAPI documents, and what of it breaks a client that was made from the older one.

To a request everything that was taken must still be taken; of a response and of a webhook everything that was promised
must still come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

_Json: TypeAlias = Mapping[str, Any]
_METHODS: Final = ("get", "put", "post", "delete", "patch")
# Bounds: what a request may not exceed may grow, and what it may not fall below may shrink.
_UPPER: Final = ("maxLength", "maxItems", "maximum")
_LOWER: Final = ("minLength", "minItems", "minimum")


@dataclass(frozen=True, order=True)
class Change:
    """One difference, in words that stay the same however often it is looked at."""

    where: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"`{self.where}`: {self.what}"


def compare(old: _Json, new: _Json) -> list[Change]:
    """Every difference that a client could see, in order."""
    comparison = _Comparison(old, new)
    return sorted({*comparison.operations(), *comparison.webhooks()})


class _Comparison:
    def __init__(self, old: _Json, new: _Json) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str, bool]] = set()

    def operations(self) -> Iterator[Change]:
        before, after = _operations(self.old), _operations(self.new)
        yield from _appearances(before, after)
        for place in before.keys() & after.keys():
            self.seen.clear()
            yield from self._parameters(place, before[place], after[place])
            yield from self._body(place, before[place], after[place])
            yield from self._responses(place, before[place], after[place])
            yield from self._codes(place, before[place], after[place])

    def webhooks(self) -> Iterator[Change]:
        """What we send: its body is read by others, as an answer is."""
        before, after = _webhooks(self.old), _webhooks(self.new)
        yield from _appearances(before, after)
        for place in before.keys() & after.keys():
            self.seen.clear()
            yield from self._content(place, before[place], after[place], sent=False)

    def _parameters(self, place: str, old: _Json, new: _Json) -> Iterator[Change]:
        before, after = _parameters(self.old, old), _parameters(self.new, new)
        for name in before.keys() - after.keys():
            yield Change(place, f"the parameter {name} is gone", breaks=True)
        for name in after.keys() - before.keys():
            needed = bool(after[name].get("required"))
            yield Change(place, f"the {'required ' if needed else ''}parameter {name} is new", breaks=needed)
        for name in before.keys() & after.keys():
            if after[name].get("required") and not before[name].get("required"):
                yield Change(place, f"the parameter {name} is required now", breaks=True)
            yield from self._schema(
                f"{place} ?{name}", before[name].get("schema", {}), after[name].get("schema", {}), sent=True
            )

    def _body(self, place: str, old: _Json, new: _Json) -> Iterator[Change]:
        before, after = _follow(self.old, old.get("requestBody", {})), _follow(self.new, new.get("requestBody", {}))
        if after.get("required") and not before.get("required"):
            yield Change(place, "a body is required now", breaks=True)
        yield from self._content(place, before.get("content", {}), after.get("content", {}), sent=True)

    def _responses(self, place: str, old: _Json, new: _Json) -> Iterator[Change]:
        before, after = old["responses"], new["responses"]
        for status in sorted(before.keys() - after.keys()):
            yield Change(place, f"{status} is answered no more", breaks=status.startswith("2"))
        for status in sorted(after.keys() - before.keys()):
            yield Change(place, f"{status} may be answered", breaks=False)
        for status in sorted(before.keys() & after.keys()):
            there, here = _follow(self.old, before[status]), _follow(self.new, after[status])
            yield from self._content(f"{place} {status}", there.get("content", {}), here.get("content", {}), sent=False)

    def _codes(self, place: str, old: _Json, new: _Json) -> Iterator[Change]:
        before, after = _codes(old), _codes(new)
        for code in after - before:
            yield Change(place, f"may refuse with {code}", breaks=False)
        for code in before - after:
            yield Change(place, f"refuses with {code} no more", breaks=False)

    def _content(self, place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
        for kind in old.keys() - new.keys():
            yield Change(place, f"{kind} is gone", breaks=True)
        for kind in new.keys() - old.keys():
            yield Change(place, f"{kind} is new", breaks=False)
        for kind in old.keys() & new.keys():
            yield from self._schema(place, old[kind].get("schema", {}), new[kind].get("schema", {}), sent=sent)

    def _schema(self, place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
        names = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if names[0] or names[1]:
            if names in self.seen:
                return
            self.seen.add(names)
            # Named alike, it is told once for the name, and not for every place where it stands.
            place = f"{'to' if sent else 'from'} {names[0].rpartition('/')[2]}" if names[0] == names[1] else place
        there, here = _flat(self.old, old), _flat(self.new, new)
        yield from _types(place, there, here, sent=sent)
        yield from _values(place, there, here, sent=sent)
        yield from _bounds(place, there, here, sent=sent)
        yield from self._fields(place, there, here, sent=sent)
        if "items" in there and "items" in here:
            yield from self._schema(f"{place}[]", there["items"], here["items"], sent=sent)
        yield from self._choices(place, there, here, sent=sent)

    def _fields(self, place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in before.keys() - after.keys():
            yield Change(place, f"the field {name} is gone", breaks=True)
        for name in after.keys() - before.keys():
            must = sent and name in needs
            yield Change(place, f"the {'required ' if must else ''}field {name} is new", breaks=must)
        for name in before.keys() & after.keys():
            if sent and name in needs - needed:
                yield Change(place, f"the field {name} is required now", breaks=True)
            if not sent and name in needed - needs:
                yield Change(place, f"the field {name} may be left out now", breaks=True)
            yield from self._schema(f"{place}/{name}", before[name], after[name], sent=sent)

    def _choices(self, place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
        before, after = _choices(old), _choices(new)
        if len(before) != len(after):
            fewer = len(after) < len(before)
            yield Change(place, f"may be one of {len(after)} shapes, not {len(before)}", breaks=fewer == sent)
        for there, here in zip(before, after, strict=False):
            yield from self._schema(place, there, here, sent=sent)


def _appearances(before: Mapping[str, _Json], after: Mapping[str, _Json]) -> Iterator[Change]:
    for place in before.keys() - after.keys():
        yield Change(place, "is gone", breaks=True)
    for place in after.keys() - before.keys():
        yield Change(place, "is new", breaks=False)


def _types(place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
    before, after = _kinds(old), _kinds(new)
    lost, gained = before - after, after - before
    if before and after and (lost or gained):
        breaks = bool(lost if sent else gained)
        yield Change(place, f"is {' or '.join(sorted(after))}, not {' or '.join(sorted(before))}", breaks=breaks)
    elif bool(before) != bool(after):
        yield Change(place, "may be of any type" if before else "is of a type now", breaks=bool(before) != sent)
    if old.get("format") != new.get("format"):
        yield Change(place, f"has the format {new.get('format')}, not {old.get('format')}", breaks=True)


def _values(place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
    before, after = _enum(old), _enum(new)
    if before is None and after is not None:
        yield Change(place, "is one of a list of values now", breaks=sent)
    elif before is not None and after is None:
        yield Change(place, "is no longer one of a list of values", breaks=not sent)
    elif before is not None and after is not None:
        for value in sorted(map(str, before - after)):
            yield Change(place, f"the value {value} is gone", breaks=sent)
        for value in sorted(map(str, after - before)):
            yield Change(place, f"the value {value} is new", breaks=False)


def _bounds(place: str, old: _Json, new: _Json, *, sent: bool) -> Iterator[Change]:
    if not sent:
        return  # what is answered may be anything of its type
    for names, sign in ((_UPPER, 1), (_LOWER, -1)):
        for name in names:
            before, after = old.get(name), new.get(name)
            if before != after:
                narrower = after is not None and (before is None or (before - after) * sign > 0)
                yield Change(place, f"{name} is {after}, not {before}", breaks=narrower)
    if old.get("pattern") != new.get("pattern"):
        yield Change(place, "has another pattern", breaks="pattern" in new)


def _operations(document: _Json) -> dict[str, _Json]:
    return {
        f"{method.upper()} {path}": said[method]
        for path, said in document["paths"].items()
        for method in _METHODS
        if method in said
    }


def _webhooks(document: _Json) -> dict[str, _Json]:
    return {
        f"webhook {name}": _follow(document, said[method].get("requestBody", {})).get("content", {})
        for name, said in document.get("webhooks", {}).items()
        for method in _METHODS
        if method in said
    }


def _parameters(document: _Json, operation: _Json) -> dict[str, _Json]:
    found = [_follow(document, each) for each in operation.get("parameters", ())]
    return {each["name"]: each for each in found}


def _codes(operation: _Json) -> set[str]:
    return {code for codes in operation.get("x-error-codes", {}).values() for code in codes}


def _follow(document: _Json, said: _Json) -> _Json:
    while "$ref" in said:
        _, kind, name = said["$ref"].removeprefix("#/").split("/")
        said = document["components"][kind][name]
    return said


def _flat(document: _Json, schema: _Json) -> _Json:
    """Without references, and with what `allOf` says put together."""
    said = _follow(document, schema)
    if "allOf" not in said:
        return said
    whole: dict[str, Any] = {key: each for key, each in said.items() if key != "allOf"}
    for part in said["allOf"]:
        inner = _flat(document, part)
        properties = {**whole.get("properties", {}), **inner.get("properties", {})}
        required = [*whole.get("required", ()), *inner.get("required", ())]
        whole = {**inner, **whole, **({"properties": properties, "required": required} if properties else {})}
    return whole


def _choices(schema: _Json) -> list[_Json]:
    return [each for each in (*schema.get("oneOf", ()), *schema.get("anyOf", ())) if each.get("type") != "null"]


def _kinds(schema: _Json) -> set[str]:
    kinds = schema.get("type", ())
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    several = (*schema.get("oneOf", ()), *schema.get("anyOf", ()))
    return found | {"null" for each in several if each.get("type") == "null"}


def _enum(schema: _Json) -> set[Any] | None:
    if "const" in schema:
        return {schema["const"]}
    return set(schema["enum"]) if "enum" in schema else None
