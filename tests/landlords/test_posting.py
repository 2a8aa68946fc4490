"""A mail leaves once at most, whatever happens to its sender; and it looks as the agency wants."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing_mail
from django.core.mail.backends.locmem import EmailBackend

from events.models import Event
from landlords import invitations, mail_settings, mails, posting, stops
from landlords.models import Invitation, Landlord, Mail, MailStatus, MailStop
from people.principal import SYSTEM
from tenants import credentials
from tenants.context import current_agency
from tenants.faults import Invalid
from tenants.ids import new_id
from tenants.models import Credential, Due
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import LONG_AGO, again, due_at
from tests.landlords.conftest import MakeLandlord

Mailed = Callable[[], Mail]


@pytest.fixture
def waiting(lena: Landlord, time: FakeClock) -> Mail:
    """A mail that nobody has sent yet."""
    invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
    return Mail.objects.get()


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception, *, at: str = "send_messages") -> None:
    def refuse(*_: Any) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, at, refuse)


def tokens() -> int:
    return Credential.objects.filter(kind="invitation").count()


class TestAMail:
    def test_is_sent_once_however_often_the_bell_rings(self, waiting: Mail, time: FakeClock) -> None:
        for _ in range(3):
            posting.run(mail_id=waiting.pk)

        assert len(outgoing_mail.outbox) == 1
        assert (again(waiting).status, again(waiting).sent_at) == ("sent", time.now)
        assert due_at("mail", waiting.pk) is None
        assert Event.objects.get(type="mail.sent").data["landlord_id"] == str(waiting.landlord_id)

    def test_brings_a_link_that_works(self, waiting: Mail, time: FakeClock) -> None:
        posting.run(mail_id=waiting.pk)

        link = str(outgoing_mail.outbox[0].body).partition("#invitation=")[2].split()[0]
        assert invitations.start_session(invitation_token=link, now=time.now).session.landlord_id == waiting.landlord_id

    def test_is_not_sent_by_two(self, waiting: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
        send = EmailBackend.send_messages

        def other_first(backend: EmailBackend, messages: Any) -> int:
            posting.run(mail_id=waiting.pk)
            return int(send(backend, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", other_first)
        posting.run(mail_id=waiting.pk)

        assert len(outgoing_mail.outbox) == 1

    def test_whose_sender_died_is_doubtful_and_not_sent_again(self, waiting: Mail) -> None:
        assert waiting.claim()
        posting.run(mail_id=waiting.pk)
        assert again(waiting).status == "sending"  # its sender may live

        Mail.objects.update(lease_ends_at=LONG_AGO)
        posting.run(mail_id=waiting.pk)
        posting.run(mail_id=waiting.pk)

        assert (again(waiting).status, outgoing_mail.outbox) == (MailStatus.UNSURE, [])
        assert due_at("mail", waiting.pk) is None

    @pytest.mark.parametrize(("error", "status"), [(None, "sent"), (smtplib.SMTPDataError(451, b"later"), "queued")])
    def test_whose_sender_was_given_up_and_lives_is_what_it_says(
        self, waiting: Mail, monkeypatch: pytest.MonkeyPatch, time: FakeClock, error: Exception | None, status: str
    ) -> None:
        send = EmailBackend.send_messages

        def slowly(backend: EmailBackend, messages: Any) -> int:
            Mail.objects.update(lease_ends_at=LONG_AGO)
            posting.run(mail_id=waiting.pk)
            assert again(waiting).status == "unsure"
            if error:
                raise error
            return int(send(backend, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", slowly)
        posting.run(mail_id=waiting.pk)

        assert again(waiting).status == status
        assert (due_at("mail", waiting.pk) is not None) is (status == "queued")

    def test_that_another_has_claimed_since_it_was_looked_at_is_theirs(
        self, waiting: Mail, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def other_first(mail: Mail, now: Any) -> str:
            assert mail.claim()
            return ""

        monkeypatch.setattr(posting, "_hindrance", other_first)
        posting.run(mail_id=waiting.pk)

        assert (again(waiting).status, outgoing_mail.outbox) == ("sending", [])

    def test_whose_answer_was_lost_is_doubtful(self, waiting: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
        fails(monkeypatch, smtplib.SMTPServerDisconnected())

        posting.run(mail_id=waiting.pk)

        assert (again(waiting).status, again(waiting).reason_code) == ("unsure", "SMTPServerDisconnected")

    @pytest.mark.parametrize(
        ("error", "at"),
        [
            (ConnectionRefusedError(), "open"),
            (smtplib.SMTPDataError(451, b"later"), "send_messages"),
            (smtplib.SMTPRecipientsRefused({"lena@post.example": (450, b"busy")}), "send_messages"),
        ],
    )
    def test_that_certainly_did_not_leave_is_tried_again_and_its_link_is_dropped(
        self, waiting: Mail, monkeypatch: pytest.MonkeyPatch, time: FakeClock, error: Exception, at: str
    ) -> None:
        before = tokens()
        with monkeypatch.context() as broken:
            fails(broken, error, at=at)
            posting.run(mail_id=waiting.pk)
        assert (again(waiting).status, due_at("mail", waiting.pk)) == ("queued", time.now + timedelta(minutes=1))
        assert tokens() == before

        posting.run(mail_id=waiting.pk)

        assert (len(outgoing_mail.outbox), again(waiting).attempts) == (1, 2)

    def test_is_given_up_after_a_day(self, waiting: Mail, monkeypatch: pytest.MonkeyPatch, time: FakeClock) -> None:
        fails(monkeypatch, ConnectionRefusedError(), at="open")
        tries = 0
        while (at := due_at("mail", waiting.pk)) is not None:
            time.now = max(time.now, at)
            posting.run(mail_id=waiting.pk)
            tries += 1

        assert (again(waiting).status, again(waiting).reason_code) == ("stopped", "mail_failed")
        assert tries < 60

    def test_to_an_address_that_is_refused_for_good_stops_mails_to_it(
        self, waiting: Mail, lena: Landlord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fails(monkeypatch, smtplib.SMTPRecipientsRefused({"lena@post.example": (550, b"no such user")}))

        posting.run(mail_id=waiting.pk)

        assert (again(waiting).status, stops.why_not(lena)) == ("bounced", "bounced")

    def test_that_the_server_refuses_for_good_fails_and_stops_nothing(
        self, waiting: Mail, lena: Landlord, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fails(monkeypatch, smtplib.SMTPSenderRefused(530, b"sign in", "no-reply@localhost"))

        posting.run(mail_id=waiting.pk)

        assert (again(waiting).status, again(waiting).reason_code) == ("failed", "smtp_530")
        assert stops.why_not(lena) == ""

    def test_is_sent_although_the_server_is_gone_when_it_is_over(
        self, waiting: Mail, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fails(monkeypatch, OSError(), at="close")

        posting.run(mail_id=waiting.pk)

        assert again(waiting).status == "sent"

    def test_that_is_not_there_is_nothing_to_do(self, waiting: Mail) -> None:
        Mail.objects.all().delete()

        posting.run(mail_id=waiting.pk)

        assert due_at("mail", waiting.pk) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lena, now: Landlord.objects.update(archived_at=now), "archived"),
        (lambda lena, now: Landlord.objects.update(email=""), "no_email"),
        (lambda lena, now: setattr(current_agency(), "front_end_url", ""), "no_front_end"),
        (lambda lena, now: Invitation.objects.update(status="revoked"), "revoked"),
        (lambda lena, now: stops.put(by=SYSTEM, landlord_id=lena.pk, now=now), "opted_out"),
    ],
)
def test_what_came_in_the_way_stops_it(waiting: Mail, lena: Landlord, time: FakeClock, change: Any, why: str) -> None:
    change(lena, time.now)

    posting.run(mail_id=waiting.pk)

    assert (again(waiting).status, again(waiting).reason_code, outgoing_mail.outbox) == ("stopped", why, [])
    assert not Due.objects.filter(kind="mail").exists()


class TestTheLook:
    @pytest.fixture
    def sent(self, waiting: Mail) -> Callable[[], Any]:
        def send() -> Any:
            posting.run(mail_id=waiting.pk)
            return outgoing_mail.outbox[0]

        return send

    def test_is_the_agencys(self, sent: Any, waiting: Mail) -> None:
        message = sent().message()

        assert message["From"] == f"{ALPHA.name} <no-reply@localhost>"
        named = f"<{waiting.pk.hex}.{current_agency().pk.hex}@localhost>"
        assert (message["Message-ID"], message["Auto-Submitted"]) == (named, "auto-generated")
        assert message["Reply-To"] is None

    def test_has_the_agencys_reply_address_and_words(self, sent: Any, time: FakeClock) -> None:
        words = {"subject": "{agency} needs you", "body": "Dear {name}, {url} {nonsense} {name.__class__} {0}"}
        given = {"reply_to": "help@alpha.example", "templates": {"invitation": words}}
        mail_settings.change(by=SYSTEM, given=given, now=time.now)
        current_agency().refresh_from_db()

        message = sent()

        assert (message.reply_to, message.subject) == (["help@alpha.example"], f"{ALPHA.name} needs you")
        assert message.body.startswith(f"Dear Lena, {ALPHA.front_end}/connect#invitation=qdi_")
        assert "{nonsense} {name.__class__} {0}" in message.body
        assert message.extra_headers["List-Unsubscribe"] == "<mailto:help@alpha.example?subject=unsubscribe>"

    def test_lets_a_mail_program_take_its_reader_off_the_list(self, sent: Any, settings: Any) -> None:
        settings.PUBLIC_URL = "https://connect.example"

        message = sent().message()

        assert message["List-Unsubscribe"].startswith("<https://connect.example/api/v1/mail-opt-outs/")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_of_a_code_takes_nobody_off_a_list(self, lena: Landlord, settings: Any) -> None:
        settings.PUBLIC_URL = "https://connect.example"

        message = mails.message("code", landlord=lena, agency=current_agency(), code="123456", mail_id=new_id())

        assert "List-Unsubscribe" not in message.extra_headers

    def test_ends_with_the_link_to_opt_out_whatever_the_words(self, sent: Any, lena: Landlord, time: FakeClock) -> None:
        body = str(sent().body)

        token = body.partition(f"{ALPHA.front_end}/opt-out#invitation=")[2].split()[0]
        assert credentials.parse(token).kind == "invitation"

    def test_without_the_link_is_refused(self, time: FakeClock, lena: Landlord) -> None:
        with pytest.raises(Invalid):
            mail_settings.change(
                by=SYSTEM, given={"templates": {"reminder": {"subject": "a", "body": "b"}}}, now=time.now
            )

    def test_is_ours_again_when_the_agency_wants(self, sent: Any, time: FakeClock) -> None:
        for words in ({"subject": "Mine", "body": "{url}"}, None):
            mail_settings.change(by=SYSTEM, given={"templates": {"invitation": words}}, now=time.now)

        assert sent().subject == f"{ALPHA.name}: connect HMRC"


def test_a_landlord_shares_no_stop_with_another(landlord_of: MakeLandlord, time: FakeClock) -> None:
    first, second = landlord_of("Ada"), landlord_of("Bert")

    stops.put(by=SYSTEM, landlord_id=first.pk, now=time.now)

    assert (stops.why_not(first), stops.why_not(second)) == ("opted_out", "")
    assert MailStop.objects.count() == 1
