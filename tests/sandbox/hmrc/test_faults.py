"""Faults on request: what happened, what the client saw, and how often."""

import pytest

from tests.sandbox.hmrc.driver import HARRIET, IDRIS, Hmrc, body, update


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
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(hmrc: Hmrc, wish: dict[str, object]) -> None:
    answer = hmrc.http.post("/control/faults", json=wish)

    assert answer.status_code == 400
    assert hmrc.show("faults") == {"faults": []}
