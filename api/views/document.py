"""The OpenAPI document in its two editions, and the page on which to read and try it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.views import SpectacularSwaggerView

from api import problems
from schema import edition

_page = SpectacularSwaggerView.as_view(url="/openapi.json", authentication_classes=[], permission_classes=[])


@problems.only("GET", "HEAD")
def docs(request: HttpRequest) -> HttpResponseBase:
    """The page."""
    return _page(request)


@problems.only("GET", "HEAD")
def newest(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return _document(edition.newest())


@problems.only("GET", "HEAD")
def older(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.0."""
    return _document(edition.older())


def _document(text: bytes) -> HttpResponse:
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "no-cache"})
