"""The kinds of fault that can be asked for, in one table: the control API, the page and the edge read it."""

from collections.abc import Collection
from dataclasses import dataclass

AUTHORIZE = "authorize"
TOKEN = "token"  # noqa: S105 - the name of an operation
ANY_ERROR = range(400, 600)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a kind of fault does, in a line; where it strikes, and what it is unless something else is asked for."""

    says: str
    at: Collection[str] = ()  # these operations alone; without them all but the authorize page
    when: str = "before"
    statuses: Collection[int] = ()
    status: int = 500
    code: str | None = None
    message: str = "The fault that was asked for"
    is_lasting: bool = False


KINDS = {
    "answer_lost_before": Kind(says="Nothing happens, and the answer is lost"),
    "answer_lost_after": Kind(says="The effect happens, and the answer is lost", when="after"),
    "hang": Kind(says="The work waits some seconds before its effect, then goes on as usual"),
    "drip": Kind(says="The answer comes a byte at a time, all of it within some seconds"),
    "truncate": Kind(says="The answer breaks off half way", when="after"),
    "status": Kind(says="An error of HMRC's: any status, code, message and extra fields", statuses=ANY_ERROR),
    "xml": Kind(says="An error whose body is XML", statuses=ANY_ERROR),
    "html": Kind(says="A page of the edge, not of the API", statuses=(502, 503), status=502),
    "redirect": Kind(
        says="The endpoint has moved, here under /moved or to another base address",
        statuses=(301, 302, 307, 308),
        status=307,
    ),
    "rate_limited": Kind(says="429 as the gateway gives it, perhaps with a body that is not JSON"),
    "refresh_in_progress": Kind(
        says="The token endpoint says that the token is being refreshed already",
        at={TOKEN},
        statuses=(400,),
        status=400,
        code="invalid_request",
        message="Refresh operation is already in progress",
    ),
    "oauth_error": Kind(
        says="An OAuth error of the token endpoint: any status, code and message",
        at={TOKEN},
        statuses=ANY_ERROR,
        status=400,
        code="invalid_request",
    ),
    "server_error": Kind(
        says="HMRC's OAuth server fails, at the authorize page or at the token endpoint",
        at={AUTHORIZE, TOKEN},
        statuses=(500,),
        code="server_error",
        message="An internal server error occurred",
    ),
    "revoke": Kind(says="The user of the request removes the authority, just before it is looked at"),
    "end_grant": Kind(says="The time of the user's grants runs out, just before the request is looked at"),
    "maintenance": Kind(says="503 SCHEDULED_MAINTENANCE to all until it is lifted", is_lasting=True),
    "slow": Kind(says="Every answer comes some seconds later", is_lasting=True),
    "deprecated": Kind(says="Answers carry Deprecation, Sunset and Link", is_lasting=True),
}
