"""A rehearsal goes on after a failure, and leaves out only what the failure took away."""

import json
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hmrc_door.bodies import JSON, HmrcError
from hmrc_door.call import Call
from hmrc_door.hidden import Hidden
from hmrc_door.operations import OPERATIONS
from hmrc_door.outcomes import Answered, NotSent, Outcome, Refused
from hmrc_door.versions import TERMS, Api
from mtd.rehearsal.evidence import Evidence
from mtd.rehearsal.perform import Performed, perform
from mtd.rehearsal.scene import NotLearnt, Scene
from mtd.rehearsal.steps import STEPS

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
IDS = {"businessId": "XPIS00000000001", "checkpointId": "c", "submissionId": "s", "calculationId": "k"}


def scene(day: date = date(2026, 11, 24)) -> Scene:
    return Scene.on(day, nino=Hidden("AA000001A"))


def performed(send: dict[str, Outcome], waits: list[float] | None = None) -> list[Performed]:
    """Perform every step; HMRC answers well, but for what `send` says of an operation."""

    def answer(call: Call) -> Outcome:
        return send.get(call.operation, Answered(status=200, body=dict(IDS)))

    return list(perform(STEPS, scene(), send=answer, now=lambda: NOW, wait=(waits or []).append))


def test_every_operation_of_the_apis_that_hmrc_wants_to_see_is_called() -> None:
    called = {done.call.operation for done in performed({}) if done.call}

    assert called == {
        operation.name
        for operation in OPERATIONS
        if operation.api is Api.TEST_SUPPORT or not TERMS[operation.api].only_sandbox
    }


def test_every_call_can_be_written_down_and_sent() -> None:
    for done in performed({}):
        assert done.call is not None
        assert "{" not in done.call.path()
        done.call.body()


def test_what_needs_nothing_of_a_failed_step_goes_on() -> None:
    refused = Refused(status=400, error=HmrcError(code="RULE_PROPERTY_BUSINESS_ADDED"))

    done = performed({"sa_test_support.create_test_business": refused})

    left_out = [one for one in done if one.call is None]
    assert {one.says for one in left_out} == {"left out: no home", "left out: no shop"}
    assert not any(one.succeeded for one in left_out)
    assert any(one.call and one.call.operation == "obligations.list_obligations" and one.succeeded for one in done)


@pytest.mark.parametrize(("times", "says"), [(1, "204"), (3, "204"), (9, "429 MESSAGE_THROTTLED_OUT")])
def test_a_call_that_hmrc_throttles_is_made_again_a_few_times(times: int, says: str) -> None:
    throttled = Refused(status=429, error=HmrcError(code="MESSAGE_THROTTLED_OUT"))
    answers: list[Outcome] = [*[throttled] * times, Answered(status=204)]

    (done,) = perform(STEPS[:1], scene(), send=lambda _: answers.pop(0), now=lambda: NOW, wait=lambda _: None)

    assert done.says == says


def test_a_calculation_is_given_its_five_seconds() -> None:
    waits: list[float] = [0.0]
    performed({}, waits)

    assert max(waits) >= 5


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (Answered(status=204), "204"),
        (Refused(status=404, error=HmrcError(code="NO_BUSINESS_FOUND")), "404 NO_BUSINESS_FOUND"),
        (NotSent(reason="no_slot"), "no_slot"),
    ],
)
def test_a_step_says_how_it_ended(outcome: Outcome, says: str) -> None:
    assert Performed(call=None, outcome=outcome, at=NOW).says == says


@pytest.mark.parametrize(
    ("day", "ended", "current"),
    [
        (date(2026, 11, 24), "2025-26", "2026-27"),
        (date(2027, 4, 5), "2025-26", "2026-27"),
        (date(2027, 4, 6), "2026-27", "2027-28"),
        # Before the first year of cumulative updates has ended there is none to rehearse with but that one.
        (date(2025, 6, 1), "2025-26", "2026-27"),
    ],
)
def test_the_tax_years_follow_the_day(day: date, ended: str, current: str) -> None:
    assert (scene(day).ended_year, scene(day).current_year) == (ended, current)


def test_an_id_that_never_came_is_not_made_up() -> None:
    empty = scene()
    empty.learn("home", {"businessId": 7}, "businessId")

    with pytest.raises(NotLearnt):
        empty.recall("home")


def evidence_of(done: list[Performed]) -> Evidence:
    return Evidence(
        environment="sandbox", nino=Hidden("AA000001A"), headers=["Gov-Client-Device-ID"], began_at=NOW, performed=done
    )


def test_the_evidence_names_headers_and_never_their_values(tmp_path: Path) -> None:
    evidence = evidence_of(performed({}))
    header: JSON = {"header": "gov-client-device-id", "value": "beec798b", "code": "VALID_HEADER"}
    evidence.opinions["validate"] = {"code": "VALID_HEADERS"}
    evidence.opinions["obligations-mtd"] = {"requests": [{"path": "/obligations/BB000002B", "headers": [header]}]}

    evidence.write(tmp_path / "evidence.json")

    told = json.loads((tmp_path / "evidence.json").read_text())
    assert told["nino"] == "AA000001A"
    assert told["header_validation"]["obligations-mtd"] == {
        "requests": [{"headers": [{"header": "gov-client-device-id", "code": "VALID_HEADER"}]}]
    }
    assert told["fraud_prevention_headers"] == ["Gov-Client-Device-ID"]
    assert {call["succeeded"] for call in told["calls"]} == {True}
    assert {
        "{nino}" in call["path"] or "checkpoint" in call["path"] or "vendor" in call["path"] for call in told["calls"]
    } == {True}
    assert not evidence.failed


def test_the_evidence_is_its_owners_alone_whatever_stood_in_its_place(tmp_path: Path) -> None:
    shared, elsewhere, link = tmp_path / "shared.json", tmp_path / "elsewhere.json", tmp_path / "link.json"
    for file in (shared, elsewhere):
        file.write_text("theirs")
        file.chmod(0o644)
    link.symlink_to(elsewhere)

    for file in (shared, link):
        evidence_of([]).write(file)

    assert [file.lstat().st_mode for file in (shared, link)] == [stat.S_IFREG | 0o600] * 2
    assert elsewhere.read_text() == "theirs"
    assert sorted(tmp_path.iterdir()) == [elsewhere, link, shared]
