"""/config, /me, /errors, /queue, the document, and what those who run it ask."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from api.management.commands import error_list
from hmrc_door import health
from hmrc_door.deprecations import Deprecation
from hmrc_door.versions import Api
from hmrc_oauth.policy import Policy
from tenants import clock, due, pauses, switches
from tenants.context import tenant
from tenants.faults import Fault
from tenants.models import Agency, PauseScope
from tests.api.callers import Caller, landlord_caller
from tests.api.document import DOCUMENT
from tests.api.world import World
from tests.cast import ALPHA
from tests.house.source import ROOT

# The rows of the user's troubleshooting table have codes of their own.
_TROUBLES = {"not_connected", "nino_missing", "nino_mismatch", "reconnect_required", "unavailable"}


def test_config_tells_a_front_end_where_it_is(outsider: Caller, alpha: Agency) -> None:
    said = outsider.get("config").json()

    assert said["agency"] == {"id": str(alpha.pk), "name": ALPHA.name}
    assert (said["environment"], said["api_version"]) == ("local", "1")
    assert abs(datetime.fromisoformat(said["now"]) - clock.now()) < timedelta(seconds=30)


def test_config_tells_who_runs_it(outsider: Caller, alpha: Agency, settings: Any) -> None:
    settings.OPERATOR = {
        "privacy_url": "https://operator.example/privacy",
        "terms_url": "https://operator.example/terms",
        "security_contact": "security@operator.example",
        "server_location": "London",
    }

    assert outsider.get("config").json()["operator"] == settings.OPERATOR


def test_config_tells_how_large_a_file_may_be(outsider: Caller, alpha: Agency) -> None:
    limits = outsider.get("config").json()["limits"]["landlord_import"]

    assert (limits["bytes"], limits["rows"], limits["columns"]) == (20 * 1024 * 1024, 100_000, 100)
    assert (limits["cell_characters"], limits["characters"]) == (32_767, 32 * 1024 * 1024)
    assert limits["unpacked_bytes"] == 64 * 1024 * 1024


def test_a_key_learns_whose_it_is(machine: Caller, alpha: Agency) -> None:
    me = machine.get("me").json()

    assert (me["kind"], me["agency_id"], me["agency_name"]) == ("api_key", str(alpha.pk), ALPHA.name)
    assert me["landlord_id"] is None


def test_staff_learn_what_their_role_allows(signed_in: Callable[[str], Caller]) -> None:
    me = signed_in("read-only").get("me").json()

    assert me["kind"] == "staff"
    assert me["scopes"] == sorted(
        ["agency:read", "connections:read", "events:read", "landlords:read", "submissions:read"]
    )


def test_a_landlord_learns_who_they_are_in_every_session(alpha: Agency, alphas: World) -> None:
    sessions = [landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host).get("me").json() for _ in range(2)]

    assert sessions[0] == sessions[1]
    assert sessions[0]["landlord_id"] == sessions[0]["id"] == alphas.landlord_id


def test_an_operator_belongs_to_no_agency(operator: Caller) -> None:
    me = Caller("connect.localhost", operator.headers).get("me").json()

    assert (me["kind"], me["agency_id"], me["agency_name"], me["scopes"]) == ("operator", None, "", ["operator"])


def test_every_code_is_listed_once_with_who_must_act_and_what_they_should_do(outsider: Caller, alpha: Agency) -> None:
    entries = outsider.get("errors").json()["results"]

    codes = [entry["code"] for entry in entries]
    assert codes == sorted(set(codes))
    assert {fault.code for fault in Fault.all()} <= {*codes}
    assert {f"hmrc.{trouble}" for trouble in _TROUBLES} <= {*codes}
    assert [entry["code"] for entry in entries if not entry["title"] or not entry["user_action"]] == []
    assert {entry["who"] for entry in entries} <= {"caller", "landlord", "agency", "operator", "nobody"}


def test_the_codes_of_the_document_and_of_the_docs_are_those_that_are_listed(outsider: Caller, alpha: Agency) -> None:
    entries = outsider.get("errors").json()["results"]

    assert DOCUMENT["components"]["schemas"]["ErrorCode"]["enum"] == [entry["code"] for entry in entries]
    assert (ROOT / "docs" / "errors.md").read_text() == error_list.document()


def test_hmrcs_own_codes_stand_beside_ours(outsider: Caller, alpha: Agency) -> None:
    entries = {entry["code"]: entry["hmrc_codes"] for entry in outsider.get("errors").json()["results"]}

    assert entries["hmrc.nino_invalid"] == ["FORMAT_NINO"]
    assert entries["not_found"] == []


def test_the_queue_says_what_waits_in_each_lane(machine: Caller, alphas: World) -> None:
    said = machine.get("queue").json()

    assert list(said["lanes"]) == ["interactive", "token", "deadline", "bulk", "background"]
    assert (said["requests_per_second"], said["lanes"]["bulk"]) == (3, 4)
    assert said["estimated_wait_s"] == pytest.approx(sum(said["lanes"].values()) / 3, abs=0.06)
    assert said["hmrc"]["availability_page"].startswith("http")


def test_the_queue_says_what_is_the_askers_own_and_of_nobody_else(
    machine: Caller, machine_of_beta: Caller, alphas: World
) -> None:
    own, others = (caller.get("queue").json() for caller in (machine, machine_of_beta))

    assert own["lanes"] == others["lanes"]
    assert (own["own_lanes"]["bulk"], others["own_lanes"]["bulk"]) == (4, 0)


def test_the_queue_says_what_stands_still_and_why_but_not_of_other_agencies(
    machine: Caller, machine_of_beta: Caller, alpha: Agency, now: datetime
) -> None:
    pauses.pause(scope=PauseScope.LANE, name="bulk", reason="HMRC has asked for it", now=now)
    pauses.pause(scope=PauseScope.AGENCY, name=str(alpha.pk), reason="asked for", now=now)

    own, others = (caller.get("queue").json()["paused"] for caller in (machine, machine_of_beta))

    assert others == [
        {"scope": "lane", "name": "bulk", "reason": "HMRC has asked for it", "paused_at": "2026-11-22T12:00:00Z"}
    ]
    assert [each["scope"] for each in own] == ["lane", "agency"]


def test_a_queue_that_stands_still_foretells_no_wait_for_what_does_not_go(
    machine: Caller, alphas: World, now: datetime
) -> None:
    before = machine.get("queue").json()
    for lane in before["lanes"]:
        pauses.pause(scope=PauseScope.LANE, name=lane, reason="asked for", now=now)

    said = machine.get("queue").json()

    assert (said["lanes"], said["estimated_wait_s"]) == (before["lanes"], 0)


def test_the_queue_says_whether_the_share_for_renewing_ahead_is_enough(
    machine: Caller, alpha: Agency, settings: Any
) -> None:
    settings.REFRESH_POLICY = Policy.ALL
    settings.REFRESH_SHARE = 1e-6
    rows = [(UUID(int=number), clock.now()) for number in (1, 2)]
    with tenant(alpha):
        due.keep_all(kind=due.Kind.REFRESH_AHEAD, lane=due.Lane.BACKGROUND, rows=rows)

    said = machine.get("queue").json()

    assert said["refresh"] == {
        "policy": "all",
        "share": 1e-6,
        "grants": 2,
        "uncovered": 2,
        "share_needed": pytest.approx(2 / 38_700, abs=1e-4),
    }
    assert said["lanes"]["background"] == 0  # planned, and no call that waits


def test_the_queue_shows_what_hmrc_says_of_its_apis_and_which_codes_nobody_knows(
    machine: Caller, alphas: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sunset = datetime(2027, 1, 31, tzinfo=UTC)
    seen = health.Snapshot(
        status="available",
        answered_at=sunset,
        failed_at=None,
        deprecations=(Deprecation(Api.OBLIGATIONS, "3.0", None, sunset),),
        unknown_codes={"NEW_ONE": 2},
    )
    monkeypatch.setattr(health, "snapshot", lambda: seen)

    said = machine.get("queue").json()["hmrc"]

    assert (said["status"], said["answered_at"], said["failed_at"]) == ("available", "2027-01-31T00:00:00Z", None)
    assert said["deprecations"] == [
        {"api": "obligations-api", "version": "3.0", "since": None, "sunset": "2027-01-31T00:00:00Z"}
    ]
    assert said["unknown_codes"] == {"NEW_ONE": 2}


def test_the_queue_says_that_hmrc_refuses_quarterday_itself(machine: Caller, alphas: World, alpha: Agency) -> None:
    before = machine.get("queue").json()["hmrc"]["status"]
    switches.throw(switches.CLIENT_REFUSED, now=clock.now())

    assert machine.get("queue").json()["hmrc"]["status"] == "client_refused" != before


def test_what_is_queued_has_a_place_and_a_time(machine: Caller, alphas: World) -> None:
    said = machine.get(f"operations/{alphas.operation_id}").json()

    assert (said["status"], said["queue_position"], said["progress"]) == ("queued", 2, 0.0)
    assert datetime.fromisoformat(said["estimated_start_at"]) > clock.now() - timedelta(seconds=5)
    assert (said["error"], said["finished_at"]) == (None, None)


@pytest.mark.parametrize("path", ["/openapi.json", "/api/v1/openapi.json", "/openapi-3.0.json"])
def test_the_document_is_served_as_it_was_written(path: str, outsider: Caller, alpha: Agency) -> None:
    said = outsider.get(path).json()

    assert said["openapi"].startswith("3.0" if "3.0" in path else "3.1")
    assert said["paths"].keys() == DOCUMENT["paths"].keys()


def test_the_docs_load_nothing_from_elsewhere(outsider: Caller, alpha: Agency) -> None:
    page = outsider.get("/docs/")

    assert page.status_code == 200
    assert "text/html" in page.headers["Content-Type"]
    assert "https://" not in page.content.decode().replace("https://alpha.localhost", "")


def test_alive_says_alive_and_nothing_else(outsider: Caller, db: None) -> None:
    assert outsider.get("/healthz").json() == {"status": "alive"}


def test_ready_names_what_it_asked(outsider: Caller, db: None) -> None:
    answer = outsider.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert set(answer.json()["checks"].values()) == {True}


def test_without_redis_it_is_not_ready_and_says_what_is_missing(outsider: Caller, db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = outsider.get("/readyz")

    assert answer.status_code == 503
    assert {name for name, holds in answer.json()["checks"].items() if not holds} == {"redis"}


def test_in_a_copy_it_is_not_ready_and_says_so(outsider: Caller, db: None, settings: Any) -> None:
    settings.ENVIRONMENT_ID = "of-the-copy"

    answer = outsider.get("/readyz")

    assert answer.status_code == 503
    assert {name for name, holds in answer.json()["checks"].items() if not holds} == {"environment"}
