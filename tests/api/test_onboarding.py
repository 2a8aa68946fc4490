"""Invitations in bulk, campaigns, mail settings, and what staff decide of a typed number."""

from typing import Any

import pytest
from django.core import mail as outgoing_mail

from hmrc_oauth import claims, needs
from hmrc_oauth.models import ClaimStatus, Connection
from landlords import bulk, posting
from landlords.models import Campaign, Landlord, Mail
from mtd import readiness
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.world import World
from tests.cast import ALPHA, OTHER_NINO


def landlord(machine: Caller, name: str, **given: Any) -> str:
    body = {"full_name": name, "email": f"{name.lower()}@post.example", "reference": f"R-{name}", **given}
    return str(machine.post("landlords", body).json()["id"])


@pytest.fixture
def names(machine: Caller) -> dict[str, str]:
    return {name: landlord(machine, name) for name in ("Ada", "Bert", "Carl")}


def work(agency: Agency) -> None:
    """What workers do."""
    with tenant(agency):
        for batch in bulk.unfinished():
            bulk.run(batch_id=batch, settled=needs.settled)
        for mail in Mail.objects.filter(status="queued"):
            posting.run(mail_id=mail.pk)


class TestABulk:
    def test_mails_each_once_and_tells_of_each_row(self, machine: Caller, names: dict[str, str], alpha: Agency) -> None:
        rows = [{"landlord_id": names["Ada"]}, {"reference": "R-Bert"}, {"reference": "nobody"}]
        asked = {"rows": rows, "deliver": "mail"}

        made = machine.post("invitations/bulk", asked, Idempotency_Key="once")
        replayed = machine.post("invitations/bulk", asked, Idempotency_Key="once")
        work(alpha)

        assert (made.status_code, replayed.json()["id"]) == (202, made.json()["id"])
        path = f"invitations/bulk/{made.json()['id']}"
        assert machine.get(path).json()["counts"] == {"made": 2, "refused": 1}
        told = machine.get(f"{path}/rows").json()["results"]
        assert [(row["row"], row["status"], row["code"], row["mail_status"]) for row in told] == [
            (1, "made", "", "sent"),
            (2, "made", "", "sent"),
            (3, "refused", "not_found", None),
        ]
        assert [row["row"] for row in machine.get(f"{path}/rows?status=refused").json()["results"]] == [3]
        assert machine.get(made.headers["Location"]).json()["status"] == "succeeded"
        assert sorted(message.to[0] for message in outgoing_mail.outbox) == ["ada@post.example", "bert@post.example"]

    def test_gives_links_for_the_agency_to_send(self, machine: Caller, names: dict[str, str], alpha: Agency) -> None:
        rows = [{"landlord_id": each} for each in names.values()]
        made = machine.post("invitations/bulk", {"rows": rows, "deliver": "link"}, Idempotency_Key="k").json()
        work(alpha)
        path = f"invitations/bulk/{made['id']}/links"

        first = machine.post(path, {"limit": 2}).json()
        rest = machine.post(path, {"limit": 2, "after": first["after"]}).json()

        assert [each["reference"] for each in first["results"] + rest["results"]] == ["R-Ada", "R-Bert", "R-Carl"]
        assert (first["after"], rest["after"]) == (2, None)
        token = first["results"][0]["invitation_token"]
        assert Caller(ALPHA.host).post("landlord-sessions", {"invitation_token": token}).status_code == 201

    @pytest.mark.parametrize("row", [{}, {"landlord_id": "01890000-0000-7000-8000-000000000000", "reference": "both"}])
    def test_wants_each_landlord_named_in_one_way(self, machine: Caller, row: dict[str, str]) -> None:
        answer = machine.post("invitations/bulk", {"rows": [row]}, Idempotency_Key="k")

        assert pointers(answer) == {"/rows/0/landlord_id": "one_of"}

    def test_needs_a_key(self, machine: Caller, names: dict[str, str]) -> None:
        answer = machine.post("invitations/bulk", {"rows": [{"reference": "R-Ada"}]})

        assert problem(answer) == (400, "idempotency.key_required")

    def test_is_cancelled(self, machine: Caller, names: dict[str, str], alpha: Agency) -> None:
        made = machine.post("invitations/bulk", {"rows": [{"reference": "R-Ada"}]}, Idempotency_Key="k").json()

        cancelled = machine.delete(f"invitations/bulk/{made['id']}").json()
        work(alpha)

        assert (cancelled["counts"], cancelled["cancelled_at"] is not None) == ({"cancelled": 1}, True)
        assert outgoing_mail.outbox == []


class TestACampaign:
    def test_is_followed_step_by_step(self, machine: Caller, names: dict[str, str], alpha: Agency) -> None:
        body = {"name": "Spring", "kind": "connect", "landlord_ids": [names["Ada"], names["Bert"]], "deliver": "mail"}
        made = machine.post("campaigns", body).json()
        work(alpha)
        path = f"campaigns/{made['id']}"

        steps = {step["stage"]: step for step in machine.get(path).json()["steps"]}
        standing = machine.get(f"{path}/landlords?stage=invited&limit=1").json()

        assert (steps["invited"]["reached"], steps["opened"]["reached"]) == (2, 0)
        (why,) = steps["invited"]["places"]
        assert (why["code"], why["count"], why["waiting_on"]) == ("not_opened", 2, "landlord")
        assert why["action"].endswith(".")
        found = machine.get(f"{path}/landlords?stage=invited&limit=1&cursor={standing['next']}").json()["results"]
        both = standing["results"] + found
        assert {row["id"] for row in both} == {names["Ada"], names["Bert"]}
        assert {(row["stage"], row["place"]) for row in both} == {("invited", "not_opened")}
        assert machine.get(f"{path}/landlords?place=ready").json()["results"] == []
        assert made["batches"] == [machine.get("invitations/bulk").json()["results"][0]["id"]]

    def test_that_nobody_is_in_is_refused(self, machine: Caller, alpha: Agency) -> None:
        answer = machine.post("campaigns", {"name": "x", "kind": "reconnect"})

        assert problem(answer) == (422, "campaign.empty")

    def test_filters_take_known_words(self, machine: Caller, alphas: World) -> None:
        for query in ("stage=nowhere", "place=nowhere"):
            assert problem(machine.get(f"funnel/landlords?{query}")) == (422, "request.invalid")

    def test_shows_everybody_of_the_agency_without_one(self, machine: Caller, names: dict[str, str]) -> None:
        steps = machine.get("funnel").json()["steps"]

        assert steps[0] == {
            "stage": "imported",
            "reached": 3,
            "here": 3,
            "places": [{"code": "not_invited", "count": 3, "waiting_on": "agency", "action": "Invite the landlord."}],
        }
        rows = machine.get("funnel/landlords?place=not_invited").json()["results"]
        assert {row["id"] for row in rows} == set(names.values())

    def test_wants_a_name_and_a_kind(self, machine: Caller, alpha: Agency) -> None:
        assert pointers(machine.post("campaigns", {})) == {"/name": "required", "/kind": "required"}
        with tenant(alpha):
            assert not Campaign.objects.exists()


def test_readiness_is_shown_with_the_landlord_and_the_connection(machine: Caller, alpha: Agency, alphas: World) -> None:
    path = f"landlords/{alphas.landlord_id}"
    assert machine.get(path).json()["readiness"] is None
    assert machine.get(f"{path}/connection").json()["readiness"] is None
    with tenant(alpha):
        readiness.assess(Landlord.objects.get(pk=alphas.landlord_id), now=clock.now())

    shown = machine.get(f"{path}/connection").json()["readiness"]

    assert (shown["status"], shown["waiting_on"], shown["businesses"]) == ("checking", "hmrc", 1)
    assert machine.get(path).json()["readiness"] == "checking"
    assert machine.get("connections").json()["results"][0]["readiness"]["status"] == "checking"


class TestATypedNumber:
    @pytest.fixture
    def waiting(self, alpha: Agency, alphas: World) -> str:
        """Somebody typed another number, and HMRC said that it is theirs."""
        with tenant(alpha):
            lena = Landlord.objects.get(pk=alphas.landlord_id)
            grant = Connection.objects.get().grant
            assert grant is not None
            Connection.objects.update(state="not_authorised", reason_code=claims.REASON)
            claims.open_claim(lena, grant, OTHER_NINO, status=ClaimStatus.WAITING, now=world.TODAY)
        return f"landlords/{alphas.landlord_id}/connection/nino"

    def test_is_shown_masked(self, machine: Caller, waiting: str) -> None:
        answer = machine.get(waiting)

        said = answer.json()
        assert (said["status"], said["typed"], said["on_file"]) == ("waiting", "AB****21B", "AA****56A")
        assert OTHER_NINO not in answer.content.decode()

    def test_is_confirmed_or_refused_once(self, machine: Caller, waiting: str) -> None:
        refused = machine.post(f"{waiting}/refuse", {})

        assert (refused.status_code, refused.json()["reason_code"]) == (200, "nino_refused")
        assert problem(machine.post(f"{waiting}/confirm", {})) == (409, "nino.nothing_to_confirm")
        assert machine.get(waiting).json()["status"] == "none"

    def test_goes_on_file_when_confirmed(self, machine: Caller, waiting: str, alphas: World) -> None:
        confirmed = machine.post(f"{waiting}/confirm", {})

        assert confirmed.status_code == 202
        assert machine.get(f"landlords/{alphas.landlord_id}").json()["nino"] == "AB****21B"

    def test_is_not_the_landlords_to_confirm(self, alpha: Agency, waiting: str, alphas: World) -> None:
        themselves = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)

        assert problem(themselves.post(f"{waiting}/confirm", {})) == (403, "auth.scope_missing")


class TestMailSettings:
    def test_are_ours_until_the_agency_changes_them(self, machine: Caller, alpha: Agency) -> None:
        said = machine.get("mail-settings").json()

        assert (said["reply_to"], said["reminder_days"], said["cooldown_days"]) == ("", [7, 21], 6)
        assert not any(text["is_own"] for text in said["templates"])

    def test_are_changed_one_by_one(self, machine: Caller, alpha: Agency) -> None:
        words = {"subject": "Hello from {agency}", "body": "{name}\n{url}"}
        machine.patch("mail-settings", {"templates": {"invitation": words}})

        said = machine.patch("mail-settings", {"reply_to": "help@alpha.example", "reminder_days": [9, 3, 9]}).json()

        assert (said["reply_to"], said["reminder_days"]) == ("help@alpha.example", [3, 9])
        assert {text["kind"]: text for text in said["templates"]}["invitation"] == {
            "kind": "invitation",
            **words,
            "is_own": True,
        }
        assert not machine.patch("mail-settings", {"templates": {"invitation": None}}).json()["templates"][0]["is_own"]

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"templates": {"code": {"subject": "a", "body": "no code"}}}, "/templates/code/body"),
            ({"templates": {"pigeon": {"subject": "a", "body": "{url}"}}}, "/templates/pigeon"),
            ({"templates": {"invitation": {"subject": "a\nBcc: b", "body": "{url}"}}}, "/templates/invitation/subject"),
            ({"templates": {"invitation": {"subject": "a", "body": "{url}\0"}}}, "/templates/invitation/body"),
            ({"reminder_days": [0]}, "/reminder_days/0"),
            ({"reply_to": "a@b\nc"}, "/reply_to"),
            ({"cooldown_days": 0}, "/cooldown_days"),
        ],
    )
    def test_that_can_not_be_are_refused(
        self, machine: Caller, alpha: Agency, change: dict[str, Any], where: str
    ) -> None:
        assert where in pointers(machine.patch("mail-settings", change))
