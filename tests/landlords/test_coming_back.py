"""A landlord who comes back: a fresh link by mail, or six digits."""

import re

import pytest
from django.core import mail as outgoing_mail

from landlords import codes, invitations, posting, records, retention, sign_in, stops
from landlords.errors import InvitationSpent
from landlords.models import Invitation, Landlord, LandlordSession, LinkRequest, Mail, SignInCode
from landlords.models.sign_in import TRIES
from people.principal import SYSTEM
from tenants.errors import CredentialUnknown
from tenants.ids import new_id
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import due_at
from tests.landlords.conftest import MakeLandlord

FLOW = new_id()


def deliver() -> None:
    for mail in Mail.objects.filter(status="queued"):
        posting.run(mail_id=mail.pk)


def ask(address: str, time: FakeClock) -> None:
    sign_in.ask(address=address, now=time.now)
    sign_in.run(request_id=LinkRequest.objects.get().pk, now=time.now)
    deliver()


def mailed_code() -> str:
    return str(re.findall(r"^[0-9]{6}$", str(outgoing_mail.outbox[-1].body), re.MULTILINE)[0])


class TestALink:
    def test_goes_to_everybody_who_has_the_address(self, landlord_of: MakeLandlord, time: FakeClock) -> None:
        for name in ("Ada", "Bert"):
            landlord_of(name, email="Home@post.example")
        landlord_of("Carl")

        ask("home@POST.example", time)

        assert sorted(str(message.body)[:9] for message in outgoing_mail.outbox) == ["Hello Ada", "Hello Ber"]
        assert not LinkRequest.objects.exists()

    def test_is_good_once_and_for_an_hour(self, lena: Landlord, time: FakeClock) -> None:
        ask(lena.email, time)
        token = str(outgoing_mail.outbox[0].body).partition("#invitation=")[2].split()[0]

        assert invitations.start_session(invitation_token=token, now=time.now).session.landlord_id == lena.pk
        with pytest.raises(InvitationSpent):
            invitations.start_session(invitation_token=token, now=time.now)
        with pytest.raises(CredentialUnknown):
            invitations.start_session(invitation_token=token, now=time.advance(hours=1))

    def test_for_an_address_that_nobody_has_leaves_nothing_behind(self, lena: Landlord, time: FakeClock) -> None:
        ask("nobody@post.example", time)

        assert (outgoing_mail.outbox, Invitation.objects.count(), LinkRequest.objects.count()) == ([], 0, 0)

    def test_does_not_reach_who_wants_no_mails(self, lena: Landlord, time: FakeClock) -> None:
        stops.put(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        ask(lena.email, time)

        assert outgoing_mail.outbox == []

    def test_asked_for_twice_by_one_bell_is_one(self, lena: Landlord, time: FakeClock) -> None:
        sign_in.ask(address=lena.email, now=time.now)
        request = LinkRequest.objects.get()

        for _ in range(2):
            sign_in.run(request_id=request.pk, now=time.now)

        assert (Mail.objects.count(), due_at("sign_in", request.pk)) == (1, None)

    def test_is_kept_no_address_in_the_open(self, lena: Landlord, time: FakeClock) -> None:
        sign_in.ask(address=lena.email, now=time.now)

        assert lena.email not in str(vars(LinkRequest.objects.get()))


class TestACode:
    @pytest.fixture
    def code(self, lena: Landlord, time: FakeClock) -> str:
        codes.ask(landlord=lena, connect_session_id=FLOW, now=time.now)
        deliver()
        return mailed_code()

    def redeem(self, code: str, time: FakeClock) -> object:
        return codes.redeem(connect_session_id=FLOW, code=code, now=time.now)

    def test_begins_a_session_of_the_landlord_once(self, code: str, lena: Landlord, time: FakeClock) -> None:
        started = codes.redeem(connect_session_id=FLOW, code=code, now=time.now)

        assert started is not None
        assert started.session.landlord_id == lena.pk
        assert self.redeem(code, time) is None

    def test_is_kept_as_a_digest_that_is_bound_to_it(self, code: str) -> None:
        kept = SignInCode.objects.get()

        assert code not in str(vars(kept)).replace(str(kept.pk), "")
        assert bytes(kept.digest or b"") == kept.digest_of(code)
        assert SignInCode(id=new_id()).digest_of(code) != kept.digest_of(code)

    def test_is_over_after_ten_minutes(self, code: str, time: FakeClock) -> None:
        time.advance(minutes=10)

        assert self.redeem(code, time) is None

    def test_may_be_tried_five_times(self, code: str, time: FakeClock) -> None:
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for _ in range(TRIES):
            assert self.redeem(wrong, time) is None

        assert self.redeem(code, time) is None
        assert not LandlordSession.objects.exists()

    def test_is_of_one_connect_session(self, code: str, time: FakeClock) -> None:
        assert codes.redeem(connect_session_id=new_id(), code=code, now=time.now) is None

    def test_gives_way_to_a_newer_one(self, code: str, lena: Landlord, time: FakeClock) -> None:
        codes.ask(landlord=lena, connect_session_id=FLOW, now=time.advance(seconds=1))
        deliver()

        assert code == mailed_code() or self.redeem(code, time) is None
        assert self.redeem(mailed_code(), time) is not None

    def test_is_mailed_three_times_in_an_hour_at_most(self, code: str, lena: Landlord, time: FakeClock) -> None:
        for _ in range(5):
            codes.ask(landlord=lena, connect_session_id=FLOW, now=time.now)

        assert SignInCode.objects.count() == 3

    def test_is_not_mailed_without_an_address(self, landlord_of: MakeLandlord, time: FakeClock) -> None:
        codes.ask(landlord=landlord_of("Otto", email=""), connect_session_id=FLOW, now=time.now)

        assert not SignInCode.objects.exists()

    def test_that_waited_too_long_for_the_mail_server_is_not_sent(self, lena: Landlord, time: FakeClock) -> None:
        codes.ask(landlord=lena, connect_session_id=FLOW, now=time.now)
        time.advance(minutes=10)

        deliver()

        assert (outgoing_mail.outbox, Mail.objects.get().reason_code) == ([], "expired")

    def test_is_nobodys_once_the_landlord_is_archived(self, code: str, lena: Landlord, time: FakeClock) -> None:
        records.archive(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        assert self.redeem(code, time) is None


def test_what_is_over_is_tidied_away(lena: Landlord, time: FakeClock) -> None:
    codes.ask(landlord=lena, connect_session_id=FLOW, now=time.now)
    retention.tidy(now=time.advance(minutes=30))
    assert SignInCode.objects.exists()

    retention.tidy(now=time.advance(hours=1))

    assert not SignInCode.objects.exists()
