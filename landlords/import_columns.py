"""Which column is which field: guessed from its name, said by somebody, and remembered for the agency's next file."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from landlords.import_fields import FIELDS, field_of, is_plain
from landlords.models import ColumnMeaning
from tenants.faults import FieldFault, Invalid

_MOST = 100
_WORDS = re.compile(r"[^a-z0-9]+")
_NINO = re.compile(r"(?<![a-z0-9])[a-z]{2}(?:\s?[0-9]){6}\s?[a-d](?![a-z0-9])", re.IGNORECASE)
_IDENTITIES = {"reference", "nino"}

Meanings = Sequence[str | None]  # one a column; None: it is passed over
_BY_HEADER = {header: name for name, field in FIELDS.items() for header in field.headers}


def named(headers: Sequence[str]) -> list[str]:
    """A name for each column: its header, or its number if it has none, with a number if another has the same.

    Raises Invalid if they look like a landlord and not like the names of columns.
    """
    _refuse_data(headers)
    names: list[str] = []
    for place, header in enumerate(headers, start=1):
        name, times = header[:_MOST] or f"Column {place}", 1
        while name in names:
            times += 1
            name = f"{header[: _MOST - 6] or f'Column {place}'} ({times})"
        names.append(name)
    return names


def _refuse_data(headers: Sequence[str]) -> None:
    """A NINO or an e-mail address names no column, and is not to be kept as if it did."""
    said = "The first line must name the columns; this looks like a landlord's own."
    odd = "Names without control characters are needed."
    data = [place for place, header in enumerate(headers) if "@" in header or _NINO.search(header)]
    faults = [FieldFault(f"/header/{place}", "looks_like_data", said) for place in data]
    faults += [
        FieldFault(f"/header/{place}", "invalid", odd) for place, name in enumerate(headers) if not is_plain(name)
    ]
    if faults:
        raise Invalid(errors=faults)


def guess(columns: Sequence[str]) -> list[str | None]:
    """What these columns mean, by what was said of such a name before, or else by the name; each field once."""
    words = [_plain(column) for column in columns]
    said = dict(ColumnMeaning.objects.filter(header__in=words).values_list("header", "field"))
    meanings = [
        said[word] if word in said else _by_name(column, word) for column, word in zip(columns, words, strict=True)
    ]
    return [
        meaning if meaning and field_of(meaning) and not _clash(meaning, meanings[:place], meanings) else None
        for place, meaning in enumerate(meanings)
    ]


def is_sure(meanings: Meanings) -> bool:
    """Whether a guess is good enough to begin: it says who each is, and what they are called, or leaves nothing out."""
    has_name = any(meaning == "full_name" or _of(meaning) == "full_name" for meaning in meanings)
    return bool(_IDENTITIES & set(meanings)) and (has_name or None not in meanings)


def correct(columns: Sequence[str], meanings: Meanings, said: Mapping[str, str | None]) -> list[str | None]:
    """The meanings with what is said of some columns put right. A field goes to the column that it is said of.

    Raises Invalid, with a pointer to each name at fault.
    """
    faults = [*_faults(columns, said)]
    if faults:
        raise Invalid(errors=faults)
    taken = [meaning for meaning in said.values() if meaning]
    parted = [_of(meaning) for meaning in taken]
    kept = [
        None if meaning in parted or (meaning and _clash(meaning, taken, taken)) else meaning for meaning in meanings
    ]
    found = [said.get(column, meaning) for column, meaning in zip(columns, kept, strict=True)]
    if not _IDENTITIES & set(found):
        raise Invalid(errors=[FieldFault("/mapping", "identity_missing", "A column for reference or nino is needed.")])
    return found


def remember(said: Mapping[str, str | None], *, now: datetime) -> None:
    """For the agency's next file."""
    rows = {_plain(column): meaning or "" for column, meaning in said.items()}
    ColumnMeaning.objects.bulk_create(
        [ColumnMeaning(header=header, field=field, said_at=now) for header, field in rows.items() if header],
        update_conflicts=True,
        unique_fields=["header"],
        update_fields=["field", "said_at"],
    )


def _faults(columns: Sequence[str], said: Mapping[str, str | None]) -> list[FieldFault]:
    faults, meanings = [], list(said.values())
    for column, meaning in said.items():
        pointer = f"/mapping/{column.replace('~', '~0').replace('/', '~1')}"
        if column not in columns:
            faults.append(FieldFault(pointer, "unknown_column", "The file has no such column."))
        elif meaning is not None and field_of(meaning) is None:
            faults.append(
                FieldFault(pointer, "unknown_field", f"One of {', '.join(FIELDS)}, or external_ids.<system>.")
            )
        elif meaning is not None and (meanings.count(meaning) > 1 or _of(meaning) in meanings):
            faults.append(FieldFault(pointer, "field_twice", "Another column is this field, or the whole of it."))
    return faults


def _clash(meaning: str, same: Meanings, wholes: Meanings) -> bool:
    """Whether one of these is the same field, or the whole of which it is a part."""
    whole = _of(meaning)
    return meaning in same or (bool(whole) and whole in wholes)


def _by_name(column: str, word: str) -> str | None:
    """Our own names are taken as they are; others by what they are often called."""
    return column if field_of(column) else _BY_HEADER.get(word)


def _of(meaning: str | None) -> str:
    field = FIELDS.get(meaning or "")
    return field.of if field else ""


def _plain(header: str) -> str:
    return _WORDS.sub(" ", header.lower()).strip()
