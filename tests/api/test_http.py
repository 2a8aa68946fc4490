"""What holds for every answer: request ids, origins, methods, routes, media types."""

import re
from typing import Any

import pytest
import structlog
from django.test import Client

from tenants import clock, credentials
from tenants.db import connection
from tenants.models import Agency
from tenants.models.agency import AgencyStatus
from tests.api.callers import Caller, problem
from tests.api.document import OPERATIONS
from tests.cast import ALPHA, BETA

_PATHS = {
    operation.path: {other.method for other in OPERATIONS if other.path == operation.path} for operation in OPERATIONS
}
_NOTHING = "01890000-0000-7000-8000-000000000000"


def _filled(path: str) -> str:
    return re.sub(r"\{\w+\}", _NOTHING, path)


class TestARequestId:
    @pytest.mark.parametrize("path", ["config", "landlords", "nowhere", "/healthz", "/hmrc/callback"])
    def test_that_is_sent_comes_back(self, path: str, outsider: Caller, alpha: Agency) -> None:
        assert outsider.get(path, X_Request_Id="my-request.1_2").headers["X-Request-Id"] == "my-request.1_2"

    @pytest.mark.parametrize(
        "sent", ["", "short", "x" * 65, "with space", 'quote"-quote', "line\u2028line", "a;b;c;d;e"]
    )
    def test_that_could_do_harm_is_replaced(self, sent: str, outsider: Caller, alpha: Agency) -> None:
        answer = outsider.get("config", X_Request_Id=sent)

        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])

    def test_is_new_for_every_request_without_one(self, outsider: Caller, alpha: Agency) -> None:
        assert len({outsider.get("config").headers["X-Request-Id"] for _ in range(5)}) == 5

    def test_stands_in_the_problem_and_in_the_log(self, outsider: Caller, alpha: Agency) -> None:
        with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
            answer = outsider.get("landlords?search=AA123456A", X_Request_Id="request-1")

        line = next(line for line in lines if line["event"] == "http.answered")
        assert answer.json()["request_id"] == line["request_id"] == "request-1"
        assert (line["status"], line["route"]) == (401, "api/v1/landlords")
        assert "AA123456A" not in str(lines)


class TestAnOrigin:
    def _ask(self, host: str, origin: str, method: str = "GET") -> Any:
        preflight = {"Access-Control-Request-Method": "POST"} if method == "OPTIONS" else {}
        return Caller(host, preflight).call(method, "config", Origin=origin)

    @pytest.mark.parametrize("method", ["GET", "OPTIONS"])
    def test_on_the_agencys_list_may_read_and_send_credentials(self, method: str, alpha: Agency) -> None:
        answer = self._ask(ALPHA.host, ALPHA.front_end, method)

        assert answer.headers["Access-Control-Allow-Origin"] == ALPHA.front_end
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert "origin" in answer.headers["Vary"].lower()

    @pytest.mark.parametrize("method", ["GET", "OPTIONS"])
    @pytest.mark.parametrize(
        "origin",
        [
            BETA.front_end,
            "https://evil.example",
            "null",
            f"{ALPHA.front_end}.evil.example",
            ALPHA.front_end.replace("https", "http"),
            f"{ALPHA.front_end}:8443",
            "https://evil.example/https://alpha.example",
        ],
    )
    def test_that_is_not_on_it_may_not(self, method: str, origin: str, alpha: Agency, beta: Agency) -> None:
        answer = self._ask(ALPHA.host, origin, method)

        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_of_one_agency_is_no_origin_of_the_other(self, alpha: Agency, beta: Agency) -> None:
        allowed = {
            (host, origin): self._ask(host, origin).headers.get("Access-Control-Allow-Origin")
            for host in (ALPHA.host, BETA.host)
            for origin in (ALPHA.front_end, BETA.front_end)
        }

        assert {pair for pair, answer in allowed.items() if answer} == {
            (ALPHA.host, ALPHA.front_end),
            (BETA.host, BETA.front_end),
        }

    def test_sees_the_headers_a_client_needs(self, alpha: Agency) -> None:
        shown = self._ask(ALPHA.host, ALPHA.front_end).headers["Access-Control-Expose-Headers"]

        assert {"ETag", "Location", "X-Request-Id", "Idempotent-Replayed"} <= {*shown.split(", ")}

    def test_may_read_a_refusal_too(self, alpha: Agency) -> None:
        answer = Caller(ALPHA.host).get("landlords", Origin=ALPHA.front_end)

        assert (problem(answer)[0], answer.headers["Access-Control-Allow-Origin"]) == (401, ALPHA.front_end)

    @pytest.mark.parametrize("code", ["auth.credential_malformed", "auth.credential_unknown"])
    def test_may_read_that_its_session_is_over(self, alpha: Agency, code: str) -> None:
        over = credentials.mint(prefix="qdl", subject_id=alpha.pk, agency=alpha, expires_at=clock.now())
        bearer = {"auth.credential_malformed": over[:-1], "auth.credential_unknown": over}[code]
        caller = Caller(ALPHA.host, {"Authorization": f"Bearer {bearer}"})

        own, foreign = (caller.get("me", Origin=origin) for origin in (ALPHA.front_end, "https://evil.example"))

        assert problem(own) == problem(foreign) == (401, code)
        assert own.headers["Access-Control-Allow-Origin"] == ALPHA.front_end
        assert "Access-Control-Allow-Origin" not in foreign.headers

    def test_may_read_that_the_agency_is_suspended(self, alpha: Agency) -> None:
        Agency.objects.filter(pk=alpha.pk).update(status=AgencyStatus.SUSPENDED)

        answer = Caller(ALPHA.host).get("config", Origin=ALPHA.front_end)

        assert problem(answer) == (403, "agency.suspended")
        assert answer.headers["Access-Control-Allow-Origin"] == ALPHA.front_end


def test_a_method_that_is_not_there_is_refused_with_those_that_are(machine: Caller) -> None:
    wrong = [
        (path, method) for path, there in _PATHS.items() for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - there
    ]

    answers = {(path, method): machine.call(method, _filled(path), {}) for path, method in wrong}

    refusals = {name: problem(answer) for name, answer in answers.items()}
    assert refusals == dict.fromkeys(answers, (405, "request.method_not_allowed"))
    assert all(_PATHS[path] <= {*answer.headers["Allow"].split(", ")} for (path, _), answer in answers.items())


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "GETX"])
def test_a_strange_method_is_a_problem_like_any_other(method: str, machine: Caller) -> None:
    assert problem(machine.call(method, "landlords")) == (405, "request.method_not_allowed")


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "PUT", "TRACE", "STRANGE"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/docs/", "GET, HEAD"),
        ("/api/v1/docs/", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
        ("/openapi-3.0.json", "GET, HEAD"),
        ("/healthz", "GET, HEAD"),
        ("/readyz", "GET, HEAD"),
        ("/hmrc/callback", "GET"),
    ],
)
def test_what_can_only_be_read_refuses_other_methods_whatever_else_they_lack(
    path: str, allowed: str, method: str, outsider: Caller, alpha: Agency
) -> None:
    answer = outsider.call(method, path)

    assert (problem(answer), answer.headers["Allow"]) == ((405, "request.method_not_allowed"), allowed)


def test_what_can_only_be_read_asks_nobody_for_a_csrf_token(alpha: Agency) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post("/openapi.json", headers={"Host": ALPHA.host}).status_code == 405


def test_head_is_get_without_a_body(machine: Caller) -> None:
    for path, methods in _PATHS.items():
        if "GET" in methods:
            got, head = machine.get(_filled(path)), machine.call("HEAD", _filled(path))
            assert (head.status_code, head.content) == (got.status_code, b""), path


def test_options_tells_an_outsider_nothing_of_what_is_there(outsider: Caller, alpha: Agency) -> None:
    answers = {path: outsider.call("OPTIONS", _filled(path)) for path in _PATHS}

    assert {answer.status_code for answer in answers.values()} <= {200, 401, 403, 404, 405}
    assert not [path for path, answer in answers.items() if ALPHA.name in answer.content.decode()]


_NOWHERE = (
    *("/", "/nowhere", "/admin/", "/static/x.js", "/%00", "/hmrc/callback/", "/api", "/api/v1", "/api/v1/"),
    *("/api/v1/landlords/", "/api/v2/landlords", "/api/v1/landlords/../../etc/passwd", "/api/v1/%ff"),
)


@pytest.mark.parametrize("path", _NOWHERE)
def test_a_route_that_is_not_there_is_a_problem(path: str, machine: Caller) -> None:
    assert problem(machine.get(path)) == (404, "not_found")


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*", "text/html,*/*;q=0.8"])
def test_who_accepts_json_gets_json(accept: str, machine: Caller) -> None:
    answer = machine.get("landlords", Accept=accept)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", ""])
def test_who_does_not_is_told_that_there_is_nothing_else(accept: str, machine: Caller) -> None:
    assert problem(machine.get("landlords", Accept=accept)) == (406, "request.not_acceptable")


def test_no_answer_may_be_kept_or_sniffed_or_refer(machine: Caller) -> None:
    headers = machine.get("landlords").headers

    assert (headers["Cache-Control"], headers.get("Set-Cookie")) == ("no-store", None)


def test_what_nobody_foresaw_is_a_problem_that_tells_nothing_of_it(
    machine: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.lists.landlords", _crash)

    with structlog.testing.capture_logs() as lines:
        answer = machine.get("landlords")

    assert problem(answer) == (500, "internal")
    assert "canary" not in answer.content.decode() + str(lines)
    assert [line["kind"] for line in lines if line["event"] == "http.unforeseen"] == ["ZeroDivisionError"]


@pytest.mark.parametrize("path", ["landlords", f"landlords/{_NOTHING}", "nowhere", "crash"])
def test_after_every_request_the_connection_is_in_no_agency(
    path: str, machine: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path == "crash":
        monkeypatch.setattr("api.lists.landlords", _crash)

    machine.get("landlords" if path == "crash" else path)

    assert (connection.schema_name, connection.tenant.schema_name) == ("public", "public")


def _crash(*_: object) -> None:
    raise ZeroDivisionError("canary")
