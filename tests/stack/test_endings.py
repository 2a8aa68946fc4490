"""Attempts that don't end in a connection: each says why, and what to do."""

import secrets
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.stack.cast import Landlord
from tests.stack.conftest import MakeLandlord
from tests.stack.stand_in import Return
from tests.stack.world import World, until

pytestmark = pytest.mark.stack

TEN_MINUTES = 600
A_DAY = 86_400


def test_a_denial_is_said_and_can_be_tried_again(landlord: Landlord) -> None:
    back = landlord.go(landlord.begin(), decision="deny")

    session = landlord.session(back.said["connect_session"])

    assert back.said["status"] == "denied"
    assert "completion_code" not in back.said
    assert (session["status"], session["reason_code"]) == ("denied", "denied")
    assert (landlord.connection()["state"], landlord.connection()["reason_code"]) == ("not_connected", "denied")
    assert landlord.connect()["state"] == "active"


class TestTooLate:
    def test_ten_minutes_after_the_return_the_code_is_not_spent(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        world.hmrc.pass_time(TEN_MINUTES + 1)

        problem = landlord.complete(back, expect=410)

        assert problem["code"] == "connect.session_expired"
        session = landlord.until_settled(back.said["connect_session"])
        assert (session["status"], session["reason_code"]) == ("expired", "expired")
        assert landlord.connection()["reason_code"] == "expired"
        assert world.witness.count("access token", user_id=landlord.user.user_id) == 0

    def test_a_day_after_the_beginning_the_return_finds_the_session_over(
        self, world: World, landlord: Landlord
    ) -> None:
        begun = landlord.begin()
        callback = world.hmrc.leave(begun["authorization_url"], landlord.user)
        world.hmrc.pass_time(A_DAY)

        back = Return(callback, world.hmrc.follow(callback))

        assert back.said["status"] == "failed"
        assert "completion_code" not in back.said
        assert landlord.until_settled(begun["connect_session"])["reason_code"] == "expired"


class TestRepeated:
    def test_a_callback_brings_no_second_completion_code(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())

        again = Return(back.callback, world.hmrc.follow(back.callback))

        assert again.said == {"connect_session": back.said["connect_session"], "status": "pending"}
        landlord.complete(back)
        assert landlord.until_state("active")["generation"] == 1

    def test_a_callback_after_all_is_done_leads_to_the_session_as_it_is(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        landlord.complete(back)
        landlord.until_state("active")

        again = Return(back.callback, world.hmrc.follow(back.callback))

        assert "completion_code" not in again.said
        assert landlord.session(again.said["connect_session"])["status"] == "connected"
        assert landlord.connection()["generation"] == 1

    def test_a_completion_is_refused_and_moves_nothing(self, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        landlord.complete(back)
        landlord.until_state("active")

        problem = landlord.complete(back, expect=409)

        assert problem["code"] == "connect.already_completed"
        assert (landlord.connection()["state"], landlord.connection()["generation"]) == ("active", 1)

    def test_a_code_that_was_spent_is_refused_by_hmrc_and_said(
        self, world: World, landlord: Landlord, landlord_of: MakeLandlord
    ) -> None:
        spent = landlord.go(landlord.begin())
        landlord.complete(spent)
        landlord.until_state("active")
        other = landlord_of()
        forged = _callback_of(other.begin()["authorization_url"], world, code=_code(spent.callback))

        back = Return(forged, world.hmrc.follow(forged))
        other.complete(back)

        session = other.until_settled(back.said["connect_session"])
        assert (session["status"], session["reason_code"]) == ("failed", "code_refused")
        assert other.connection()["state"] == "not_connected"
        assert landlord.connection()["state"] == "active"


class TestAnotherCaller:
    def test_cannot_complete_and_moves_nothing(self, world: World, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        made = world.agency.post("api-keys", {"name": "another", "scopes": ["connections:write", "connections:read"]})

        problem = landlord.complete(back, by=world.api(made["key"]), expect=409)

        assert problem["code"] == "connect.other_principal"
        assert landlord.session(back.said["connect_session"])["status"] == "returned"
        landlord.complete(back)
        landlord.until_state("active")

    def test_with_a_wrong_completion_code_moves_nothing(self, landlord: Landlord) -> None:
        back = landlord.go(landlord.begin())
        wrong = Return(back.callback, back.onward.replace(back.said["completion_code"], secrets.token_urlsafe(32)))

        problem = landlord.complete(wrong, expect=409)

        assert problem["code"] == "connect.wrong_completion_code"
        assert landlord.session(back.said["connect_session"])["status"] == "returned"


@pytest.mark.parametrize("query", ["state={}&code={}", "state={}&error=access_denied", "code={}", ""])
def test_a_return_that_leads_nowhere_gets_a_page_for_people(world: World, query: str) -> None:
    made_up = [secrets.token_hex(16), secrets.token_hex(16)]
    world.seen.add("authorization code", *made_up)

    page = world.api().call("GET", f"/hmrc/callback?{query.format(*made_up)}", expect=400)

    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Cache-Control"] == "no-store"
    assert '<html lang="en-GB">' in page.text
    assert "<h1>" in page.text
    assert "<script" not in page.text


def test_a_return_without_a_code_or_an_error_moves_nothing(world: World, landlord: Landlord) -> None:
    begun = landlord.begin()
    bare = _callback_of(begun["authorization_url"], world, code="")

    world.api().call("GET", bare.removeprefix(world.demo["base_url"]), expect=400)

    assert until(lambda: landlord.session(begun["connect_session"]))["status"] == "waiting_at_hmrc"


def _callback_of(authorization_url: str, world: World, *, code: str) -> str:
    """A return to this session's state with a code of our choice."""
    state = parse_qs(urlsplit(authorization_url).query)["state"][0]
    world.seen.add("state", state)
    return f"{world.demo['base_url']}/hmrc/callback?state={state}&code={code}"


def _code(callback: str) -> str:
    return parse_qs(urlsplit(callback).query)["code"][0]
