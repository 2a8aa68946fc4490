"""POST /landlord-imports and what follows: from a file to landlords, by way of HTTP."""

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.inputs import LandlordIn
from api.problems import field_faults
from api.result_file import harmless
from hmrc_oauth import needs
from landlords import importing, imports, records
from landlords.import_fields import FIELDS, Refused, put, whole
from landlords.models import LandlordImport
from people.models import Operation
from tenants.context import tenant
from tenants.faults import Invalid
from tenants.models import Agency
from tests.api.callers import Caller, pointers, problem
from tests.api.xlsx_files import members, packed, sheet, xlsx
from tests.cast import NINO

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [
    ["Reference", "Name", "E-mail", "NI No."],
    ["R-1", "Lena Landlady", "lena@post.example", NINO],
    ["R-2", "Otto Other", "otto(at)post", "AB654321B"],
]
CSV = "\n".join(map(",".join, ROWS)).encode()


def upload(caller: Caller, body: bytes = CSV, *, kind: str = "text/csv", query: str = "", key: str = "k") -> Any:
    path = f"landlord-imports{query}"
    return caller.call("POST", path, raw=body, content_type=kind, Idempotency_Key=key)


def take_in(agency: Agency, answer: Any) -> str:
    """A worker comes. The import's id."""
    assert answer.status_code == 202, answer.content
    with tenant(agency):
        importing.run(import_id=answer.json()["id"], confirmed=needs.confirmed)
    return str(answer.json()["id"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (CSV, "text/csv"),
        (CSV, "text/csv; charset=utf-8"),
        (CSV.replace(b",", b"\t"), "text/tab-separated-values"),
        (CSV, "application/vnd.ms-excel"),
        (CSV, "application/octet-stream"),
        (xlsx(ROWS), XLSX),
        (xlsx(ROWS), "application/octet-stream"),
        (xlsx(ROWS), "text/csv"),
    ],
    ids=["csv", "charset", "tabs", "excel's csv", "csv as bytes", "xlsx", "xlsx as bytes", "xlsx as csv"],
)
def test_a_file_becomes_landlords(body: bytes, kind: str, machine: Caller, alpha: Agency) -> None:
    answer = upload(machine, body, kind=kind)

    said = answer.json()
    assert (answer.status_code, said["status"], said["rows"], said["progress"]) == (202, "running", 2, 0)
    assert answer.headers["Location"] == f"/api/v1/operations/{said['operation']}"
    import_id = take_in(alpha, answer)
    done = machine.get(f"landlord-imports/{import_id}").json()
    assert (done["status"], done["progress"], done["rows_kept_until"]) == ("done", 1, None)
    assert done["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert done["reasons"] == {"invalid": 1}
    landlord = machine.get("landlords?reference=R-1").json()["results"][0]
    assert (landlord["full_name"], landlord["nino"]) == ("Lena Landlady", "AA****56A")
    assert machine.get(answer.headers["Location"]).json()["status"] == "succeeded"


def test_json_becomes_landlords_too(machine: Caller, alpha: Agency) -> None:
    body = {
        "landlords": [
            {"reference": "R-1", "full_name": "Lena", "tags": ["a"], "external_ids": {"crm": "1"}},
            {"reference": "R-2", "full_name": 7},
        ]
    }

    import_id = take_in(alpha, machine.post("landlord-imports", body, Idempotency_Key="k"))

    rows = machine.get(f"landlord-imports/{import_id}/rows").json()["results"]
    assert [(row["row"], row["status"], row["reference"]) for row in rows] == [
        (1, "created", "R-1"),
        (2, "rejected", None),
    ]
    assert [(each["field"], each["column"], each["cell"]) for each in rows[1]["errors"]] == [
        ("full_name",) * 2 + (None,)
    ]


def test_a_rejected_row_names_its_cell(machine: Caller, alpha: Agency) -> None:
    import_id = take_in(alpha, upload(machine))

    (row,) = machine.get(f"landlord-imports/{import_id}/rows?status=rejected").json()["results"]

    assert (row["row"], row["landlord_id"], row["changed"]) == (3, None, [])
    assert row["errors"] == [
        {
            "field": "email",
            "code": "invalid",
            "detail": "An e-mail address is needed.",
            "column": "E-mail",
            "cell": "C3",
        }
    ]
    assert problem(machine.get(f"landlord-imports/{import_id}/rows?status=x")) == (422, "request.invalid")


def test_rows_come_in_pages(machine: Caller, alpha: Agency) -> None:
    body = "\n".join(["ref,name", *(f"R-{number},Lena" for number in range(5))])
    import_id = take_in(alpha, upload(machine, body.encode()))

    first = machine.get(f"landlord-imports/{import_id}/rows?limit=3").json()
    second = machine.get(f"landlord-imports/{import_id}/rows?limit=3&cursor={first['next']}").json()

    assert [row["row"] for row in (*first["results"], *second["results"])] == [2, 3, 4, 5, 6]
    assert second["next"] is None


def test_the_result_is_a_file_in_which_no_cell_is_a_formula(machine: Caller, alpha: Agency) -> None:
    body = b'ref,name,"=cmd|\'/c calc\'!A1"\n"=1+1",Lena,\n@SUM(A1),Otto,\n-1,,\nR-4,x,\n'
    import_id = take_in(alpha, upload(machine, body))

    answer = machine.get(f"landlord-imports/{import_id}/result")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"landlord-import-{import_id}.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line[:2] for line in lines[1:]] == [["2", "created"], ["3", "created"], ["4", "rejected"], ["5", "created"]]
    assert [line[3] for line in lines[1:]] == ["'=1+1", "'@SUM(A1)", "", "R-4"]
    assert lines[3][5:8] == ["B4", "name", "required"]
    assert not [cell for line in lines for cell in line if cell[:1] in set("=+-@\t\r")]
    rejected = machine.get(f"landlord-imports/{import_id}/result?status=rejected").content
    assert rejected.decode().count("\n") == 2


@pytest.mark.parametrize(
    "cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
)
def test_a_cell_that_would_be_a_formula_is_text(cell: str) -> None:
    assert (harmless(cell), harmless("a=1"), harmless("")) == (f"'{cell}", "a=1", "")


@pytest.mark.parametrize(
    ("word", "is_dry"), [("true", True), ("TRUE", True), ("1", True), ("false", False), ("0", False)]
)
def test_a_query_says_true_and_false_in_words(machine: Caller, word: str, is_dry: bool) -> None:
    assert upload(machine, query=f"?dry_run={word}").json()["dry_run"] is is_dry


def test_a_dry_run_stores_nothing_until_it_is_called_off(machine: Caller, alpha: Agency) -> None:
    import_id = take_in(alpha, upload(machine, query="?dry_run=true"))
    said = machine.get(f"landlord-imports/{import_id}").json()
    assert (said["dry_run"], said["status"], said["counts"]["created"]) == (True, "done", 1)
    assert said["rows_kept_until"] is not None
    assert machine.get("landlords").json()["results"] == []

    take_in(alpha, machine.patch(f"landlord-imports/{import_id}", {"dry_run": False}))

    assert [each["reference"] for each in machine.get("landlords").json()["results"]] == ["R-1"]
    assert problem(machine.patch(f"landlord-imports/{import_id}", {"dry_run": True})) == (409, "import.over")


def test_a_mapping_is_guessed_corrected_and_remembered(machine: Caller, alpha: Agency) -> None:
    body = CSV.replace(b"Name", b"Who").replace(b"Reference", b"Code")
    answer = upload(machine, body)
    said = answer.json()
    assert (said["status"], said["estimated_done_at"]) == ("needs_mapping", None)
    assert [column["field"] for column in said["columns"]] == [None, None, "email", "nino"]

    path = f"landlord-imports/{said['id']}"
    assert pointers(machine.patch(path, {"mapping": {"Whom": "nino", "Who": "x"}})) == {
        "/mapping/Whom": "unknown_column",
        "/mapping/Who": "unknown_field",
    }
    corrected = machine.patch(path, {"mapping": {"Code": "reference", "Who": "full_name"}})
    assert (corrected.status_code, corrected.json()["status"]) == (202, "running")
    take_in(alpha, corrected)

    again = upload(machine, body, key="another").json()
    assert [column["field"] for column in again["columns"]] == ["reference", "full_name", "email", "nino"]
    assert again["status"] == "running"


def test_a_mapping_may_come_with_the_rows(machine: Caller, alpha: Agency) -> None:
    rows = [{"code": "R-1", "who": "Lena", "shoes": "38"}]
    mapping = {"code": "reference", "who": "full_name", "shoes": "external_ids.shoes"}

    take_in(alpha, machine.post("landlord-imports", {"landlords": rows, "mapping": mapping}, Idempotency_Key="k"))

    assert machine.get("landlords").json()["results"][0]["external_ids"] == {"shoes": "38"}


def test_an_import_is_cancelled_and_not_twice(machine: Caller) -> None:
    import_id = upload(machine).json()["id"]

    answer = machine.delete(f"landlord-imports/{import_id}")

    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert problem(machine.delete(f"landlord-imports/{import_id}")) == (409, "import.over")


def test_an_import_that_takes_its_rows_in_is_not_corrected(machine: Caller) -> None:
    import_id = upload(machine).json()["id"]

    answer = machine.patch(f"landlord-imports/{import_id}", {"dry_run": True})

    assert problem(answer) == (409, "import.begun")


def test_a_key_is_needed_and_asked_twice_is_asked_once(machine: Caller, alpha: Agency) -> None:
    assert problem(machine.call("POST", "landlord-imports", raw=CSV, content_type="text/csv")) == (
        400,
        "idempotency.key_required",
    )

    first, second = upload(machine), upload(machine)

    assert (second.json(), second.headers["Idempotent-Replayed"]) == (first.json(), "true")
    assert problem(upload(machine, CSV + b"\n")) == (422, "idempotency.key_reused")
    with tenant(alpha):
        assert (LandlordImport.objects.count(), Operation.objects.count()) == (1, 1)


def test_imports_are_listed_and_found_by_a_landlord(machine: Caller, alpha: Agency) -> None:
    import_id = take_in(alpha, upload(machine))
    upload(machine, key="another")
    landlord = machine.get("landlords?reference=R-1").json()["results"][0]["id"]

    assert len(machine.get("landlord-imports").json()["results"]) == 2
    found = machine.get(f"landlord-imports?landlord_id={landlord}").json()["results"]
    assert [each["id"] for each in found] == [import_id]
    assert problem(machine.get("landlord-imports?landlord_id=x")) == (422, "request.invalid")


@pytest.mark.parametrize(
    "query", ["?dry_run=perhaps", "?dry_run=on", "?sheet=%00", "?colour=red", "?dry_run=true&mapping=x"]
)
def test_an_option_that_is_none_is_refused(query: str, machine: Caller) -> None:
    answer = upload(machine, query=query)

    assert problem(answer) == (422, "request.invalid")
    assert next(iter(pointers(answer))).startswith("?")


def test_a_sheet_is_named(machine: Caller) -> None:
    body = packed(members({"One": sheet(ROWS), "Two": sheet(ROWS[:2])}))

    assert upload(machine, body, kind=XLSX, query="?sheet=Two").json()["rows"] == 1
    assert pointers(upload(machine, body, kind=XLSX, query="?sheet=Six", key="2")) == {"?sheet": "invalid_choice"}


def test_a_file_that_is_too_large_is_refused(machine: Caller) -> None:
    assert problem(upload(machine, b"a,b\n" + b" " * 20 * 1024 * 1024)) == (413, "request.too_large")


def test_rows_that_are_no_objects_are_named_and_not_all_of_them(machine: Caller) -> None:
    answer = machine.post("landlord-imports", {"landlords": [{}, *[1] * 150]}, Idempotency_Key="k")

    assert problem(answer) == (422, "request.invalid")
    assert next(iter(pointers(answer).items())) == ("/landlords/1", "not_a_dict")
    assert len(pointers(answer)) == 100


def test_too_many_rows_are_refused_whole(machine: Caller, alpha: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    monkeypatch.setattr(imports, "PART", 1)

    answer = upload(machine)

    assert (problem(answer), pointers(answer)) == ((422, "request.invalid"), {"": "row_count"})
    with tenant(alpha):
        assert LandlordImport.objects.count() == 0


_TEXT = st.text(st.sampled_from("aZ09 -_./:@é\u202e\x1b\u00a0"), max_size=6)
_VALUE = st.none() | st.integers() | st.booleans() | _TEXT | st.just("x" * 260)
_ROWS = st.fixed_dictionaries(
    {"full_name": _TEXT.filter(str.strip) | st.just("x" * 201)},
    optional={
        "reference": _VALUE,
        "email": _VALUE | st.sampled_from(["a@b.example", "a@b", "é@b.example"]),
        "nino": _VALUE | st.sampled_from([NINO, "aa 12 34 56 a"]),
        "tags": st.lists(_VALUE | st.lists(_TEXT, max_size=1), max_size=3) | st.just(["a"] * 51) | st.integers(1, 2),
        "external_ids": st.dictionaries(_TEXT, _VALUE, max_size=2) | st.integers(1, 2),
    },
)


@settings(
    max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(row=_ROWS)
def test_a_row_is_held_to_what_a_single_landlord_is_held_to(row: dict[str, Any]) -> None:
    """By the same fields. An empty cell says nothing, where an empty member of a single landlord may be a fault."""
    said = {name: value for name, value in row.items() if _says_something(value)}

    assert _by_the_import(said) == _by_the_form(said)


def _says_something(value: Any) -> bool:
    return (value.strip() if isinstance(value, str) else value) not in (None, "", [], {})


def _by_the_import(row: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    faulty = set()
    for name, value in row.items():
        try:
            put(values, name, FIELDS[name].read(value.strip() if isinstance(value, str) else value))
        except Refused:
            faulty.add(name)
    whole(values)
    return faulty, {} if faulty else {**values, "tags": sorted(values.get("tags", []))}


def _by_the_form(row: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    form = LandlordIn(data=row)
    if form.is_valid():
        return _nino_read(dict(form.validated_data))
    faulty = {fault.pointer.split("/")[1] for fault in field_faults(form.errors)}
    return faulty | _nino_read({name: row[name] for name in row.keys() - faulty})[0], {}


def _nino_read(values: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """A number is read by the room, not by the form."""
    values["tags"] = sorted(set(values.get("tags", [])) if isinstance(values.get("tags", []), list) else [])
    if "nino" not in values:
        return set(), values
    try:
        return set(), {**values, "nino": records.parse_nino(values["nino"])}
    except Invalid:
        return {"nino"}, {}
