"""Test Fraud Prevention Headers 1.0: judges the headers of this request, or of the newest request to each endpoint."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.hmrc.api.operation import APPLICATION, Answer, Call, Operation, unchecked
from sandbox.hmrc.api.problems import NO_SUCH_PATH, Problem, Refusal
from sandbox.hmrc.fraud.methods import CONNECTION_METHOD, Method
from sandbox.hmrc.fraud.report import feedback, validate
from sandbox.hmrc.fraud.validator import fraud_headers
from sandbox.hmrc.record import APIS, KEPT

BASE = "/test/fraud-prevention-headers"
NO_SUCH_METHOD = Problem("INVALID_REQUEST", "The connectionMethod is not one of the specification")

Entry = Mapping[str, Any]


def validate_headers(call: Call, _: None) -> Answer:
    return Answer(200, validate(call.headers))


def check_feedback(call: Call) -> Method | None:
    """Read which connection method is asked about; None is all of them."""
    asked = call.query.get("connectionMethod")
    if call.path["api"] not in APIS.values():
        raise Refusal(NO_SUCH_PATH)
    if asked is not None and asked not in set(Method):
        raise Refusal(NO_SUCH_METHOD)
    return Method(asked) if asked else None


def give_feedback(call: Call, method: Method | None) -> Answer:
    received = call.world.record.newest(limit=KEPT, api=call.path["api"])
    return Answer(200, {"requests": [feedback(entry) for entry in _newest_of_each(received, method)]})


def _newest_of_each(entries: Sequence[Entry], method: Method | None) -> Iterator[Entry]:
    seen = set()
    for entry in entries:
        if _is_about(entry, method) and entry["operation"] not in seen:
            seen.add(entry["operation"])
            yield entry


def _is_about(entry: Entry, method: Method | None) -> bool:
    # A request without any headers names no method, and is a fault whichever is asked about.
    headers = fraud_headers(entry["headers"])
    return method is None or not headers or headers.get(CONNECTION_METHOD) == method


OPERATIONS: tuple[Operation[Any], ...] = (
    Operation(
        name="fraud_headers_validate",
        method="GET",
        path=f"{BASE}/validate",
        version="1.0",
        scope=APPLICATION,
        check=unchecked,
        stateful=validate_headers,
    ),
    Operation(
        name="fraud_headers_feedback",
        method="GET",
        path=f"{BASE}/{{api}}/validation-feedback",
        version="1.0",
        scope=APPLICATION,
        check=check_feedback,
        stateful=give_feedback,
    ),
)
