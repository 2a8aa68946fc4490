"""Our client id and every client secret, tried at the token endpoint for a token of the application itself."""

from collections.abc import Iterator

from hmrc_door.doctor.finding import Finding, failure, ok
from hmrc_door.outcomes import NotSent, Unknown
from hmrc_door.token_endpoint import ApplicationAnswer, ApplicationGranted, TokenFault

_REPLACE = "Replace it by one that the application has on HMRC's Developer Hub, newest first."


def look(position: int, answer: ApplicationAnswer) -> Iterator[Finding]:
    """What HMRC said to the secret at `position` of HMRC_CLIENT_SECRETS (the newest is 0). Names no secret."""
    which = f"client secret {position + 1}"
    if isinstance(answer, ApplicationGranted):
        yield ok("credentials", f"{which} is known to HMRC")
    elif isinstance(answer, NotSent | Unknown):
        yield failure("credentials", f"{which} could not be tried ({answer.reason})", "See the other findings first.")
    elif answer.fault is TokenFault.INVALID_CLIENT:
        yield failure("credentials", f"{which} is not known to HMRC", _REPLACE)
    else:
        yield failure("credentials", f"{which}: HMRC answers {answer.status} {answer.fault}", "Check HMRC_TOKEN_URL.")
