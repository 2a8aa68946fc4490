"""
Each of HMRC's APIs that we speak, asked once: is our version still served, and are we subscribed.

The request names no person: the place of the NINO holds a word that HMRC refuses, which is the answer hoped for.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hmrc_door.doctor.finding import Finding, failure, ok
from hmrc_door.outcomes import Answered, Outcome, Refused
from hmrc_door.versions import TERMS, Api

_SUBSCRIBE = "Subscribe the application to the API on HMRC's Developer Hub."
_UPGRADE = "Look up the API's versions on HMRC's Developer Hub, and upgrade."


class Trouble(NamedTuple):
    """What one of HMRC's codes says about an API, and what to do."""

    says: str
    mend: str


# Every other refusal comes from behind the version check: the API is there and has looked at the request.
_TROUBLES: Mapping[str, Trouble] = {
    "NOT_FOUND": Trouble("does not serve this version", _UPGRADE),
    "MATCHING_RESOURCE_NOT_FOUND": Trouble("does not serve this address", _UPGRADE),
    "ACCEPT_HEADER_INVALID": Trouble("does not take our Accept header", _UPGRADE),
    "NOT_IMPLEMENTED": Trouble("is not there", _UPGRADE),
    "RESOURCE_FORBIDDEN": Trouble("is not subscribed to", _SUBSCRIBE),
    "MISSING_CREDENTIALS": Trouble("did not see our token", "Look for a proxy that strips the Authorization header."),
    "INVALID_CREDENTIALS": Trouble("does not take our token", "Check HMRC_API_URL and HMRC_TOKEN_URL."),
}


def look(api: Api, outcome: Outcome) -> Iterator[Finding]:
    """What the outcome of a call to `api` says of it."""
    name = f"{api} {TERMS[api].version}"
    if not isinstance(outcome, Answered | Refused):
        yield failure("apis", f"{name} gave no answer ({outcome.reason})", "Try again; see HMRC's service status.")
        return
    code = outcome.code if isinstance(outcome, Refused) else ""
    trouble = _TROUBLES.get(code)
    if trouble:
        yield failure("apis", f"{name} {trouble.says} ({code})", trouble.mend)
    else:
        yield ok("apis", f"{name} answers ({code or outcome.status})")
