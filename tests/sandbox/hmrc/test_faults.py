"""Faults on request: what happened, what the client saw, and how often."""

from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from sandbox.hmrc import trouble
from sandbox.hmrc.kinds import KINDS
from sandbox.hmrc.trouble import PLAYS
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, IDRIS, Hmrc, body, update


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept, without sleeping."""
    naps: list[float] = []
    monkeypatch.setattr(trouble, "sleep", naps.append)
    return naps


def test_an_answer_lost_before_the_effect_leaves_the_refresh_token_good(hmrc: Hmrc) -> None:
    tokens = hmrc.connect()
    hmrc.control("faults", {"kind": "answer_lost_before", "operation": "token"})

    lost = hmrc.refresh(tokens["refresh_token"])

    assert int(lost.headers["Content-Length"]) > len(lost.data)
    assert hmrc.businesses(tokens["access_token"]).status_code == 200
    assert hmrc.refresh(tokens["refresh_token"]).status_code == 200


def test_an_answer_lost_after_the_effect_has_spent_the_refresh_token(hmrc: Hmrc) -> None:
    tokens = hmrc.connect()
    hmrc.control("faults", {"kind": "answer_lost_after", "operation": "token"})

    lost = hmrc.refresh(tokens["refresh_token"])

    assert int(lost.headers["Content-Length"]) > len(lost.data)
    assert hmrc.businesses(tokens["access_token"]).status_code == 401
    assert body(hmrc.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


def test_the_two_lost_answers_look_the_same(hmrc: Hmrc) -> None:
    token = hmrc.connect()["access_token"]
    for kind in ("answer_lost_before", "answer_lost_after"):
        hmrc.control("faults", {"kind": kind, "operation": "uk_cumulative_put"})

    before = hmrc.cumulative("PUT", token, update())
    held_between = hmrc.show("submissions")["submissions"]
    after = hmrc.cumulative("PUT", token, update())

    differing = {"X-CorrelationId"}
    assert (before.status, before.data) == (after.status, after.data)
    assert {k: v for k, v in before.headers if k not in differing} == {
        k: v for k, v in after.headers if k not in differing
    }
    assert held_between == []
    assert len(hmrc.show("submissions")["submissions"]) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "INTERNAL_SERVER_ERROR"), (501, "NOT_IMPLEMENTED"), (503, "SERVER_ERROR"), (504, "GATEWAY_TIMEOUT")],
)
def test_a_status_comes_with_hmrcs_body_and_without_an_effect(hmrc: Hmrc, status: int, code: str) -> None:
    token = hmrc.connect()["access_token"]
    hmrc.control("faults", {"kind": "status", "status": status, "operation": "uk_cumulative_put"})

    answer = hmrc.cumulative("PUT", token, update())

    assert (answer.status_code, body(answer)["code"]) == (status, code)
    assert hmrc.show("submissions")["submissions"] == []


def test_a_rate_limit_can_be_had_out_of_turn(hmrc: Hmrc) -> None:
    hmrc.control("faults", {"kind": "rate_limited", "times": 2})

    assert [hmrc.businesses("").status_code for _ in range(3)] == [429, 429, 401]


def test_a_fault_waits_for_its_operation_and_its_nino(hmrc: Hmrc) -> None:
    hmrc.control("faults", {"kind": "status", "operation": "business_list", "nino": IDRIS})

    answers = [hmrc.token(None), hmrc.businesses("", HARRIET), hmrc.businesses("", IDRIS), hmrc.businesses("", IDRIS)]

    assert [answer.status_code for answer in answers] == [400, 401, 500, 401]


@pytest.mark.parametrize("status", [500, 501, 503, 504])
def test_a_status_may_come_after_the_effect(hmrc: Hmrc, status: int) -> None:
    token = hmrc.connect()["access_token"]
    hmrc.control("faults", {"kind": "status", "status": status, "operation": "uk_cumulative_put", "when": "after"})

    assert hmrc.cumulative("PUT", token, update()).status_code == status
    assert len(hmrc.show("submissions")["submissions"]) == 1


def test_any_code_of_hmrcs_can_be_had_with_any_fields_beside_it(hmrc: Hmrc) -> None:
    more = {"path": "/firstName", "reactivationTimestamp": 1431448640718}
    wish = {"kind": "status", "status": 403, "code": "RESOURCE_FORBIDDEN", "message": "No", "extra": more}
    hmrc.control("faults", wish)

    answer = hmrc.businesses("")

    assert answer.status_code == 403
    assert body(answer) == {"code": "RESOURCE_FORBIDDEN", "message": "No"} | more


def test_an_error_may_be_xml(hmrc: Hmrc) -> None:
    hmrc.control("faults", {"kind": "xml", "status": 503, "message": "less < more"})

    answer = hmrc.businesses("")

    root = ET.fromstring(answer.text)
    assert (answer.status_code, answer.mimetype) == (503, "application/xml")
    assert {child.tag: child.text for child in root} == {"code": "SERVER_ERROR", "message": "less < more"}


@pytest.mark.parametrize(("wish", "status"), [({}, 502), ({"status": 503}, 503)])
def test_the_edge_may_answer_with_a_page(hmrc: Hmrc, wish: dict[str, int], status: int) -> None:
    hmrc.control("faults", {"kind": "html"} | wish)

    answer = hmrc.businesses("")

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "<h1>" in answer.text


def test_a_truncated_answer_is_half_of_the_right_one(hmrc: Hmrc) -> None:
    token = hmrc.connect()["access_token"]
    whole = hmrc.businesses(token)
    hmrc.control("faults", {"kind": "truncate"})

    cut = hmrc.businesses(token)

    assert cut.status_code == 200
    assert whole.data.startswith(cut.data)
    assert 0 < len(cut.data) < len(whole.data) == int(cut.headers["Content-Length"])


@pytest.mark.parametrize(("when", "held"), [("before", 0), ("after", 1)])
def test_a_truncated_answer_has_had_its_effect_or_not(hmrc: Hmrc, when: str, held: int) -> None:
    token = hmrc.connect()["access_token"]
    hmrc.control("faults", {"kind": "truncate", "operation": "uk_cumulative_put", "when": when})

    cut = hmrc.cumulative("PUT", token, update())

    assert int(cut.headers["Content-Length"]) > len(cut.data)
    assert len(hmrc.show("submissions")["submissions"]) == held


def test_a_hanging_request_has_its_effect_and_its_answer_in_the_end(hmrc: Hmrc, naps: list[float]) -> None:
    token = hmrc.connect()["access_token"]
    hmrc.control("faults", {"kind": "hang", "seconds": 12, "operation": "uk_cumulative_put"})

    assert hmrc.cumulative("PUT", token, update()).status_code == 204
    assert naps == [12]
    assert len(hmrc.show("submissions")["submissions"]) == 1


def test_a_dripping_answer_takes_its_seconds_for_the_whole(hmrc: Hmrc, naps: list[float]) -> None:
    token = hmrc.connect()["access_token"]
    whole = hmrc.businesses(token).data
    hmrc.control("faults", {"kind": "drip", "seconds": 7})

    answer = hmrc.businesses(token)

    assert answer.data == whole
    assert len(naps) == len(whole)
    assert sum(naps) == pytest.approx(7)


class TestARedirect:
    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_leads_to_where_the_endpoint_serves(self, hmrc: Hmrc, status: int) -> None:
        token = hmrc.connect()["access_token"]
        hmrc.control("faults", {"kind": "redirect", "status": status})

        moved = hmrc.obligations(token, status="open", businessId="X IS")
        there = urlsplit(moved.headers["Location"])
        answer = hmrc.call("GET", f"{there.path}?{there.query}", token=token, version="3.0")

        assert (moved.status_code, moved.data) == (status, b"")
        assert moved.headers["Location"].startswith("http://localhost/moved/obligations/details/")
        assert (answer.status_code, body(answer)) == _as_unmoved(hmrc, token)
        assert [entry["path"] for entry in hmrc.show("requests?limit=2")["requests"]][1] == there.path

    def test_happens_before_the_effect_and_lets_the_moved_endpoint_have_it(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]
        hmrc.control("faults", {"kind": "redirect", "operation": "uk_cumulative_put", "times": 9})

        moved = hmrc.cumulative("PUT", token, update())
        held_between = hmrc.show("submissions")["submissions"]
        path = urlsplit(moved.headers["Location"]).path
        answer = hmrc.call("PUT", path, token=token, version="6.0", send=update())

        assert (moved.status_code, held_between, answer.status_code) == (307, [], 204)
        assert len(hmrc.show("submissions")["submissions"]) == 1

    def test_may_lead_to_another_host(self, hmrc: Hmrc) -> None:
        hmrc.control("faults", {"kind": "redirect", "to": "https://elsewhere.example/"})

        moved = hmrc.businesses("")

        assert moved.headers["Location"] == f"https://elsewhere.example/individuals/business/details/{HARRIET}/list"


def _as_unmoved(hmrc: Hmrc, token: str) -> tuple[int, dict[str, Any]]:
    answer = hmrc.obligations(token, status="open", businessId="X IS")
    return answer.status_code, body(answer)


class TestMaintenance:
    def test_holds_for_all_until_it_is_lifted(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]
        hmrc.control("faults", {"kind": "maintenance"})

        answers = [hmrc.businesses(token), hmrc.refresh("any"), hmrc.cumulative("PUT", token, update())]
        hmrc.control("faults/lift", {"kind": "maintenance"})

        assert {(one.status_code, body(one)["code"]) for one in answers} == {(503, "SCHEDULED_MAINTENANCE")}
        assert hmrc.businesses(token).status_code == 200
        assert hmrc.show("submissions")["submissions"] == []

    def test_ends_at_its_time_by_the_clock(self, hmrc: Hmrc) -> None:
        hmrc.control("faults", {"kind": "maintenance", "lasts": 3600})

        hmrc.pass_time(3500)
        during = hmrc.businesses("").status_code
        hmrc.pass_time(101)

        assert (during, hmrc.businesses("").status_code) == (503, 401)
        assert hmrc.show("faults") == {"faults": []}

    def test_comes_before_the_rate_limit_and_leaves_other_faults_waiting(self, start: Start) -> None:
        hmrc = start(rate=1)
        hmrc.control("faults", {"kind": "html"})
        hmrc.control("faults", {"kind": "maintenance", "times": 3})

        assert [hmrc.businesses("").status_code for _ in range(4)] == [503, 503, 503, 502]
        assert hmrc.show("rate")["accepted"] == 1


class TestSlowness:
    def test_is_there_for_every_answer_and_beside_other_faults(self, hmrc: Hmrc, naps: list[float]) -> None:
        hmrc.control("faults", {"kind": "slow", "seconds": 0.25})
        hmrc.control("faults", {"kind": "status", "status": 504, "times": 1})

        answers = [hmrc.businesses("").status_code for _ in range(3)]

        assert answers == [504, 401, 401]
        assert naps == [0.25, 0.25, 0.25]


class TestDeprecation:
    def test_is_told_in_hmrcs_headers_for_one_api(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]
        told = {"deprecated_on": "2026-10-01T12:30:00+01:00", "sunset": "2027-03-31", "link": "https://docs.example"}
        hmrc.control("faults", {"kind": "deprecated", "operation": "business-details-mtd"} | told)

        marked, other = hmrc.businesses(token), hmrc.obligations(token)

        assert (marked.status_code, other.status_code) == (200, 200)
        assert marked.headers["Deprecation"] == "Thu, 01 Oct 2026 11:30:00 GMT"
        assert marked.headers["Sunset"] == "Wed, 31 Mar 2027 00:00:00 GMT"
        assert marked.headers["Link"] == "https://docs.example"
        assert {"Deprecation", "Sunset", "Link"}.isdisjoint(other.headers.keys())

    def test_begins_now_and_has_no_end_unless_told(self, hmrc: Hmrc) -> None:
        hmrc.control("faults", {"kind": "deprecated", "operation": "business_list"})

        answer = hmrc.businesses("")

        assert answer.headers["Deprecation"].startswith("Sun, 22 Nov 2026 12:00:")
        assert "Sunset" not in answer.headers
        assert answer.headers["Link"].startswith("https://")


def test_a_fault_may_last_for_a_time_and_not_for_a_number_of_requests(hmrc: Hmrc) -> None:
    hmrc.control("faults", {"kind": "rate_limited", "lasts": 60, "broken_body": True})

    during = [hmrc.businesses("") for _ in range(3)]
    hmrc.pass_time(61)

    assert [answer.status_code for answer in during] == [429, 429, 429]
    assert all(answer.get_json(silent=True) is None for answer in during)
    assert hmrc.businesses("").status_code == 401


def test_a_fault_of_one_nino_strikes_the_token_calls_for_it(hmrc: Hmrc) -> None:
    hers, his, his_code = hmrc.connect(), hmrc.connect(IDRIS), hmrc.code(IDRIS)
    hmrc.control("faults", {"kind": "server_error", "operation": "token", "nino": IDRIS, "times": 2})

    answers = [hmrc.refresh(hers["refresh_token"]), hmrc.refresh(his["refresh_token"]), hmrc.exchange(his_code)]

    assert [answer.status_code for answer in answers] == [200, 500, 500]


def test_an_answer_without_a_body_has_nothing_to_drip(hmrc: Hmrc, naps: list[float]) -> None:
    token = hmrc.connect()["access_token"]
    hmrc.control("faults", {"kind": "drip"})

    answer = hmrc.cumulative("PUT", token, update())

    assert (answer.status_code, answer.data, naps) == (204, b"", [])
    assert "Content-Length" not in answer.headers


def test_no_fault_that_is_meant_for_an_api_strikes_the_authorize_page(hmrc: Hmrc) -> None:
    hmrc.control("faults", {"kind": "status", "status": 503})

    assert hmrc.authorize().status_code == 303
    assert hmrc.businesses("").status_code == 503


@pytest.mark.parametrize("kind", ["revoke", "end_grant"])
class TestAnEnding:
    def test_meets_the_request_that_is_on_its_way(self, hmrc: Hmrc, kind: str) -> None:
        hers, his = hmrc.connect(), hmrc.connect(IDRIS)
        hmrc.control("faults", {"kind": kind, "operation": "uk_cumulative_put"})

        answer = hmrc.cumulative("PUT", hers["access_token"], update())

        assert (answer.status_code, body(answer)["code"]) == (401, "INVALID_CREDENTIALS")
        assert body(hmrc.refresh(hers["refresh_token"]))["error"] == "invalid_grant"
        assert hmrc.refresh(his["refresh_token"]).status_code == 200

    def test_meets_a_refresh(self, hmrc: Hmrc, kind: str) -> None:
        tokens = hmrc.connect()
        hmrc.control("faults", {"kind": kind, "operation": "token"})

        assert body(hmrc.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"
        assert hmrc.businesses(tokens["access_token"]).status_code == 401

    def test_of_nobodys_grants_is_none(self, hmrc: Hmrc, kind: str) -> None:
        hmrc.control("faults", {"kind": kind})

        assert hmrc.token("client_credentials").status_code == 200


def test_every_kind_is_played() -> None:
    assert PLAYS.keys() | {"revoke", "end_grant"} == KINDS.keys()


def test_faults_can_be_listed_and_cleared(hmrc: Hmrc) -> None:
    added = hmrc.control("faults", {"kind": "hang", "seconds": 9})
    hmrc.control("faults", method="DELETE")

    assert [(fault["kind"], fault["seconds"], fault["times"]) for fault in added["faults"]] == [("hang", 9, 1)]
    assert hmrc.show("faults") == {"faults": []}


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"kind": "flood"},
        {"kind": "hang", "seconds": 9999},
        {"kind": "hang", "times": 0},
        {"kind": "status", "status": 418},
        {"kind": "hang", "colour": "red"},
        {"kind": "hang", "seconds": True},
        {"kind": "hang", "operation": 7},
        {"kind": "hang", "lasts": -1},
        {"kind": "status", "status": 400},
        {"kind": "status", "status": "500"},
        {"kind": "status", "when": "during"},
        {"kind": "status", "extra": [1]},
        {"kind": "html", "status": 500},
        {"kind": "redirect", "status": 303},
        {"kind": "redirect", "to": "//elsewhere.example"},
        {"kind": "deprecated", "sunset": "soon"},
        {"kind": "deprecated", "link": "https://docs.example\r\nX-Other: 1"},
        {"kind": "rate_limited", "broken_body": "yes"},
        {"kind": ["hang"]},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(hmrc: Hmrc, wish: dict[str, object]) -> None:
    answer = hmrc.http.post("/control/faults", json=wish)

    assert answer.status_code == 400
    assert hmrc.show("faults") == {"faults": []}
