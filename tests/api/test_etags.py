"""ETag and If-Match on a landlord: of two who change the same version, one is told."""

import pytest

from tests.api.callers import Caller, problem


@pytest.fixture
def path(machine: Caller) -> str:
    return f"landlords/{machine.post('landlords', {'full_name': 'Lena'}).json()['id']}"


def test_every_answer_with_a_landlord_names_its_version(machine: Caller) -> None:
    made = machine.post("landlords", {"full_name": "Lena"})
    read = machine.get(made.headers["Location"])
    changed = machine.patch(made.headers["Location"], {"full_name": "Lena Neu"})

    assert [answer.headers["ETag"] for answer in (made, read, changed)] == ['"1"', '"1"', '"2"']


def test_who_read_the_latest_version_may_change_it(machine: Caller, path: str) -> None:
    tag = machine.get(path).headers["ETag"]

    answer = machine.patch(path, {"full_name": "Lena Neu"}, If_Match=tag)

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


def test_who_read_an_older_version_is_told_and_changes_nothing(machine: Caller, path: str) -> None:
    tag = machine.get(path).headers["ETag"]
    machine.patch(path, {"full_name": "Somebody else's"}, If_Match=tag)

    answer = machine.patch(path, {"full_name": "Mine"}, If_Match=tag)

    assert problem(answer) == (412, "request.stale")
    assert machine.get(path).json()["full_name"] == "Somebody else's"


@pytest.mark.parametrize("tag", ['"something"', "1", '"99999999999999"', '""', '"1", "2"'])
def test_a_tag_that_is_not_ours_matches_nothing(tag: str, machine: Caller, path: str) -> None:
    answer = machine.patch(path, {"full_name": "Mine"}, If_Match=tag)

    assert problem(answer) == (412, "request.stale")


@pytest.mark.parametrize("headers", [{}, {"If_Match": "*"}, {"If_Match": 'W/"1"'}])
def test_without_a_tag_or_with_any_the_change_is_made(headers: dict[str, str], machine: Caller, path: str) -> None:
    assert machine.patch(path, {"full_name": "Mine"}, **headers).status_code == 200


def test_who_read_an_older_version_archives_nothing(machine: Caller, path: str) -> None:
    tag = machine.get(path).headers["ETag"]
    machine.patch(path, {"full_name": "Somebody else's"})

    assert problem(machine.call("DELETE", path, If_Match=tag)) == (412, "request.stale")
    assert machine.get(path).status_code == 200
