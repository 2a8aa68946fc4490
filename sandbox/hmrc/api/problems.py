"""HMRC's errors: one alone, or several under INVALID_REQUEST, merged by code and sorted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NoReturn, Self


@dataclass(frozen=True)
class Problem:
    """One error as HMRC words it. Clients are to match on the code; texts may change."""

    code: str
    message: str
    status: int = 400
    paths: tuple[str, ...] = ()

    def at(self, *paths: str) -> Self:
        return replace(self, paths=paths)

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message} | ({"paths": list(self.paths)} if self.paths else {})


class Refusal(Exception):  # noqa: N818 - the word of the house
    """HMRC says no, for these reasons."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = merge(problems)

    @property
    def status(self) -> int:
        return self.problems[0].status if len(self.problems) == 1 else 400

    @property
    def body(self) -> dict[str, Any]:
        bodies = [problem.body() for problem in self.problems]
        if len(bodies) == 1:
            return bodies[0]
        return {"code": "INVALID_REQUEST", "message": "Invalid request", "errors": bodies}


def merge(problems: Iterable[Problem]) -> list[Problem]:
    """Join the paths of problems that share a code, and sort by code."""
    merged: dict[str, Problem] = {}
    for problem in problems:
        known = merged.get(problem.code)
        merged[problem.code] = known.at(*known.paths, *problem.paths) if known else problem
    return [merged[code] for code in sorted(merged)]


def refuse(problem: Problem) -> NoReturn:
    """Say no where an expression is needed, after `or`. Raises Refusal."""
    raise Refusal(problem)


def refuse_any(problems: Iterable[Problem]) -> None:
    """Raise Refusal if there is a problem at all."""
    found = tuple(problems)
    if found:
        raise Refusal(*found)


# The gateway
THROTTLED = Problem(
    "MESSAGE_THROTTLED_OUT", "The request for the API is throttled as you have exceeded your quota.", 429
)
MISSING_CREDENTIALS = Problem("MISSING_CREDENTIALS", "Authentication information is not provided", 401)
INVALID_CREDENTIALS = Problem("INVALID_CREDENTIALS", "Invalid Authentication information provided", 401)
WRONG_TOKEN_TYPE = Problem(
    "INCORRECT_ACCESS_TOKEN_TYPE", "The access token type used is not supported when invoking the API", 401
)
INVALID_SCOPE = Problem(
    "INVALID_SCOPE", "The request requires higher privileges than provided by the access token", 403
)
NO_SUCH_PATH = Problem("MATCHING_RESOURCE_NOT_FOUND", "A resource with the name in the request cannot be found", 404)
METHOD_NOT_ALLOWED = Problem("METHOD_NOT_ALLOWED", "The method is not supported by the resource", 405)
INTERNAL = Problem("INTERNAL_SERVER_ERROR", "An internal server error occurred", 500)
BY_STATUS = {
    500: INTERNAL,
    501: Problem("NOT_IMPLEMENTED", "The API is not implemented or not deployed", 501),
    503: Problem("SERVER_ERROR", "The service is currently unavailable", 503),
    504: Problem("GATEWAY_TIMEOUT", "The request timed out", 504),
}

# Headers and body
ACCEPT = Problem("ACCEPT_HEADER_INVALID", "The accept header is missing or invalid", 406)
NO_SUCH_VERSION = Problem("NOT_FOUND", "The requested resource could not be found", 404)
BODY_TYPE = Problem("INVALID_BODY_TYPE", "Expecting text/json or application/json body", 415)
BODY = Problem("RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED", "An empty or non-matching body was submitted")
NOT_AUTHORISED = Problem(
    "CLIENT_OR_AGENT_NOT_AUTHORISED", "The client or agent is not authorised. This could have several reasons", 403
)

# Fields of the path and the query
NINO = Problem("FORMAT_NINO", "The provided NINO is invalid")
BUSINESS_ID = Problem("FORMAT_BUSINESS_ID", "The provided Business ID is invalid")
TAX_YEAR = Problem("FORMAT_TAX_YEAR", "The provided tax year is invalid")
TAX_YEAR_RANGE = Problem("RULE_TAX_YEAR_RANGE_INVALID", "A tax year range of one year is required")
TAX_YEAR_NOT_SUPPORTED = Problem(
    "RULE_TAX_YEAR_NOT_SUPPORTED", "The tax year specified does not lie within the supported range"
)
TYPE_OF_BUSINESS = Problem("FORMAT_TYPE_OF_BUSINESS", "The provided type of business is invalid")
STATUS = Problem("FORMAT_STATUS", "The provided status is invalid")
FROM_DATE = Problem("FORMAT_FROM_DATE", "The provided From date is invalid")
TO_DATE = Problem("FORMAT_TO_DATE", "The provided To date is invalid")
INSOLVENT = Problem("RULE_INSOLVENT_TRADER", "The remote endpoint has indicated that the Trader is insolvent")
WINDOW_CLOSED = Problem("RULE_OUTSIDE_AMENDMENT_WINDOW", "The submission is outside of the amendment window")
NOT_FOUND = Problem("MATCHING_RESOURCE_NOT_FOUND", "The remote endpoint has indicated that no data can be found", 404)
