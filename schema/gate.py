"""The gate before a release: what breaks clients must stand in docs/api-changelog.md, under a date.

python -m schema.gate check            says what breaks and is not told there; ends with 1 if there is any
python -m schema.gate entry DATE       writes an entry from the differences to the last release
python -m schema.gate release DATE     the document becomes the last release's
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from schema.compare import Change, compare

_HERE: Final = Path(__file__).parent
DOCUMENT: Final = _HERE / "openapi.json"
RELEASES: Final = _HERE / "releases"
CHANGELOG: Final = _HERE.parent / "docs" / "api-changelog.md"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_HEADING: Final = re.compile(r"^## (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def last_release() -> Path:
    """The document of the last release, named by its date."""
    return max(RELEASES.glob("*.json"))


def changes() -> list[Change]:
    """What differs from the last release."""
    return compare(json.loads(last_release().read_text()), json.loads(DOCUMENT.read_text()))


def untold(found: list[Change], changelog: str, *, since: str) -> list[Change]:
    """What breaks clients, and is told under no date since the last release."""
    parts = _HEADING.split(changelog)
    told = {
        line for date, text in zip(parts[1::2], parts[2::2], strict=True) if date >= since for line in text.splitlines()
    }
    return [change for change in found if change.breaks and f"- {change}" not in told]


def entry(found: list[Change], date: str) -> str:
    """An entry of the changelog: what breaks first."""
    parts = [f"## {date}\n"]
    for title, breaks in (("Breaks clients", True), ("Does not", False)):
        lines = [f"- {change}" for change in found if change.breaks is breaks]
        if lines:
            parts.append("\n".join([f"### {title}\n", *lines, ""]))
    return "\n".join(parts)


def _check() -> int:
    since = last_release().stem
    missing = untold(changes(), CHANGELOG.read_text(), since=since)
    for change in missing:
        sys.stdout.write(f"breaks clients, and docs/api-changelog.md does not tell it since {since}: {change}\n")
    return 1 if missing else 0


def _write(date: str) -> int:
    """The entry of that day, anew if there is one already; above older ones."""
    before, *others = re.split(r"(?=^## )", CHANGELOG.read_text(), flags=re.MULTILINE)
    found = changes()
    kept = [each for each in others if not each.startswith(f"## {date}\n")]
    written = [entry(found, date) + "\n"] if found else []
    CHANGELOG.write_text((before + "".join([*written, *kept])).rstrip("\n") + "\n")
    return 0


def _release(date: str) -> int:
    for older in RELEASES.glob("*.json"):
        older.unlink()
    (RELEASES / f"{date}.json").write_text(DOCUMENT.read_text())
    return 0


def main(words: list[str]) -> int:
    """Ends with 2 for words that it does not know."""
    dated: Mapping[str, Callable[[str], int]] = {"entry": _write, "release": _release}
    match words:
        case ["check"]:
            return _check()
        case [("entry" | "release") as what, date] if _DATE.match(date):
            return dated[what](date)
    sys.stderr.write(__doc__ or "")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
