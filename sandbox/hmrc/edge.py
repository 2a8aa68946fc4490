"""HMRC's gateway: every API and token request passes here. Rate limit, faults, correlation id, and the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import sleep
from typing import Any
from uuid import uuid4

import structlog
from flask import Response, request

from sandbox.hmrc.api import exact, problems
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.clock import Clock, to_iso
from sandbox.hmrc.faults import Fault, Faults
from sandbox.hmrc.record import LONGEST_BODY, Record, mask_form, mask_headers
from sandbox.hmrc.throttle import Throttle

Pause = Callable[[], None]
Work = Callable[[Pause], Response]

TOKEN = "token"  # noqa: S105 - the name of an operation
PROMISED_BYTES = "4096"
_FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger()


def reply(status: int, body: Mapping[str, Any] | Sequence[Any] | None = None) -> Response:
    """Build a JSON answer; a body that is text is JSON already."""
    if body is None:
        return Response(status=status)
    text = body if isinstance(body, str) else exact.dumps(body)
    return Response(text, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})


def refusal(problem: Problem) -> Response:
    return reply(problem.status, problem.body())


def stamp(response: Response) -> Response:
    """Give an answer HMRC's correlation id."""
    response.headers["X-CorrelationId"] = str(uuid4())
    return response


def _at_once() -> None:
    """Do not wait."""


def _cut_short() -> Response:
    response = Response(b"{", content_type="application/json")
    response.headers["Content-Length"] = PROMISED_BYTES
    return response


def _lose_before(_: Fault, __: Work) -> Response:
    return _cut_short()


def _lose_after(_: Fault, work: Work) -> Response:
    work(_at_once)
    return _cut_short()


def _hang(fault: Fault, work: Work) -> Response:
    return work(lambda: sleep(fault.seconds))


def _fail(fault: Fault, _: Work) -> Response:
    return refusal(problems.BY_STATUS[fault.status])


def _throttle(_: Fault, __: Work) -> Response:
    return refusal(problems.THROTTLED)


_TROUBLE: dict[str, Callable[[Fault, Work], Response]] = {
    "answer_lost_before": _lose_before,
    "answer_lost_after": _lose_after,
    "hang": _hang,
    "status": _fail,
    "rate_limited": _throttle,
}


@dataclass(frozen=True)
class Edge:
    """The gateway of one application."""

    clock: Clock
    throttle: Throttle
    faults: Faults = field(default_factory=Faults)
    record: Record = field(default_factory=Record)

    def serve(self, operation: str, work: Work, *, nino: str | None = None) -> Response:
        """Answer the current request by `work`, unless the rate limit or a fault comes first."""
        response = stamp(self._answer(operation, work, nino))
        self._note(operation, response)
        return response

    def _answer(self, operation: str, work: Work, nino: str | None) -> Response:
        if not self.throttle.admit():
            return refusal(problems.THROTTLED)
        fault = self.faults.take(operation=operation, nino=nino)
        if fault is None:
            return work(_at_once)
        log.info("hmrc.fault", kind=fault.kind, operation=operation)
        return _TROUBLE[fault.kind](fault, work)

    def _note(self, operation: str, response: Response) -> None:
        self.record.add(
            time=to_iso(self.clock.now()),
            operation=operation,
            method=request.method,
            path=request.path,
            query=request.query_string.decode(errors="replace"),
            status=response.status_code,
            correlation_id=response.headers["X-CorrelationId"],
            headers=mask_headers(dict(request.headers)),
            body=_body(operation),
        )


def _body(operation: str) -> str:
    text = request.get_data(cache=True).decode(errors="replace")
    if operation != TOKEN:
        return text[:LONGEST_BODY]
    return mask_form(text)[:LONGEST_BODY] if request.mimetype == _FORM else "(not a form)"
