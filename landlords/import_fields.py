"""What a file of landlords may say, field by field: how a cell is read, and what its column is often called.

One line a field: a new field of Landlord joins here, and imports know it. Cells come as text, or as JSON has them; an
empty one says nothing. The rules are those of POST /landlords, and a test holds the two together.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from landlords import nino as ninos

IN_SYSTEM = "external_ids."  # a column for the ids of one other system: external_ids.crm
_MOST_ID = 200
_MOST_SYSTEM = 100
_MOST_TAGS, _MOST_TAG = 50, 50
_SEPARATORS = str.maketrans(";|", ",,")


class Refused(ValueError):  # noqa: N818 - the row is refused, nothing went wrong here
    """A cell that can't be what its column says. `code` is stable; neither text holds what was in it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class ImportField(NamedTuple):
    """`read`: from a cell to what is kept; raises Refused. `headers`: in small letters, words only. `of`: the field of
    which it is a part; the parts are put together in the order of the table.
    """

    read: Callable[[Any], Any]
    headers: frozenset[str]
    of: str = ""


def text(most: int) -> Callable[[Any], str]:
    """Text of at most so many characters, without control characters."""

    def read(cell: Any) -> str:
        if not isinstance(cell, str) or not is_plain(cell):
            raise Refused("invalid", "Text without control characters is needed.")
        if not cell:
            raise Refused("blank", "Some text is needed.")
        if len(cell) > most:
            raise Refused("max_length", f"At most {most} characters.")
        return cell

    return read


def is_plain(text: str) -> bool:
    """Whether PostgreSQL and people can read it."""
    return text.isprintable() or not any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in text)


def _email(cell: Any) -> str:
    found = text(254)(cell)
    try:
        validate_email(found)
    except ValidationError:
        raise Refused("invalid", "An e-mail address is needed.") from None
    return found


def _nino(cell: Any) -> str:
    try:
        return ninos.parse(text(20)(cell), environment=settings.HMRC.name)
    except ninos.NinoRefused as why:
        raise Refused(why.code, why.detail) from None


def _tags(cell: Any) -> list[str]:
    """A list; or text with commas, semicolons or bars between them."""
    if isinstance(cell, str):
        cell = [tag for tag in cell.translate(_SEPARATORS).split(",") if tag.strip()]
    if not isinstance(cell, list):
        raise Refused("not_a_list", "A list of texts is needed.")
    if len(cell) > _MOST_TAGS:
        raise Refused("max_length", f"At most {_MOST_TAGS} tags.")
    read = text(_MOST_TAG)
    return list(dict.fromkeys(read(_stripped(tag)) for tag in cell))


def _external_ids(cell: Any) -> dict[str, str]:
    if not isinstance(cell, dict):
        raise Refused("not_a_dict", "An object is needed: the name of a system, and the landlord's id there.")
    return {_system(_stripped(system)): _id(_stripped(given)) for system, given in cell.items()}


def _stripped(cell: Any) -> Any:
    return cell.strip() if isinstance(cell, str) else cell


_system, _id = text(_MOST_SYSTEM), text(_MOST_ID)


def _called(*headers: str) -> frozenset[str]:
    return frozenset(headers)


FIELDS: Mapping[str, ImportField] = MappingProxyType(
    {
        "reference": ImportField(
            text(100), _called("reference", "ref", "landlord ref", "landlord reference", "landlord id", "landlord code")
        ),
        "full_name": ImportField(text(200), _called("full name", "name", "landlord", "landlord name")),
        "first_name": ImportField(text(200), _called("first name", "firstname", "forename", "given name"), "full_name"),
        "last_name": ImportField(text(200), _called("last name", "lastname", "surname", "family name"), "full_name"),
        "email": ImportField(_email, _called("email", "e mail", "email address", "e mail address", "landlord email")),
        "nino": ImportField(
            _nino,
            _called("nino", "ni", "ni no", "ni number", "nin", "national insurance", "national insurance number"),
        ),
        "tags": ImportField(_tags, _called("tags", "tag", "labels", "label")),
        "external_ids": ImportField(_external_ids, _called()),
    }
)
_PARTS = {name: field.of for name, field in FIELDS.items() if field.of}
_IN_SYSTEM = ImportField(_id, frozenset())


def field_of(meaning: str) -> ImportField | None:
    """What a column of this meaning is read as; None if there is no such field."""
    system = meaning.removeprefix(IN_SYSTEM)
    if system == meaning:
        return FIELDS.get(meaning)
    return _IN_SYSTEM if system and len(system) <= _MOST_SYSTEM and is_plain(system) else None


def put(values: dict[str, Any], meaning: str, value: Any) -> None:
    """Add what one column says to what the row's others have said."""
    if meaning.startswith(IN_SYSTEM):
        values.setdefault("external_ids", {})[meaning.removeprefix(IN_SYSTEM)] = value
    elif meaning == "external_ids":
        values.setdefault(meaning, {}).update(value)
    else:
        values[meaning] = value


def whole(values: dict[str, Any]) -> None:
    """Put parts together. Raises Refused if the whole can't be what it should."""
    for name in values.keys() & _PARTS.keys():
        of = _PARTS[name]
        parts = [values.pop(part) for part, same in _PARTS.items() if same == of and part in values]
        if parts:
            values[of] = FIELDS[of].read(" ".join(parts))
