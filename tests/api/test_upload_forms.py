"""A file of landlords in a form (multipart/form-data), with its options as fields."""

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.tables import MOST_BYTES
from landlords.models import Landlord, LandlordImport
from people import staff
from people.principal import SYSTEM
from tenants.context import tenant
from tenants.models import Agency
from tests.api import world
from tests.api.callers import Caller, pointers, problem
from tests.api.test_imports import CSV, ROWS, XLSX, take_in
from tests.api.xlsx_files import xlsx
from tests.cast import ALPHA
from tests.people.clients import PASSWORD, BrowserClient

File = tuple[str, str, bytes]  # its name, its kind, what is in it
LIST = ("landlords.csv", "text/csv", CSV)


def form(
    *files: File, fields: Mapping[str, str] | None = None, boundary: str = "cut-here", name: str = "file"
) -> bytes:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in (fields or {}).items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="{name}"; filename="{called}"\r\nContent-Type: {kind}\r\n\r\n'.encode()
        + body
        for called, kind, body in files
    ]
    cut = b"--" + boundary.encode()
    return b"".join(cut + b"\r\n" + part + b"\r\n" for part in parts) + cut + b"--\r\n"


def send(caller: Caller, body: bytes, *, boundary: str = "cut-here", key: str = "k", query: str = "") -> Any:
    kind = f"multipart/form-data; boundary={boundary}"
    return caller.call("POST", f"landlord-imports{query}", raw=body, content_type=kind, Idempotency_Key=key)


@pytest.mark.parametrize(
    "file",
    [
        LIST,
        ("no kind.csv", "application/octet-stream", CSV),
        ("landlords.xlsx", XLSX, xlsx(ROWS)),
        ("latin.csv", "text/csv; charset=iso-8859-1", CSV.replace(b"Lena", b"L\xe9na")),
        ("landlords.csv", "text/csv\r\nContent-Transfer-Encoding: base64", b64encode(CSV)),
    ],
    ids=["csv", "bytes", "xlsx", "charset", "base64"],
)
def test_its_file_becomes_landlords(file: File, machine: Caller, alpha: Agency) -> None:
    answer = send(machine, form(file))

    take_in(alpha, answer)
    (landlord,) = machine.get("landlords?reference=R-1").json()["results"]
    assert landlord["full_name"] in {"Lena Landlady", "Léna Landlady"}
    assert landlord["nino"] == "AA****56A"


def test_its_fields_are_what_is_said_beside_the_file(machine: Caller, alpha: Agency) -> None:
    book = xlsx(ROWS)

    dry = send(machine, form(("a.xlsx", XLSX, book), fields={"dry_run": "true"}), query="?dry_run=false")
    no_sheet = send(machine, form(("a.xlsx", XLSX, book), fields={"sheet": "Nowhere"}), key="k2")

    assert dry.json()["dry_run"] is True
    assert pointers(no_sheet) == {"?sheet": "invalid_choice"}
    with tenant(alpha):
        assert not Landlord.objects.exists()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (form(), {"/file": "required"}),
        (form(LIST, LIST), {"/file": "required"}),
        (form(fields={"file": CSV.decode()}), {"/file": "required"}),
        (form(LIST, fields={"file": "again"}), {"/file": "required"}),
        (form(LIST, name="landlords"), {"/landlords": "unknown_field"}),
        (form(LIST, fields={"dry_run": "perhaps"}), {"/dry_run": "invalid"}),
        (form(LIST, fields={"mode": "fast"}), {"/mode": "unknown_field"}),
    ],
    ids=["none", "two", "as a field", "file and field", "other name", "no yes or no", "unknown field"],
)
def test_what_is_wrong_with_it_is_said_by_field(body: bytes, wrong: dict[str, str], machine: Caller) -> None:
    answer = send(machine, body)

    assert problem(answer) == (422, "request.invalid")
    assert pointers(answer) == wrong


@pytest.mark.parametrize(
    ("body", "boundary", "refusal"),
    [
        (b"no form at all", "cut-here", (422, "request.invalid")),
        (form(LIST)[:-40], "cut-here", (422, "request.invalid")),
        (form(LIST)[:-16], "cut-here", (422, "request.invalid")),
        (form(LIST), "", (400, "request.malformed")),
        (form(("a.csv", "text/csv; charset=klingon", CSV)), "cut-here", (422, "import.unreadable")),
        (form(("a.csv", "text/csv; charset=\xe4", CSV)), "cut-here", (422, "import.unreadable")),
        (form(LIST), "x" * 300, (415, "request.unsupported_media_type")),
        (form(LIST, fields={f"f{number}": "" for number in range(1100)}), "cut-here", (413, "request.too_large")),
        (form(LIST, fields={"sheet": "x" * (1024 * 1024)}), "cut-here", (413, "request.too_large")),
        (form(("big.csv", "text/csv", b"x" * MOST_BYTES)), "cut-here", (413, "request.too_large")),
        (
            form(("a.csv", "text/csv\r\nContent-Transfer-Encoding: base64", b"!!!!")),
            "cut-here",
            (422, "request.invalid"),
        ),
    ],
    ids=[
        "no form",
        "broken off",
        "no end",
        "no boundary",
        "odd charset",
        "odder charset",
        "long boundary",
        "fields",
        "long field",
        "too large",
        "base64",
    ],
)
def test_what_is_no_form_is_refused_and_kept_nowhere(
    body: bytes, boundary: str, refusal: tuple[int, str], machine: Caller, alpha: Agency
) -> None:
    answer = send(machine, body, boundary=boundary)

    assert problem(answer) == refusal
    with tenant(alpha):
        assert not LandlordImport.objects.exists()


def test_the_same_form_with_another_boundary_is_the_same_request(machine: Caller) -> None:
    first = send(machine, form(LIST))

    again = send(machine, form(LIST, boundary="other"), boundary="other")
    other = send(machine, form(("b.csv", "text/csv", CSV + b"R-3,Otto,,\n"), boundary="third"), boundary="third")

    assert again.json()["id"] == first.json()["id"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert problem(other) == (422, "idempotency.key_reused")


def test_nothing_of_it_lies_in_a_temporary_file(
    machine: Caller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.NamedTemporaryFile", _refuse)
    rows = b"ref,name\n" + b"".join(b"R-%d,%s\n" % (number, b"x" * 90) for number in range(40_000))

    assert send(machine, form(("large.csv", "text/csv", rows))).status_code == 202


def test_a_page_sends_one_with_its_cookie_and_a_header(alpha: Agency) -> None:
    with tenant(alpha):
        user = staff.invite_staff(email="mo@alpha.example", role="member", invited_by=SYSTEM, now=world.TODAY)
        staff.set_password(user_id=user.pk, password=PASSWORD)
    page = BrowserClient(alpha, ALPHA.host)
    page.open_page()
    page.sign_in("mo@alpha.example")
    token = page.headers()["X-CSRFToken"]

    def sent(body: bytes, **headers: str) -> Any:
        kind = "multipart/form-data; boundary=cut-here"
        named = {"Idempotency-Key": "k", **headers}
        return page.wire.generic("POST", "/api/v1/landlord-imports", body, kind, headers=named)

    # A field would do for Django, which would have to read the whole file to find it.
    without = sent(form(LIST, fields={"csrfmiddlewaretoken": token}))
    taken = sent(form(LIST), **{"X-CSRFToken": token})

    assert problem(without) == (403, "auth.csrf_failed")
    assert taken.status_code == 202, taken.content
    assert taken.json()["rows"] == 2


def _refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("a temporary file")
