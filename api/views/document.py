"""The OpenAPI document in its two editions, and the page on which to read and try it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from drf_spectacular.views import SpectacularSwaggerView

from api import problems
from schema import edition

docs = SpectacularSwaggerView.as_view(url="/openapi.json", authentication_classes=[], permission_classes=[])


def newest(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return _answer(request, edition.newest)


def older(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.0."""
    return _answer(request, edition.older)


def _answer(request: HttpRequest, read: Callable[[], bytes]) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        return problems.method_not_allowed(request, allowed="GET, HEAD")
    return HttpResponse(read(), content_type="application/json", headers={"Cache-Control": "no-cache"})
