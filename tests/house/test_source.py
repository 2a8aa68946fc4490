"""Rules of the house that can be read off the source."""

import ast
import re

import pytest

from tests.house.source import ROOMS, ROOT, WORLD, calls, files, nodes

_LOG = re.compile(r"^(?:log|logger|self\.log)\.(debug|info|warning|error|critical|exception|msg)$")
_NOW = re.compile(
    r"(?:^|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|timezone\.(?:now|localdate|localtime)|time\.time)$"
)
_EVENT = re.compile(r"^[a-z][a-z_0-9]*(?:\.[a-z_0-9]+)+$")
_SECRET_NAMES = {
    "token",
    "tokens",
    "access_token",
    "refresh_token",
    "code",
    "secret",
    "nino",
    "password",
    "key",
    "bearer",
}


def test_no_file_of_the_product_is_longer_than_300_lines_and_no_test_than_600() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in files(*ROOMS, *WORLD)}

    assert len(lengths) > 200
    assert {str(path) for path, lines in lengths.items() if lines > (600 if path.parts[0] == "tests" else 300)} == set()


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = {place for place, _, called in calls(*ROOMS) if _NOW.search(called)}

    assert {place.partition(":")[0] for place in asking} == {"tenants/clock.py"}


def test_every_log_event_is_a_constant_name() -> None:
    logged = [(place, call) for place, call, called in calls(*ROOMS) if _LOG.match(called)]

    assert len(logged) >= 10
    assert [place for place, call in logged if not _is_event(call)] == []


def test_a_log_call_takes_nothing_but_its_event_and_named_ids() -> None:
    logged = [(place, call) for place, call, called in calls(*ROOMS) if _LOG.match(called)]

    assert [place for place, call in logged if len(call.args) != 1] == []
    assert [place for place, call in logged if any(_SECRET_NAMES & {keyword.arg} for keyword in call.keywords)] == []
    formatted = [place for place, call in logged for inner in ast.walk(call) if isinstance(inner, ast.JoinedStr)]
    assert formatted == []


def test_nothing_is_printed_by_the_rooms() -> None:
    said = [place for place, _, called in calls(*ROOMS) if called in {"print", "pprint", "breakpoint"}]

    assert said == []


def test_an_agency_is_never_a_context_manager_of_its_own() -> None:
    """TenantMixin.__exit__ leaves to the public schema, wherever one came from; tenants.context.tenant does not."""
    used = [
        place
        for place, node in nodes(*ROOMS, *WORLD)
        if isinstance(node, ast.With | ast.AsyncWith)
        for item in node.items
        if isinstance(item.context_expr, ast.Name | ast.Attribute)
        and re.search(r"(?:^|[._])(?:agency|tenant|alpha|beta)$", ast.unparse(item.context_expr))
    ]

    assert used == []


@pytest.mark.parametrize("banned", ["tenant_context", "schema_context", "tenants_command", "clone_schema"])
def test_an_agency_is_entered_by_the_one_way_in(banned: str) -> None:
    named = [
        place
        for place, node in nodes(*ROOMS)
        if (isinstance(node, ast.Name) and node.id == banned)
        or (isinstance(node, ast.Attribute) and node.attr == banned)
        or (isinstance(node, ast.alias) and node.name.rpartition(".")[2] == banned)
    ]

    assert named == []


def test_the_setting_that_leaks_between_agencies_is_set_nowhere() -> None:
    assigned = [
        place
        for place, node in nodes(*ROOMS)
        if isinstance(node, ast.Name) and node.id == "TENANT_LIMIT_SET_CALLS" and isinstance(node.ctx, ast.Store)
    ]

    assert assigned == []


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|NotImplemented\b")
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files(*ROOMS, *WORLD)
        if path.name != "test_source.py"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if words.search(line)
    ]

    assert left == []


def test_no_test_sleeps_for_a_fixed_while() -> None:
    sleeping = {place.partition(":")[0] for place, _, called in calls("tests") if called in {"time.sleep", "sleep"}}
    slept = {name for name in sleeping if name.rpartition("/")[2].startswith("test_")}
    polling = {name for name in slept if re.search(r"^ *(?:while|until) ", (ROOT / name).read_text(), re.MULTILINE)}

    assert slept == polling


def _is_event(call: ast.Call) -> bool:
    event = call.args[0] if call.args else None
    return isinstance(event, ast.Constant) and isinstance(event.value, str) and bool(_EVENT.match(event.value))
