"""What product and document promise of every operation, tried on every operation of the document."""

from datetime import datetime
from typing import Any

import pytest

from people import staff
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, pointers, problem
from tests.api.document import DOCUMENT, OPERATIONS, Operation
from tests.api.world import World
from tests.cast import ALPHA
from tests.people.clients import PASSWORD, BrowserClient

_SAID = {operation.id: DOCUMENT["paths"][operation.path][operation.method.lower()] for operation in OPERATIONS}
_POSTS = [each for each in OPERATIONS if each.method == "POST"]
_OPERATORS_LAST = sorted(OPERATIONS, key=lambda each: each.scope == "operator")  # they suspend the agency
_LISTS = [each for each in OPERATIONS if "cursor" in each.query]
_TAGGED = [each for each in OPERATIONS if ("If-Match", "header") in each.parameters and each.method != "POST"]
_COUNTED = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_OWNERS = "agency_export"  # no key can ask for it
_CACHED = {"fraud_contexts_schema", "fraud_contexts_snippet"}


def _ids(alphas: World) -> dict[str, str]:
    return {**alphas.ids(), "token": "nobody-has-it"}


@pytest.fixture
def call(machine: Caller, operator: Caller, alphas: World) -> Any:
    """Calls an operation as whoever may, with the ids of real things."""

    def send(operation: Operation, **headers: Any) -> Any:
        who = operator if operation.scope == "operator" else machine
        return who.call(operation.method, operation.at(**_ids(alphas)), operation.sample(), **headers)

    return send


def test_every_answer_has_the_requests_id_says_what_is_left_and_is_not_kept(call: Any) -> None:
    answers = {each.id: call(each, X_Request_Id="the-same-id") for each in _OPERATORS_LAST}

    assert {name for name, each in answers.items() if each.headers["X-Request-Id"] != "the-same-id"} == set()
    assert {name for name, each in answers.items() if not set(_COUNTED) <= each.headers.keys()} == set()
    assert {name for name, each in answers.items() if each.headers["Cache-Control"] != "no-store"} == _CACHED


def test_who_is_refused_before_any_view_is_counted_too(alpha: Agency) -> None:
    answer = Caller(ALPHA.host, {"Authorization": "Bearer nonsense"}).get("landlords")

    assert problem(answer) == (401, "auth.credential_malformed")
    assert set(_COUNTED) <= answer.headers.keys()


def test_beyond_the_limit_a_caller_waits_and_nobody_else(
    machine: Caller, outsider: Caller, settings: Any, alphas: World, monkeypatch: Any, now: datetime
) -> None:
    settings.REQUESTS_PER_MINUTE = 2
    monkeypatch.setattr(clock, "now", lambda: now)  # or a new minute may begin in between

    left = [machine.get("landlords").headers["RateLimit-Remaining"] for _ in range(2)]
    refused = machine.get("landlords")

    assert left == ["1", "0"]
    assert problem(refused) == (429, "request.slow_down")
    assert 0 < int(refused.headers["Retry-After"]) == int(refused.headers["RateLimit-Reset"]) <= 60
    assert outsider.get("start-page").status_code == 200


def test_without_redis_nobody_is_counted_and_nobody_held_up(machine: Caller, monkeypatch: Any, alphas: World) -> None:
    from redis import Redis

    from hmrc_door import config

    monkeypatch.setattr(config, "redis", lambda: Redis.from_url("redis://127.0.0.1:1/0"))

    answer = machine.get("landlords")

    assert answer.status_code == 200
    assert not set(_COUNTED) & answer.headers.keys()


@pytest.mark.parametrize("operation", _POSTS, ids=lambda each: each.id)
def test_every_post_documents_the_key(operation: Operation) -> None:
    assert ("Idempotency-Key", "header") in operation.parameters
    assert "idempotency.key_malformed" in _SAID[operation.id]["x-error-codes"]["400"]


def test_every_post_reads_the_key(call: Any) -> None:
    answers = {each.id: problem(call(each, Idempotency_Key="k" * 256)) for each in _POSTS if each.id != _OWNERS}

    assert answers == dict.fromkeys(answers, (400, "idempotency.key_malformed"))


def test_every_post_that_succeeds_is_done_once_and_answered_twice_alike(call: Any) -> None:
    replayed = {}
    for each in (each for each in _POSTS if each.scope != "operator" and each.id != "mail_opt_outs_create"):
        first = call(each, Idempotency_Key=f"once-{each.id}")
        if first.status_code < 300:
            again = call(each, Idempotency_Key=f"once-{each.id}")
            replayed[each.id] = (
                again.headers.get("Idempotent-Replayed"),
                (again.status_code, again.content) == (first.status_code, first.content),
            )

    assert len(replayed) > 10
    assert {"landlord_sessions_link", "landlords_create", "submission_batches_pause"} <= replayed.keys()
    assert replayed == dict.fromkeys(replayed, ("true", True))


def test_everything_that_can_be_read_and_changed_has_a_version(call: Any, machine: Caller) -> None:
    readable = {each.path: each for each in OPERATIONS if each.method == "GET"}
    wanted = [each for each in _TAGGED if each.scope != "operator"]

    tags = {each.id: call(readable[each.path]).headers.get("ETag") for each in wanted}
    stale = {each.id: problem(call(each, If_Match='"of-something-else"')) for each in wanted}

    assert {"agency_update", "staff_change_role", "landlords_update", "connection_disconnect"} <= tags.keys()
    assert {name for name, tag in tags.items() if not tag} == set()
    assert stale == dict.fromkeys(stale, (412, "request.stale"))


def test_who_has_the_version_that_is_there_may_change_it_once(machine: Caller, alpha: Agency) -> None:
    tag = machine.get("mail-settings").headers["ETag"]

    first = machine.patch("mail-settings", {"cooldown_days": 3}, If_Match=tag)
    again = machine.patch("mail-settings", {"cooldown_days": 4}, If_Match=tag)

    assert first.status_code == 200
    assert first.headers["ETag"] == machine.get("mail-settings").headers["ETag"] != tag
    assert problem(again) == (412, "request.stale")


def test_every_other_change_is_of_something_that_is_hmrcs() -> None:
    changes = [each for each in OPERATIONS if each.method in {"PATCH", "PUT", "DELETE"} and each not in _TAGGED]

    assert {each.id for each in changes} == {
        "annual_submission_replace",
        "mandates_revoke",
        "quarterly_type_choose",
        "submission_batches_cancel",
    } - {each.id for each in _TAGGED}


def test_every_list_is_a_page_with_opaque_cursors(call: Any, operator: Caller, machine: Caller, alphas: World) -> None:
    for each in _LISTS:
        who, path = (operator if each.scope == "operator" else machine), each.at(**_ids(alphas))

        assert who.get(path).json().keys() == {"results", "next", "previous"}, each.id
        assert problem(who.get(f"{path}?cursor=nonsense")) == (400, "request.bad_cursor"), each.id
        assert pointers(who.get(f"{path}?limit=101")) == {"?limit": "invalid"}, each.id


def test_every_answer_that_something_began_may_say_where_it_is() -> None:
    for name, said in _SAID.items():
        for status in {"201", "202"} & said["responses"].keys():
            assert "Location" in said["responses"][status]["headers"], name


def test_pages_of_the_agency_may_call_everything_and_read_every_header(machine: Caller, alphas: World) -> None:
    exposed = {*_COUNTED, "ETag", "Location", "Retry-After", "X-Request-Id", "Idempotent-Replayed"}
    asked = {"Access-Control-Request-Headers": "authorization,content-type,idempotency-key,if-match,last-event-id"}
    page = Caller(ALPHA.host, {"Origin": ALPHA.front_end, **asked})
    other = Caller(ALPHA.host, {"Origin": "https://elsewhere.example", **asked})

    for each in OPERATIONS:
        path = each.at(**_ids(alphas))
        allowed = page.call("OPTIONS", path, Access_Control_Request_Method=each.method)
        assert allowed.headers["Access-Control-Allow-Origin"] == ALPHA.front_end, each.id
        assert each.method in allowed.headers["Access-Control-Allow-Methods"], each.id
        assert "last-event-id" in allowed.headers["Access-Control-Allow-Headers"]
        refused = other.call("OPTIONS", path, Access_Control_Request_Method=each.method)
        assert "Access-Control-Allow-Origin" not in refused.headers, each.id
    answer = machine.call("GET", "landlords", Origin=ALPHA.front_end)
    assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) >= exposed


def test_a_cookie_changes_nothing_without_its_csrf_token(alpha: Agency, alphas: World) -> None:
    with tenant(alpha):
        user = staff.invite_staff(email="olga@alpha.example", role="owner", invited_by=SYSTEM, now=world.TODAY)
        staff.set_password(user_id=user.pk, password=PASSWORD)
    browser = BrowserClient(alpha, ALPHA.host)
    browser.open_page()
    assert browser.sign_in("olga@alpha.example").status_code == 200

    for each in OPERATIONS:
        if each.method != "GET" and _SAID[each.id]["security"] != [{}]:
            answer = browser.wire.generic(each.method, each.at(**_ids(alphas)), b"{}", "application/json")
            assert problem(answer) == (403, "auth.csrf_failed"), each.id
    assert browser.wire.get("/api/v1/me").json()["kind"] == "staff"
