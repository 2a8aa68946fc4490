"""Filters and pages of the lists, and what their document says."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from api import outputs
from api.fields import WORDS
from api.outputs.landlords import LANDLORD_COLUMNS, shown
from api.pages import page
from events.models import DeliveryStatus
from hmrc_oauth.models import Connection, ConnectionState
from hmrc_oauth.models.states import USABLE
from landlords.models import Landlord, MtdHandling
from mtd.models import SubmissionStatus
from tenants.faults import FieldFault, Invalid

_CURSORS = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`, as it is."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
]
_PLAIN = {"type": "string", "maxLength": 200}
_KINDS: dict[str, Any] = {
    "updated_after": datetime,
    "expiring_before": datetime,
    "grant_expires_before": datetime,
    "landlord_id": UUID,
    "subject_id": UUID,
    "endpoint_id": UUID,
    "event_id": UUID,
}


def _named(*names: str, **choices: Sequence[str]) -> list[OpenApiParameter]:
    plain = [OpenApiParameter(name, _KINDS.get(name, _PLAIN)) for name in names]
    return [*plain, *(OpenApiParameter(name, str, enum=among) for name, among in choices.items()), *_CURSORS]


_MOST_IDS = 100
_IDS = OpenApiParameter(
    "ids",
    {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": _MOST_IDS},
    description="These, by `id`: the names for a list that says `landlord_id`, say. Repeat it: `ids=…&ids=…`.",
)
LANDLORD_FILTERS = [
    _IDS,
    *_named(
        *("search", "reference", "external_id", "updated_after", "expiring_before", "tag"),
        connection_state=ConnectionState.values,
        mtd_handling=MtdHandling.values,
    ),
]
CONNECTION_FILTERS = _named("reason_code", "grant_expires_before", state=ConnectionState.values)
SUBMISSION_FILTERS = _named("landlord_id", status=SubmissionStatus.values)
CALCULATION_FILTERS = _named("landlord_id", "tax_year")
EVENT_FILTERS = _named("type", "subject_id")
DELIVERY_FILTERS = _named("endpoint_id", "event_id", "subject_id", "type", status=DeliveryStatus.values)
PROPERTY_FILTERS = _named("search", "reference", "external_id", "landlord_id", "updated_after")
AUDIT_FILTERS = _named("action", "subject_id")
PLAIN = _named()


def paged(of: type[serializers.BaseSerializer[Any]]) -> Any:
    """The shape of a page of these."""
    fields = {
        "results": of(many=True),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
    }
    return inline_serializer(f"{of.__name__.removesuffix('Out')}Page", fields=fields)


def shape(of: type[serializers.BaseSerializer[Any]]) -> Any:
    return lambda rows: of(rows, many=True).data


def landlords(request: Request) -> dict[str, Any]:
    """A page of landlords, newest first."""
    asked = request.query_params
    rows = every = _every_landlord()
    if named := asked.getlist("ids"):
        rows = rows.filter(pk__in=_ids(named))
    if asked.get("search"):
        rows = rows.search(plain(asked["search"], "search"))
    if asked.get("reference"):
        rows = rows.filter(reference=plain(asked["reference"], "reference"))
    if asked.get("external_id"):
        rows = _by_external_id(rows, plain(asked["external_id"], "external_id"))
    if asked.get("tag"):
        rows = rows.filter(tags__contains=[plain(asked["tag"], "tag")])
    if "updated_after" in asked:
        rows = rows.filter(updated_at__gt=moment(asked["updated_after"], "updated_after"))
    if "connection_state" in asked:
        rows = _by_state(rows, asked["connection_state"])
    if "mtd_handling" in asked:
        rows = rows.filter(mtd_handling=choice(asked["mtd_handling"], MtdHandling.values, "mtd_handling"))
    if "expiring_before" in asked:
        before = moment(asked["expiring_before"], "expiring_before")
        rows = rows.filter(connection__grant__ends_at__lt=before, connection__grant__status__in=USABLE)
    return page(request, rows, by=["created_at", "id"], shape=shown, unchanging=rows is every)


@cache
def _every_landlord() -> Any:
    """Never asked itself, and so good for all."""
    return Landlord.objects.kept().values_list(*LANDLORD_COLUMNS, named=True)


def connections(request: Request) -> dict[str, Any]:
    """A page of connections."""
    asked = request.query_params
    rows = Connection.objects.select_related("grant", "landlord__readiness").filter(landlord__archived_at=None)
    if "state" in asked:
        rows = rows.shown_as(choice(asked["state"], ConnectionState.values, "state"))
    if asked.get("reason_code"):
        rows = rows.filter(reason_code=plain(asked["reason_code"], "reason_code"))
    if "grant_expires_before" in asked:
        before = moment(asked["grant_expires_before"], "grant_expires_before")
        rows = rows.filter(grant__ends_at__lt=before, grant__status__in=USABLE)
    return page(request, rows, by=["id"], shape=shape(outputs.ConnectionOut))


def choice(raw: str, known: Sequence[str], name: str) -> str:
    """Raises Invalid if `raw` is not one of `known`."""
    if raw not in known:
        raise Invalid(errors=[FieldFault(f"?{name}", "invalid_choice", f"One of {', '.join(known)}.")])
    return raw


def moment(raw: str, name: str) -> datetime:
    """A timestamp with its offset. Raises Invalid."""
    try:
        found = parse_datetime(raw.replace(" ", "+"))
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter beyond the ends of the calendar, which PostgreSQL refuses too
        pass
    raise Invalid(errors=[FieldFault(f"?{name}", "invalid", "A timestamp such as 2026-11-22T09:00:00Z.")])


def day(raw: str, name: str) -> date:
    """Raises Invalid."""
    try:
        found = parse_date(raw)
    except ValueError:
        found = None
    if found is None:
        raise Invalid(errors=[FieldFault(f"?{name}", "invalid", "A date such as 2026-11-22.")])
    return found


def flag(asked: Any, name: str) -> bool:
    """Whether the query asks for it. Raises Invalid for a word that is neither yes nor no."""
    return WORDS[choice(asked.get(name, "false").lower(), list(WORDS), name)]


def uuid(raw: str, name: str) -> UUID:
    """Raises Invalid."""
    try:
        return UUID(raw)
    except ValueError:
        raise Invalid(errors=[FieldFault(f"?{name}", "invalid", "A UUID.")]) from None


def _ids(named: Sequence[str]) -> list[UUID]:
    if len(named) > _MOST_IDS:
        raise Invalid(errors=[FieldFault("?ids", "max_length", f"At most {_MOST_IDS}.")])
    return [uuid(each, "ids") for each in named]


def expected_version(request: Request) -> int | None:
    """The version named by If-Match; None without one, or for any. A tag that is not one of ours matches nothing."""
    raw = request.headers.get("If-Match", "*")
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', raw)
    return None if raw == "*" else int(found[1]) if found else 0


def _by_external_id(rows: Any, wanted: str) -> Any:
    # "crm:123" looks in one system, "123" in all of them.
    system, colon, value = wanted.partition(":")
    return rows.with_external_id(value, system=system) if colon else rows.with_external_id(wanted)


def _by_state(rows: Any, state: str) -> Any:
    choice(state, ConnectionState.values, "connection_state")
    having = rows.filter(connection__in=Connection.objects.shown_as(state))
    return having | rows.filter(connection=None) if state == ConnectionState.NOT_CONNECTED else having


def plain(raw: str, name: str) -> str:
    if "\0" in raw or len(raw) > 200:  # noqa: PLR2004
        raise Invalid(errors=[FieldFault(f"?{name}", "invalid", "At most 200 characters of text.")])
    return raw
