"""One landlord erased: nothing that says anything of them is left anywhere, and what was filed can still be proved."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import Q
from django.test import TestCase

from events import audit
from events.models import AuditEvent
from hmrc_oauth import needs
from hmrc_oauth.errors import ConnectUnderWay
from hmrc_oauth.models import ConnectSession, Grant, GrantStatus
from landlords import importing, imports, invitations, records
from landlords.errors import ImportOver, ImportUnderWay, Merged
from landlords.imports import Asked, Row
from landlords.models import ImportPart, Landlord, LandlordImport, Property, Share
from leaving import erasure, exports
from leaving.errors import ExportOver, NotConfirmed
from leaving.personal import TABLES
from mtd import merging
from mtd.errors import CalculationUnderWay, Unsettled
from mtd.models import Attempt, Calculation, Mandate, Obligation, Submission, Write
from people.principal import SYSTEM
from tenants.errors import CredentialUnknown
from tenants.faults import NotFound
from tenants.models import Agency, Credential
from tenants.vault import SealedField
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import again, due_at, events
from tests.leaving.scenes import EMAIL, NINO, NOBODY, REFERENCE, WORDS, ask, fetched, known_everywhere, tables_with


@pytest.fixture
def zelda(in_alpha: Agency, time: FakeClock) -> Landlord:
    return known_everywhere(in_alpha)


def erase(landlord: Landlord, time: FakeClock, confirm: str = REFERENCE) -> Landlord:
    return erasure.erase(by=SYSTEM, landlord_id=landlord.pk, confirm=confirm, now=time.now)


def test_no_word_about_them_is_left_in_the_database(zelda: Landlord, in_alpha: Agency, time: FakeClock) -> None:
    erase(zelda, time)

    assert tables_with(in_alpha, *WORDS, "AA****54A") == {}


def test_everything_sealed_is_destroyed_tokens_first_of_all(zelda: Landlord, time: FakeClock) -> None:
    erase(zelda, time)

    left = {
        (table.model.__name__, column.name)
        for table in TABLES
        for column in table.model._meta.concrete_fields
        if isinstance(column, SealedField)
        and table.model._default_manager.filter(table.of([zelda.pk])).exclude(Q(**{column.name: None})).exists()
    }
    assert left == set()
    assert {grant.status for grant in Grant.objects.filter(landlord_id=zelda.pk)} == {GrantStatus.WIPED}


def test_each_table_is_as_its_entry_says(zelda: Landlord, time: FakeClock) -> None:
    before = {table.model: set(_ids(table, zelda)) for table in TABLES}

    erase(zelda, time)

    for table in TABLES:
        left = set(_ids(table, zelda))
        # Events and audit rows have been added.
        assert left >= before[table.model] if table.kept else left == set(), table.model.__name__


def test_a_tombstone_stays_and_is_found_by_nobody(zelda: Landlord, time: FakeClock) -> None:
    tombstone = erase(zelda, time)

    assert (tombstone.erased_at, tombstone.archived_at) == (time.now, time.now)
    assert (tombstone.full_name, tombstone.nino, tombstone.words.strip()) == ("", None, "")
    with pytest.raises(NotFound):
        records.get(landlord_id=zelda.pk)
    with pytest.raises(NotFound):
        erase(zelda, time)


def test_what_was_filed_can_still_be_proved(zelda: Landlord, time: FakeClock) -> None:
    filed = Submission.objects.filter(landlord=zelda).order_by("pk")
    digests = [bytes(each.digest) for each in filed]

    erase(zelda, time)

    assert [bytes(each.digest) for each in filed.all()] == digests
    assert {each.correlation_id for each in filed.all()} == {"c-1"}
    assert {frozenset(each.declaration) for each in filed.all()} == {frozenset({"accepted", "covers_whole_business"})}
    assert {"name"} & set(Write.objects.filter(landlord=zelda)[0].declaration or {}) == set()
    assert Attempt.objects.filter(submission__landlord=zelda).count() == len(digests)
    assert [(each.kind, each.evidence) for each in Mandate.objects.filter(landlord=zelda)] == [("standing", "")]


def test_the_chain_of_the_audit_trail_holds_and_says_who_erased(zelda: Landlord, time: FakeClock) -> None:
    while audit.seal_chain(now=time.now):
        pass

    erase(zelda, time)

    while audit.seal_chain(now=time.now):
        pass
    last = AuditEvent.objects.get(action="landlord.erased")
    assert audit.find_break() is None
    assert (last.subject_id, last.detail["rows"]["mtd_business"]) == (zelda.pk, 1)
    assert events()[-1] == "landlord.erased"


def test_every_way_in_is_closed(zelda: Landlord, in_alpha: Agency, time: FakeClock) -> None:
    invited = invitations.invite(by=SYSTEM, landlord_id=zelda.pk, by_mail=False, now=time.now)

    erase(zelda, time)

    assert not Credential.objects.filter(agency=in_alpha, kind__in=["landlord", "invitation"]).exists()
    with pytest.raises(CredentialUnknown):
        invitations.start_session(invitation_token=invited.token, now=time.now)


def test_files_that_hold_them_are_destroyed(zelda: Landlord, time: FakeClock) -> None:
    mine, everybodys = ask(zelda), ask(None)
    exports.run(export_id=mine)

    erase(zelda, time)

    exports.run(export_id=everybodys)
    for export_id in (mine, everybodys):
        with pytest.raises(ExportOver):
            fetched(export_id)
    with pytest.raises(NotFound):
        ask(zelda)


def test_a_last_mail_says_where_hmrc_lists_the_authority(zelda: Landlord, time: FakeClock) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        erase(zelda, time)

    (sent,) = mail.outbox
    assert (sent.to, "destroyed" in sent.body) == ([EMAIL], True)


def test_a_house_that_others_own_too_stays_theirs(zelda: Landlord, time: FakeClock) -> None:
    other = Landlord.objects.create(reference="O", full_name="Otto Other")
    house = Property.objects.get(shares__landlord=zelda)
    Share.objects.create(property=house, landlord=other, percent=50)

    erase(zelda, time)

    assert [share.landlord for share in again(house).shares.all()] == [other]


def test_one_who_is_archived_can_be_erased_and_without_a_mail(zelda: Landlord, time: FakeClock) -> None:
    records.archive(by=SYSTEM, landlord_id=zelda.pk, now=time.now)

    with TestCase.captureOnCommitCallbacks(execute=True):
        erase(zelda, time)

    assert mail.outbox == []
    assert {grant.status for grant in Grant.objects.filter(landlord_id=zelda.pk)} == {GrantStatus.WIPED}


def test_their_duplicates_are_erased_with_them(zelda: Landlord, in_alpha: Agency, time: FakeClock) -> None:
    given = {"full_name": "Zelda Quux too", "email": EMAIL, "reference": "TWIN"}
    twin = records.create(by=SYSTEM, given=given, now=time.now)
    merging.merge(by=SYSTEM, landlord_id=zelda.pk, duplicate_id=twin.pk, expected=None, now=time.now)
    with pytest.raises(Merged):
        erasure.erase(by=SYSTEM, landlord_id=twin.pk, confirm="TWIN", now=time.now)

    erase(zelda, time)

    assert (again(twin).full_name, again(twin).erased_at) == ("", time.now)
    assert tables_with(in_alpha, "Quux") == {}


@pytest.mark.parametrize(
    ("under_way", "fault"),
    [
        (lambda: Submission.objects.update(status="queued"), Unsettled),
        (lambda: Write.objects.update(status="sending"), Unsettled),
        (lambda: Calculation.objects.update(status="calculating"), CalculationUnderWay),
        (lambda: ConnectSession.objects.update(status="exchanging"), ConnectUnderWay),
        (lambda: Grant.objects.update(status="refreshing", lease_ends_at="2999-01-01T00:00Z"), ConnectUnderWay),
    ],
)
def test_while_something_is_under_way_nothing_is_erased(
    under_way: Any, fault: type[Exception], zelda: Landlord, time: FakeClock
) -> None:
    under_way()

    with pytest.raises(fault):
        erase(zelda, time)

    with again(zelda).nino.open(reason="test") as nino:
        assert nino == NINO


class TestAFileThatHoldsThem:
    def asked(self, time: FakeClock, *, dry_run: bool) -> LandlordImport:
        rows = [Row(2, [REFERENCE, "Zelda Quux"])]
        asked = Asked("csv", ["Reference", "Name"], rows, dry_run)
        return imports.create(by=SYSTEM, asked=asked, now=time.now)

    def test_and_is_being_taken_in_is_waited_for(self, zelda: Landlord, time: FakeClock) -> None:
        made = self.asked(time, dry_run=False)

        with pytest.raises(ImportUnderWay):
            erase(zelda, time)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)
        erase(zelda, time)

        assert not Landlord.objects.kept().filter(reference=REFERENCE).exists()

    def test_and_is_kept_for_later_is_wiped_so_that_they_do_not_come_back(
        self, zelda: Landlord, time: FakeClock
    ) -> None:
        made = self.asked(time, dry_run=True)
        importing.run(import_id=made.pk, confirmed=needs.confirmed)

        erase(zelda, time)

        assert not ImportPart.objects.filter(landlord_import=made).exists()
        assert (again(made).status, due_at("import", made.pk)) == ("cancelled", None)
        with pytest.raises(ImportOver):
            imports.correct(by=SYSTEM, import_id=made.pk, mapping=None, dry_run=False, now=time.now)


def test_only_who_types_the_reference_erases(zelda: Landlord, time: FakeClock) -> None:
    for confirm in ("", REFERENCE.lower(), str(zelda.pk)):
        with pytest.raises(NotConfirmed):
            erase(zelda, time, confirm)
    with pytest.raises(NotFound):
        erasure.erase(by=SYSTEM, landlord_id=NOBODY, confirm="", now=time.now)


def test_what_a_worker_stored_just_then_is_destroyed_after_it(zelda: Landlord, time: FakeClock) -> None:
    erase(zelda, time)
    assert due_at("erase", zelda.pk) == time.now + timedelta(minutes=2)
    late = Obligation(landlord=zelda, business_id="X", type_of_business="uk-property", status="open")
    late.period_start = late.period_end = late.due_date = time.now.date()
    late.save()

    erasure.run(landlord_id=zelda.pk, now=time.now)

    assert not Obligation.objects.filter(landlord=zelda).exists()
    assert due_at("erase", zelda.pk) is None


def test_one_who_was_not_erased_is_left_alone_by_a_late_bell(zelda: Landlord, time: FakeClock) -> None:
    erasure.run(landlord_id=zelda.pk, now=time.now)

    assert again(zelda).full_name == zelda.full_name


def _ids(table: Any, landlord: Landlord) -> list[Any]:
    return list(table.model._default_manager.filter(table.of([landlord.pk])).values_list("pk", flat=True))
