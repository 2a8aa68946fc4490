"""How each kind of fault is played: around the work of the request that it strikes."""

from collections.abc import Callable, Iterator
from email.utils import format_datetime
from time import sleep
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Response, request

from sandbox.hmrc.api import problems
from sandbox.hmrc.api.problems import Problem
from sandbox.hmrc.clock import to_iso
from sandbox.hmrc.faults import Fault, to_moment
from sandbox.hmrc.moved import MOVED
from sandbox.hmrc.replies import refusal, reply, throttled

Pause = Callable[[], None]
Work = Callable[[Pause], Response]
Play = Callable[[Fault, Work, Pause], Response]

PROMISED_BYTES = 4096
SECONDS_TO_SEND = 0.1
MAINTENANCE = Problem("SCHEDULED_MAINTENANCE", "The service is down for scheduled maintenance", 503)
_PAGE = "<!doctype html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>edge</body></html>\n"
_TITLES = {502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable"}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<errorResponse>{}</errorResponse>\n'


def _instead(answer: Callable[[Fault], Response]) -> Play:
    """A fault that gives an answer of its own, before the effect or after it."""

    def play(fault: Fault, work: Work, pause: Pause) -> Response:
        if fault.when == "after":
            work(pause)
        return answer(fault)

    return play


def _cut_short(_: Fault) -> Response:
    return _broken_off(Response(content_type="application/json"), b"{", promised=PROMISED_BYTES)


def _broken_off(response: Response, part: bytes, *, promised: int) -> Response:
    """Let an answer end after a part of the bytes that its headers promise."""
    response.response = _dropped(part)
    response.headers["Content-Length"] = str(promised)
    return response


def _dropped(part: bytes) -> Iterator[bytes]:
    yield part
    # The server drops the connection with all that it has not sent yet, and tells nobody when it has sent something.
    sleep(SECONDS_TO_SEND)


def _hang(fault: Fault, work: Work, _: Pause) -> Response:
    return work(lambda: sleep(fault.seconds))


def _drip(fault: Fault, work: Work, pause: Pause) -> Response:
    response = work(pause)
    whole = response.get_data()
    if not whole:
        return response
    response.response = _drops(whole, each=fault.seconds / len(whole))
    response.headers["Content-Length"] = str(len(whole))
    return response


def _drops(whole: bytes, *, each: float) -> Iterator[bytes]:
    for place in range(len(whole)):
        sleep(each)
        yield whole[place : place + 1]


def _truncate(fault: Fault, work: Work, pause: Pause) -> Response:
    """Half of the body, where the headers declare the whole. Without an effect there is no body to halve."""
    if fault.when == "before":
        return _cut_short(fault)
    response = work(pause)
    whole = response.get_data()
    if not whole:
        return _cut_short(fault)
    return _broken_off(response, whole[: len(whole) // 2], promised=len(whole))


def _error(fault: Fault) -> dict[str, Any]:
    return {"code": fault.code, "message": fault.message} | fault.extra


def _fail(fault: Fault) -> Response:
    return reply(_status(fault), _error(fault))


def _fail_in_xml(fault: Fault) -> Response:
    fields = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in _error(fault).items())
    return Response(_XML.format(fields), status=_status(fault), content_type="application/xml")


def _fail_as_oauth(fault: Fault) -> Response:
    return reply(_status(fault), {"error": fault.code, "error_description": fault.message})


def _fail_at_the_edge(fault: Fault) -> Response:
    page = _PAGE.format(_TITLES[_status(fault)])
    return Response(page, status=_status(fault), content_type="text/html; charset=utf-8")


def _status(fault: Fault) -> int:
    return fault.status or problems.INTERNAL.status


def _redirect(fault: Fault, work: Work, pause: Pause) -> Response:
    if request.script_root:
        return work(pause)
    base = fault.to or request.host_url.rstrip("/") + MOVED
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return Response(status=_status(fault), headers={"Location": base.rstrip("/") + quote(request.path) + query})


def _maintain(_: Fault, __: Work, ___: Pause) -> Response:
    return refusal(MAINTENANCE)


def _slow(fault: Fault, work: Work, pause: Pause) -> Response:
    response = work(pause)
    sleep(fault.seconds)
    return response


def _deprecate(fault: Fault, work: Work, pause: Pause) -> Response:
    """HMRC's headers of a deprecated version: IMF-fixdate in GMT, and a Link that is a bare address [code: hmrc]."""
    response = work(pause)
    response.headers["Deprecation"] = _imf_fixdate(fault.deprecated_on or to_iso(fault.begun_at))
    if fault.sunset:
        response.headers["Sunset"] = _imf_fixdate(fault.sunset)
    response.headers["Link"] = fault.link
    return response


def _imf_fixdate(text: str) -> str:
    return format_datetime(to_moment(text), usegmt=True)


PLAYS: dict[str, Play] = {
    "answer_lost_before": _instead(_cut_short),
    "answer_lost_after": _instead(_cut_short),
    "hang": _hang,
    "drip": _drip,
    "truncate": _truncate,
    "status": _instead(_fail),
    "xml": _instead(_fail_in_xml),
    "html": _instead(_fail_at_the_edge),
    "redirect": _redirect,
    "rate_limited": _instead(lambda fault: throttled(is_broken=fault.broken_body)),
    "refresh_in_progress": _instead(_fail_as_oauth),
    "oauth_error": _instead(_fail_as_oauth),
    "server_error": _instead(_fail_as_oauth),
    "maintenance": _maintain,
    "slow": _slow,
    "deprecated": _deprecate,
}
