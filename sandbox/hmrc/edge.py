"""HMRC's gateway: every API and token request passes here. Rate limit, faults, correlation id, and the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import structlog
from flask import Response, request

from sandbox.hmrc.clock import Clock, to_iso
from sandbox.hmrc.faults import Fault, Faults
from sandbox.hmrc.kinds import TOKEN
from sandbox.hmrc.magic import Outcomes
from sandbox.hmrc.record import LONGEST_BODY, Record, api_of, mask_form, mask_headers
from sandbox.hmrc.replies import stamp, throttled
from sandbox.hmrc.throttle import Throttle
from sandbox.hmrc.trouble import PLAYS, Pause, Work

_FORM = "application/x-www-form-urlencoded"

# What ends the grants of the user with this NINO: a kind of fault that is the world's and not the gateway's.
Ending = Callable[[str], None]

log = structlog.get_logger()


def _at_once() -> None:
    """Do not wait."""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What a request is for, as far as the edge can tell, and when it came."""

    operation: str
    api: str
    nino: str | None
    now: float


@dataclass(frozen=True)
class Edge:
    """The gateway of one application."""

    clock: Clock
    throttle: Throttle
    endings: Mapping[str, Ending]
    faults: Faults = field(default_factory=Faults)
    record: Record = field(default_factory=Record)
    outcomes: Outcomes = field(default_factory=Outcomes)

    def serve(self, operation: str, work: Work, *, nino: str | None = None) -> Response:
        """Answer the current request by `work`, unless the rate limit or a fault comes first."""
        place = _Place(operation=operation, api=api_of(request.path), nino=nino, now=self.clock.now())
        response = stamp(self._answer(place, work))
        self._note(place, response)
        return response

    def _answer(self, place: _Place, work: Work) -> Response:
        answer: Work = partial(self._admit, place, work)
        for fault in self.faults.holding(**vars(place)):
            answer = partial(PLAYS[fault.kind], fault, answer)
        return answer(_at_once)

    def _admit(self, place: _Place, work: Work, pause: Pause) -> Response:
        if not self.throttle.admit():
            return throttled(is_broken=self.throttle.rate.broken_body)
        fault = self.faults.take(**vars(place)) or self._fixed(place)
        if fault is None:
            return work(pause)
        log.info("hmrc.fault", kind=fault.kind, operation=place.operation)
        if fault.kind in self.endings:
            self.endings[fault.kind](place.nino or "")
            return work(pause)
        return PLAYS[fault.kind](fault, work, pause)

    def _fixed(self, place: _Place) -> Fault | None:
        is_refresh = place.operation == TOKEN and request.form.get("grant_type") == "refresh_token"
        return self.outcomes.fault(operation=place.operation, nino=place.nino, is_refresh=is_refresh)

    def _note(self, place: _Place, response: Response) -> None:
        self.record.add(
            time=to_iso(place.now),
            operation=place.operation,
            api=place.api,
            method=request.method,
            path=request.script_root + request.path,
            query=_query(place.operation),
            status=response.status_code,
            correlation_id=response.headers["X-CorrelationId"],
            headers=mask_headers(request.headers.items()),
            body=_body(place.operation),
        )


def _query(operation: str) -> str:
    # The token endpoint reads nothing from its query, which does not keep a client from putting a secret there.
    text = request.query_string.decode(errors="replace")
    return mask_form(text) if operation == TOKEN else text


def _body(operation: str) -> str:
    text = request.get_data(cache=True).decode(errors="replace")
    if operation != TOKEN:
        return text[:LONGEST_BODY]
    return mask_form(text)[:LONGEST_BODY] if request.mimetype == _FORM else "(not a form)"
