"""What a running `make run` tells of itself."""

import http.client
import json
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from sandbox.faults import Refused
from sandbox.home import default_home


def demo() -> dict[str, Any]:
    """Its `demo.json`. Raises Refused if nothing runs."""
    file = default_home() / "demo.json"
    try:
        found: dict[str, Any] = json.loads(file.read_text())
        get(found["base_url"], "/healthz")
    except (OSError, ValueError, KeyError):
        raise Refused(f"nothing runs that {file} tells of: start `make run` first") from None
    return found


def get(base: str, path: str) -> str:
    """Raises OSError unless a server there answers with 200."""
    with closing(http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError("it answered in no HTTP") from error
    if answer.status != http.HTTPStatus.OK:
        raise ConnectionError(f"it answered {answer.status}")
    return text
