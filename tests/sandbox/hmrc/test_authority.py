"""Manage authority: a user sees what was given to which software, and takes it back."""

from werkzeug.test import TestResponse

from tests.sandbox.hmrc.driver import HARRIET, IDRIS, Hmrc, parse

MANAGE = "/applications-manage-authority"


def sign_in(hmrc: Hmrc, nino: str = HARRIET) -> str:
    """Return the journey of a user who has come to the page."""
    journey = parse(hmrc.http.get(MANAGE))["journey"]
    hmrc.sign_in(journey, nino)
    there = hmrc.give_code(journey, nino)
    assert there.headers["Location"] == f"{MANAGE}?journey={journey}"
    return journey


def look(hmrc: Hmrc, journey: str) -> TestResponse:
    return hmrc.http.get(MANAGE, query_string={"journey": journey})


def test_the_page_asks_for_the_same_sign_in_and_access_code(hmrc: Hmrc) -> None:
    begun = hmrc.http.get(MANAGE)
    journey = parse(begun)["journey"]

    assert begun.headers["Location"] == f"/sign-in?journey={journey}"
    assert look(hmrc, journey).status_code == 400
    assert hmrc.sign_in(journey).headers["Location"] == f"/sign-in/code?journey={journey}"
    assert look(hmrc, journey).status_code == 400
    assert hmrc.post(MANAGE, journey=journey, decision="remove").status_code == 400


def test_the_page_shows_the_software_its_scopes_and_the_date_of_the_grant(hmrc: Hmrc) -> None:
    hmrc.connect(scope="read:self-assessment")
    hmrc.pass_time(86_400)

    page = look(hmrc, sign_in(hmrc)).text

    assert "Quarterday" in page
    assert "View your Self Assessment information" in page
    assert "Change your Self Assessment information" not in page
    assert "22 November 2026" in page
    assert "22 May 2028" in page


def test_removing_the_software_ends_every_grant_of_the_user_and_nobody_elses(hmrc: Hmrc) -> None:
    first, second, others = hmrc.connect(), hmrc.connect(), hmrc.connect(IDRIS)
    journey = sign_in(hmrc)

    removed = hmrc.post(MANAGE, journey=journey, decision="remove")

    assert removed.status_code == 303
    assert "No software has your authority" in look(hmrc, journey).text
    for tokens in (first, second):
        assert hmrc.businesses(tokens["access_token"]).status_code == 401
        assert hmrc.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert hmrc.businesses(others["access_token"], IDRIS).status_code == 200


def test_a_code_that_was_not_spent_yet_goes_with_the_rest(hmrc: Hmrc) -> None:
    code = hmrc.code()

    hmrc.post(MANAGE, journey=sign_in(hmrc), decision="remove")

    assert hmrc.exchange(code).get_json()["error_description"] == "code is invalid"


def test_authority_can_be_given_again(hmrc: Hmrc) -> None:
    hmrc.connect()
    journey = sign_in(hmrc)
    hmrc.post(MANAGE, journey=journey, decision="remove")

    tokens = hmrc.connect()

    assert hmrc.businesses(tokens["access_token"]).status_code == 200
    assert "You gave Quarterday authority" in look(hmrc, journey).text


def test_a_grant_that_has_run_out_is_not_shown(hmrc: Hmrc) -> None:
    hmrc.connect()
    hmrc.control("grants/end", {"nino": HARRIET})

    assert "No software has your authority" in look(hmrc, sign_in(hmrc)).text


def test_nothing_is_removed_without_its_button(hmrc: Hmrc) -> None:
    tokens = hmrc.connect()

    answer = hmrc.post(MANAGE, journey=sign_in(hmrc))

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert hmrc.businesses(tokens["access_token"]).status_code == 200


def test_a_journey_to_manage_gives_no_authority_and_a_journey_to_give_manages_none(hmrc: Hmrc) -> None:
    managing, giving = sign_in(hmrc), hmrc.journey()
    hmrc.sign_in(giving)
    hmrc.give_code(giving)

    assert hmrc.post("/oauth/consent", journey=managing, decision="grant").status_code == 400
    assert hmrc.http.get("/oauth/consent", query_string={"journey": managing}).status_code == 400
    assert hmrc.post(MANAGE, journey=giving, decision="remove").status_code == 400
