"""All there is of a landlord, or of the agency, as a file: whole, sealed while it lies here, and there for a while."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from events.models import AuditEvent
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from leaving import exports, files, rows
from leaving.errors import ExportNotReady, ExportOver
from leaving.models import Export, ExportPart
from leaving.personal import TABLES
from people.errors import OwnersOnly
from people.models import Operation
from people.principal import Principal, PrincipalKind
from people.scopes import KEY_SCOPES
from tenants import due
from tenants.faults import NotFound
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import again, due_at, events
from tests.leaving.scenes import NAME, NINO, NOBODY, WORDS, ask, fetched, known_everywhere

ADMIN = Principal(PrincipalKind.API_KEY, NOBODY, KEY_SCOPES)


@pytest.fixture
def zelda(in_alpha: Agency, time: FakeClock) -> Landlord:
    return known_everywhere(in_alpha)


def made(landlord: Landlord | None) -> UUID:
    export_id = ask(landlord)
    exports.run(export_id=export_id)
    return export_id


def tables(file: bytes) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table in the file, with `manifest.json` as the only row of its own."""
    with zipfile.ZipFile(io.BytesIO(file)) as opened:
        assert opened.testzip() is None
        said = {name: [json.loads(line) for line in opened.read(name).splitlines()] for name in _lines(opened)}
        return {**said, "manifest": [json.loads(opened.read("manifest.json"))]}


def _lines(opened: zipfile.ZipFile) -> list[str]:
    return [name for name in opened.namelist() if name.endswith(".jsonl")]


class TestALandlordsFile:
    def test_has_every_table_that_holds_something_of_theirs(self, zelda: Landlord) -> None:
        found = tables(fetched(made(zelda)))

        wanted = {f"{table.model._meta.db_table}.jsonl" for table in TABLES if table.exported}
        assert found.keys() == wanted | {"manifest"}
        assert [name for name in wanted if not found[name]] == []
        assert found["manifest"][0]["rows"] == {name: len(found[name]) for name in wanted}

    def test_says_all_in_plain_and_nothing_that_opens_a_door(self, zelda: Landlord) -> None:
        text = b"".join(json.dumps(each).encode() for each in tables(fetched(made(zelda))).values()).decode()

        assert [word for word in (*WORDS, NINO, '\\"1200.00\\"') if word not in text] == []
        assert "an-access-token" not in text
        assert "token_version" in text
        assert bytes(zelda.nino_index or b"-").hex() not in text

    def test_is_theirs_alone(self, zelda: Landlord, in_alpha: Agency) -> None:
        other = Landlord.objects.create(reference="O", full_name="Otto Other")

        found = tables(fetched(made(zelda)))

        assert {row["id"] for row in found["landlords_landlord.jsonl"]} == {str(zelda.pk)}
        assert str(other.pk) not in json.dumps(found)

    def test_lies_here_sealed_and_in_parts(self, zelda: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "_PART", 1000)

        export_id = made(zelda)

        export = Export.objects.get(pk=export_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(length(data)) FROM leaving_exportpart"
                " WHERE export_id = %s AND get_byte(data, 0) = 161",
                [export_id],
            )
            many, size = cursor.fetchone()
        assert many == -(-export.size // 1000) > 3
        assert size > export.size
        assert tables(fetched(export_id))["landlords_landlord.jsonl"][0]["full_name"] == NAME

    def test_is_told_to_whoever_follows_and_its_fetching_is_audited(self, zelda: Landlord, time: FakeClock) -> None:
        export_id = made(zelda)

        file, operation, export = (
            fetched(export_id),
            Operation.objects.get(pk=export_id),
            Export.objects.get(pk=export_id),
        )

        assert (operation.status, operation.result["size"]) == ("succeeded", len(file))  # type: ignore[index]
        assert (export.size, export.expires_at) == (len(file), time.now + exports.KEPT)
        assert events().count("export.ready") == 1
        trail = AuditEvent.objects.filter(action__in=["landlord.export_asked", "export.fetched"])
        assert [row.action for row in trail.order_by("id")] == ["landlord.export_asked", "export.fetched"]

    def test_can_be_had_of_an_archived_landlord_and_not_of_nobody(self, zelda: Landlord, time: FakeClock) -> None:
        Landlord.objects.filter(pk=zelda.pk).update(archived_at=time.now)

        assert ask(zelda)
        with pytest.raises(NotFound):
            exports.ask_landlord(by=ADMIN, landlord_id=NOBODY, now=time.now)


class TestTheAgencysFile:
    def test_has_every_table_but_those_of_secrets(self, zelda: Landlord, in_alpha: Agency) -> None:
        found = tables(fetched(made(None)))

        there = {model._meta.label for model in exports._every_model()}
        assert not there & rows.SECRET_TABLES
        assert {"people_user.jsonl", "mtd_submission.jsonl", "events_auditevent.jsonl"} < found.keys()
        assert found["manifest"][0]["settings"]["front_end_url"] == in_alpha.front_end_url
        assert "password" not in found["people_user.jsonl"][0]
        assert len(found["landlords_landlord.jsonl"]) == Landlord.objects.count()

    def test_is_for_owners(self, zelda: Landlord, time: FakeClock) -> None:
        export_id = ask(None)

        with pytest.raises(OwnersOnly):
            ask(None, by=ADMIN)
        with pytest.raises(OwnersOnly):
            exports.get(by=ADMIN, export_id=export_id)


class TestAnExport:
    def test_asked_for_twice_is_one(self, zelda: Landlord) -> None:
        assert ask(zelda) == ask(zelda)
        assert Export.objects.filter(landlord_id=zelda.pk, ready_at=None).count() == 1

    def test_that_is_not_ready_or_not_there_can_not_be_fetched(self, zelda: Landlord) -> None:
        export_id = ask(zelda)

        with pytest.raises(ExportNotReady):
            fetched(export_id)
        with pytest.raises(NotFound):
            fetched(NOBODY)

    def test_is_over_after_three_days_and_nothing_of_it_is_left(self, zelda: Landlord, time: FakeClock) -> None:
        export_id = made(zelda)
        time.advance(days=3)

        with pytest.raises(ExportOver):
            fetched(export_id)
        assert due_at("wipe_export", export_id) == time.now
        exports.wipe(export_id=export_id, now=time.now)

        assert not ExportPart.objects.filter(export=export_id).exists()
        assert (again(Export.objects.get(pk=export_id)).wiped_at, due_at("wipe_export", export_id)) == (time.now, None)
        with pytest.raises(ExportOver):
            fetched(export_id)

    def test_whose_maker_was_killed_is_made_anew(
        self, zelda: Landlord, monkeypatch: pytest.MonkeyPatch, time: FakeClock
    ) -> None:
        export_id = ask(zelda)
        monkeypatch.setattr(files, "_PART", 1000)
        with monkeypatch.context() as dying:
            dying.setattr(zipfile.ZipFile, "writestr", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                exports.run(export_id=export_id)
        assert ExportPart.objects.filter(export=export_id).exists()
        assert due_at("export", export_id) == time.now + timedelta(minutes=30)

        exports.run(export_id=export_id)

        assert tables(fetched(export_id))["landlords_landlord.jsonl"][0]["full_name"] == NAME
        assert {part.fence for part in ExportPart.objects.filter(export=export_id)} == {2}
        assert due_at("export", export_id) is None

    def test_that_another_has_made_meanwhile_is_left_alone(self, zelda: Landlord, time: FakeClock) -> None:
        export_id = ask(zelda)
        late, quick = (Export.objects.get(pk=export_id) for _ in range(2))
        assert late.claim()
        assert quick.claim()
        result = files.make(late, [], about={})

        exports._finish(late, Operation.objects.get(pk=export_id), result, time.now)

        assert again(quick).ready_at is None
        assert not ExportPart.objects.filter(export=export_id, fence=late.fence).exists()
        exports.run(export_id=export_id)
        exports.run(export_id=export_id)
        assert Operation.objects.get(pk=export_id).status == "succeeded"

    def test_that_is_not_to_be_any_more_fails(self, zelda: Landlord, time: FakeClock) -> None:
        export_id = ask(zelda)
        Export.objects.get(pk=export_id).wipe(now=time.now)

        exports.run(export_id=export_id)

        assert Operation.objects.get(pk=export_id).error_code == "export.over"
        assert due_at("export", export_id) is None

    def test_of_what_does_not_open_says_so(self, zelda: Landlord) -> None:
        Landlord.objects.filter(pk=zelda.pk).update(nino=_of_another_row())
        export_id = ask(zelda)

        exports.run(export_id=export_id)

        assert Operation.objects.get(pk=export_id).error_code == "vault.seal_broken"
        assert not ExportPart.objects.filter(export=export_id).exists()

    def test_that_nobody_knows_is_nothing_to_do(self, in_alpha: Agency, time: FakeClock) -> None:
        due.put(kind=due.Kind.EXPORT, subject_id=NOBODY, lane=due.Lane.BULK)

        exports.run(export_id=NOBODY)

        assert due_at("export", NOBODY) is None


def test_a_token_is_never_part_of_a_line(zelda: Landlord) -> None:
    assert "access_token" not in json.loads(rows.line(Grant.objects.filter(landlord_id=zelda.pk)[0]))


def _of_another_row() -> Any:
    """A value that was sealed for another row."""
    return Landlord(id=NOBODY).seal("nino", NINO)
