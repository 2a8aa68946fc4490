"""Opaque cursors: keyset pages, as cheap at the thousandth as at the first."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, models, transaction
from django.db.models import F, Func, Value
from django.db.models.lookups import GreaterThan, LessThan
from rest_framework.request import Request

from api.errors import BadCursor
from tenants.faults import FieldFault, Invalid
from tenants.rows import Worded

_MOST = 100
_USUAL = 20
_NUMBER = re.compile(r"[0-9]{1,3}\Z")


def page(
    request: Request,
    rows: models.QuerySet[Any],
    *,
    by: Sequence[str],
    shape: Callable[[Sequence[Any]], Any],
    newest_first: bool = True,
    follow: bool = False,
    unchanging: bool = False,
) -> dict[str, Any]:
    """One page of `rows`, ordered by the unique combination of columns `by`: {"results", "next", "previous"}.

    `follow`: for feeds. `next` is given even at the end, so that a reader can come back with it for what happens later.
    `unchanging`: the same queryset for every caller, which asks for named tuples. Django words its first page once.

    Raises BadCursor, Invalid.
    """
    limit, place = _limit(request), _read(request.query_params.get("cursor"), len(by))
    backwards = place is not None and place["d"] == "p"
    descending = newest_first != backwards
    if unchanging and place is None:
        found = _first_page(rows, tuple(by), limit, descending=descending).ask()
    else:
        found = _fetch(rows, by, place, limit, descending=descending)
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    before = more if backwards else place is not None
    after = follow or (place is not None if backwards else more)
    return {
        "results": shape(found),
        "next": cursor(found[-1], by, "n")
        if found and after
        else request.query_params.get("cursor")
        if follow
        else None,
        "previous": cursor(found[0], by, "p") if found and before else None,
    }


def _ordered(rows: models.QuerySet[Any], by: Sequence[str], *, descending: bool) -> models.QuerySet[Any]:
    return rows.order_by(*[f"-{column}" if descending else column for column in by])


@cache
def _first_page(rows: models.QuerySet[Any], by: Sequence[str], limit: int, *, descending: bool) -> Worded:
    return Worded(_ordered(rows, by, descending=descending)[: limit + 1])


def _fetch(
    rows: models.QuerySet[Any], by: Sequence[str], place: Mapping[str, Any] | None, limit: int, *, descending: bool
) -> list[Any]:
    ordered = _ordered(rows, by, descending=descending)
    try:
        if place is not None:
            ordered = ordered.filter(_beyond(rows, by, place["k"], descending=descending))
        with transaction.atomic():
            return list(ordered[: limit + 1])
    except (ValueError, ValidationError, DataError):
        raise BadCursor from None  # a cursor whose keys are not of the columns' types was not made here


def _limit(request: Request) -> int:
    raw = request.query_params.get("limit", str(_USUAL))
    if not _NUMBER.match(raw) or not 1 <= int(raw) <= _MOST:
        raise Invalid(errors=[FieldFault("?limit", "invalid", f"A whole number from 1 to {_MOST}.")])
    return int(raw)


class _Row(Func):
    """Several columns as one value: PostgreSQL then goes to the place in the index, instead of reading up to it."""

    template = "(%(expressions)s)"
    output_field = models.BooleanField()  # of no meaning, and needed


def _beyond(rows: models.QuerySet[Any], by: Sequence[str], keys: Sequence[str], *, descending: bool) -> Any:
    # What is the same for all tells nothing apart, and would keep PostgreSQL from the index.
    by, keys = zip(*(pair for pair in zip(by, keys, strict=True) if not _is_the_same(rows, *pair)), strict=True)
    fields = [_field(rows, column) for column in by]
    here = [Value(field.to_python(key), output_field=field) for field, key in zip(fields, keys, strict=True)]
    side = LessThan if descending else GreaterThan
    return side(_Row(*map(F, by)), _Row(*here))


def _is_the_same(rows: models.QuerySet[Any], column: str, key: str) -> bool:
    worked_out = rows.query.annotations.get(column)
    return isinstance(worked_out, Value) and str(worked_out.value) == key


def _field(rows: models.QuerySet[Any], column: str) -> Any:
    worked_out = rows.query.annotations.get(column)
    return rows.model._meta.get_field(column) if worked_out is None else worked_out.output_field


def cursor(row: Any, by: Sequence[str], direction: str) -> str:
    """Where a reader goes on from this row: `n`, to what follows, or `p`, to what came before."""
    keys = [_text(getattr(row, column)) for column in by]
    return base64.urlsafe_b64encode(json.dumps({"d": direction, "k": keys}).encode()).decode().rstrip("=")


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(raw: str | None, width: int) -> dict[str, Any] | None:
    if raw is None:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
        if (
            place["d"] not in ("n", "p")
            or len(place["k"]) != width
            or not all(isinstance(key, str) for key in place["k"])
        ):
            raise BadCursor
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise BadCursor from None
    return dict(place)
