"""What a column means is guessed, can be said, and is remembered for the agency's next file."""

from typing import Any

import pytest

from hmrc_oauth import needs
from landlords import import_columns, importing, imports
from landlords.models import ColumnMeaning, ImportStatus, Landlord
from people.models import Operation
from tenants import clock
from tenants.context import tenant
from tenants.faults import Invalid
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.fixtures import time
from tests.hmrc_oauth.scenes import KEY, again, due_at
from tests.landlords.import_scenes import create, line, statuses, taken

__all__ = ["time"]

pytestmark = pytest.mark.usefixtures("in_alpha", "time")


def refusals(said: Invalid) -> dict[str, str]:
    return {fault.pointer: fault.code for fault in said.errors}


class TestAGuess:
    @pytest.mark.parametrize(
        ("columns", "expected"),
        [
            (["Landlord Ref.", "LANDLORD NAME"], ["reference", "full_name"]),
            (["ref", "First Name", "Surname"], ["reference", "first_name", "last_name"]),
            (["ref", "Full name", "Surname"], ["reference", "full_name", None]),
            (["Ref", "Reference"], ["reference", None]),
            (["N.I. Number", "National Insurance No"], [None, None]),
            (["NI Number", "E-Mail Address", "Labels"], ["nino", "email", "tags"]),
            (["external_ids.crm", "external_ids.", "external_ids"], ["external_ids.crm", None, "external_ids"]),
            (["Notes", "Column 2"], [None, None]),
        ],
        ids=str,
    )
    def test_goes_by_the_name(self, columns: list[str], expected: list[str | None]) -> None:
        assert import_columns.guess(columns) == expected

    @pytest.mark.parametrize(
        ("meanings", "expected"),
        [
            (["reference", "full_name", None], True),
            (["nino", "last_name"], True),
            (["reference", "email"], True),
            (["reference", None], False),
            (["full_name", "email"], False),
        ],
        ids=str,
    )
    def test_is_sure_if_it_says_who_each_is_and_what_they_are_called(self, meanings: Any, expected: bool) -> None:
        assert import_columns.is_sure(meanings) is expected


class TestNames:
    def test_are_made_where_there_is_none_and_where_there_are_two(self) -> None:
        assert import_columns.named(["Name", "", "Name", "x" * 150, "x" * 150]) == [
            "Name",
            "Column 2",
            "Name (2)",
            "x" * 100,
            "x" * 94 + " (2)",
        ]

    @pytest.mark.parametrize("header", ["QQ 12 34 56 C", "aa123456a", "lena@post.example", "Mr X, AA123456A"])
    def test_are_not_a_landlords_own(self, header: str) -> None:
        with pytest.raises(Invalid) as refused:
            import_columns.named(["Ref", header])

        assert refusals(refused.value) == {"/header/1": "looks_like_data"}

    def test_hold_no_control_characters(self) -> None:
        with pytest.raises(Invalid) as refused:
            import_columns.named(["Ref\0", "Name"])

        assert refusals(refused.value) == {"/header/0": "invalid"}


class TestAMappingThatIsSaid:
    COLUMNS = ("Code", "Who", "Ref", "Notes")

    def test_is_taken_and_the_others_stay(self) -> None:
        meanings = import_columns.guess(self.COLUMNS)
        said = {"Code": "reference", "Who": "full_name", "Notes": "external_ids.notes"}

        assert import_columns.correct(self.COLUMNS, meanings, said) == [
            "reference",
            "full_name",
            None,
            "external_ids.notes",
        ]

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ({"Whom": "full_name"}, {"/mapping/Whom": "unknown_column"}),
            ({"Who": "shoe_size"}, {"/mapping/Who": "unknown_field"}),
            ({"Who": "external_ids."}, {"/mapping/Who": "unknown_field"}),
            ({"Who": "nino", "Code": "nino"}, {"/mapping/Who": "field_twice", "/mapping/Code": "field_twice"}),
            ({"Who": "full_name", "Code": "first_name"}, {"/mapping/Code": "field_twice"}),
            ({"Ref": None}, {"/mapping": "identity_missing"}),
            ({"a/b~c": None}, {"/mapping/a~1b~0c": "unknown_column"}),
        ],
        ids=str,
    )
    def test_is_refused_where_it_can_not_be(self, said: dict[str, str | None], expected: dict[str, str]) -> None:
        with pytest.raises(Invalid) as refused:
            import_columns.correct(self.COLUMNS, [None, None, "reference", None], said)

        assert refusals(refused.value) == expected

    @pytest.mark.parametrize(
        ("said", "expected"),
        [("first_name", ["first_name", None]), ("last_name", ["last_name", None])],
    )
    def test_of_a_part_takes_the_place_of_the_whole(self, said: str, expected: list[str | None]) -> None:
        found = import_columns.correct(["A", "B", "C"], [None, "full_name", "reference"], {"A": said})

        assert found[:2] == expected

    def test_of_a_whole_takes_the_place_of_its_parts(self) -> None:
        found = import_columns.correct(["A", "B", "C"], [None, "last_name", "reference"], {"A": "full_name"})

        assert found[:2] == ["full_name", None]

    def test_is_remembered_for_the_next_file_of_the_agency_alone(self, beta: Agency) -> None:
        said = {"Tenant code": "reference", "Who": "full_name", "Name": None}
        taken(line(1)[:3], headers=["Tenant code", "Who", "Name"], mapping=said)

        assert import_columns.guess(["TENANT CODE", "who", "name"]) == ["reference", "full_name", None]
        assert ColumnMeaning.objects.count() == 3
        with tenant(beta):
            assert import_columns.guess(["TENANT CODE", "who", "name"]) == [None, None, "full_name"]

    def test_said_anew_holds_from_then_on(self) -> None:
        for meaning in ("reference", None, "nino"):
            import_columns.remember({"Code": meaning, "***": "email"}, now=clock.now())

        assert import_columns.guess(["Code"]) == ["nino"]

    def test_of_a_field_that_is_no_more_is_forgotten(self) -> None:
        ColumnMeaning.objects.create(header="code", field="shoe_size", said_at=clock.now())

        assert import_columns.guess(["Code", "Ref"]) == [None, "reference"]


class TestAnImportWithoutAMapping:
    HEADERS = ("Code", "Who", "E-mail", "N.I.")

    def test_waits_until_it_is_said_what_its_columns_mean(self, time: FakeClock) -> None:
        made = create(line(1)[:4], headers=self.HEADERS)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        assert (again(made).status, statuses(made), due_at("import", made.pk)) == (
            ImportStatus.NEEDS_MAPPING,
            [],
            made.rows_kept_until,
        )

        said = {"Code": "reference", "Who": "full_name"}
        imports.correct(by=KEY, import_id=made.pk, mapping=said, dry_run=None, now=time.now)
        assert due_at("import", made.pk) == time.now
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert (again(made).status, statuses(made)) == (ImportStatus.DONE, ["created"])
        assert (Landlord.objects.get().email, Landlord.objects.get().nino) == ("lena1@post.example", None)

    def test_goes_on_waiting_if_only_the_dry_run_is_called_off(self) -> None:
        made = create(line(1)[:4], headers=self.HEADERS, dry_run=True)

        found = imports.correct(by=KEY, import_id=made.pk, mapping=None, dry_run=False, now=clock.now())

        assert (found.status, found.dry_run, due_at("import", made.pk)) == (
            ImportStatus.NEEDS_MAPPING,
            False,
            made.rows_kept_until,
        )

    def test_expires_with_its_rows(self, time: FakeClock) -> None:
        made = create(line(1)[:4], headers=self.HEADERS)
        time.advance(days=7)

        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert (again(made).status, again(made).rows_kept_until) == (ImportStatus.EXPIRED, None)
        assert not made.parts.exists()
        assert Operation.objects.get(pk=made.operation_id).error_code == "import.over"


class TestCorrectingADryRun:
    def test_looks_at_all_rows_anew(self) -> None:
        made = taken(line(1), line(2), dry_run=True)

        found = imports.correct(by=KEY, import_id=made.pk, mapping={"E-mail": None}, dry_run=None, now=clock.now())
        assert (found.taken, found.counts, statuses(made)) == (0, {}, [])
        assert found.operation_id != made.operation_id
        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        imports.correct(by=KEY, import_id=made.pk, mapping=None, dry_run=False, now=clock.now())
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert [each.email for each in Landlord.objects.all()] == ["", ""]

    def test_that_is_under_way_begins_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 1)
        monkeypatch.setattr(importing, "_PARTS_A_TURN", 1)
        made = create(line(1), line(2), dry_run=True)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        found = imports.correct(by=KEY, import_id=made.pk, mapping=None, dry_run=True, now=clock.now())

        assert (found.taken, found.operation_id) == (0, made.operation_id)

    def test_by_saying_nothing_changes_nothing(self) -> None:
        made = taken(line(1), dry_run=True)

        found = imports.correct(by=KEY, import_id=made.pk, mapping=None, dry_run=None, now=clock.now())

        assert (found.taken, statuses(made)) == (1, ["created"])
