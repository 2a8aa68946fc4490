"""Alerts and dashboard: they ask for what is exported, by labels that it has, and every alert says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.core import Metric

from api.streams import metrics as stream_metrics
from events import metrics as event_metrics
from hmrc_door import metrics as door_metrics
from hmrc_oauth import metrics as token_metrics
from tenants import due
from tests.house.source import ROOT
from workers import gauges

_RUNBOOKS = ROOT / "docs" / "runbooks"
_SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
_BESIDES = {"quarterday_store_up": {"store"}, "up": {"job", "instance"}}
_SELECTOR = re.compile(r"\b(up|quarterday_\w+)\b(?:\{([^}]*)\})?(\[[^\]]*\])?")
_MATCHER = re.compile(r'(\w+)(?:=|!=|=~|!~)"([^"]*)"')
_DURATION = re.compile(r"\[\d+[smhd]\]")
_FUNCTIONS = {"sum", "max", "min", "by", "rate", "increase", "avg_over_time", "histogram_quantile", "absent"}
_FUNCTIONS |= {"or", "unless"}


def _rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((ROOT / "docker/prometheus/rules.yaml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def _panels() -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = json.loads((ROOT / "docker/grafana/quarterday.json").read_text())["panels"]
    return panels


RULES = _rules()
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for each in _panels() for target in each["targets"]]
EACH = pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])


@pytest.fixture
def exported(db: None) -> dict[str, set[str]]:
    """Every name that can be asked for, with the labels that it has."""
    shown = {family.name: _labels(family) for read in gauges._STORES.values() for family in read()}
    declared = [
        each for room in (event_metrics, door_metrics, token_metrics, stream_metrics) for each in vars(room).values()
    ]
    ours = {each._name: (each._type, {*each._labelnames}) for each in declared if hasattr(each, "_labelnames")}
    counted = {f"{name}{end}": labels | {"le"} for name, (kind, labels) in ours.items() for end in _SUFFIXES[kind]}
    assert {name.partition("quarterday_")[0] for name in [*shown, *counted]} == {""}
    return {**shown, **counted, **_BESIDES}


def _labels(family: Metric) -> set[str]:
    return {label for sample in family.samples for label in sample.labels}


def _selectors(expression: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name, matchers, _ in _SELECTOR.findall(expression):
        yield name, dict(_MATCHER.findall(matchers))


def test_all_that_is_counted_is_registered_and_some_of_it_is_asked_for() -> None:
    names = {family.name for family in REGISTRY.collect()}

    assert {"quarterday_rotation_lost", "quarterday_doubt_settled_seconds", "quarterday_hmrc_requests"} <= names
    assert len(RULES) >= 15
    assert len(EXPRESSIONS) >= 30


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_what_is_exported_by_its_labels(expression: str, exported: dict[str, set[str]]) -> None:
    asked = list(_selectors(expression))

    assert asked
    for name, matchers in asked:
        assert name in exported
        assert {*matchers} <= exported[name]
    grouped = {label for found in re.findall(r"\bby \(([^)]*)\)", expression) for label in found.split(", ")}
    assert grouped <= {label for name, _ in asked for label in exported[name]}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_is_written_as_prometheus_reads_it(expression: str) -> None:
    bare = re.sub(r'"[^"]*"', '""', expression)

    for opens, closes in ("()", "{}", "[]"):
        assert bare.count(opens) == bare.count(closes)
    assert all(_DURATION.fullmatch(found) for found in re.findall(r"\[[^\]]*\]", bare))
    called = {word for word in re.findall(r"\b([a-z_]+) ?\(", bare) if not word.startswith("quarterday_")}
    assert called <= _FUNCTIONS
    for name in re.findall(r"\b(?:rate|increase)\((\w+)", bare):
        assert name.endswith(("_total", "_bucket", "_count", "_sum"))


def test_an_expression_names_kinds_lanes_and_words_that_there_are() -> None:
    asked = [(label, value) for each in EXPRESSIONS for _, found in _selectors(each) for label, value in found.items()]

    assert {one for label, value in asked if label == "kind" for one in value.split("|")} <= {*due.Kind}
    assert {value for label, value in asked if label == "status"} <= {*gauges._HEALTH}
    words = {*door_metrics._WORDS.values(), "unknown", *token_metrics.OUTCOMES}
    assert {value for label, value in asked if label == "outcome"} <= words
    assert {value for label, value in asked if label == "within_days"} <= {*map(str, gauges.ENDING_WITHIN_DAYS)}


@EACH
def test_an_alert_says_how_bad_what_and_what_to_do(rule: dict[str, Any]) -> None:
    assert {*rule} <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Quarterday[A-Z][A-Za-z]+", rule["alert"])
    assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
    assert rule["labels"]["severity"] in {"page", "ticket", "note"}
    assert rule["annotations"]["summary"].endswith(".")


@EACH
def test_an_alert_has_a_runbook_that_is_about_it(rule: dict[str, Any]) -> None:
    page = (ROOT / rule["annotations"]["runbook"]).read_text()

    assert page.startswith(f"# {rule['alert']}\n")
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == ["What it means", "Look", "Do", "Call HMRC?"]
    assert f"[{rule['alert']}]" in (_RUNBOOKS / "README.md").read_text()


def test_there_is_no_runbook_without_its_alert() -> None:
    about = {Path(rule["annotations"]["runbook"]).name for rule in RULES}

    assert {path.name for path in _RUNBOOKS.glob("*.md")} == about | {"README.md"}
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_a_runbook_names_commands_and_metrics_that_there_are(exported: dict[str, set[str]]) -> None:
    text = "".join(path.read_text() for path in _RUNBOOKS.glob("*.md"))
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")}

    assert {*re.findall(r"manage\.py (\w+)", text)} <= commands
    assert {*re.findall(r"`(quarterday_\w+)`", text)} <= exported.keys()


def test_the_dashboards_panels_have_places_of_their_own() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in _panels()]

    assert len({*places}) == len(places)
    assert len({panel["id"] for panel in _panels()}) == len(places)
