"""Hundreds of broken files: always a result or a clear refusal, never a fault of ours, never half an import."""

from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

import pytest

from hmrc_oauth import needs
from landlords import importing
from landlords.models import ImportPart, ImportRow, Landlord, LandlordImport, RowStatus
from people.models import Operation
from tenants.context import tenant
from tenants.models import Agency, Due
from tests.api import broken_files
from tests.api.broken_files import Broken
from tests.api.callers import Caller, problem

_GROUPS = (
    *(broken_files.encodings, broken_files.texts, broken_files.others),
    *(broken_files.mutated, broken_files.workbooks, broken_files.objects),
)
_TABLES = (LandlordImport, ImportPart, ImportRow, Landlord, Operation)


def rows_of(agency: Agency) -> list[int]:
    with tenant(agency):
        return [*(model._default_manager.count() for model in _TABLES), Due.objects.count()]


def send(machine: Caller, agency: Agency, file: Broken) -> str:
    """What became of it: a refusal's code, or the import's status once a worker has come."""
    before = rows_of(agency)
    answer = machine.call(
        "POST", "landlord-imports", raw=file.body, content_type=file.kind, Idempotency_Key=str(hash(file))
    )
    if answer.status_code != 202:
        status, code = problem(answer)
        assert 400 <= status < 500, (file.name, status)
        assert rows_of(agency) == before, file.name
        return code
    return look_through(agency, file, UUID(answer.json()["id"]), answer.json()["rows"])


def look_through(agency: Agency, file: Broken, import_id: UUID, rows: int) -> str:
    """Every row has an outcome, and every landlord has a row."""
    with tenant(agency):
        before = Landlord.objects.count()
        importing.run(import_id=import_id, confirmed=needs.confirmed)
        found = LandlordImport.objects.get(pk=import_id)
        outcomes = Counter(ImportRow.objects.filter(landlord_import=found).values_list("status", flat=True))
        if found.status == "needs_mapping":
            assert not outcomes, file.name
        else:
            assert (found.status, sum(outcomes.values()), outcomes) == ("done", rows, found.counts), file.name
            assert Landlord.objects.count() - before == outcomes[RowStatus.CREATED], file.name
            assert not ImportPart.objects.filter(landlord_import=found).exists(), file.name
        return str(found.status)


@pytest.mark.parametrize("group", _GROUPS, ids=lambda group: group.__name__)
def test_a_broken_file_has_a_result_or_is_refused(
    group: Callable[[], Iterable[Broken]], machine: Caller, alpha: Agency
) -> None:
    ends = {file.name: send(machine, alpha, file) for file in group()}

    assert len(set(ends.values())) > 1  # some are taken, some refused, and not all for one reason
    assert set(ends.values()) <= {
        *("done", "needs_mapping", "import.unreadable", "request.invalid", "request.malformed_json"),
        "request.unsupported_media_type",
    }


def test_there_are_hundreds_and_no_two_are_the_same() -> None:
    every = broken_files.every()

    assert len({(file.kind, file.body) for file in every}) > 300
    assert len({(file.name, file.kind) for file in every}) == len(every)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a bomb", "request.invalid"),
        ("laughs by the billion", "import.unreadable"),
        ("another file's text", "import.unreadable"),
        ("one text a million times", "request.invalid"),
        ("corners far apart", "request.invalid"),
        ("it lies about its size", "import.unreadable"),
        ("it says that it is locked", "import.unreadable"),
        ("a zip for a sheet", "import.unreadable"),
        ("a zip beside", "done"),
    ],
)
def test_a_file_that_means_no_good_is_refused(name: str, code: str, machine: Caller, alpha: Agency) -> None:
    (file,) = (each for each in broken_files.workbooks() if each.name == name)

    assert send(machine, alpha, file) == code
