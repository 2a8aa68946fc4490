"""A file in a form, as browsers and most HTTP clients send one: multipart/form-data.

It is read from a body that is held already, and bounded: nothing of it, NINOs and all, goes to a temporary file.
"""

import io
from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.errors import BadRequest, TooLarge
from tenants.faults import FieldFault, Invalid

FORM = "multipart/form-data"


class FileFormParser(BaseParser):
    """Its fields as `fields`, the one file as `file`: its bytes, and what charset it was said to be in.

    Raises BadRequest, TooLarge, Invalid.
    """

    media_type = FORM

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        fields, files = _parts((parser_context or {})["request"])
        file = _one(fields, files)
        return {"file": file.read(), "charset": _text(file.charset), "fields": fields.dict()}


class FieldsParser(BaseParser):
    """A form without files. Raises BadRequest, TooLarge."""

    media_type = FORM

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        fields, _ = _parts((parser_context or {})["request"])
        return dict(fields.dict())


class UrlencodedParser(BaseParser):
    """The same in its other clothes. Raises TooLarge."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        try:
            return dict(QueryDict((parser_context or {})["request"].body).dict())
        except (RequestDataTooBig, TooManyFieldsSent):
            raise TooLarge from None


def _parts(request: Request) -> tuple[Any, Any]:
    """Fields and files. However the body came, its length is known by now."""
    asked = request._request  # noqa: SLF001 - DRF wraps Django's request
    try:
        meta = {**asked.META, "CONTENT_LENGTH": len(asked.body)}
        return MultiPartParser(meta, io.BytesIO(asked.body), [_InMemory()], asked.encoding).parse()
    except MultiPartParserError:
        raise BadRequest from None
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        raise TooLarge from None


def without_boundary(request: Request) -> bytes:
    """The body, without what a client draws anew each time that it sends the same form."""
    kind, parameters = parse_header_parameters(request.content_type or "")
    body: bytes = request._request.body  # noqa: SLF001
    boundary = parameters.get("boundary", "") if kind == FORM else ""
    return body.replace(b"--" + boundary.encode(), b"--") if boundary else body


class _InMemory(MemoryFileUploadHandler):
    def handle_raw_input(self, *_: Any, **__: Any) -> None:
        self.activated = True


def _text(said: Any) -> str:
    """What Django passes on of a part's header: bytes, if it is there."""
    return said.decode("ascii", "replace") if isinstance(said, bytes) else said or ""


def _one(fields: Mapping[str, Any], files: Any) -> Any:
    others = [FieldFault(f"/{name}", "unknown_field", "No such file.") for name in files if name != "file"]
    if others:
        raise Invalid(errors=others)
    found = files.getlist("file")
    if len(found) != 1 or "file" in fields:
        raise Invalid(errors=[FieldFault("/file", "required", "One part named file, with a file name, is needed.")])
    return found[0]
