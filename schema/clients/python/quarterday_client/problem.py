"""Refusals."""

from typing import cast

from requests import Response

from quarterday_client.types import ErrorCode, Problem, ProblemPlace


class QuarterdayError(Exception):
    """The API refused; `problem` says why, by a stable `code`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.problem = problem

    @property
    def code(self) -> ErrorCode:
        return self.problem["code"]

    @property
    def status(self) -> int:
        return self.problem["status"]

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.problem["retryable"]

    @property
    def request_id(self) -> str:
        """Name it to the operator."""
        return self.problem["request_id"]

    def at(self, pointer: str) -> ProblemPlace | None:
        """What is wrong with one place of what was sent."""
        return next((each for each in self.problem["errors"] if each["pointer"] == pointer), None)


def problem_of(answer: Response) -> Problem | None:
    """The problem of an answer, if it is one."""
    kind = answer.headers.get("Content-Type", "")
    return cast("Problem", answer.json()) if kind.startswith("application/problem+json") else None
