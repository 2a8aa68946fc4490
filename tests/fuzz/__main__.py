"""Requests made from the OpenAPI document, against a running world of its own: `make fuzz CASES=50000`.

What must hold: nothing fails (5xx); no answer is of a status, media type, header or shape that the document does not
know; what breaks the document is refused; what fits it is not refused for its form; nothing is answered without a key.
An agency's key asks for everything, an operator's for what is an operator's. Staff sign-in is left out: its limits on
tries would be all that is met.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.document import DOCUMENT, OPERATIONS
from tests.house.source import ROOT
from tests.stack.world import World

_ALL, _LONG = "examples,coverage,fuzzing", 50  # all ways to make requests, from so many an operation on
_REPLACED = "positive_data_acceptance"  # by hooks.form_is_said
# A version is looked at before what is to be changed is read; and of many rows each has its own verdict.
_REFUSED = "400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429"
_SETTINGS = f"""
[checks]
negative_data_rejection.expected-statuses = [{_REFUSED}]

[[operations]]
include-path-regex = "^/api/v1/(landlord-imports|submission-batches)$"
checks.negative_data_rejection.expected-statuses = [{_REFUSED}, 202]
"""
_OPERATORS = "/api/v1/agencies"


def main(cases: int = 2000, seed: int = 1) -> int:
    """0 if all held. `cases`: how many at least, shared among the operations."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder).resolve() / "home")
        each = max(1, cases // len(OPERATIONS))
        try:
            world.start()
            by_agency = _fuzz(world, Path(folder), world.demo["api_key"], "/api/v1/", each, seed)
            by_operator = _fuzz(world, Path(folder), _operator_key(world), _OPERATORS, each, seed)
            return by_agency or by_operator
        finally:
            world.stop()


def _fuzz(world: World, folder: Path, key: str, below: str, each: int, seed: int) -> int:
    document, settings = folder / "openapi.json", folder / "schemathesis.toml"
    paths = {path: said for path, said in DOCUMENT["paths"].items() if path.startswith(below)}
    document.write_text(json.dumps({**DOCUMENT, "paths": paths}))
    settings.write_text(_SETTINGS)
    command = [
        str(Path(sys.executable).with_name("st")),
        *("--config-file", str(settings)),
        *("run", str(document), "--url", world.demo["base_url"]),
        *("--header", f"Authorization: Bearer {key}"),
        *("--checks", "all", "--exclude-checks", _REPLACED),
        *("--phases", _ALL if each >= _LONG else "fuzzing", "--mode", "all"),
        *("--max-examples", str(each), "--seed", str(seed), "--no-shrink", "--continue-on-failure", "--no-color"),
    ]
    landlords = json.dumps([landlord["id"] for landlord in world.demo["landlords"]])
    environ = {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "QUARTERDAY_LANDLORDS": landlords}
    return subprocess.run(command, cwd=folder, env={**os.environ, **environ}, check=False).returncode


def _operator_key(world: World) -> str:
    command = [sys.executable, "-m", "sandbox.manage", "create_operator_key"]
    environ = {**os.environ, "QUARTERDAY_HOME": str(world.home)}
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    found = re.search(r"qdo_\S+", done.stdout)
    assert found is not None
    return found.group()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
