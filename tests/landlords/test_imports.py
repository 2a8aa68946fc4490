"""A file of landlords: each row is created, updated, unchanged or rejected, and the same file twice is the same
landlords.
"""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.db import IntegrityError

from events import audit
from events.models import AuditEvent, Event
from hmrc_oauth import connections, needs
from landlords import importing, imports, records
from landlords.errors import ImportBegun, ImportOver
from landlords.imports import Row
from landlords.models import ImportClaim, ImportPart, ImportRow, ImportStatus, Landlord, LandlordImport
from mtd import recovery
from people.models import Operation
from tenants import clock, due
from tenants.context import tenant
from tenants.faults import Invalid, NotFound
from tenants.models import Agency, Due
from tests.asking import asked_afresh
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.fixtures import time
from tests.hmrc_oauth.scenes import KEY, again, connect, due_at
from tests.landlords.import_scenes import HEADERS, create, faults, line, on_file, opened, statuses, taken

__all__ = ["time"]

pytestmark = pytest.mark.usefixtures("in_alpha", "time")


def told_of(made: LandlordImport) -> list[tuple[Any, Any]]:
    """What each row changes, and its faults."""
    return list(ImportRow.objects.filter(landlord_import=made).order_by("number").values_list("changed", "faults"))


class TestARow:
    def test_becomes_a_landlord_like_one_that_was_posted(self) -> None:
        made = taken(line(1))

        (landlord,) = Landlord.objects.all()
        assert (landlord.reference, landlord.full_name, landlord.email) == (
            "R-1",
            "Lena Landlady 1",
            "lena1@post.example",
        )
        assert (landlord.tags, landlord.external_ids, landlord.version) == (["north", "new"], {"crm": "C1"}, 1)
        assert (opened(landlord), landlord.nino_mask) == ("AA000001A", "AA****01A")
        assert Landlord.with_nino("AA000001A") == landlord
        (row,) = ImportRow.objects.all()
        assert (row.number, row.status, row.landlord_id, row.faults) == (2, "created", landlord.pk, [])
        assert made.counts == {"created": 1}

    def test_does_not_give_another_number_to_who_is_connected(self) -> None:
        taken(line(1), line(2))
        lena = Landlord.objects.get(reference="R-1")
        connect(lena)

        made = taken(line(1, nino=OTHER_NINO, email="new@post.example"), line(2, nino="AA000003A"))

        assert statuses(made) == ["rejected", "updated"]
        assert faults(made, 2) == [("nino", "connect.nino_confirmed", 3)]
        assert (opened(again(lena)), again(lena).version) == ("AA000001A", 1)

    def test_mends_the_last_letter_of_a_number_that_is_connected(self) -> None:
        taken(line(1))
        lena = Landlord.objects.get(reference="R-1")
        connect(lena)

        assert statuses(taken(line(1, nino="AA000001B"))) == ["updated"]
        assert opened(again(lena)) == "AA000001B"

    def test_gives_another_number_to_who_is_connected_no_more(self) -> None:
        taken(line(1))
        lena = Landlord.objects.get(reference="R-1")
        connect(lena)
        connections.disconnect(by=KEY, landlord_id=lena.pk, now=clock.now())

        assert statuses(taken(line(1, nino=OTHER_NINO))) == ["updated"]

    def test_of_a_dry_run_tells_of_a_number_that_is_confirmed(self) -> None:
        taken(line(1))
        connect(Landlord.objects.get(reference="R-1"))

        assert statuses(taken(line(1, nino=OTHER_NINO), dry_run=True)) == ["rejected"]

    def test_is_unchanged_the_second_time(self) -> None:
        taken(line(1), line(2))
        before = on_file()

        again_ = taken(line(1), line(2))

        assert (statuses(again_), on_file()) == (["unchanged", "unchanged"], before)

    def test_that_says_something_new_changes_that_and_nothing_else(self) -> None:
        taken(line(1), line(2))
        other = Landlord.objects.get(reference="R-2")

        made = taken(line(1, email="new@post.example", nino="", tags="", crm="C9"), line(2))

        landlord = Landlord.objects.get(reference="R-1")
        assert (landlord.email, landlord.external_ids, landlord.tags) == (
            "new@post.example",
            {"crm": "C9"},
            ["north", "new"],
        )
        assert (opened(landlord), landlord.version) == ("AA000001A", 2)
        assert again(other).version == 1
        assert ImportRow.objects.get(landlord_import=made, number=2).changed == ["email", "external_ids"]
        assert statuses(made) == ["updated", "unchanged"]

    @pytest.mark.parametrize("nino", ["AA000001B", "AB654321B"], ids=["another suffix", "another number"])
    def test_that_has_another_number_changes_it(self, nino: str) -> None:
        taken(line(1))

        made = taken(line(1, nino=nino))

        landlord = Landlord.objects.get()
        assert (statuses(made), opened(landlord), Landlord.with_nino(nino)) == (["updated"], nino, landlord)

    def test_keeps_the_ids_that_other_systems_gave(self) -> None:
        taken(line(1))
        records.change(
            by=KEY,
            landlord_id=Landlord.objects.get().pk,
            given={"external_ids": {"crm": "C1", "xero": "X"}},
            expected=None,
            now=clock.now(),
        )

        assert statuses(taken(line(1))) == ["unchanged"]

    def test_without_a_reference_is_found_by_its_number_and_gets_one(self) -> None:
        first = taken(line(1, reference=""))
        (landlord,) = Landlord.objects.all()

        second = taken(line(1, reference="", email="new@post.example"))

        assert (statuses(first), statuses(second)) == (["created"], ["updated"])
        assert landlord.reference.startswith("L-")
        assert Landlord.objects.count() == 1

    def test_of_an_archived_landlord_is_a_new_one(self) -> None:
        taken(line(1))
        records.archive(by=KEY, landlord_id=Landlord.objects.get().pk, now=clock.now())

        assert statuses(taken(line(1))) == ["created"]
        assert Landlord.objects.kept().count() == 1

    def test_reads_a_name_from_two_columns_whatever_their_order(self) -> None:
        taken(["Landlady", "R-1", "Lena"], headers=["Surname", "Ref", "First name"])

        assert Landlord.objects.get().full_name == "Lena Landlady"

    def test_has_a_name_of_two_columns_that_is_no_longer_than_one(self) -> None:
        made = taken(["R-1", "x" * 150, "y" * 150], headers=["Ref", "First name", "Surname"])

        assert faults(made, 2) == [("full_name", "max_length", None)]

    def test_with_fewer_cells_says_nothing_in_the_others(self) -> None:
        assert statuses(taken(["R-1", "Lena"])) == ["created"]


class TestARejectedRow:
    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({"email": "lena(at)post"}, ("email", "invalid", 2)),
            ({"email": "a@b." + "x" * 300}, ("email", "max_length", 2)),
            ({"nino": "AA12"}, ("nino", "nino.format", 3)),
            ({"nino": "DA123456A"}, ("nino", "nino.prefix", 3)),
            ({"full_name": ""}, ("full_name", "required", 1)),
            ({"full_name": "x" * 201}, ("full_name", "max_length", 1)),
            ({"full_name": "a\x1bb"}, ("full_name", "invalid", 1)),
            ({"reference": "x" * 101}, ("reference", "max_length", 0)),
            ({"reference": 7}, ("reference", "invalid", 0)),
            ({"reference": "", "nino": ""}, ("reference", "identity_missing", 0)),
            ({"tags": "x" * 51}, ("tags", "max_length", 4)),
            ({"tags": ",".join(f"t{each}" for each in range(51))}, ("tags", "max_length", 4)),
            ({"tags": {"a": "b"}}, ("tags", "not_a_list", 4)),
            ({"crm": ["a"]}, ("external_ids.crm", "invalid", 5)),
            ({"more": "x"}, ("", "too_many_cells", None)),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_names_its_fault_and_the_column(self, more: dict[str, Any], expected: tuple[str, str, int]) -> None:
        made = taken(line(1, **more), line(2))

        assert faults(made, 2) == [expected]
        assert (statuses(made), made.reasons) == (["rejected", "created"], {expected[1]: 1})
        assert [each.reference for each in Landlord.objects.all()] == ["R-2"]

    def test_names_all_its_faults_at_once(self) -> None:
        made = taken(line(1, email="x", nino="y", tags="z" * 60))

        assert {field for field, _, _ in faults(made, 2)} == {"email", "nino", "tags"}

    def test_says_nothing_of_what_stood_in_it(self) -> None:
        made = taken(line(1, nino="QX999999X"))

        assert "QX999999X" not in json.dumps(ImportRow.objects.get(landlord_import=made).faults)

    @pytest.mark.parametrize("second", [{}, {"nino": "AA000009A"}], ids=["the same", "another number"])
    def test_is_one_that_names_a_reference_a_second_time(self, second: dict[str, Any]) -> None:
        made = taken(line(1), line(2, reference="R-1", **second))

        assert faults(made, 3) == [("reference", "duplicate_row", 0)]
        assert "Row 2 " in ImportRow.objects.get(number=3).faults[0]["detail"]

    def test_is_one_whose_number_an_earlier_row_has(self) -> None:
        made = taken(line(1), line(2, nino="AA000001B"))

        assert faults(made, 3) == [("nino", "duplicate_row", 3)]

    def test_is_one_whose_number_an_earlier_row_has_just_given_up(self) -> None:
        taken(line(1))

        made = taken(line(1, nino="AA000007A"), line(2, nino="AA000001A"))

        assert (statuses(made), faults(made, 3)) == (["updated", "rejected"], [("nino", "duplicate_row", 3)])

    def test_is_one_that_speaks_of_the_landlord_of_an_earlier_row_by_another_name(self) -> None:
        taken(line(1))

        made = taken(line(1, reference=""), line(1, nino="AA000007A"))

        assert (statuses(made), faults(made, 3)) == (["unchanged", "rejected"], [("reference", "duplicate_row", 0)])

    def test_is_one_whose_number_another_landlord_has(self) -> None:
        landlord = records.create(by=KEY, given={"full_name": "Otto", "nino": NINO}, now=clock.now())

        made = taken(line(1, nino=NINO))

        assert faults(made, 2) == [("nino", "nino.conflict", 3)]
        assert str(landlord.pk) in ImportRow.objects.get().faults[0]["detail"]

    def test_does_not_stand_in_the_way_of_a_later_one(self) -> None:
        assert statuses(taken(line(1, email="x"), line(1))) == ["rejected", "created"]


class TestADryRun:
    LINES = (
        line(1, email="new@post.example"),
        line(2),
        line(3, email="x"),
        line(4),
        line(4),
        line(5, nino="AA000004B"),
    )

    def test_says_what_would_become_of_each_row_and_stores_nothing(self) -> None:
        taken(line(1), line(2))
        before = on_file()

        dry = taken(*self.LINES, dry_run=True)
        said, told = statuses(dry), told_of(dry)

        assert on_file() == before
        assert not AuditEvent.objects.filter(action="landlord_import.rows_taken", subject_id=dry.pk).exists()
        imports.correct(by=KEY, import_id=dry.pk, mapping=None, dry_run=False, now=clock.now())
        importing.run(import_id=dry.pk, confirmed=needs.confirmed)
        assert statuses(dry) == said == ["updated", "unchanged", "rejected", "created", "rejected", "rejected"]
        assert told_of(dry) == told
        assert Landlord.objects.count() == 3

    def test_finds_duplicates_in_parts_far_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 1)

        made = taken(line(1), line(2), line(3, nino="AA000001A"), line(2), dry_run=True)

        assert statuses(made) == ["created", "created", "rejected", "rejected"]

    def test_is_wiped_after_a_week(self, time: FakeClock) -> None:
        dry = taken(line(1), dry_run=True)
        assert due_at("import", dry.pk) == again(dry).rows_kept_until == time.now + imports.KEPT
        importing.run(import_id=dry.pk, confirmed=needs.confirmed)
        assert ImportPart.objects.count() == 1

        time.advance(days=7)
        importing.run(import_id=dry.pk, confirmed=needs.confirmed)

        assert (again(dry).status, again(dry).rows_kept_until) == (ImportStatus.DONE, None)
        assert (ImportPart.objects.count(), due_at("import", dry.pk)) == (0, None)
        with pytest.raises(ImportOver):
            imports.correct(by=KEY, import_id=dry.pk, mapping=None, dry_run=False, now=time.now)


class TestAnImport:
    def test_tells_how_far_it_is_and_when_it_ends(self, time: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 2)
        monkeypatch.setattr(importing, "_PARTS_A_TURN", 1)
        made = create(*(line(number) for number in range(6)))
        assert (made.status, made.size, made.ends_at(now=time.now)) == (ImportStatus.RUNNING, 6, None)

        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        time.advance(minutes=1)
        half = again(made)
        assert (half.taken, half.ends_at(now=time.now)) == (2, time.now + timedelta(minutes=2))
        assert Operation.objects.get(pk=made.operation_id).progress == pytest.approx(1 / 3)
        assert due_at("import", made.pk) is not None

    def test_ends_with_its_operation_an_event_and_a_line_in_the_trail(self) -> None:
        made = taken(line(1), line(2, email="x"))

        counts = {"created": 1, "updated": 0, "unchanged": 0, "rejected": 1}
        operation = Operation.objects.get(pk=made.operation_id)
        assert (operation.status, operation.kind) == ("succeeded", "landlord_import")
        assert operation.result == {"landlord_import": str(made.pk), "dry_run": False, **counts}
        event = Event.objects.get(type="import.finished")
        assert (event.subject_id, event.data) == (made.pk, {"dry_run": False, **counts})
        actions = list(AuditEvent.objects.filter(subject_id=made.pk).order_by("id").values_list("action", flat=True))
        assert actions == [f"landlord_import.{each}" for each in ("created", "rows_taken", "finished")]
        assert {each.actor_id for each in AuditEvent.objects.filter(subject_id=made.pk)} == {KEY.id}
        assert (made.status, due_at("import", made.pk)) == (ImportStatus.DONE, None)

    def test_keeps_its_rows_sealed_until_they_are_taken_in_and_no_longer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 1)
        monkeypatch.setattr(importing, "_PARTS_A_TURN", 1)
        made = create(line(1), line(2))
        assert b"AA00000" not in b"".join(map(bytes, ImportPart.objects.values_list("rows", flat=True)))

        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        assert ImportPart.objects.count() == 1

        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        assert (ImportPart.objects.count(), ImportClaim.objects.count()) == (0, 0)
        assert again(made).rows_kept_until is None

    def test_asks_the_database_the_same_for_one_row_as_for_many(self) -> None:
        # References of its own: who was killed in another file's test may be rolling back those yet, and a conflict
        # is tried again.
        few, many = create(line(9_001), line(9_002)), create(*(line(number) for number in range(9_003, 9_040)))

        with asked_afresh() as for_few:
            importing.run(import_id=few.pk, confirmed=needs.confirmed)
        with asked_afresh() as for_many:
            importing.run(import_id=many.pk, confirmed=needs.confirmed)

        assert len(for_few) == len(for_many)

    def test_taken_in_twice_is_taken_in_once(self) -> None:
        made = taken(line(1))

        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert (Landlord.objects.count(), again(made).counts) == (1, {"created": 1})

    def test_nobody_knows_is_nothing_to_do(self) -> None:
        nobody = uuid4()
        due.put(kind=due.Kind.IMPORT, subject_id=nobody, lane=due.Lane.BULK)

        importing.run(import_id=nobody, confirmed=needs.confirmed)

        assert due_at("import", nobody) is None
        for act in (imports.get, imports.cancel, imports.correct):
            said: dict[str, Any] = {
                imports.get: {},
                imports.cancel: {"by": KEY, "now": clock.now()},
                imports.correct: {"by": KEY, "now": clock.now(), "mapping": None, "dry_run": None},
            }[act]
            with pytest.raises(NotFound):
                act(import_id=nobody, **said)

    @pytest.mark.parametrize("many", [0, 3])
    def test_has_neither_no_rows_nor_too_many(self, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "MOST_ROWS", 2)
        monkeypatch.setattr(imports, "PART", 1)

        with pytest.raises(Invalid) as refused:
            create(*(line(number) for number in range(many)))

        assert [fault.code for fault in refused.value.errors] == ["row_count"]
        assert LandlordImport.objects.count() == Due.objects.filter(kind="import").count() == 0

    def test_whose_place_on_the_list_was_lost_is_put_back(self) -> None:
        running, dry = create(line(1)), taken(line(2), dry_run=True)
        taken(line(3))
        Due.objects.filter(kind="import").delete()

        recovery.rebuild(now=clock.now())

        assert set(Due.objects.filter(kind="import").values_list("subject_id", flat=True)) == {running.pk, dry.pk}
        assert due_at("import", dry.pk) == again(dry).rows_kept_until

    def test_of_another_agency_is_none_of_ours(self, beta: Agency) -> None:
        made = taken(line(1))

        with tenant(beta), pytest.raises(NotFound):
            imports.get(import_id=made.pk)

    def test_is_found_by_a_landlord_it_touched(self) -> None:
        made, _ = taken(line(1)), taken(line(2))
        landlord = Landlord.objects.get(reference="R-1")
        later = taken(line(1))

        assert set(imports.touching(landlord_id=landlord.pk)) == {made, later}


class TestCancelling:
    def test_leaves_what_was_taken_in_and_wipes_the_rest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 1)
        monkeypatch.setattr(importing, "_PARTS_A_TURN", 1)
        made = create(line(1), line(2))
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        imports.cancel(by=KEY, import_id=made.pk, now=clock.now())
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert (again(made).status, statuses(made), Landlord.objects.count()) == ("cancelled", ["created"], 1)
        assert (ImportPart.objects.count(), due_at("import", made.pk)) == (0, None)
        operation = Operation.objects.get(pk=made.operation_id)
        assert (operation.status, operation.error_code) == ("failed", "import.over")

    def test_is_for_good_and_not_for_what_is_done(self) -> None:
        for made in (taken(line(1)), create(line(2))):
            if again(made).status == ImportStatus.RUNNING:
                imports.cancel(by=KEY, import_id=made.pk, now=clock.now())
            with pytest.raises(ImportOver):
                imports.cancel(by=KEY, import_id=made.pk, now=clock.now())


class TestWhileItRuns:
    def test_somebody_else_changes_a_landlord_and_the_part_is_looked_at_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken(line(1))
        landlord = Landlord.objects.get()
        made, write_all = create(line(1, email="new@post.example")), Landlord.write_all

        def too_late(*args: Any, **more: Any) -> bool:
            Landlord.objects.filter(pk=landlord.pk).update(version=7)
            return write_all(*args, **more)

        def second_time() -> None:
            monkeypatch.setattr(Landlord, "write_all", write_all)
            Landlord.objects.filter(pk=landlord.pk).update(full_name="Somebody Else", version=7)

        monkeypatch.setattr(Landlord, "write_all", too_late)
        waits: Mock = Mock(side_effect=lambda: second_time() if waits.call_count == 2 else None)
        monkeypatch.setattr(importing, "_wait_for_other_imports", waits)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        found = again(landlord)
        assert (found.full_name, found.email, found.version) == ("Lena Landlady 1", "new@post.example", 8)
        assert ImportRow.objects.get(landlord_import=made).changed == ["email", "full_name"]

    def test_that_goes_on_for_ever_is_left_for_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def taken_meanwhile(_: Any) -> None:
            raise IntegrityError

        made = create(line(1))
        monkeypatch.setattr(importing, "copy_in", taken_meanwhile)

        with pytest.raises(IntegrityError):
            importing.run(import_id=made.pk, confirmed=needs.confirmed)

        assert (again(made).taken, ImportRow.objects.count(), due_at("import", made.pk)) == (0, 0, clock.now())


class TestTheTrail:
    def test_holds_for_every_row_that_made_or_changed_a_landlord(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(imports, "PART", 2)
        made = taken(*(line(number) for number in range(5)))
        audit.seal_chain(now=clock.now())

        assert (importing.find_break(import_id=made.pk), audit.find_break()) == (None, None)
        assert [each["created"] for each in audit.told(action="landlord_import.rows_taken", subject_id=made.pk)] == [
            2,
            2,
            1,
        ]

    @pytest.mark.parametrize("change", [{"changed": ["email"]}, {"status": "updated"}, {"status": "rejected"}])
    def test_tells_of_a_row_that_was_changed_afterwards(
        self, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imports, "PART", 2)
        made = taken(*(line(number) for number in range(5)))

        ImportRow.objects.filter(landlord_import=made, number=4).update(**change)

        assert importing.find_break(import_id=made.pk) == 1


def test_what_is_nested_or_odd_is_stored_as_it_came_and_rejected() -> None:
    made = create(line(1), headers=HEADERS)
    odd = imports.create(
        by=KEY,
        asked=imports.Asked("json", HEADERS, [Row(1, [{"a": 1}, [None], True, 1.5, "\u2028", None])], dry_run=False),
        now=clock.now(),
    )

    importing.run(import_id=odd.pk, confirmed=needs.confirmed)
    importing.run(import_id=made.pk, confirmed=needs.confirmed)

    assert [code for _, code, _ in faults(odd, 1)] == ["invalid"] * 4
    assert statuses(made) == ["created"]


def test_a_real_import_is_not_corrected_while_it_runs() -> None:
    made = create(line(1))

    with pytest.raises(ImportBegun):
        imports.correct(by=KEY, import_id=made.pk, mapping={"Name": None}, dry_run=None, now=clock.now())


def test_two_landlords_may_not_share_a_number_however_they_come() -> None:
    records.create(by=KEY, given={"full_name": "Otto", "reference": "O", "nino": OTHER_NINO}, now=clock.now())

    made = taken(line(1, nino=OTHER_NINO), ["O", "Otto", "", OTHER_NINO])

    assert statuses(made) == ["rejected", "unchanged"]
