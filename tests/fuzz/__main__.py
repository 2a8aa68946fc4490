"""Requests made from the OpenAPI document, against a running world of its own: `make fuzz CASES=50000`.

What must hold: nothing fails (5xx), and no answer is of a status, media type or shape that the document does not know.
Staff sign-in is left out: its limits on tries would be all that is met.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.api.document import DOCUMENT, OPERATIONS
from tests.house.source import ROOT
from tests.stack.world import World

_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

_ALL, _LONG = "examples,coverage,fuzzing", 50  # all ways to make requests, from so many an operation on


def main(cases: int = 2000, seed: int = 1) -> int:
    """0 if all held. `cases`: how many at least, shared among the operations."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder).resolve() / "home")
        try:
            world.start()
            return _fuzz(world, Path(folder), max(1, cases // len(OPERATIONS)), seed)
        finally:
            world.stop()


def _fuzz(world: World, folder: Path, each: int, seed: int) -> int:
    document = folder / "openapi.json"
    paths = {path: said for path, said in DOCUMENT["paths"].items() if path.startswith("/api/v1/")}
    document.write_text(json.dumps({**DOCUMENT, "paths": paths}))
    command = [
        str(Path(sys.executable).with_name("st")),
        *("run", str(document), "--url", world.demo["base_url"]),
        *("--header", f"Authorization: Bearer {world.demo['api_key']}"),
        *("--checks", _CHECKS, "--phases", _ALL if each >= _LONG else "fuzzing", "--mode", "all"),
        *("--max-examples", str(each), "--seed", str(seed), "--no-shrink", "--continue-on-failure", "--no-color"),
    ]
    landlords = json.dumps([landlord["id"] for landlord in world.demo["landlords"]])
    environ = {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "QUARTERDAY_LANDLORDS": landlords}
    return subprocess.run(command, cwd=folder, env={**os.environ, **environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
