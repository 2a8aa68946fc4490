"""
`make walk`: the README's walk, typed by a machine.

It runs the same commands that a reader would type, in one shell, against a running `make run`, and then asks the HMRC
stand-in: all is well only if it holds exactly the figures that were submitted.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sandbox import running
from sandbox.faults import Broken, Refused
from sandbox.home import ROOT, default_home

BEGIN, END = "<!-- walk: begin -->", "<!-- walk: end -->"
WITHIN = 180.0  # seconds
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Said by the shell itself at the end: which landlord it was, and what was submitted.
_TELL = 'printf \'{"landlord": "%s", "figures": %s}\' "$LANDLORD" "$FIGURES" > "$WALKED"'


def blocks(text: str) -> list[str]:
    """The walk's shell blocks, in order. Raises Refused if the text marks no walk, or one without a block."""
    before, found_begin, rest = text.partition(BEGIN)
    walk, found_end, _ = rest.partition(END)
    commands = _BLOCK.findall(walk)
    if not (found_begin and found_end and commands) or END in before:
        raise Refused(f"README.md holds no walk between {BEGIN} and {END}")
    return commands


def script(commands: Sequence[str]) -> str:
    """One script of all blocks. It shows each before it runs it, and tells at the end what was submitted."""
    shown = (f"printf '\\n%s' {shlex.quote(_prompted(command))}\n{command}" for command in commands)
    return "\n".join([*shown, _TELL, ""])


def holds(submissions: Sequence[Mapping[str, Any]], figures: Mapping[str, Any]) -> bool:
    """Whether the newest of the stand-in's submissions has exactly these figures; amounts are compared as decimals."""
    return bool(submissions) and _exact(submissions[0]["body"].get("ukProperty", {})) == _exact(figures)


def main() -> int:
    """Walk. 0 if the stand-in holds the figures, 1 if a step failed, 2 if nothing runs that could be walked through."""
    try:
        demo = running.demo()
        commands = blocks((ROOT / "README.md").read_text())
        told = _walk(script(commands))
        _check(demo, told)
    except (Refused, Broken) as fault:
        sys.stderr.write(f"walk: {fault}\n")
        return fault.exit_code
    print("\nThe walk is done: the stand-in holds exactly the figures that were submitted.")
    return 0


def _walk(text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        walked = Path(folder) / "walked.json"
        environ = {**os.environ, "QUARTERDAY_HOME": str(default_home()), "WALKED": str(walked)}
        sys.stdout.flush()
        try:
            done = subprocess.run(["sh", "-eu", "-c", text], cwd=ROOT, env=environ, timeout=WITHIN, check=False)
        except subprocess.TimeoutExpired:
            raise Broken(f"the walk was not done within {WITHIN:.0f} s") from None
        if done.returncode:
            raise Broken(f"the last command shown failed with exit code {done.returncode}")
        told: dict[str, Any] = json.loads(walked.read_text())
    return told


def _check(demo: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    nino = next(one["nino"] for one in demo["landlords"] if one["id"] == told["landlord"])
    held = json.loads(running.get(demo["sandbox_url"], f"/control/submissions?nino={quote(nino)}"), parse_float=Decimal)
    if not holds(held["submissions"], told["figures"]):
        raise Broken("the stand-in does not hold the figures that were submitted")


def _prompted(command: str) -> str:
    return "".join(f"  {line}" for line in command.splitlines(keepends=True))


def _exact(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {name: _exact(inner) for name, inner in node.items()}
    return Decimal(str(node))


if __name__ == "__main__":
    sys.exit(main())
