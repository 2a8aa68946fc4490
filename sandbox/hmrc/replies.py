"""The forms of an answer: JSON, one of HMRC's errors, and the gateway's 429."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import Response

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.problems import Problem

# A public version of HMRC's gateway had a template for this body that is not JSON; this is one such, of our own.
BROKEN = f'{{"code": "{problems.THROTTLED.code}" "message": "{problems.THROTTLED.message}"'


def reply(status: int, body: Mapping[str, Any] | Sequence[Any] | None = None) -> Response:
    """Build a JSON answer; a body that is text is JSON already."""
    if body is None:
        response = Response(status=status)
        # Nothing is of no type: the framework's own would make a web page of it.
        del response.headers["Content-Type"]
        return response
    text = body if isinstance(body, str) else exact.dumps(body)
    return Response(text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})


def refusal(problem: Problem) -> Response:
    return reply(problem.status, problem.body())


def throttled(*, is_broken: bool) -> Response:
    return reply(problems.THROTTLED.status, BROKEN) if is_broken else refusal(problems.THROTTLED)


def stamp(response: Response) -> Response:
    """Give an answer HMRC's correlation id."""
    response.headers["X-CorrelationId"] = str(uuid4())
    return response
