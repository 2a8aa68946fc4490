"""What is due at HMRC, what is at risk first, and what stands in its way."""

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import lists, queue
from api.base import View
from api.outputs.deadlines import DeadlineOut, DeadlineSummaryOut
from api.pages import page
from mtd import deadlines
from people.scopes import Scope
from tenants import clock

_Word = TypeVar("_Word", bound=StrEnum)
_BEFORE = OpenApiParameter("due_before", date)
_FILTERS = [
    _BEFORE,
    OpenApiParameter("landlord_id", UUID),
    OpenApiParameter("waiting_on", str, enum=list(deadlines.WaitingOn)),
    OpenApiParameter("risk", str, enum=list(deadlines.Risk)),
    OpenApiParameter("include_accepted", bool, description="Also those that HMRC has taken and not yet ticked off."),
    *lists.PLAIN,
]


class Deadlines(View):
    """Open obligations of all landlords: first what is queued and does not go in time, then soonest due first."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}

    @extend_schema(operation_id="deadlines_list", parameters=_FILTERS, responses=lists.paged(DeadlineOut))
    def get(self, request: Request) -> Response:
        asked = request.query_params
        landlord_id = lists.uuid(asked["landlord_id"], "landlord_id") if "landlord_id" in asked else None
        misfits = queue.misfits()
        found = deadlines.only(
            deadlines.rows(landlord_id=landlord_id), today=clock.today(), misfits=misfits, **_narrowed(asked)
        )
        ordered, shape = deadlines.in_order(found, misfits), lists.shape(DeadlineOut)
        return Response(page(request, ordered, by=["goes_in_time", "due_date", "id"], shape=shape, newest_first=False))


class DeadlineSummary(View):
    """How many obligations wait on whom, by due date."""

    scopes = {"GET": Scope.SUBMISSIONS_READ}

    @extend_schema(operation_id="deadlines_summary", parameters=[_BEFORE], responses=DeadlineSummaryOut)
    def get(self, request: Request) -> Response:
        counted = deadlines.summary(
            today=clock.today(), due_before=_before(request.query_params), misfits=queue.misfits()
        )
        return Response(DeadlineSummaryOut({"results": counted}).data)


def _narrowed(asked: Any) -> dict[str, Any]:
    risk = _one_of(deadlines.Risk, asked, "risk")
    return {
        "due_before": _before(asked),
        "waiting_on": _one_of(deadlines.WaitingOn, asked, "waiting_on"),
        "risk": risk,
        "with_accepted": lists.flag(asked, "include_accepted") or risk is deadlines.Risk.NONE,
    }


def _one_of(words: type[_Word], asked: Any, name: str) -> _Word | None:
    return words(lists.choice(asked[name], list(words), name)) if name in asked else None


def _before(asked: Any) -> date | None:
    return lists.day(asked["due_before"], "due_before") if "due_before" in asked else None
