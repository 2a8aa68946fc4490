"""The mail that follows the end of a connection: to whom, once, soon, and not if it works again."""

import smtplib
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from events.models import Event
from hmrc_oauth import connections, letters, refresh
from hmrc_oauth.models import Connection, Grant
from hmrc_oauth.settling import bury
from landlords import invitations, posting, records, stops
from landlords.errors import InvitationSpent
from landlords.models import Invitation, InvitationPurpose, InvitationStatus, Landlord, Mail
from tenants import credentials
from tenants.context import current_agency
from tenants.errors import CredentialUnknown
from tenants.faults import NotFound
from tenants.models import Credential
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import INVALID_GRANT, FakeClock, FakeDoor
from tests.hmrc_oauth.scenes import KEY, LONG_AGO, again, connection_of, due_at, events, issue

MINUTES_TOLD = timedelta(minutes=5)


@pytest.fixture
def landlord(landlord: Landlord) -> Landlord:
    Landlord.objects.filter(pk=landlord.pk).update(email="lena@post.example")
    return again(landlord)


@pytest.fixture
def connection(grant: Grant, landlord: Landlord) -> Connection:
    return connection_of(landlord)


@pytest.fixture
def die(grant: Grant, time: FakeClock) -> Callable[..., None]:
    """HMRC ends the grant, or its tokens are lost."""

    def end(reason: str = "refused") -> None:
        assert again(grant).claim()
        assert bury(again(grant), fence=again(grant).fence, reason=reason, now=time.now)

    return end


def deliver(connection: Connection, time: FakeClock) -> None:
    """The bell is rung when it is due."""
    at = due_at("tell_landlord", connection.pk)
    if at is not None and at > time.now:
        time.advance(seconds=(at - time.now).total_seconds())
    letters.run(connection_id=connection.pk)


def told(kind: str) -> dict[str, Any]:
    return dict(Event.objects.get(type=kind).data)


def test_a_dead_grant_brings_the_landlord_a_link_in_the_agencys_name(
    stale: Grant, connection: Connection, landlord: Landlord, door: FakeDoor, time: FakeClock
) -> None:
    door.will(INVALID_GRANT)
    refresh.run(grant_id=stale.pk)
    assert mail.outbox == []  # not by the one who spends tokens

    deliver(connection, time)

    (sent,), invitation = mail.outbox, Invitation.objects.get()
    assert (sent.to, sent.subject) == (["lena@post.example"], f"{ALPHA.name}: connect HMRC again")
    assert f"{ALPHA.front_end}/connect#invitation=qdi_" in sent.body
    assert (invitation.purpose, invitation.status, invitation.sent_at) == ("reconnect", "sent", time.now)
    assert told("connection.landlord_told")["state"] == "reconnect_required"
    assert due_at("tell_landlord", connection.pk) is None


@pytest.mark.parametrize("reason", ["refused", "lost", "grant_ended"])
def test_it_goes_within_five_minutes(
    connection: Connection, die: Callable[..., None], time: FakeClock, reason: str
) -> None:
    died_at = time.now
    die(reason)

    deliver(connection, time)

    assert len(mail.outbox) == 1
    assert time.now <= died_at + MINUTES_TOLD


def test_it_goes_once_for_each_death(connection: Connection, grant: Grant, die: Any, time: FakeClock) -> None:
    die()
    deliver(connection, time)
    deliver(connection, time)
    assert len(mail.outbox) == 1

    time.advance(hours=1)
    assert connection.recover(grant=grant, now=time.now)
    Grant.objects.update(status="active")
    time.advance(hours=1)
    die()
    deliver(connection, time)

    assert len(mail.outbox) == 2


def test_of_two_who_answer_the_same_bell_one_sends(connection: Connection, die: Any, monkeypatch: Any) -> None:
    die()
    send = EmailBackend.send_messages

    def other_first(backend: EmailBackend, messages: Any) -> int:
        letters.run(connection_id=connection.pk)
        posting.run(mail_id=Mail.objects.get().pk)
        return int(send(backend, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", other_first)
    letters.run(connection_id=connection.pk)

    assert (len(mail.outbox), Invitation.objects.count(), Mail.objects.count()) == (1, 1, 1)


def test_whoever_dies_after_sending_it_is_followed_by_one_who_does_not_send_it_again(
    connection: Connection, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    with monkeypatch.context() as dying:
        dying.setattr(letters, "_look", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliver(connection, time)

    deliver(connection, time)

    assert len(mail.outbox) == 1
    assert told("connection.landlord_told")["state"] == "reconnect_required"
    assert due_at("tell_landlord", connection.pk) is None


def test_whose_sender_dies_with_it_it_may_have_left_and_is_not_sent_again(
    connection: Connection, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            deliver(connection, time)
    deliver(connection, time)
    assert again(connection).ends_untold
    Mail.objects.update(lease_ends_at=LONG_AGO)

    deliver(connection, time)

    assert (mail.outbox, Mail.objects.get().status) == ([], "unsure")
    assert not again(connection).ends_untold


def test_a_mail_that_still_waits_is_withdrawn_when_the_connection_works_again(
    connection: Connection, grant: Grant, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", _refuse)
        deliver(connection, time)
    assert connection.recover(grant=grant, now=time.now)

    deliver(connection, time)
    posting.run(mail_id=Mail.objects.get().pk)

    assert (mail.outbox, Mail.objects.get().status) == ([], "stopped")
    assert due_at("mail", Mail.objects.get().pk) is None


def test_of_an_address_that_takes_no_mail_the_agency_is_told(
    connection: Connection, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    refused = smtplib.SMTPRecipientsRefused({"lena@post.example": (550, b"nobody here")})

    def refuse(*_: Any) -> None:
        raise refused

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    deliver(connection, time)

    assert told("connection.agency_must_tell")["why"] == "hard"


def test_nobody_is_told_of_a_loss_that_a_late_answer_mended(
    connection: Connection, grant: Grant, die: Any, time: FakeClock
) -> None:
    die("lost")
    assert due_at("tell_landlord", connection.pk) > time.now
    assert connection.recover(grant=grant, now=time.now)

    deliver(connection, time)

    assert (mail.outbox, due_at("tell_landlord", connection.pk)) == ([], None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda landlord: setattr(current_agency(), "reconnect_mail", "agency"), "agency_setting"),
        (lambda landlord: setattr(current_agency(), "front_end_url", ""), "no_front_end"),
        (lambda landlord: Landlord.objects.update(email=""), "no_email"),
    ],
)
def test_where_the_landlord_can_not_be_mailed_the_agency_is_told_that_it_must(
    connection: Connection, landlord: Landlord, die: Any, time: FakeClock, change: Any, why: str
) -> None:
    change(landlord)
    die()

    deliver(connection, time)

    said = told("connection.agency_must_tell")
    assert (said["why"], said["landlord_id"]) == (why, str(landlord.pk))
    assert (mail.outbox, Invitation.objects.count(), due_at("tell_landlord", connection.pk)) == ([], 0, None)


def test_an_archived_landlord_gets_none(connection: Connection, landlord: Landlord, time: FakeClock) -> None:
    connections.archive_landlord(by=KEY, landlord_id=landlord.pk, now=time.now, expected=None)

    deliver(connection, time)

    assert (mail.outbox, due_at("tell_landlord", connection.pk)) == ([], None)


def test_a_mail_that_could_not_be_sent_is_tried_again_with_another_link(
    connection: Connection, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "open", _refuse)
        deliver(connection, time)
    assert Credential.objects.filter(kind="invitation").count() == 0
    assert due_at("tell_landlord", connection.pk) == time.now + timedelta(minutes=1)

    deliver(connection, time)

    assert len(mail.outbox) == 1
    assert list(Invitation.objects.values_list("status", flat=True)) == ["sent"]


def test_after_a_day_of_trying_the_agency_is_told(
    connection: Connection, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    monkeypatch.setattr(EmailBackend, "open", _refuse)

    tries = 0
    while due_at("tell_landlord", connection.pk) is not None:
        deliver(connection, time)
        tries += 1

    assert told("connection.agency_must_tell")["why"] == "mail_failed"
    assert tries < 50


def test_what_happens_while_a_mail_is_sent_keeps_its_own_place(
    connection: Connection, landlord: Landlord, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    send = EmailBackend.send_messages

    def disconnect_meanwhile(backend: EmailBackend, messages: Any) -> int:
        if not mail.outbox:
            time.advance(seconds=1)
            connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        return int(send(backend, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", disconnect_meanwhile)
    deliver(connection, time)
    deliver(connection, time)

    assert [sent.subject.partition(": ")[2] for sent in mail.outbox] == [
        "connect HMRC again",
        "no longer connected to HMRC",
    ]


def test_what_happens_while_the_agency_is_told_has_the_last_word(
    connection: Connection, landlord: Landlord, die: Any, time: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die()
    Landlord.objects.filter(pk=landlord.pk).update(email="")

    def disconnect_meanwhile(_: Landlord) -> str:
        time.advance(seconds=1)
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        return ""

    with monkeypatch.context() as patched:
        patched.setattr(stops, "why_not", disconnect_meanwhile)
        deliver(connection, time)

    assert "connection.agency_must_tell" not in events()
    assert again(connection).told_at is None
    assert due_at("tell_landlord", connection.pk) is not None


class TestALinkToReconnect:
    @pytest.fixture
    def link(self, connection: Connection, landlord: Landlord, die: Any, time: FakeClock) -> invitations.Invited:
        die()
        invitation = invitations.invite_to_reconnect(landlord_id=landlord.pk, now=time.now)
        made = invitations.link(invitation)
        return invitations.Invited(invitation, made.token, made.url)

    def test_is_kept_as_a_digest_only(self, link: invitations.Invited) -> None:
        kept = Credential.objects.get(digest=credentials.parse(link.token).digest)

        assert link.token not in str(vars(kept)) + str(vars(link.invitation))
        assert link.invitation.purpose == InvitationPurpose.RECONNECT

    def test_can_be_revoked(self, link: invitations.Invited, time: FakeClock) -> None:
        invitations.revoke(by=KEY, invitation_id=link.invitation.pk, now=time.now)

        with pytest.raises(CredentialUnknown):
            invitations.start_session(invitation_token=link.token, now=time.now)

    def test_opens_nothing_more_once_the_landlord_has_connected_but_its_session_goes_on(
        self, link: invitations.Invited, landlord: Landlord, time: FakeClock
    ) -> None:
        started = invitations.start_session(invitation_token=link.token, now=time.now)

        invitations.use_up(landlord_id=landlord.pk)

        with pytest.raises(InvitationSpent):
            invitations.start_session(invitation_token=link.token, now=time.now)
        assert Credential.get_live(credentials.parse(started.token).digest, now=time.now) is not None

    def test_of_an_archived_landlord_is_not_made(self, landlord: Landlord, time: FakeClock) -> None:
        records.archive(by=KEY, landlord_id=landlord.pk, now=time.now)

        with pytest.raises(NotFound):
            invitations.invite_to_reconnect(landlord_id=landlord.pk, now=time.now)


class TestAfterADisconnect:
    def test_the_landlord_is_told_where_hmrc_still_lists_the_authority(
        self, connection: Connection, landlord: Landlord, time: FakeClock
    ) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        deliver(connection, time)

        (sent,) = mail.outbox
        assert sent.to == ["lena@post.example"]
        assert "/applications-manage-authority" in sent.body
        assert not Invitation.objects.exists()

    def test_a_mail_that_could_not_be_sent_is_tried_again(
        self, connection: Connection, landlord: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        with monkeypatch.context() as broken:
            broken.setattr(EmailBackend, "open", _refuse)
            deliver(connection, time)
        assert due_at("tell_landlord", connection.pk) == time.now + timedelta(minutes=1)

        deliver(connection, time)

        assert len(mail.outbox) == 1

    def test_an_agency_that_writes_the_reconnect_mails_does_not_keep_this_one_from_the_landlord(
        self, connection: Connection, landlord: Landlord, time: FakeClock
    ) -> None:
        current_agency().reconnect_mail, current_agency().front_end_url = "agency", ""
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        deliver(connection, time)

        assert len(mail.outbox) == 1

    def test_nobody_is_told_where_hmrc_never_gave_any(self, landlord: Landlord, time: FakeClock) -> None:
        connections.begin(by=KEY, landlord_id=landlord.pk, return_url=ALPHA.front_end, nino=None, now=time.now)
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)

        deliver(connection_of(landlord), time)

        assert (mail.outbox, events()[-1]) == ([], "connection.disconnected")

    def test_nobody_is_told_who_has_connected_again(
        self, connection: Connection, landlord: Landlord, time: FakeClock
    ) -> None:
        connections.disconnect(by=KEY, landlord_id=landlord.pk, now=time.now)
        connection.establish(grant=issue(landlord), now=time.now)

        deliver(connection, time)

        assert mail.outbox == []


def _refuse(*_: Any) -> None:
    raise ConnectionRefusedError


def test_a_mail_server_that_says_nothing_holds_nobody_for_ever_and_is_asked_again(
    die: Callable[..., None],
    connection: Connection,
    time: FakeClock,
    settings: Any,
    mailoutbox: list[Any],
    capfd: pytest.CaptureFixture[str],
) -> None:
    die()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes the connection, and no word follows
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        deliver(connection, time)

    said = "".join(capfd.readouterr())
    assert "mail.put_off" in said
    assert "SMTPServerDisconnected" in said
    assert again(connection).ends_untold
    assert due_at("tell_landlord", connection.pk) == time.now + timedelta(minutes=1)
    assert Invitation.objects.get().status == InvitationStatus.CREATED
