"""Deque's axe, run in a page: what somebody would stumble over who can't see it, or goes by keyboard."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.home import ROOT
from tests.stack.browser import Browser

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_LOOK = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: {type: "tag", values: arguments[0]}}).then(({violations, passes}) => done([
  ...violations.map(({id, nodes}) => `${id}: ${nodes.map((at) => `${at.target} ${at.failureSummary}`).join("; ")}`),
  ...(passes.length ? [] : ["axe looked at nothing"]),
]), (error) => done([String(error)]));
"""


def faults(browser: Browser) -> list[str]:
    """What is wrong with the page that is shown: what breaks WCAG 2.2 AA, and whether it is wider than its window."""
    if not browser.wire.execute_script("return 'axe' in window"):
        # By the driver: the page's own policy lets no foreign script in.
        browser.wire.execute_script(_source())
    found: list[str] = browser.wire.execute_async_script(_LOOK, _RULES)
    wide = browser.wire.execute_script("return document.documentElement.scrollWidth - innerWidth")
    return [*found, *([f"{wide} px too wide"] if wide > 0 else [])]


@cache
def _source() -> str:
    """Axe as the console's lock file names it."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    with TemporaryDirectory() as place:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "console" / name, place)
        subprocess.run(command, cwd=place, env={**os.environ, "PATH": path}, check=True, capture_output=True)
        return (Path(place) / "node_modules/axe-core/axe.min.js").read_text()
