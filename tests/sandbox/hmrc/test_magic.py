"""People with a fixed outcome: theirs is the same each time, and nobody else's changes."""

import pytest

from sandbox.hmrc.magic import MAGIC, REVOKED_AFTER_S
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import HARRIET, Hmrc, body

NINOS = {magic.outcome: nino for nino, magic in MAGIC.items()}


class Magical(Hmrc):
    """Whose users are those with a fixed outcome."""

    def user(self, nino: str = HARRIET) -> dict[str, object]:
        return next(user for user in self.show("magic")["users"] if user["nino"] == nino)


@pytest.fixture
def magical(hmrc: Hmrc) -> Magical:
    return Magical(hmrc.app)


def test_they_are_told_apart_from_everybody(hmrc: Hmrc) -> None:
    told = hmrc.show("magic")["users"]

    assert {user["nino"]: user["outcome"] for user in told} == {nino: magic.outcome for nino, magic in MAGIC.items()}
    assert all(user["says"] and user["password"] for user in told)
    assert not {user["nino"] for user in hmrc.show("users")["users"]} & MAGIC.keys()


def test_they_stay_as_they_are_over_restarts_and_resets(start: Start) -> None:
    before = start().show("magic")
    again = start()
    again.control(f"users/{before['users'][0]['user_id']}", {"enrolled": False})
    again.control("reset", {})

    assert again.show("magic") == before


def test_one_connects(magical: Magical) -> None:
    nino = NINOS["connects"]

    assert magical.businesses(magical.connect(nino)["access_token"], nino).status_code == 200


def test_one_denies_whichever_button_is_pressed(magical: Magical) -> None:
    assert magical.decide("grant", NINOS["denies"])["error"] == "access_denied"
    assert magical.decide("deny", NINOS["denies"])["error"] == "access_denied"


def test_one_is_not_signed_up(magical: Magical) -> None:
    nino = NINOS["not_enrolled"]

    answer = magical.businesses(magical.connect(nino)["access_token"], nino)

    assert (answer.status_code, body(answer)["code"]) == (403, "CLIENT_OR_AGENT_NOT_AUTHORISED")


def test_one_takes_it_back_after_a_minute_each_time(magical: Magical) -> None:
    nino = NINOS["revoked_later"]
    for _ in range(2):
        tokens = magical.connect(nino)
        assert magical.businesses(tokens["access_token"], nino).status_code == 200
        magical.pass_time(REVOKED_AFTER_S + 1)

        assert magical.businesses(tokens["access_token"], nino).status_code == 401
        assert body(magical.refresh(tokens["refresh_token"]))["error"] == "invalid_grant"


def test_ones_refresh_is_lost_and_had_its_effect(magical: Magical) -> None:
    nino = NINOS["lost"]
    tokens = magical.connect(nino)

    lost = magical.refresh(tokens["refresh_token"])

    assert int(lost.headers["Content-Length"]) > len(b"{")
    assert magical.businesses(tokens["access_token"], nino).status_code == 401


def test_one_is_refused_every_second_time(magical: Magical) -> None:
    nino = NINOS["throttled"]
    token = magical.connect(nino)["access_token"]

    assert [magical.businesses(token, nino).status_code for _ in range(4)] == [429, 200, 429, 200]


def test_one_is_slow(magical: Magical, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("sandbox.hmrc.trouble.sleep", waited.append)
    nino = NINOS["slow"]

    assert magical.businesses(magical.connect(nino)["access_token"], nino).status_code == 200
    assert waited == [8.0]


def test_no_other_number_of_documentation_is_taken(magical: Magical) -> None:
    token = magical.connect(NINOS["connects"])["access_token"]

    assert body(magical.businesses(token, "QQ000009A"))["code"] == "FORMAT_NINO"
