"""Which codes an operation can be answered with: those that stand before every view, and those its own code raises."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from schema import raised
from tenants.faults import Fault

# The edge, the agency's state and a credential are looked at before any view, public ones too.
_EVERYWHERE: Final = frozenset(
    {
        "agency.leaving",
        "agency.suspended",
        "auth.credential_malformed",
        "auth.credential_unknown",
        "auth.wrong_agency",
        "auth.wrong_environment",
        "host.not_allowed",
        "internal",
        "request.malformed",
        "request.not_acceptable",
        "request.slow_down",
        "service.unavailable",
    }
)
_BODY: Final = frozenset(
    {"request.invalid", "request.malformed_json", "request.too_large", "request.unsupported_media_type"}
)
_CREDENTIAL: Final = frozenset({"auth.required", "auth.scope_missing"})
_KEY: Final = frozenset({"idempotency.key_malformed", "idempotency.key_reused", "idempotency.still_running"})
SAFE: Final = frozenset({"GET", "HEAD"})


def of(view: Any, method: str, *, has_ids: bool, has_body: bool, takes_key: bool, has_tag: bool) -> frozenset[str]:
    """The codes of one operation. `view` is the instance that drf-spectacular looks at."""
    found = _EVERYWHERE | raised.codes(type(view), method.lower())
    for applies, codes in (
        (view.needs_agency, {"agency.unknown_host"}),
        (view.authentication_classes, _CREDENTIAL),
        (view.authentication_classes and method not in SAFE, {"auth.csrf_failed"}),
        (has_ids, {"not_found"}),
        (has_body, _BODY),
        (takes_key, _KEY | {"request.too_large"}),
        (takes_key and view.key_required, {"idempotency.key_required"}),
        (has_tag, {"request.stale"}),
    ):
        found |= codes if applies else set()
    return found if view.needs_agency else found - {"agency.unknown_host"}


def by_status(codes: Iterable[str]) -> dict[str, list[str]]:
    """The codes, sorted, under the status they are answered with."""
    known = {fault.code: str(int(fault.status)) for fault in Fault.all()}
    found = defaultdict(list)
    for code in sorted(codes):
        found[known[code]].append(code)
    return dict(sorted(found.items()))
