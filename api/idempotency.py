"""Idempotency-Key on every POST: the same request twice is one effect and the same answer, for 24 hours and one
principal. Those whom no credential names are one together: who repeats their request must know all of its body.

Where no agency is known there is nowhere to keep an answer: what operators ask for is by its nature done once.

The record is written in the request's own transaction, so there is no moment at which the effect exists without it.
A second request that arrives while the first runs finds the advisory lock taken and is told so.
"""

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import asking
from api.errors import KeyMalformed, KeyRequired, KeyReused, StillRunning
from api.uploads import without_boundary
from people.models import IdempotencyRecord
from people.principal import Principal, PrincipalKind
from tenants.db import connection

LIFE = timedelta(hours=24)
_KEY = re.compile(r"^[\x21-\x7e]{1,255}\Z")
_NOBODY = Principal(PrincipalKind.NOBODY, UUID(int=0), frozenset())
_KEPT_HEADERS = ("Location", "ETag")


class Replay(Exception):  # noqa: N818 - not an error: the answer is already known
    """The answer to an earlier request with the same key."""

    def __init__(self, response: Response) -> None:
        super().__init__("replay")
        self.response = response


def begin(request: Request, *, required: bool, now: datetime) -> IdempotencyRecord | None:
    """The record to fill in, or None without a key. Raises Replay with the earlier answer.

    Raises KeyRequired, KeyMalformed, KeyReused, StillRunning.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if required:
            raise KeyRequired
        return None
    if not _KEY.match(key):
        raise KeyMalformed
    if asking(request).agency is None:
        return None
    principal = request.user if isinstance(request.user, Principal) else _NOBODY
    mine = {"principal_kind": principal.kind, "principal_id": principal.id, "key": key}
    _lock(f"{principal.kind}:{principal.id}:{key}")
    IdempotencyRecord.objects.filter(**mine, created_at__lte=now - LIFE).delete()
    asked = _digest(request)
    known = IdempotencyRecord.objects.filter(**mine).first()
    if known is None:
        return IdempotencyRecord(**mine, request_digest=asked, created_at=now)
    if bytes(known.request_digest) != asked:
        raise KeyReused
    raise Replay(_answer(known))


def finish(record: IdempotencyRecord, response: Response) -> None:
    """Remember the answer. Refusals are not remembered: repeated, they are refused again for the same reason."""
    if response.status_code >= 300:  # noqa: PLR2004
        return
    record.status = response.status_code
    record.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    record.body = record.seal("body", json.dumps(_jsonable(response)))
    record.save(force_insert=True)


def _answer(known: IdempotencyRecord) -> Response:
    with known.body.open(reason="idempotent replay") as body:
        response = Response(json.loads(body), status=known.status, headers=known.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def _jsonable(response: Response) -> Any:
    from rest_framework.utils.encoders import JSONEncoder

    return json.loads(json.dumps(response.data, cls=JSONEncoder))


def _digest(request: Request) -> bytes:
    asked = f"{request.method} {request.get_full_path()}\n".encode() + without_boundary(request)
    return hashlib.sha256(asked).digest()


def _lock(name: str) -> None:
    number = int.from_bytes(
        hashlib.sha256(f"{connection.schema_name}:{name}".encode()).digest()[:8], "big", signed=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillRunning(headers={"Retry-After": "1"})
