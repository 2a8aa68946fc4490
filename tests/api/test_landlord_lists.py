"""GET /landlords: pages both ways, and filters."""

import re
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import quote

import pytest

from hmrc_oauth.models import Grant
from landlords import records
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.api.world import World


@pytest.fixture
def eleven(alpha: Agency, now: datetime) -> list[str]:
    """The ids of eleven landlords, newest first."""
    with tenant(alpha):
        made = [records.create(by=SYSTEM, given={"full_name": f"Number {each}"}, now=now) for each in range(11)]
    return [str(landlord.pk) for landlord in reversed(made)]


def _ids(page: Any) -> list[str]:
    return [row["id"] for row in page.json()["results"]]


def _walk(machine: Caller, way: str, start: str, limit: int) -> list[list[str]]:
    pages, page = [], machine.get(start)
    while True:
        pages.append(_ids(page))
        cursor = page.json()[way]
        if cursor is None:
            return pages
        page = machine.get(f"landlords?limit={limit}&cursor={cursor}")


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 10, 11, 100])
def test_forward_every_landlord_comes_once_newest_first(limit: int, machine: Caller, eleven: list[str]) -> None:
    pages = _walk(machine, "next", f"landlords?limit={limit}", limit)

    assert list(chain(*pages)) == eleven
    assert len(pages) == -(-11 // limit)


@pytest.mark.parametrize("limit", [1, 3, 4])
def test_backward_from_the_end_the_same_landlords_come_again(limit: int, machine: Caller, eleven: list[str]) -> None:
    last = machine.get(f"landlords?limit={limit}")
    while last.json()["next"]:
        last = machine.get(f"landlords?limit={limit}&cursor={last.json()['next']}")

    pages = _walk(machine, "previous", f"landlords?limit={limit}&cursor={last.json()['previous']}", limit)

    assert list(chain(*reversed(pages))) + _ids(last) == eleven


def test_back_and_forth_leads_to_the_same_page(machine: Caller, eleven: list[str]) -> None:
    first = machine.get("landlords?limit=4").json()
    second = machine.get(f"landlords?limit=4&cursor={first['next']}").json()

    back = machine.get(f"landlords?limit=4&cursor={second['previous']}").json()

    assert back["results"] == first["results"]
    assert (first["previous"], back["previous"], back["next"] is None) == (None, None, False)


def test_who_comes_while_one_reads_moves_nobody(machine: Caller, eleven: list[str]) -> None:
    first = machine.get("landlords?limit=5").json()
    machine.post("landlords", {"full_name": "Late"})

    rest = machine.get(f"landlords?limit=100&cursor={first['next']}")

    assert _ids(rest) == eleven[5:]


def test_a_cursor_shows_no_name_and_no_number(machine: Caller, alphas: World) -> None:
    machine.post("landlords", {"full_name": "Visible", "reference": "SEEN"})
    cursor = machine.get("landlords?limit=1").json()["next"]

    assert re.fullmatch(r"[0-9A-Za-z_-]+", cursor)


@pytest.fixture
def three(machine: Caller) -> None:
    for number, (name, tag) in enumerate([("Anna Abel", "north"), ("Bert Abel", "south"), ("Carl Cox", "north")]):
        given = {
            "reference": f"R{number}%_",
            "full_name": name,
            "email": f"{name[:4].lower()}@post.example",
            "tags": [tag],
            "external_ids": {"crm": str(number), "bank": "7"},
        }
        assert machine.post("landlords", given).status_code == 201


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=abel", "Bert Abel,Anna Abel"),
        ("search=CARL@", "Carl Cox"),
        ("search=R1", "Bert Abel"),
        ("search=%25", "Carl Cox,Bert Abel,Anna Abel"),
        ("search=nobody", ""),
        ("reference=R0%25_", "Anna Abel"),
        ("reference=R0", ""),
        ("tag=north", "Carl Cox,Anna Abel"),
        ("tag=nor", ""),
        ("external_id=crm:1", "Bert Abel"),
        ("external_id=2", "Carl Cox"),
        ("external_id=7", "Carl Cox,Bert Abel,Anna Abel"),
        ("external_id=bank:1", ""),
        ("tag=north&search=abel", "Anna Abel"),
        ("connection_state=not_connected", "Carl Cox,Bert Abel,Anna Abel"),
        ("connection_state=active", ""),
        ("updated_after=2020-01-01T00:00:00Z", "Carl Cox,Bert Abel,Anna Abel"),
        ("updated_after=2999-01-01T00:00:00%2B01:00", ""),
    ],
)
def test_a_filter_keeps_what_it_names(query: str, names: str, machine: Caller) -> None:
    found = machine.get(f"landlords?{query}").json()["results"]

    assert ",".join(row["full_name"] for row in found) == names


@pytest.mark.usefixtures("three")
def test_a_filter_goes_on_over_pages(machine: Caller) -> None:
    first = machine.get("landlords?tag=north&limit=1").json()

    second = machine.get(f"landlords?tag=north&limit=1&cursor={first['next']}").json()

    assert [row["full_name"] for row in first["results"] + second["results"]] == ["Carl Cox", "Anna Abel"]
    assert second["next"] is None


@pytest.mark.parametrize("status", ["active", "refreshing", "uncertain"])
def test_a_state_in_passing_is_found_under_its_own_name_only(
    status: str, machine: Caller, alpha: Agency, alphas: World
) -> None:
    lease = {"lease_ends_at": datetime(2999, 1, 1, tzinfo=UTC)} if status == "refreshing" else {}
    with tenant(alpha):
        Grant.objects.update(status=status, **lease)

    found = {state: _ids(machine.get(f"landlords?connection_state={state}")) for state in _PASSING}

    assert found == {state: [alphas.landlord_id] if state == status else [] for state in _PASSING}


_PASSING = ("active", "refreshing", "uncertain")


def test_a_grant_that_ends_soon_is_found(machine: Caller, alphas: World, now: datetime) -> None:
    ends = now + timedelta(days=547)

    before, after = (
        _ids(machine.get(f"landlords?expiring_before={quote((ends + shift).isoformat())}"))
        for shift in (timedelta(0), timedelta(seconds=1))
    )

    assert (before, after) == ([], [alphas.landlord_id])


def test_landlords_are_found_by_their_ids_and_nobody_elses_are(machine: Caller, eleven: list[str]) -> None:
    stranger = "00000000-0000-4000-8000-000000000000"

    page = machine.get(f"landlords?ids={eleven[7]}&ids={eleven[2]}&ids={stranger}")

    assert _ids(page) == [eleven[2], eleven[7]]


@pytest.mark.parametrize(
    ("query", "code"),
    [("ids=me", "invalid"), ("&".join(["ids=00000000-0000-4000-8000-000000000000"] * 101), "max_length")],
)
def test_ids_that_are_none_or_too_many_are_refused(machine: Caller, alpha: Agency, query: str, code: str) -> None:
    answer = machine.get(f"landlords?{query}")

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == {"?ids": code}
