"""The door to staff sign-in: allauth's own API under /_allauth/, held to the manners of ours.

Its bodies stay allauth's, so that clients written for allauth work. What allauth leaves to chance is answered here:
no agency, a body that is no JSON object, one that is too large, a method that is not there. Nothing is ever cached.
A session of another agency needs no check: sessions live in the agency's schema, so a foreign token is just unknown.
"""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.views import View

from api import problems
from api.errors import MalformedJSON, MethodNotAllowed, TooLarge
from tenants.context import current_agency
from tenants.faults import Fault

PREFIX = "/_allauth/"


class StaffDoorMiddleware:
    """Stands last, right before allauth's views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        answer = self._answer(request)
        add_never_cache_headers(answer)
        return answer

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any) -> HttpResponse | None:
        """A method that is not there is refused before its input is looked at: allauth would check a PUT's password."""
        methods = _methods(view) if request.path_info.startswith(PREFIX) else []
        if not methods or request.method in methods:
            return None
        return problems.respond(request, MethodNotAllowed(headers={"Allow": ", ".join(methods)}))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A fault raised under allauth's views (a broken seal, say) is a problem document like everywhere else.

        An app's session that can't be stored any more is gone; a browser's is stored later (`api.problems`).
        """
        if isinstance(exception, UpdateError):
            return problems.session_gone()
        if isinstance(exception, Fault) and request.path_info.startswith(PREFIX):
            return problems.respond(request, exception)
        return None

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            current_agency()
            _check_body(request)
        except Fault as fault:
            return problems.respond(request, fault)
        return self.get_response(request)


def _methods(view: Callable[..., HttpResponse]) -> list[str]:
    view_class: type[View] | None = getattr(view, "view_class", None)
    if view_class is None:
        return []
    there = [name.upper() for name in view_class.http_method_names if hasattr(view_class, name)]
    return [*there, "HEAD"] if "GET" in there else there


def _check_body(request: HttpRequest) -> None:
    """Raises TooLarge; MalformedJSON if there is a body and it is not one JSON object that UTF-8 can carry."""
    try:
        body = request.body
    except RequestDataTooBig:
        raise TooLarge from None
    if body and not _is_object(body):
        raise MalformedJSON


def _is_object(body: bytes) -> bool:
    try:
        sent = json.loads(body.decode())
        # An escaped half of a surrogate pair reads as a string but can't be hashed, stored or mailed.
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return isinstance(sent, dict)
