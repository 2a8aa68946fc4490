"""What every view of ours has in common: an agency, a scope for each method, idempotency on POST, versions of what can
be changed, a bound on how much is asked, and never a cached answer.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from api import idempotency, rate, tags
from api.auth import asking, caller
from api.fields import Form, sound
from api.parsers import hold_body
from api.problems import field_faults
from people.models import IdempotencyRecord
from people.scopes import Scope
from tenants import clock
from tenants.errors import UnknownHost
from tenants.faults import FieldFault, NotFound


class View(APIView):
    """A view names the scope of each of its methods; a method without a name in `scopes` is closed."""

    scopes: ClassVar[Mapping[str, Scope | None]] = {}
    landlord_may: ClassVar[bool] = False
    needs_agency: ClassVar[bool] = True
    key_required: ClassVar[bool] = False
    most_bytes: ClassVar[int | None] = None  # of a body; Django's bound if not said
    held_by_hmrc: ClassVar[bool] = False  # what is shown is HMRC's, read at some time: it has no version here

    _allowance: rate.Allowance | None = None
    _record: IdempotencyRecord | None = None

    @classmethod
    def is_tagged(cls) -> bool:
        """Whether its answers carry an ETag, and its changes take If-Match: what can be read and changed here."""
        return "GET" in cls.scopes and not tags.CHANGES.isdisjoint(cls.scopes) and not cls.held_by_hmrc

    def scope_for(self, method: str | None) -> Scope | None:
        """The scope that this method needs; None if it is open to all. Raises KeyError for one that is closed."""
        return self.scopes["GET" if method == "HEAD" else method or ""]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            self._let_in(request, *args, **kwargs)
        finally:  # whoever is refused has asked, too
            self._allowance = rate.spend(request._request, getattr(request, "_user", None), now=clock.now())  # noqa: SLF001
        if self._allowance is not None:
            self._allowance.hold()
        if self.most_bytes is not None:
            hold_body(request, most=self.most_bytes)
        if request.method == "POST":
            self._record = idempotency.begin(request, required=self.key_required, now=clock.now())
        if request.method in tags.CHANGES and self.is_tagged():
            tags.hold(self, request, **kwargs)

    def _let_in(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if ("GET" if request.method == "HEAD" else request.method) not in self.scopes:
            self.http_method_not_allowed(request)
        if self.needs_agency and asking(request).agency is None:
            raise UnknownHost
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        self._record = None
        return exc.response if isinstance(exc, idempotency.Replay) else super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.is_tagged() and request.method != "DELETE" and response.status_code == 200:  # noqa: PLR2004
            tags.put(response)
        if self._record is not None:
            idempotency.finish(self._record, response)
        if self._allowance is not None:
            self._allowance.tell(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)


def read(form: type[BaseSerializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The body, checked. Raises Invalid with every fault."""
    given = form(data=request.data, partial=partial)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def hear(form: type[Form], request: Request) -> tuple[dict[str, Any], list[FieldFault]]:
    """The body, and what is wrong with its form; then without what could not be read."""
    data: Any = request.data
    given = form(data=data)
    if given.is_valid():
        return dict(given.validated_data), []
    return sound(form(partial=True), data, given.errors), field_faults(given.errors)


def own(request: Request, landlord_id: UUID) -> UUID:
    """The id, unless the caller is another landlord. Raises NotFound."""
    if caller(request).landlord_id not in {None, landlord_id}:
        raise NotFound
    return landlord_id
