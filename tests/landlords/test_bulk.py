"""Thousands of invitations at once: each row has its result, each landlord one mail, whoever is killed on the way."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.core import mail as outgoing_mail

from events.models import AuditEvent, Event
from landlords import bulk, invitations, posting, records, stops
from landlords.errors import NoFrontEnd
from landlords.models import (
    Deliver,
    Invitation,
    InvitationBatch,
    InvitationPurpose,
    InvitationRow,
    Landlord,
    LandlordSession,
    Mail,
)
from people.models import Operation
from people.principal import SYSTEM
from tenants import credentials
from tenants.context import current_agency
from tenants.faults import NotFound
from tenants.ids import new_id
from tenants.models import Agency, Credential
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.scenes import again, due_at
from tests.hmrc_oauth.side_by_side import at_once, committed
from tests.landlords.conftest import MakeLandlord


def nobody(landlord_ids: Collection[UUID], since: datetime | None) -> set[UUID]:
    return set()


def ask(named: list[Any], time: FakeClock, *, deliver: Deliver = Deliver.MAIL) -> InvitationBatch:
    purpose = InvitationPurpose.CONNECT
    return bulk.create(by=SYSTEM, named=named, purpose=purpose, deliver=deliver, now=time.now)


def results(batch: InvitationBatch) -> list[tuple[str, str]]:
    return list(batch.rows.order_by("number").values_list("status", "code"))


class TestARow:
    def test_is_invited_or_told_why_not(self, landlord_of: MakeLandlord, time: FakeClock) -> None:
        lena = landlord_of("Lena")
        mute, gone, known = landlord_of("Mute", email=""), landlord_of("Gone"), landlord_of("Known", reference="K-1")
        stops.put(by=SYSTEM, landlord_id=gone.pk, now=time.now)
        batch = ask([lena.pk, mute.pk, gone.pk, new_id(), "K-1", "K-2", known.pk], time)

        bulk.run(batch_id=batch.pk, settled=nobody)

        assert results(batch) == [
            ("made", ""),
            ("refused", "landlord.no_email"),
            ("refused", "landlord.mail_stopped"),
            ("refused", "not_found"),
            ("made", ""),
            ("refused", "not_found"),
            ("refused", "invitation.duplicate_row"),
        ]
        assert set(Mail.objects.values_list("landlord_id", flat=True)) == {lena.pk, known.pk}
        said = {"made": 2, "refused": 5}
        assert Operation.objects.get(pk=batch.pk).result == said
        assert Event.objects.get(type="invitations.made").data == said
        assert AuditEvent.objects.filter(action="invitation.created").count() == 2
        assert due_at("invite", batch.pk) is None

    def test_of_somebody_else_who_has_connected_is_not_asked(self, landlord_of: MakeLandlord, time: FakeClock) -> None:
        lena, ada = landlord_of("Lena"), landlord_of("Ada")
        batch = ask([lena.pk, ada.pk], time)

        bulk.run(batch_id=batch.pk, settled=lambda ids, since: {lena.pk})

        assert results(batch) == [("refused", "invitation.not_needed"), ("made", "")]

    def test_of_somebody_who_was_asked_some_days_ago_waits_for_its_reminder(
        self, lena: Landlord, time: FakeClock
    ) -> None:
        bulk.run(batch_id=ask([lena.pk], time).pk, settled=nobody)
        second = ask([lena.pk], time)

        bulk.run(batch_id=second.pk, settled=nobody)
        time.advance(days=7)
        third = ask([lena.pk], time)
        bulk.run(batch_id=third.pk, settled=nobody)

        assert results(second) == [("refused", "invitation.asked_lately")]
        assert results(third) == [("made", "")]

    def test_needs_no_address_where_the_agency_sends_the_links(
        self, landlord_of: MakeLandlord, time: FakeClock
    ) -> None:
        batch = ask([landlord_of("Mute", email="").pk], time, deliver=Deliver.LINK)

        bulk.run(batch_id=batch.pk, settled=nobody)

        assert (results(batch), Mail.objects.count()) == ([("made", "")], 0)

    def test_of_somebody_whom_others_see_to_is_not_asked(
        self, lena: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(Landlord.objects.all()), "chased", lambda rows: rows.none())
        batch = ask([lena.pk], time)

        bulk.run(batch_id=batch.pk, settled=nobody)

        assert results(batch) == [("refused", "landlord.not_chased")]


def test_without_a_front_end_nobody_can_be_mailed(lena: Landlord, time: FakeClock) -> None:
    current_agency().front_end_url = ""

    with pytest.raises(NoFrontEnd):
        ask([lena.pk], time)
    batch = ask([lena.pk], time, deliver=Deliver.LINK)
    with pytest.raises(NoFrontEnd):
        bulk.links(by=SYSTEM, batch_id=batch.pk, after=0, limit=10, now=time.now)


class TestLinks:
    @pytest.fixture
    def batch(self, landlord_of: MakeLandlord, time: FakeClock) -> InvitationBatch:
        batch = ask([landlord_of(name).pk for name in ("Ada", "Bert", "Carl")], time, deliver=Deliver.LINK)
        bulk.run(batch_id=batch.pk, settled=nobody)
        return batch

    def test_are_made_when_they_are_asked_for_and_only_digests_stay(
        self, batch: InvitationBatch, time: FakeClock
    ) -> None:
        assert not Credential.objects.filter(kind="invitation").exists()

        first = bulk.links(by=SYSTEM, batch_id=batch.pk, after=0, limit=2, now=time.now)
        rest = bulk.links(by=SYSTEM, batch_id=batch.pk, after=first[-1].row.number, limit=2, now=time.now)

        assert [each.row.number for each in first + rest] == [1, 2, 3]
        for each in first + rest:
            assert each.url.endswith(f"#invitation={each.token}")
            started = invitations.start_session(invitation_token=each.token, now=time.now)
            assert started.session.landlord_id == each.row.landlord_id
        assert Credential.objects.filter(digest=credentials.parse(first[0].token).digest).exists()

    def test_whose_answer_was_lost_are_asked_for_again(self, batch: InvitationBatch, time: FakeClock) -> None:
        lost, again_ = (bulk.links(by=SYSTEM, batch_id=batch.pk, after=0, limit=1, now=time.now) for _ in range(2))

        for each in lost + again_:
            assert invitations.start_session(invitation_token=each.token, now=time.now)

    def test_of_revoked_invitations_are_not_made(self, batch: InvitationBatch, time: FakeClock) -> None:
        revoked = InvitationRow.objects.get(number=2).invitation
        assert revoked is not None
        invitations.revoke(by=SYSTEM, invitation_id=revoked.pk, now=time.now)

        made = bulk.links(by=SYSTEM, batch_id=batch.pk, after=0, limit=10, now=time.now)

        assert [each.row.number for each in made] == [1, 3]


class TestACancelledBatch:
    def test_invites_nobody_more(self, lena: Landlord, time: FakeClock) -> None:
        batch = ask([lena.pk], time)

        for _ in range(2):
            assert bulk.cancel(by=SYSTEM, batch_id=batch.pk, now=time.now).cancelled_at == time.now
        bulk.run(batch_id=batch.pk, settled=nobody)

        assert (results(batch), Invitation.objects.count()) == ([("cancelled", "")], 0)
        assert again(Operation.objects.get(pk=batch.pk)).status == "succeeded"

    def test_must_exist(self, lena: Landlord, time: FakeClock) -> None:
        with pytest.raises(NotFound):
            bulk.cancel(by=SYSTEM, batch_id=new_id(), now=time.now)
        with pytest.raises(NotFound):
            bulk.get(batch_id=new_id())


def test_one_that_is_gone_is_nothing_to_do(lena: Landlord, time: FakeClock) -> None:
    batch = ask([lena.pk], time)
    InvitationBatch.objects.all().delete()

    bulk.run(batch_id=batch.pk, settled=nobody)

    assert due_at("invite", batch.pk) is None


class TestKilled:
    """kill -9 at every named point, over and over, until all is done."""

    @pytest.fixture
    def agency(
        self, alpha_committed: Agency, time: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
    ) -> Iterator[Agency]:
        monkeypatch.setattr(bulk, "PART", 4)
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = str(tmp_path)
        with committed(alpha_committed):
            yield alpha_committed
            LandlordSession.objects.all().delete()
            for model in (Mail, InvitationBatch, Invitation):
                model._default_manager.all().delete()
        Credential.objects.filter(agency=alpha_committed, kind="invitation").delete()

    def _landlords(self, many: int, now: datetime) -> list[UUID]:
        given = ({"full_name": f"L{n}", "email": f"l{n}@post.example"} for n in range(many))
        return [records.create(by=SYSTEM, given=each, now=now).pk for each in given]

    def test_at_every_point_of_a_bulk_it_leaves_whole_parts_and_nothing_twice(
        self, agency: Agency, time: FakeClock
    ) -> None:
        batch = ask(self._landlords(10, time.now), time)
        kills = 0
        for point in bulk.POINTS * 4:
            kills += was_killed(forked(agency, lambda: bulk.run(batch_id=batch.pk, settled=nobody), dies_at=point))
            assert InvitationRow.objects.filter(status="made").count() % 4 in {0, 2}

        bulk.run(batch_id=batch.pk, settled=nobody)

        assert kills >= 3
        assert results(batch) == [("made", "")] * 10
        assert (Invitation.objects.count(), Mail.objects.count()) == (10, 10)
        assert again(Operation.objects.get(pk=batch.pk)).status == "succeeded"

    @pytest.mark.parametrize("point", posting.POINTS)
    def test_at_every_point_of_a_mail_it_is_in_no_box_twice(
        self, agency: Agency, time: FakeClock, tmp_path: Any, point: str
    ) -> None:
        bulk.run(batch_id=ask(self._landlords(1, time.now), time).pk, settled=nobody)
        mail = Mail.objects.get()

        assert was_killed(forked(agency, lambda: posting.run(mail_id=mail.pk), dies_at=point))
        Mail.objects.filter(lease_ends_at__isnull=False).update(lease_ends_at="2000-01-01T00:00:00Z")
        for _ in range(3):
            posting.run(mail_id=mail.pk)

        sent = sum(file.read_text().count("Subject:") for file in tmp_path.iterdir())
        assert sent <= 1
        assert again(mail).status == ("sent" if point == "mail.in_claim" else "unsure")
        assert outgoing_mail.outbox == []

    def test_two_batches_at_once_ask_a_landlord_once(self, agency: Agency, time: FakeClock) -> None:
        ids = self._landlords(6, time.now)
        batches = [ask(ids, time), ask(ids, time)]

        ends = at_once(agency, *(lambda b=b: bulk.run(batch_id=b.pk, settled=nobody) for b in batches))

        assert ends == [None, None]
        assert Mail.objects.count() == 6
