"""The stand-in, with the grants that the contract needs, asked by requests made from the facts."""

from dataclasses import dataclass, field
from typing import Any, Self

from werkzeug.test import TestResponse

from sandbox.hmrc.api import exact
from tests.contract import facts
from tests.contract.facts import Operation
from tests.contract.samples import BUSINESSES, NINO, TODAY, Request
from tests.sandbox.hmrc.driver import NOT_ENROLLED, Hmrc, body

SCOPES = {"reader": "read:self-assessment", "writer": "write:self-assessment"}
CORRELATION_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass
class Standin:
    """One stand-in, with a taxpayer of the contract's own."""

    hmrc: Hmrc
    mode: str
    _tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> Self:
        """Forget everything but the mode, and know the taxpayer."""
        self.hmrc.control("reset", {})
        self.hmrc.control("mode", {"mode": self.mode})
        self.hmrc.is_today(TODAY)
        self.hmrc.control("users", {"nino": NINO, "businesses": _businesses()})
        self._tokens.clear()
        return self

    def move_to(self, day: str) -> None:
        """Let it be noon of another day; access tokens don't last so long, and are asked for anew."""
        self.hmrc.is_today(day)
        self._tokens.clear()

    def token(self, name: str) -> str:
        """The access token of a grant, which is asked for when it is first needed."""
        if name not in self._tokens:
            self._tokens[name] = self._grant(name)
        return self._tokens[name]

    def _grant(self, name: str) -> str:
        match name:
            case "application":
                granted = body(self.hmrc.token("client_credentials"))
            case "stranger":
                granted = self.hmrc.connect(NOT_ENROLLED)
            case "reader" | "writer":
                granted = self.hmrc.connect(NINO, scope=SCOPES[name])
            case _:
                granted = self.hmrc.connect(NINO)
        return str(granted["access_token"])

    def strike(self, fault: dict[str, Any]) -> None:
        """Let a fault befall the next request."""
        assert self.hmrc.control("faults", fault) is not None

    def ask(self, request: Request) -> TestResponse:
        credentials = {"Authorization": f"Bearer {self.token(request.token)}"}
        typed = {} if request.operation.request is None else {"Content-Type": "application/json"}
        return self.hmrc.http.open(
            request.address,
            method=request.operation.method,
            query_string=dict(request.query),
            headers={"Accept": request.operation.accept, **typed, **credentials, **request.headers},
            data=None if request.operation.request is None else exact.dumps(request.body),
        )


def _businesses() -> list[dict[str, Any]]:
    names = {"self-employment": {"trading_name": "Plover Joinery"}}
    return [{"business_id": its, "type_of_business": kind} | names.get(kind, {}) for kind, its in BUSINESSES.items()]


def content(response: TestResponse) -> Any:
    """The body as the contract reads it: None if there is none, amounts as Decimals."""
    return facts.loads(response.data) if response.data else None


def codes(response: TestResponse) -> list[str]:
    """HMRC's codes in an error body: each of several, or the one."""
    said = content(response)
    return [each["code"] for each in said.get("errors", [said])]


def faults_of_success(operation: Operation, response: TestResponse, tax_year: str) -> list[str]:
    """What is wrong with an answer that ought to be this operation's success."""
    if response.status_code != operation.success:
        return [f"{response.status_code} instead of {operation.success}: {response.text[:300]}"]
    said = content(response)
    if operation.response is None and said == {}:
        said = None  # HMRC answers some 200s with an empty object that its schema does not mention
    return facts.complaints(operation.response, said, tax_year=tax_year)
