"""Versions of what can be read and changed: an ETag with every answer, and If-Match before a change.

Who changes the same thing at the same time waits for each other, so between the look and the change nobody slips in.
"""

import hashlib
import json
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from tenants.db import connection
from tenants.faults import Stale

CHANGES = frozenset({"PATCH", "PUT", "DELETE"})


def put(response: Response) -> None:
    """Give the answer its ETag, unless the view has: a row's version says more than a digest of what is shown."""
    if "ETag" not in response:
        shown = json.dumps(response.data, cls=JSONEncoder, sort_keys=True)
        response["ETag"] = f'"{hashlib.sha256(shown.encode()).hexdigest()[:32]}"'


def hold(view: Any, request: Request, **ids: Any) -> None:
    """Before a change: take turns with others, and see that it is still what the caller read. Raises Stale, and what
    reading it raises.
    """
    _take_turns(request.path)
    wanted = request.headers.get("If-Match", "*")
    if wanted == "*":
        return
    current = view.get(request, **ids)
    put(current)
    if wanted.removeprefix("W/") != current["ETag"]:
        raise Stale


def _take_turns(path: str) -> None:
    digest = hashlib.sha256(f"{connection.schema_name}:{path}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)])
