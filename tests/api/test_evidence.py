"""What a submission leaves behind for whoever asks later, and what stopped it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from hmrc_door.outcomes import Answered
from landlords import records
from mtd.held import note, read
from mtd.models import Attempt, Step, Submission
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, landlord_caller, pointers, problem
from tests.api.document import BY_ID
from tests.api.world import BUSINESS, World, connect
from tests.cast import ALPHA

DECLARED = {"accepted": True, "covers_whole_business": True}
THEIRS: Any = {
    "fromDate": "2026-04-06",
    "toDate": "2026-07-05",
    "submittedOn": "2026-07-07T10:59:47.544Z",
    "ukProperty": {"income": {"periodAmount": 900}},
}


@pytest.fixture
def stopped(alpha: Agency, alphas: World, now: datetime) -> UUID:
    """HMRC was found to hold somebody else's figures."""
    with tenant(alpha):
        Submission.objects.update(status="stopped", reason_code="submission.would_overwrite", settled_at=now)
        submission = Submission.objects.get(pk=alphas.submission_id)
        found = read(THEIRS, business_id=BUSINESS, tax_year="2026-27")
        note(submission, found, now=now)
        call = Attempt.begin(submission, what=Step.READ, now=now)
        call.complete(Answered(status=200, body=THEIRS, correlation_id="corr-1"), now=now, held_digest=found.digest)
    return UUID(alphas.submission_id)


def test_a_stopped_submission_shows_both_figures_and_what_to_do(machine: Caller, stopped: UUID, now: datetime) -> None:
    said = machine.get(f"submissions/{stopped}").json()

    assert (said["status"], said["reason_code"]) == ("stopped", "submission.would_overwrite")
    assert said["figures"] == {"income": {"periodAmount": "1200.00"}}
    holds = said["hmrc_holds"]
    assert holds["figures"] == {"income": {"periodAmount": "900.00"}}
    assert (holds["period_start"], holds["period_end"], holds["submission_id"]) == ("2026-04-06", "2026-07-05", None)
    assert holds["read_at"] == now.isoformat().replace("+00:00", "Z")
    assert "replaces" in said["user_action"]


def test_its_digest_is_what_replaces_says(machine: Caller, alpha: Agency, stopped: UUID, now: datetime) -> None:
    shown = machine.get(f"submissions/{stopped}").json()
    sent = {**_again(shown), "replaces": shown["hmrc_holds"]["digest"]}

    answer = machine.post("submissions", sent, Idempotency_Key="k")

    assert (answer.status_code, answer.json()["replaces"]) == (202, shown["hmrc_holds"]["digest"])
    with tenant(alpha):
        assert bytes(Submission.objects.get(pk=answer.json()["id"]).replaces or b"").hex() == sent["replaces"]


@pytest.mark.parametrize("replaces", ["yes", "AB" * 32, "0" * 63, 7])
def test_what_is_no_digest_is_refused(machine: Caller, stopped: UUID, replaces: Any) -> None:
    sent = {**_again(machine.get(f"submissions/{stopped}").json()), "replaces": replaces}

    answer = machine.post("submissions", sent, Idempotency_Key="k")

    assert problem(answer) == (422, "request.invalid")
    assert list(pointers(answer)) == ["/replaces"]


def test_one_that_goes_its_way_shows_nothing_of_what_hmrc_holds(machine: Caller, alphas: World) -> None:
    said = machine.get(f"submissions/{alphas.submission_id}").json()

    assert (said["hmrc_holds"], said["replaces"], said["user_action"]) == (None, None, "")


def test_evidence_tells_what_was_sent_by_whose_click_and_each_call(machine: Caller, stopped: UUID) -> None:
    said = machine.get(f"submissions/{stopped}/evidence").json()

    assert said["submission"]["declaration"].items() >= DECLARED.items()
    assert said["submission"]["mandate"]["kind"] == "standing"
    assert said["submission"]["created_by_kind"] == "system"
    (call,) = said["calls"]
    assert (call["what"], call["outcome"], call["hmrc_status"], call["correlation_id"]) == (
        "read",
        "answered",
        200,
        "corr-1",
    )
    assert call["held_digest"] == said["hmrc_holds"]["digest"]


def test_a_landlord_sees_only_their_own_evidence(alpha: Agency, alphas: World, stopped: UUID, now: datetime) -> None:
    own = landlord_caller(alpha, alphas.landlord_id, host=ALPHA.host)
    assert own.get(f"submissions/{stopped}/evidence").status_code == 200

    with tenant(alpha):
        other = records.create(by=SYSTEM, given={"full_name": "Otto Owner", "nino": "AB654321B"}, now=now)
        connect(other, now=now)
    stranger = landlord_caller(alpha, other.pk, host=ALPHA.host)

    assert problem(stranger.get(f"submissions/{stopped}/evidence")) == (404, "not_found")


def test_evidence_is_in_the_document() -> None:
    assert BY_ID["submissions_evidence"].path.endswith("/evidence")


def _again(shown: dict[str, Any]) -> dict[str, Any]:
    same = ("landlord_id", "business_id", "tax_year", "period_start", "period_end", "figures")
    return {**{name: shown[name] for name in same}, "declaration": DECLARED}
