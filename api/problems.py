"""The one place where a fault becomes an answer: RFC 9457 problem+json, with what the house adds."""

import json
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from redis import RedisError
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from api import errors
from tenants.faults import Fault, FieldFault, Invalid, NotFound

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
_View: TypeAlias = Callable[[HttpRequest], HttpResponseBase]


def document(fault: Fault, *, request_id: str, instance: str) -> dict[str, Any]:
    """The problem document of a fault. `instance` is the path, never the query."""
    return {
        "type": f"/api/v1/errors#{fault.code}",
        "title": fault.title,
        "status": int(fault.status),
        "detail": fault.detail or fault.title,
        "instance": instance,
        "code": fault.code,
        "request_id": request_id,
        "retryable": fault.retryable,
        "user_action": fault.user_action,
        "errors": [vars(error) for error in fault.errors],
        **fault.more,
    }


def respond(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The answer outside DRF: middleware, unknown routes, handlers."""
    body = document(fault, request_id=getattr(request, "request_id", ""), instance=request.path)
    answer = HttpResponse(json.dumps(body), status=int(fault.status), content_type=MEDIA_TYPE, headers=_headers(fault))
    answer["Cache-Control"] = "no-store"
    return answer


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. What nobody foresaw becomes `internal`, logged with its kind and place, not its text."""
    request = context["request"]
    fault = _fault(error)
    if isinstance(fault, errors.Internal):
        log.error("http.unforeseen", kind=type(error).__name__, trace=_trace(error))
    set_rollback()
    body = document(fault, request_id=request.request_id, instance=request.path)
    answer = Response(body, status=int(fault.status), headers=_headers(fault), content_type=MEDIA_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def _fault(error: Exception) -> Fault:
    if isinstance(error, Fault):
        return error
    if isinstance(error, drf.ValidationError):
        return Invalid(errors=field_faults(error.detail))
    if isinstance(error, drf.PermissionDenied) and "CSRF" in str(error.detail):
        return errors.CsrfFailed()
    return next((fault() for kind, fault in _FAULTS.items() if isinstance(error, kind)), errors.Internal())


# What the frameworks raise, and what it is called here.
_FAULTS: dict[type[Exception], type[Fault]] = {
    drf.ParseError: errors.MalformedJSON,
    drf.UnsupportedMediaType: errors.UnsupportedMediaType,
    drf.NotAcceptable: errors.NotAcceptable,
    drf.MethodNotAllowed: errors.MethodNotAllowed,
    drf.NotAuthenticated: errors.Unauthenticated,
    drf.AuthenticationFailed: errors.Unauthenticated,
    drf.PermissionDenied: errors.Forbidden,
    drf.NotFound: NotFound,
    Http404: NotFound,
    RequestDataTooBig: errors.TooLarge,
    OperationalError: errors.Unavailable,
    InterfaceError: errors.Unavailable,
    RedisError: errors.Unavailable,
}


def field_faults(detail: Any, pointer: str = "") -> list[FieldFault]:
    """DRF's nested validation errors, flat, each with a JSON pointer into the body."""
    if isinstance(detail, dict):
        return [fault for name, inner in detail.items() for fault in field_faults(inner, _below(pointer, name))]
    if isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        return [fault for place, inner in enumerate(detail) for fault in field_faults(inner, _below(pointer, place))]
    leaves = detail if isinstance(detail, list) else [detail]
    return [FieldFault(pointer, str(getattr(leaf, "code", "invalid")), str(leaf)) for leaf in leaves]


def _below(pointer: str, name: object) -> str:
    if name == "non_field_errors":
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _headers(fault: Fault) -> dict[str, str]:
    challenge = {"WWW-Authenticate": 'Bearer realm="quarterday"'} if fault.status == 401 else {}  # noqa: PLR2004
    return {**challenge, **fault.headers}


def _trace(error: Exception) -> list[str]:
    """Where it happened. The text of an exception that nobody foresaw may hold anything, so it is left out."""
    return [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ][-8:]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return respond(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400, which is asked as well when a browser's session can't be stored any more."""
    if isinstance(exception, SessionInterrupted):
        return session_gone()
    return respond(request, errors.TooLarge() if isinstance(exception, RequestDataTooBig) else errors.BadRequest())


def session_gone() -> HttpResponse:
    """What allauth says of a session that is none, of one that another request ended while this one was answered."""
    body = {"status": int(HTTPStatus.GONE), "data": {}, "meta": {"is_authenticated": False}}
    return JsonResponse(body, status=HTTPStatus.GONE, headers={"Cache-Control": "no-store"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what was raised outside DRF."""
    error = sys.exc_info()[1]
    fault = _fault(error) if isinstance(error, Exception) else errors.Internal()
    if isinstance(error, Exception) and isinstance(fault, errors.Internal):
        log.error("http.unforeseen", kind=type(error).__name__, trace=_trace(error))
    return respond(request, fault)


def only(*methods: str) -> Callable[[_View], _View]:
    """For the few views that are not DRF's: other methods are refused, and not for what they lack besides."""

    def within(view: _View) -> _View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponseBase:
            if request.method in methods:
                return view(request)
            return respond(request, errors.MethodNotAllowed(headers={"Allow": ", ".join(methods)}))

        return guarded

    return within


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return respond(request, errors.CsrfFailed())
