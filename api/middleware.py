"""Around every request: an id, the agency, and the way back to the public schema."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any, cast

import structlog
from corsheaders.middleware import CorsMiddleware
from corsheaders.signals import check_request_enabled
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from api import edge, here, problems, rate
from api.auth import SUBJECTS
from api.errors import Unavailable
from api.staff_door import StaffDoorMiddleware
from tenants import clock
from tenants.db import connection
from tenants.errors import HostNotAllowed
from tenants.faults import Fault, NotFound
from tenants.resolve import Asking, of_host, resolve

log = structlog.get_logger()
_Next = Callable[[HttpRequest], HttpResponse]
# What belongs to no agency: what watches the processes asks at any address, and HMRC's redirect is led by its state.
_NOBODYS = frozenset({"/healthz", "/readyz", "/hmrc/callback"})
_REQUEST_ID = re.compile(r"^[0-9A-Za-z._-]{8,64}\Z")

__all__ = ["AgencyMiddleware", "RequestMiddleware", "StaffDoorMiddleware"]


class RequestMiddleware:
    """Gives the request an id (the caller's, if it is harmless), notes where it came from, and writes one line when it
    is answered, without its query.
    """

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(16)  # type: ignore[attr-defined]
        request.encoding = "utf-8"  # of the query; a charset that is declared is the body's, and may be no text's
        request.edge = edge.client(request.META, at=clock.now())  # type: ignore[attr-defined]
        if not edge.is_proxy(request.META):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)  # Django would believe it of anybody
        here.enter(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        answer["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        route = getattr(request.resolver_match, "route", None)
        took = round((time.perf_counter() - began) * 1000, 1)
        log.info("http.answered", method=request.method, route=route, status=answer.status_code, took_ms=took)
        return answer


class AgencyMiddleware:
    """Finds the agency by host or credential, enters its schema, and leaves it again whatever happens."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        try:
            if request.path_info in _NOBODYS:
                return self.get_response(request)
            asking = self._resolve(request)
            if "\0" in request.path_info:  # PostgreSQL has no text with it, and nothing is called so
                raise NotFound
            request.asking = asking  # type: ignore[attr-defined]
            if asking.agency is not None:
                connection.set_tenant(asking.agency)
                structlog.contextvars.bind_contextvars(agency=str(asking.agency.pk))
            return self.get_response(request)
        except Fault as fault:
            return _refuse(request, fault)
        except (OperationalError, InterfaceError):
            return problems.respond(request, Unavailable(headers={"Retry-After": "2"}))
        finally:
            connection.set_schema_to_public()

    def _resolve(self, request: HttpRequest) -> Asking:
        try:
            host = _host(request)
        except DisallowedHost:
            raise HostNotAllowed from None
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        # A preflight never carries a credential; the host alone says whose list of origins is asked.
        bearer = token.strip() if scheme.lower() == "bearer" and request.method != "OPTIONS" else None
        return resolve(host=host, bearer=bearer or None, now=clock.now(), subjects=SUBJECTS)


def _refuse(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Whose credential or host nothing is known of is counted, too. A page of the host's agency may read why."""
    answer = problems.respond(request, fault)
    allowance = rate.spend(request, None, now=clock.now())
    if allowance is not None:
        allowance.tell(answer)
    if hasattr(request, "asking") or "Origin" not in request.headers or isinstance(fault, HostNotAllowed):
        return answer
    request.asking = Asking(of_host(_host(request)), None)  # type: ignore[attr-defined]
    return cast("HttpResponse", CorsMiddleware(lambda _: answer)(request))


def _host(request: HttpRequest) -> str:
    """Without its port. Raises DisallowedHost."""
    host = request.get_host()
    return host if host.endswith("]") else host.rsplit(":", 1)[0]


def allow_origin(sender: Any, request: HttpRequest, **_: Any) -> bool:
    """Whether the agency lists the page's origin. Answers django-cors-headers."""
    asking: Asking | None = getattr(request, "asking", None)
    return (
        asking is not None
        and asking.agency is not None
        and asking.agency.allows_origin(request.headers.get("Origin", ""))
    )


check_request_enabled.connect(allow_origin, dispatch_uid="quarterday.agency_origins")
