"""Reading JSON exactly: amounts never pass through a binary float, and a body is an object or nothing."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from api.errors import MalformedCSV, TooLarge


class ExactJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            # Through the request, so that Django's bound on a body holds.
            body = (parser_context or {})["request"].body
        except RequestDataTooBig:
            raise TooLarge from None
        try:
            sent = json.loads(body, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_once)
            if rb"\ud" in body.lower():
                # An escaped half of a surrogate pair reads as a string but can't be stored or answered.
                json.dumps(sent, ensure_ascii=False, default=str).encode()
        except (ValueError, ArithmeticError, RecursionError):
            raise ParseError from None
        return sent


class CsvParser(BaseParser):
    """A file of commas (or semicolons, or tabs), as `file`: its text. What is in it is said by api.csv_rows."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        try:
            return {"file": (parser_context or {})["request"].body.decode("utf-8-sig")}
        except UnicodeDecodeError:
            raise MalformedCSV("The file is not UTF-8.") from None


class FileParser(BaseParser):
    """A file of landlords, as `file`: its bytes. What it is, is seen by how it begins (api.tables)."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        return {"file": (parser_context or {})["request"].body}


class CsvFileParser(FileParser):
    media_type = "text/csv"


class TabsFileParser(FileParser):
    media_type = "text/tab-separated-values"


class ExcelFileParser(FileParser):
    """What browsers on Windows call a CSV."""

    media_type = "application/vnd.ms-excel"


class XlsxFileParser(FileParser):
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def hold_body(request: Request, *, most: int) -> None:
    """Read a body that may be larger than others, for a caller who is known by now. Raises TooLarge."""
    asked = request._request  # noqa: SLF001 - DRF wraps Django's request
    body = asked.read(most + 1)
    if len(body) > most:
        raise TooLarge
    asked._body = body  # noqa: SLF001 - where Django looks first


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")  # which of the two was meant?
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON
