"""The levers of the local stand-in, which is not HMRC: what a landlord or a network could do there, done on request.

It is asked only where HMRC's environment is `local`, whose addresses are this machine's own by `environment.check`.
"""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from hmrc_door.errors import NotAtTheStandIn, OnlyTheStandIn, StandInAway

_WITHIN_S: Final = 5


def pull(lever: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the stand-in answers to this lever (`sandbox/hmrc/levers`).

    Raises OnlyTheStandIn if this is not `local`, NotAtTheStandIn for a NINO that it doesn't know, StandInAway.
    """
    if settings.HMRC.name != "local":
        raise OnlyTheStandIn
    status, text = _ask(f"/control/{lever}", json.dumps(wanted))
    if status == HTTPStatus.NOT_FOUND:
        raise NotAtTheStandIn
    if status >= HTTPStatus.BAD_REQUEST:
        raise StandInAway
    return dict(json.loads(text)) if text else {}


def _ask(path: str, body: str) -> tuple[int, str]:
    place = urlsplit(settings.HMRC.api_url)
    with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=_WITHIN_S)) as line:
        try:
            line.request("POST", path, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException, UnicodeDecodeError):
            # Without the cause, whose text may hold what was sent.
            raise StandInAway from None
