"""Deque's axe, run in a page: what somebody would stumble over who can't see it, or goes by keyboard."""

import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.house.source import ROOT
from tests.stack.browser import Browser

_CONSOLE = ROOT / "console"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
const done = arguments[arguments.length - 1];
axe.run({runOnly: arguments[0]}).then(
  ({violations}) => done(violations.flatMap(({id, nodes}) => nodes.map(({target}) => `${id}: ${target}`))),
  (error) => done([String(error)]),
);
"""


def faults(browser: Browser) -> list[str]:
    """What breaks WCAG 2.2 AA in the page that is shown, and where."""
    browser.wire.execute_script(_script())
    found: list[str] = browser.wire.execute_async_script(_RUN, _TAGS)
    return found


@cache
def _script() -> str:
    script = _CONSOLE / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = Path(sys.executable).with_name("npm")
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=_CONSOLE, check=True, timeout=100)
    return script.read_text()
