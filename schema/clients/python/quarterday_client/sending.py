"""Sends requests, and repeats what may be repeated: under the same Idempotency-Key."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import requests

from quarterday_client.problem import QuarterdayError, problem_of

T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was answered: `data` is the body, read."""

    data: T
    response: requests.Response

    def if_match(self) -> dict[str, str]:
        """The headers for a change of this, and of nothing newer."""
        tag = self.response.headers.get("ETag")
        return {} if tag is None else {"If-Match": tag}


@dataclass(frozen=True)
class Patience:
    """How often a request is sent at most; the seconds to wait where the answer says none, doubled with each try; and
    the longest wait: what would take longer is raised at once.
    """

    tries: int = 4
    wait: float = 0.5
    longest: float = 30


class Sender:
    """One caller of one Quarterday."""

    def __init__(
        self,
        base_url: str,
        *,
        bearer: str = "",
        patience: Patience = Patience(),
        timeout: float = 30,
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.patience, self.timeout, self.session = patience, timeout, session or requests.Session()
        self.headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer[Any]:
        """Raises QuarterdayError for a refusal, and what requests raises if there was no answer."""
        given = {**({"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}), **(headers or {})}
        tried = 1
        while True:
            wait: float | None = self.patience.wait * 2 ** (tried - 1)
            try:
                answer = self._once(method, path, json=body, params=params, headers={**self.headers, **given})
            except (requests.ConnectionError, requests.Timeout):
                if tried >= self.patience.tries:
                    raise
            else:
                problem = problem_of(answer)
                if problem is None:
                    return Answer(_read(answer), answer)
                wait = self._wait(answer, cast("float", wait)) if problem["retryable"] else None
                if wait is None or tried >= self.patience.tries:
                    raise QuarterdayError(problem)
            time.sleep(wait or 0)
            tried += 1

    def _once(self, method: str, path: str, **what: Any) -> requests.Response:
        return self.session.request(method, self.base_url + path, timeout=self.timeout, **what)

    def _wait(self, answer: requests.Response, usual: float) -> float | None:
        said = answer.headers.get("Retry-After", "")
        seconds = float(said) if said.isdigit() else usual
        return seconds if seconds <= self.patience.longest else None


def _read(answer: requests.Response) -> Any:
    if not answer.content:
        return None
    return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text
