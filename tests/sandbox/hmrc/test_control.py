"""The control API, and what it never shows."""

import re
from pathlib import Path

import pytest

from sandbox.hmrc.people import NINO
from tests.sandbox.hmrc.conftest import Start
from tests.sandbox.hmrc.driver import (
    BEATRIX,
    CLIENT_ID,
    HARRIET,
    NO_BUSINESS,
    NOT_ENROLLED,
    SECRETS,
    Hmrc,
    body,
    update,
)


class TestUsers:
    def test_are_eight_at_first(self, hmrc: Hmrc) -> None:
        users = hmrc.show("users")["users"]

        assert len(users) == 8
        assert all(NINO.fullmatch(user["nino"]) for user in users)
        assert len({user["nino"] for user in users}) == len({user["password"] for user in users}) == 8
        assert [user["nino"] for user in users if not user["enrolled"]] == [NOT_ENROLLED]
        assert [user["nino"] for user in users if not user["businesses"]] == [NO_BUSINESS]
        assert [user["nino"] for user in users if len(user["businesses"]) == 2] == [BEATRIX]
        ids = [one["business_id"] for user in users for one in user["businesses"]]
        assert all(re.fullmatch(r"X[A-Z0-9]IS[0-9]{11}", one) for one in ids)

    def test_can_be_added(self, hmrc: Hmrc) -> None:
        answer = hmrc.http.post("/control/users", json={"nino": "CE123456D", "enrolled": False, "businesses": []})

        assert answer.status_code == 201
        assert hmrc.user("CE123456D") == answer.get_json()
        assert answer.get_json()["businesses"] == []

    def test_get_a_nino_and_a_uk_property_if_nothing_is_said(self, hmrc: Hmrc) -> None:
        added = hmrc.control("users", {})

        assert NINO.fullmatch(added["nino"])
        assert [one["type_of_business"] for one in added["businesses"]] == ["uk-property"]

    @pytest.mark.parametrize(
        ("wish", "status"),
        [
            ({"nino": HARRIET}, 409),
            ({"nino": "QQ123456C"}, 400),
            ({"enrolled": "yes"}, 400),
            ({"businesses": [{"type_of_business": "castle"}]}, 400),
            ({"businesses": [{"type_of_business": "uk-property", "moat": True}]}, 400),
            ({"businesses": [{"type_of_business": "uk-property", "commencement_date": "long ago"}]}, 400),
            ({"businesses": {}}, 400),
            ([], 400),
        ],
    )
    def test_that_make_no_sense_are_refused(self, hmrc: Hmrc, wish: object, status: int) -> None:
        answer = hmrc.http.post("/control/users", json=wish)

        assert answer.status_code == status
        assert answer.get_json().keys() == {"error"}
        assert len(hmrc.show("users")["users"]) == 8

    def test_can_be_enrolled_only_if_they_are_there(self, hmrc: Hmrc) -> None:
        assert hmrc.http.post("/control/users/nobody", json={"enrolled": True}).status_code == 404
        assert hmrc.http.post("/control/users/nobody", json={"enrolled": 1}).status_code == 400


class TestTheClock:
    def test_moves_on_and_jumps_and_tells_where_it_is(self, hmrc: Hmrc) -> None:
        hmrc.control("clock", {"offset_seconds": 1000})
        moved = hmrc.control("clock", {"advance_seconds": 500.5})

        assert moved["offset_seconds"] == 1500.5
        assert hmrc.show("clock")["offset_seconds"] == 1500.5

    def test_is_read_from_a_file_that_others_may_write(self, hmrc: Hmrc, tmp_path: Path) -> None:
        (tmp_path / "clock").unlink()
        real = hmrc.show("clock")["offset_seconds"]

        (tmp_path / "clock").write_text("-3600")

        assert (real, hmrc.show("clock")["offset_seconds"]) == (0, -3600)

    @pytest.mark.parametrize(
        "wish", [{}, {"advance_seconds": "1"}, {"advance_seconds": True}, {"offset_seconds": 1e12}]
    )
    def test_does_not_take_nonsense(self, hmrc: Hmrc, wish: dict[str, object]) -> None:
        assert hmrc.http.post("/control/clock", json=wish).status_code == 400


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("clock", {"advance_seconds": 10**400}),
        ("lag", {"seconds": 10**400}),
        ("grants/revoke", {"nino": "\ud800"}),
        ("users", {"full_name": "\ud800"}),
        ("faults", {"kind": "redirect", "to": "http://localhost\r\nX-More: 1"}),
        ("faults", {"kind": "redirect", "to": "http://localhost/\u0101"}),
        ("faults", {"kind": "deprecated", "link": "https://localhost/\u0101"}),
        ("faults", {"kind": "deprecated", "deprecated_on": "0001-01-01T00:00:00+23:59"}),
        ("faults", {"kind": "status", "message": "\ud800"}),
        ("faults/lift", {"kind": ["hang"]}),
        ("faults/lift", {"kind": "hung"}),
    ],
)
def test_what_no_lever_could_do_is_refused_and_leaves_the_page_as_it_was(
    hmrc: Hmrc, path: str, wish: dict[str, object]
) -> None:
    hmrc.control("faults", {"kind": "hang"})

    assert hmrc.http.post(f"/control/{path}", json=wish).status_code == 400
    assert len(hmrc.show("faults")["faults"]) == 1
    assert hmrc.http.get("/").status_code == 200


def test_only_a_known_user_can_be_revoked(hmrc: Hmrc) -> None:
    assert hmrc.http.post("/control/grants/revoke", json={"nino": "CE123456D"}).status_code == 404


class TestTheRecord:
    def test_shows_what_came_in_newest_first_without_what_opens_a_door(self, hmrc: Hmrc) -> None:
        code = hmrc.code()
        tokens = body(hmrc.exchange(code))
        hmrc.refresh(tokens["refresh_token"])
        hmrc.businesses(tokens["access_token"], Gov_Client_Timezone="UTC+00:00")

        shown = hmrc.http.get("/control/requests")

        entries = shown.get_json()["requests"]
        assert [entry["operation"] for entry in entries] == ["business_list", "token", "token"]
        assert entries[0]["headers"]["Authorization"] == "Bearer ***"
        assert entries[0]["headers"]["Gov-Client-Timezone"] == "UTC+00:00"
        assert (entries[0]["method"], entries[0]["status"]) == ("GET", 401)
        assert "client_secret=***" in entries[1]["body"]
        for secret in (code, tokens["access_token"], tokens["refresh_token"], *SECRETS):
            assert secret not in shown.text

    def test_shows_no_secret_that_came_in_the_query_of_a_token_call(self, hmrc: Hmrc) -> None:
        hmrc.http.post(f"/oauth/token?client_id=me&client_secret={SECRETS[0]}")

        assert hmrc.show("requests")["requests"][0]["query"] == "client_id=me&client_secret=***"

    def test_shows_no_body_of_a_token_call_that_is_not_a_form(self, hmrc: Hmrc) -> None:
        hmrc.http.post("/oauth/token", json={"client_id": CLIENT_ID, "client_secret": SECRETS[0]})

        assert hmrc.show("requests")["requests"][0]["body"] == "(not a form)"

    def test_keeps_every_header_and_sorts_by_api_and_operation(self, hmrc: Hmrc) -> None:
        hmrc.businesses("", Gov_Client_User_IDs="quarterday=41", Gov_Vendor_Version="quarterday=1.0")
        hmrc.obligations("")
        hmrc.token(None)

        of_api = hmrc.show("requests?api=business-details-mtd")["requests"]
        of_operation = hmrc.show("requests?operation=obligations")["requests"]

        assert [entry["operation"] for entry in of_api] == ["business_list"]
        assert of_api[0]["headers"].items() >= {
            ("Gov-Client-User-Ids", "quarterday=41"),
            ("Gov-Vendor-Version", "quarterday=1.0"),
        }
        assert [entry["api"] for entry in of_operation] == ["obligations-mtd"]
        assert len(hmrc.show("requests")["requests"]) == 3

    def test_is_as_long_as_asked_for(self, hmrc: Hmrc) -> None:
        for _ in range(3):
            hmrc.businesses("")

        assert len(hmrc.show("requests?limit=2")["requests"]) == 2

    def test_shows_submissions_of_one_user(self, hmrc: Hmrc) -> None:
        hmrc.cumulative("PUT", hmrc.connect()["access_token"], update(periodAmount=10.5))

        shown = hmrc.show(f"submissions?nino={HARRIET}")["submissions"]

        assert [(one["nino"], one["tax_year"], one["times"]) for one in shown] == [(HARRIET, "2026-27", 1)]
        assert shown[0]["body"]["ukProperty"]["income"]["periodAmount"] == 10.5
        assert hmrc.show("submissions?nino=AA000002A") == {"submissions": []}


class TestTheSettings:
    def test_start_production_like_without_lag_and_with_eighteen_months(self, hmrc: Hmrc) -> None:
        assert hmrc.show("settings") == {"mode": "production_like", "lag_seconds": 0.0, "grant_days": 547}

    def test_are_labelled_on_the_page_for_what_they_are(self, hmrc: Hmrc) -> None:
        before = hmrc.http.get("/").text
        told = hmrc.control("mode", {"mode": "hmrc_sandbox"})
        after = hmrc.http.get("/").text

        assert told == {"mode": "hmrc_sandbox"}
        assert "more than HMRC's own sandbox does" in before
        assert "more than HMRC's own sandbox does" not in after
        assert '<span class="label">hmrc_sandbox</span>' in after

    def test_survive_a_restart_and_go_with_a_reset(self, start: Start) -> None:
        hmrc = start()
        hmrc.control("mode", {"mode": "hmrc_sandbox"})
        hmrc.control("lag", {"seconds": 3600})
        hmrc.control("grants/length", {"days": 30})

        again = start()
        kept = again.show("settings")
        again.control("reset", {})

        assert kept == {"mode": "hmrc_sandbox", "lag_seconds": 3600.0, "grant_days": 30}
        assert again.show("settings") == {"mode": "production_like", "lag_seconds": 0.0, "grant_days": 547}

    @pytest.mark.parametrize(
        ("lever", "wish"),
        [("mode", {"mode": "fast"}), ("mode", {}), ("lag", {"seconds": -1}), ("lag", {"seconds": "1"}), ("lag", {})],
    )
    def test_take_no_nonsense(self, hmrc: Hmrc, lever: str, wish: dict[str, object]) -> None:
        before = hmrc.show("settings")

        assert hmrc.http.post(f"/control/{lever}", json=wish).status_code == 400
        assert hmrc.show("settings") == before


class TestTheGuard:
    @pytest.mark.parametrize("path", ["/", "/control/users", "/control/health"])
    def test_lets_nobody_in_from_another_machine_or_under_another_name(self, hmrc: Hmrc, path: str) -> None:
        strangers = [
            hmrc.http.get(path, environ_overrides={"REMOTE_ADDR": "203.0.113.6"}),
            hmrc.http.get(path, headers={"Host": "rebound.example"}),
        ]

        assert [answer.status_code for answer in strangers] == [403, 403]
        assert all(hmrc.user()["password"] not in answer.text for answer in strangers)

    @pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "[::1]"])
    def test_lets_this_machine_in_by_its_names(self, hmrc: Hmrc, host: str) -> None:
        assert hmrc.http.get("/control/health", headers={"Host": host}).status_code == 200

    def test_takes_only_json(self, hmrc: Hmrc) -> None:
        assert hmrc.post("/control/grants/revoke", nino=HARRIET).status_code == 415


def test_a_reset_goes_back_to_the_first_start_and_keeps_the_passwords(hmrc: Hmrc) -> None:
    before = hmrc.show("users")
    token = hmrc.connect()["access_token"]
    hmrc.cumulative("PUT", token, update())
    hmrc.control("users", {})
    hmrc.control(f"users/{hmrc.user()['user_id']}", {"enrolled": False})

    hmrc.control("reset", {})

    assert hmrc.show("users") == before
    assert hmrc.show("submissions") == {"submissions": []}
    assert hmrc.show("clock")["offset_seconds"] == 0
    assert hmrc.businesses(token).status_code == 401


def test_a_fault_of_the_stand_in_itself_is_hmrcs_500(hmrc: Hmrc, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("[]")

    answer = hmrc.businesses("f" * 32)

    assert (answer.status_code, body(answer)["code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert answer.headers["X-CorrelationId"]
