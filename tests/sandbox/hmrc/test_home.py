"""The page for people at /: what it shows, and its forms."""

import re

import pytest

from sandbox.hmrc.kinds import KINDS
from sandbox.hmrc.levers import LEVERS
from tests.sandbox.hmrc.driver import HARRIET, Hmrc


def seal(hmrc: Hmrc) -> str:
    found = re.search(r'name="seal" value="([^"]+)"', hmrc.http.get("/").text)
    assert found
    return found[1]


class TestThePage:
    def test_shows_users_grants_and_requests_to_people(self, hmrc: Hmrc) -> None:
        hmrc.businesses(hmrc.connect()["access_token"])

        page = hmrc.http.get("/").text

        assert hmrc.user()["password"] in page
        assert "living" in page
        assert f"/individuals/business/details/{HARRIET}/list" in page

    def test_revokes_at_the_press_of_a_button(self, hmrc: Hmrc) -> None:
        token = hmrc.connect()["access_token"]

        hmrc.post("/levers/grants/revoke", seal=seal(hmrc), nino=HARRIET)

        assert hmrc.businesses(token).status_code == 401

    def test_clears_the_faults_at_the_press_of_a_button(self, hmrc: Hmrc) -> None:
        hmrc.control("faults", {"kind": "hang"})

        hmrc.post("/levers/faults/lift", seal=seal(hmrc))

        assert hmrc.show("faults") == {"faults": []}

    def test_moves_the_clock_at_the_press_of_a_button(self, hmrc: Hmrc) -> None:
        before = hmrc.show("clock")["offset_seconds"]

        hmrc.post("/levers/clock", seal=seal(hmrc), advance_seconds="86400")

        assert hmrc.show("clock")["offset_seconds"] == before + 86_400

    @pytest.mark.parametrize("lever", LEVERS)
    def test_takes_no_orders_from_another_page(self, hmrc: Hmrc, lever: str) -> None:
        assert hmrc.post(f"/levers/{lever}", seal="guessed", advance_seconds="3600").status_code == 403
        assert hmrc.post(f"/levers/{lever}", advance_seconds="3600").status_code == 403


class TestThePagesForms:
    @pytest.mark.parametrize("kind", KINDS)
    def test_have_a_button_for_every_kind_of_fault(self, hmrc: Hmrc, kind: str) -> None:
        page = hmrc.http.get("/").text

        hmrc.post("/levers/faults", seal=seal(hmrc), kind=kind)

        assert f'name="kind" value="{kind}"' in page
        assert [fault["kind"] for fault in hmrc.show("faults")["faults"]] == [kind]

    def test_make_a_fault_to_measure_and_leave_out_what_is_empty(self, hmrc: Hmrc) -> None:
        form = {"kind": "status", "operation": "token", "nino": "", "times": "2", "status": "503", "code": " "}

        hmrc.post("/levers/faults", seal=seal(hmrc), **form)

        (fault,) = hmrc.show("faults")["faults"]
        assert (fault["operation"], fault["times"], fault["status"], fault["nino"]) == ("token", 2, 503, None)
        assert fault["code"] == "SERVER_ERROR"

    @pytest.mark.parametrize(
        ("lever", "form", "reason"),
        [
            ("faults", {"kind": "html", "status": "418"}, "status is one of 502, 503"),
            ("faults", {"kind": "hang", "times": "many"}, "a number was expected"),
            ("grants/length", {"days": "0"}, "grant_days"),
        ],
    )
    def test_say_on_the_page_what_was_wrong(self, hmrc: Hmrc, lever: str, form: dict[str, str], reason: str) -> None:
        answer = hmrc.post(f"/levers/{lever}", seal=seal(hmrc), **form)

        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert reason in answer.text

    def test_set_the_rate(self, hmrc: Hmrc) -> None:
        form = {"per_second": "5", "model": "token_bucket", "broken_body": "yes"}

        hmrc.post("/levers/rate", seal=seal(hmrc), **form)

        assert {"per_second": 5, "model": "token_bucket", "broken_body": True}.items() <= hmrc.show("rate").items()

    def test_give_every_field_a_label_and_load_nothing(self, hmrc: Hmrc) -> None:
        page = hmrc.http.get("/").text

        fields = re.findall(r'<(?:input(?! type="hidden")|select)[^>]* id="([^"]+)"', page)
        assert len(fields) == len(set(fields)) > 15
        assert all(f'for="{field}"' in page for field in fields)
        assert not re.search(r"<script|<link|<img|src=|url\(", page)
