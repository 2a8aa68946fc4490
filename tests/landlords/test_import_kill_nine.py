"""The worker dies again and again in the midst of one import, at named points and at any: in the end everything is as
if nobody had ever died.
"""

import os
import random
import signal
import time as clocks
from collections.abc import Iterator
from typing import Any

import pytest

from events import audit
from events.models import AuditEvent, Event
from hmrc_oauth import needs
from landlords import importing, imports
from landlords.importing import POINTS
from landlords.models import ImportClaim, ImportPart, ImportRow, Landlord, LandlordImport
from people.models import Operation
from tenants import clock
from tenants.models import Agency
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import again, due_at
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.house.source import ROOT
from tests.landlords.import_scenes import create, line, on_file, statuses

ROWS, PART, AT_A_TURN, AT_ANY_MOMENT = 800, 20, 4, 6
# A file with everything in it: new ones, changed ones, the same, bad ones and doubled ones.
FIRST = [line(number) for number in range(ROWS // 8)]
LINES = [
    line(number, **({"email": f"new{number}@post.example"} if number % 3 == 0 else {}))
    if number % 10
    else line(number, nino="nonsense")
    if number % 20
    else line(number - 1 if number else number)
    for number in range(ROWS)
]


@pytest.fixture
def agency(alpha_committed: Agency, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    monkeypatch.setattr(imports, "PART", PART)
    monkeypatch.setattr(importing, "_PARTS_A_TURN", AT_A_TURN)
    with committed(alpha_committed):
        yield alpha_committed


def file_of(*lines: Any) -> LandlordImport:
    """Asked for beside what is on file already."""
    finish(create(*FIRST))
    return create(*lines)


def finish(*every: LandlordImport) -> None:
    """Workers come who live."""
    for made in every:
        while again(made).status == "running":
            run(made)


def run(made: LandlordImport) -> None:
    importing.run(import_id=made.pk, confirmed=needs.confirmed)


def outcome(made: LandlordImport) -> dict[str, Any]:
    """Everything that an import leaves behind, without ids and times."""
    found = again(made)
    rows = ImportRow.objects.filter(landlord_import=made).order_by("number")
    trail = audit.told(action="landlord_import.rows_taken", subject_id=made.pk)
    return {
        "landlords": on_file(),
        "rows": list(rows.values_list("number", "status", "changed", "faults", "landlord__reference")),
        "import": (found.status, found.taken, found.counts, found.reasons, found.rows_kept_until),
        "operation": Operation.objects.filter(pk=found.operation_id).values_list("status", "progress")[0],
        "trail": [{**said, "digest": ""} for said in trail],
        "finished": Event.objects.filter(type="import.finished", subject_id=made.pk).count(),
        "audited": AuditEvent.objects.filter(subject_id=made.pk).count(),
        "left": (ImportPart.objects.count(), ImportClaim.objects.count(), due_at("import", made.pk)),
    }


def forget() -> None:
    LandlordImport.objects.all().delete()
    Landlord.objects.all().delete()


def die_at(agency: Agency, made: LandlordImport, point: str) -> bool:
    return was_killed(forked(agency, lambda: run(made), dies_at=point))


def die_at_any_moment(agency: Agency, made: LandlordImport, chance: random.Random) -> bool:
    """Struck as soon as it has done a little more, wherever it is by then."""
    before, pid = again(made).taken, forked(agency, lambda: run(made))
    while again(made).taken == before and not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        clocks.sleep(0.001)
    clocks.sleep(chance.random() / 100)
    os.kill(pid, signal.SIGKILL)
    return was_killed(pid)


def test_an_import_whose_worker_dies_ten_times_ends_like_one_that_was_let_be(agency: Agency) -> None:
    made = file_of(*LINES)
    finish(made)
    undisturbed = outcome(made)
    forget()

    made, chance = file_of(*LINES), random.Random(6)
    deaths = [die_at(agency, made, point) for point in ("import.judged", "import.in_store", "import.stored")]
    deaths += [die_at(agency, made, "import.after_part")]
    assert 0 < again(made).taken < ROWS
    while sum(deaths) < 4 + AT_ANY_MOMENT and again(made).taken < ROWS - PART * AT_A_TURN:
        deaths.append(die_at_any_moment(agency, made, chance))  # or not, if it was too quick
    assert again(made).taken < ROWS
    while not die_at(agency, made, "import.in_finish"):
        assert again(made).status == "running"
    finish(made)

    assert sum(deaths) == 4 + AT_ANY_MOMENT
    assert outcome(made) == undisturbed
    assert undisturbed["import"][2].keys() == {"created", "updated", "unchanged", "rejected"}
    audit.seal_chain(now=clock.now())
    assert (importing.find_break(import_id=made.pk), audit.find_break()) == (None, None)


def test_two_workers_at_once_and_two_files_at_once_double_nothing(agency: Agency) -> None:
    one, other = create(*LINES), create(*LINES)

    ends = at_once(
        agency,
        *[lambda made=made: run(made) for made in (one, other, one, other)],
    )
    finish(one, other)

    assert ends == [None] * 4

    created = {made: statuses(made).count("created") for made in (one, other)}
    assert sum(created.values()) == Landlord.objects.count() == len({each[0] for each in on_file()})
    assert statuses(one).count("rejected") == statuses(other).count("rejected")
    assert {again(made).status for made in (one, other)} == {"done"}
    assert [importing.find_break(import_id=made.pk) for made in (one, other)] == [None, None]


def test_every_point_stands_in_the_code_once() -> None:
    code = (ROOT / "landlords" / "importing.py").read_text()

    assert [code.count(f'failpoint("{point}")') for point in POINTS] == [1] * len(POINTS)
    assert code.count("failpoint(") == len(POINTS)
