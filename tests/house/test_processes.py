"""Which processes run, as `make run`, the image and the compose file say it: a queue each, and all stop in order."""

import os
import re
import subprocess
from argparse import Namespace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import product, supervisor
from tenants import doorbell
from tests.house.source import ROOT

# To send, for HMRC's answer and for the commit; dramatiq looks only once a second whether it was told to stop.
NEEDED_S, LOOKS_EVERY_S = 25, 1
QUEUES = {
    "worker": doorbell.Post.CARRIERS,
    "tokens": doorbell.Post.RESERVE,
    "house": doorbell.HOUSE,
    "hooks": doorbell.HOOKS,
}
LOCAL = {"worker": product.WORKER, "tokens": product.TOKENS, "house": product.HOUSE, "hooks": product.HOOKS}
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker/compose.yaml").read_text())["services"]
ROLES = pytest.mark.parametrize("role", QUEUES)
_cli: Any = import_module("dramatiq.cli")  # untyped


def parsed(words: str) -> Namespace:
    """What dramatiq understands."""
    given: Namespace = _cli.make_argument_parser().parse_args(words.split())
    return given


@pytest.fixture
def in_the_image(tmp_path: Path) -> Any:
    """What the image's entry point runs for a role, with a dramatiq that only says how it was called."""
    fake = tmp_path / "dramatiq"
    fake.write_text('#!/bin/sh\necho "$@"\n')
    fake.chmod(0o755)

    def run(role: str) -> Namespace:
        command = ["/bin/sh", str(ROOT / "docker/entrypoint.sh"), role]
        environ = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        return parsed(subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout)

    return run


def test_every_queue_has_a_process() -> None:
    assert sorted(QUEUES.values()) == sorted([doorbell.HOUSE, doorbell.HOOKS, *doorbell.Post])


@ROLES
def test_a_process_answers_one_queue_only_and_make_run_starts_it_as_the_image_does(
    role: str, in_the_image: Any
) -> None:
    whole = LOCAL[role] if "-m dramatiq" in LOCAL[role] else f"{product.WORK} {LOCAL[role]}"
    image, local = in_the_image(role), parsed(whole.removeprefix("-m dramatiq "))

    assert list(image.queues) == list(local.queues) == [QUEUES[role]]
    assert (image.threads, image.worker_shutdown_timeout) == (local.threads, local.worker_shutdown_timeout)
    assert (image.broker, image.processes) == (local.broker, local.processes)


@ROLES
def test_a_worker_has_the_time_for_what_is_under_way_and_its_container_leaves_it_more(
    role: str, in_the_image: Any
) -> None:
    grace = re.fullmatch(r"(\d+)s", SERVICES[role]["stop_grace_period"])

    assert SERVICES[role]["command"] == [role]
    assert in_the_image(role).worker_shutdown_timeout == NEEDED_S * 1000
    assert grace is not None
    assert int(grace[1]) >= 2 * (NEEDED_S + LOOKS_EVERY_S)


def test_make_run_leaves_it_more_as_well() -> None:
    assert supervisor.PRODUCT_STOPS_WITHIN >= 2 * (NEEDED_S + LOOKS_EVERY_S)
    assert supervisor.STOPS_WITHIN > supervisor.PRODUCT_STOPS_WITHIN + supervisor.SERVER_STOPS_WITHIN


def test_only_workers_and_who_prepares_them_hold_the_token_key() -> None:
    holders = {name for name, service in SERVICES.items() if "token_kek" in service.get("secrets", [])}

    assert holders == {*QUEUES, "prepare"} - {"hooks"}
