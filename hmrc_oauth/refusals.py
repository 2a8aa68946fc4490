"""Of whom HMRC's refusal speaks: of Quarterday itself, of a landlord's permission, or only of what was asked.

What it says of a permission holds for every later call as well: the connection says so at once, so that what waits is
not refused one by one.
"""

from datetime import datetime
from typing import NamedTuple

import structlog

from hmrc_door import errors as hmrc_errors
from hmrc_door.outcomes import Outcome, Refused
from hmrc_oauth import expiry
from hmrc_oauth.models import Connection, Grant
from hmrc_oauth.settling import atomic
from hmrc_oauth.telling import tell
from tenants import endings
from tenants.vault import Sealed

log = structlog.get_logger()

# Said before anybody looks at the work: the API is not subscribed to, is shown a token of another kind, or is gone or
# asked in a way that it does not take. No landlord and no agency can mend that.
OF_APPLICATION = frozenset(
    {
        "RESOURCE_FORBIDDEN",
        "INCORRECT_ACCESS_TOKEN_TYPE",
        "HTTPS_REQUIRED",
        "NOT_FOUND",  # of a version; of a landlord's things it is said as MATCHING_RESOURCE_NOT_FOUND
        "METHOD_NOT_ALLOWED",
        "INVALID_HTTP_METHOD",
        "ACCEPT_HEADER_INVALID",
        "NOT_IMPLEMENTED",
    }
)
# And where no code came with it.
OF_APPLICATION_SILENTLY = frozenset({403, 405, 406, 501})
_MISMATCH = "nino_mismatch"


class Verdict(NamedTuple):
    """HMRC does not let this grant act for this landlord: why, and what may lie behind it."""

    reason: str
    causes: tuple[str, ...]

    @property
    def code(self) -> str:
        """Our code for it."""
        return f"hmrc.{self.reason}"

    @property
    def ends_work(self) -> bool:
        """Whether what was asked is over as well: it named a National Insurance number that is not this account's."""
        return self.reason == _MISMATCH


# HMRC answers the first of these to a wrong account, a wrong NINO and a missing enrolment alike.
_VERDICTS = {
    "CLIENT_OR_AGENT_NOT_AUTHORISED": Verdict(_MISMATCH, (_MISMATCH, "wrong_account", "not_enrolled")),
    "FORBIDDEN": Verdict(_MISMATCH, (_MISMATCH, "wrong_account", "not_enrolled")),
    "FORMAT_NINO": Verdict(_MISMATCH, (_MISMATCH,)),
    "CLIENT_NOT_MTD_ENROLLED": Verdict("not_enrolled", ("not_enrolled", _MISMATCH)),
    "INVALID_SCOPE": Verdict("scope", ("scope",)),
}
# No number on file, or one that is another landlord's by now.
NINO_MISMATCH = _VERDICTS["FORMAT_NINO"]


def is_of_application(outcome: Outcome) -> bool:
    """Whether HMRC refuses Quarterday itself. So does a 403 without any code of HMRC's: its edge says it in HTML."""
    if not isinstance(outcome, Refused):
        return False
    says_nothing = not any((outcome.code, *outcome.error.codes))
    return outcome.code in OF_APPLICATION or (outcome.status in OF_APPLICATION_SILENTLY and says_nothing)


def verdict_of(outcome: Outcome) -> Verdict | None:
    """What HMRC says of the connection, if it says anything of it."""
    return _VERDICTS.get(outcome.code) if isinstance(outcome, Refused) else None


def code_of(refused: Refused) -> str:
    """Our code for a refusal: that of the connection's reason, if it is about the connection."""
    verdict = verdict_of(refused)
    return verdict.code if verdict else hmrc_errors.explain(refused).code


def heed(connection: Connection, outcome: Outcome, *, nino: Sealed | None, now: datetime) -> Verdict | None:
    """What HMRC's answer to a call about this NINO says of the connection, which is moved accordingly."""
    verdict = verdict_of(outcome)
    if verdict is not None and connection.grant is not None:
        with atomic():
            held = connection.hold()
            if held.landlord.nino == nino:  # else corrected meanwhile: the answer is about another number
                turn_away(held, grant=connection.grant, verdict=verdict, now=now)
    return verdict


def turn_away(connection: Connection, *, grant: Grant, verdict: Verdict, now: datetime) -> bool:
    """The connection worked by this grant, and HMRC does not let it any more. False if it does not work by this one."""
    reason, causes = verdict.reason, list(verdict.causes)
    with atomic():
        if not connection.turn_away(grant=grant, reason=reason, causes=causes, now=now):
            return False
        tell([connection], "connection.not_authorised", now=now, reason_code=verdict.reason)
        endings.forget(grant_id=grant.pk)
        expiry.drop(grant)
    log.warning("connection.turned_away", connection=str(connection.pk), reason=verdict.reason)
    return True
