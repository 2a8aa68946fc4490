"""What operators type: the doctor, and the rehearsal for HMRC's approval."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hmrc_door.operations import OPERATIONS
from hmrc_door.versions import TERMS, Api
from sandbox.home import ROOT
from tests.stack.conftest import MakeLandlord
from tests.stack.world import KEPT, World

pytestmark = pytest.mark.stack


def manage(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of manage.py beside the running world, as `make manage` does."""
    environ = {name: os.environ[name] for name in KEPT if name in os.environ} | {"QUARTERDAY_HOME": str(world.home)}
    argv = [sys.executable, "-m", "sandbox.manage", *words]
    return subprocess.run(argv, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=100, check=False)


def test_the_doctor_finds_the_stand_in_in_good_health(world: World) -> None:
    done = manage(world, "hmrc_doctor", "--json")

    findings = [json.loads(line) for line in done.stdout.splitlines()]
    failures = [finding for finding in findings if finding["level"] == "failure"]
    assert not failures, failures
    assert Counter(finding["check"] for finding in findings if finding["level"] == "ok")["apis"] == 5
    assert done.returncode == max({"ok": 0, "skipped": 0, "warning": 1}[one["level"]] for one in findings)


def test_the_rehearsal_calls_every_operation_with_fraud_headers_and_leaves_evidence(
    world: World, landlord_of: MakeLandlord, tmp_path: Path
) -> None:
    landlord = landlord_of(businesses=[])
    landlord.connect()
    reference = world.agency.get(f"landlords/{landlord.id}")["reference"]
    out = tmp_path / "evidence.json"
    world.seen.add("NINO", landlord.user.nino)

    done = manage(
        world, "hmrc_rehearsal", "--agency", world.demo["agency_host"], "--landlord", reference, "--out", str(out)
    )

    evidence = json.loads(out.read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    assert {call["operation"] for call in evidence["calls"]} == {
        operation.name
        for operation in OPERATIONS
        if operation.api is Api.TEST_SUPPORT or not TERMS[operation.api].only_sandbox
    }
    assert evidence["header_validation"]["validate"]["code"] in {"VALID_HEADERS", "POTENTIALLY_INVALID_HEADERS"}
    assert out.stat().st_mode & 0o777 == 0o600


def test_nothing_is_rehearsed_for_a_landlord_nobody_knows(world: World) -> None:
    done = manage(world, "hmrc_rehearsal", "--agency", world.demo["agency_host"], "--landlord", "nobody")

    assert done.returncode == 1
    assert "no landlord with a NINO has this reference" in done.stderr
