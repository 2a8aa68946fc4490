"""HMRC's order of checks: each request here is wrong in all the ways that follow, and hears of the first only."""

import pytest

from tests.sandbox.hmrc.driver import HARRIET, IDRIS, NOT_ENROLLED, Hmrc, body, update

BAD_NINO = "QQ123456C"
READ_ONLY = "read:self-assessment"


def test_each_layer_speaks_before_the_next(hmrc: Hmrc) -> None:
    reader, writer = hmrc.connect(scope=READ_ONLY)["access_token"], hmrc.connect()["access_token"]
    path = "/individuals/business/property/uk/{}/not-a-business/cumulative/2020-25"

    answers = [
        hmrc.call("PUT", path.format(BAD_NINO), send="{", Accept="text/plain", Content_Type="text/plain"),
        hmrc.call("PUT", path.format(BAD_NINO), send="{", version="1.0", Content_Type="text/plain"),
        hmrc.call("PUT", path.format(BAD_NINO), send="{", version="6.0", Content_Type="text/plain"),
        hmrc.call("PUT", path.format(BAD_NINO), send="{", version="6.0"),
        hmrc.call("PUT", path.format(BAD_NINO), send="{}", version="6.0"),
        hmrc.call("PUT", path.format(IDRIS), send="{}", version="6.0"),
        hmrc.call("PUT", path.format(IDRIS), send="{}", version="6.0", token="f" * 32),
        hmrc.call("PUT", path.format(IDRIS), send="{}", version="6.0", token=reader),
        hmrc.call("PUT", path.format(IDRIS), send="{}", version="6.0", token=writer),
        hmrc.call("PUT", path.format(HARRIET), send="{}", version="6.0", token=writer),
    ]

    assert [(answer.status_code, body(answer)["code"]) for answer in answers] == [
        (406, "ACCEPT_HEADER_INVALID"),
        (404, "NOT_FOUND"),
        (415, "INVALID_BODY_TYPE"),
        (400, "RULE_INCORRECT_OR_EMPTY_BODY_SUBMITTED"),
        (400, "FORMAT_NINO"),
        (401, "MISSING_CREDENTIALS"),
        (401, "INVALID_CREDENTIALS"),
        (403, "INVALID_SCOPE"),
        (403, "CLIENT_OR_AGENT_NOT_AUTHORISED"),
        (400, "RULE_TAX_YEAR_RANGE_INVALID"),
    ]


def test_every_answer_has_a_correlation_id_of_its_own(hmrc: Hmrc) -> None:
    token = hmrc.connect()["access_token"]
    answers = [
        hmrc.businesses(token),
        hmrc.businesses(""),
        hmrc.cumulative("PUT", token, update()),
        hmrc.http.get("/nowhere"),
        hmrc.http.delete("/oauth/token"),
    ]

    assert len({answer.headers["X-CorrelationId"] for answer in answers}) == 5


def test_an_answer_without_a_body_says_nothing_of_one(hmrc: Hmrc) -> None:
    answer = hmrc.cumulative("PUT", hmrc.connect()["access_token"], update())

    assert answer.status_code == 204
    assert dict(answer.headers).keys() == {"X-CorrelationId"}


def test_a_user_who_is_not_enrolled_is_not_told_apart_from_a_wrong_nino(hmrc: Hmrc) -> None:
    stranger, outsider = hmrc.connect()["access_token"], hmrc.connect(NOT_ENROLLED)["access_token"]

    answers = [hmrc.businesses(stranger, IDRIS), hmrc.businesses(outsider, NOT_ENROLLED)]

    assert body(answers[0]) == body(answers[1])
    assert {answer.status_code for answer in answers} == {403}


def test_enrolling_later_mends_it_without_a_new_grant(hmrc: Hmrc) -> None:
    token = hmrc.connect(NOT_ENROLLED)["access_token"]

    hmrc.control(f"users/{hmrc.user(NOT_ENROLLED)['user_id']}", {"enrolled": True})

    assert hmrc.businesses(token, NOT_ENROLLED).status_code == 200


def test_a_token_of_the_wrong_kind_is_named_so(hmrc: Hmrc) -> None:
    own, users = body(hmrc.token("client_credentials"))["access_token"], hmrc.connect()["access_token"]

    answers = [
        hmrc.businesses(own),
        hmrc.call("POST", "/create-test-user/individuals", token=users, version="1.0", send={"serviceNames": []}),
    ]

    assert {(one.status_code, body(one)["code"]) for one in answers} == {(401, "INCORRECT_ACCESS_TOKEN_TYPE")}


@pytest.mark.parametrize(
    "nino", ["QQ123456C", "aa000001a", "AA 00 00 01 A", "BG123456A", "DA123456A", "AA000001E", "x"]
)
def test_a_nino_is_held_against_hmrcs_own_pattern(hmrc: Hmrc, nino: str) -> None:
    assert body(hmrc.businesses("", nino))["code"] == "FORMAT_NINO"


def test_an_unknown_path_and_a_wrong_method_are_answered_in_json(hmrc: Hmrc) -> None:
    unknown, wrong = (
        hmrc.http.get("/individuals/nothing"),
        hmrc.http.delete(f"/individuals/business/details/{HARRIET}/list"),
    )

    assert (unknown.status_code, body(unknown)["code"]) == (404, "MATCHING_RESOURCE_NOT_FOUND")
    assert (wrong.status_code, body(wrong)["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_a_body_of_more_than_a_megabyte_is_not_read(hmrc: Hmrc) -> None:
    token = hmrc.connect()["access_token"]

    answer = hmrc.cumulative("PUT", token, b" " * 1_000_001)

    assert answer.status_code == 413
    assert body(answer)["code"] == "REQUEST_ENTITY_TOO_LARGE"
