"""The gate: what breaks clients is seen as that, what doesn't is not, and the changelog lets through what it tells."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schema import gate
from schema.compare import compare
from tests.api.document import DOCUMENT

_LANDLORDS = DOCUMENT["paths"]["/api/v1/landlords"]
Edit = Callable[[Any], Any]


def _schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def _limit(document: Any) -> Any:
    return next(each for each in document["paths"]["/api/v1/landlords"]["get"]["parameters"] if each["name"] == "limit")


def _sent(document: Any, event: str) -> Any:
    content = document["webhooks"][event]["post"]["requestBody"]["content"]
    schema = content["application/json"]["schema"]
    return _schema(document, schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema


_BREAKING: dict[str, Edit] = {
    "an operation": lambda it: it["paths"]["/api/v1/landlords"].pop("post"),
    "a path": lambda it: it["paths"].pop("/api/v1/me"),
    "a parameter": lambda it: it["paths"]["/api/v1/landlords"]["get"]["parameters"].remove(_limit(it)),
    "a parameter that must come": lambda it: _limit(it).update(required=True),
    "a bound": lambda it: _limit(it)["schema"].update(maximum=50),
    "a field of an answer": lambda it: _schema(it, "LandlordOut")["properties"].pop("full_name"),
    "an answered field's presence": lambda it: _schema(it, "LandlordOut")["required"].remove("full_name"),
    "an answered field's type": lambda it: _schema(it, "LandlordOut")["properties"]["full_name"].update(type="integer"),
    "an answer that may be null": lambda it: _schema(it, "LandlordOut")["properties"]["full_name"].update(
        type=["string", "null"]
    ),
    "a field that is sent": lambda it: _schema(it, "LandlordInRequest")["properties"].pop("email"),
    "a field that must be sent": lambda it: _schema(it, "LandlordInRequest")["required"].append("email"),
    "a value that was taken": lambda it: _schema(it, "MtdHandlingEnum")["enum"].pop(),
    "a media type": lambda it: it["paths"]["/api/v1/landlord-imports"]["post"]["requestBody"]["content"].pop(
        "text/csv"
    ),
    "a webhook": lambda it: it["webhooks"].pop("connection.connected"),
    "a webhook's field": lambda it: _sent(it, "connection.connected")["properties"].pop("data"),
    "a status": lambda it: it["paths"]["/api/v1/landlords"]["post"]["responses"].pop("201"),
}
_HARMLESS: dict[str, Edit] = {
    "an operation": lambda it: it["paths"].update({"/api/v1/more": {"get": it["paths"]["/api/v1/me"]["get"]}}),
    "a field of an answer": lambda it: _schema(it, "LandlordOut")["properties"].update(more={"type": "string"}),
    "a field that may be sent": lambda it: _schema(it, "LandlordInRequest")["properties"].update(
        more={"type": "string"}
    ),
    "a value that is answered": lambda it: _schema(it, "SubmissionStatusEnum")["enum"].append("more"),
    "a wider bound": lambda it: _limit(it)["schema"].update(maximum=500),
    "a webhook": lambda it: it["webhooks"].update(more=it["webhooks"]["connection.connected"]),
    "a code": lambda it: it["paths"]["/api/v1/me"]["get"]["x-error-codes"]["401"].append("auth.more"),
}


@pytest.mark.parametrize("what", _BREAKING)
def test_what_breaks_clients_is_seen(what: str) -> None:
    newer = copy.deepcopy(DOCUMENT)
    _BREAKING[what](newer)

    assert [change for change in compare(DOCUMENT, newer) if change.breaks]


@pytest.mark.parametrize("what", _HARMLESS)
def test_what_does_not_is_told_and_let_through(what: str) -> None:
    newer = copy.deepcopy(DOCUMENT)
    _HARMLESS[what](newer)

    found = compare(DOCUMENT, newer)

    assert found
    assert not [str(change) for change in found if change.breaks]


def test_a_document_does_not_differ_from_itself() -> None:
    assert compare(DOCUMENT, DOCUMENT) == []


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A release of 1 June that had an operation more."""
    older = copy.deepcopy(DOCUMENT)
    older["paths"]["/api/v1/gone"] = {"get": older["paths"]["/api/v1/me"]["get"]}
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "2026-06-01.json").write_text(json.dumps(older))
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "log.md").write_text("# What changed\n\n## 2026-05-01\n\n- `GET /api/v1/gone`: is gone\n")
    monkeypatch.setattr(gate, "RELEASES", tmp_path / "releases")
    monkeypatch.setattr(gate, "DOCUMENT", tmp_path / "openapi.json")
    monkeypatch.setattr(gate, "CHANGELOG", tmp_path / "log.md")
    return tmp_path


def test_what_is_told_nowhere_since_the_release_stops_the_check(world: Path, capsys: Any) -> None:
    assert gate.main(["check"]) == 1
    assert "`GET /api/v1/gone`: is gone" in capsys.readouterr().out


def test_an_entry_lets_it_through_and_is_written_once(world: Path) -> None:
    assert (gate.main(["entry", "2026-07-01"]), gate.main(["entry", "2026-07-01"])) == (0, 0)

    written = (world / "log.md").read_text()
    assert gate.main(["check"]) == 0
    assert written.count("## 2026-07-01\n\n### Breaks clients\n\n- `GET /api/v1/gone`: is gone\n") == 1
    assert written.index("2026-07-01") < written.index("2026-05-01")


def test_after_a_release_nothing_differs(world: Path) -> None:
    assert gate.main(["release", "2026-07-02"]) == 0

    assert [path.name for path in (world / "releases").iterdir()] == ["2026-07-02.json"]
    assert (gate.changes(), gate.main(["check"])) == ([], 0)


@pytest.mark.parametrize("words", [[], ["entry"], ["entry", "today"], ["nonsense", "2026-07-01"]])
def test_other_words_are_not_known(words: list[str]) -> None:
    assert gate.main(words) == 2
