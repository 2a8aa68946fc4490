"""Who is not mailed: who said so, and whose address takes none."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from events.models import AuditEvent, Event
from landlords import invitations, opting_out, posting, stops
from landlords.errors import MailStopped
from landlords.models import Landlord, Mail, StopReason
from people.principal import SYSTEM
from tenants.context import current_agency, public
from tenants.errors import CredentialUnknown
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import again
from tests.landlords.conftest import MakeLandlord


@pytest.fixture
def sent(lena: Landlord, time: FakeClock) -> Mail:
    invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
    mail = Mail.objects.get()
    posting.run(mail_id=mail.pk)
    return mail


@pytest.fixture
def report(time: FakeClock) -> Callable[..., int]:
    def bounced(address: str = "LENA@post.example", kind: str = "hard") -> int:
        return stops.report(by=SYSTEM, address=address, kind=kind, now=time.now)

    return bounced


class TestABounce:
    def test_is_of_the_address_and_not_of_the_landlord(
        self, sent: Mail, lena: Landlord, report: Callable[..., int]
    ) -> None:
        assert report() == 1
        assert (stops.why_not(lena), again(sent).status) == ("bounced", "bounced")

        Landlord.objects.update(email="lena@elsewhere.example")

        assert stops.why_not(again(lena)) == ""

    def test_that_is_soft_is_noted_and_stops_nothing(
        self, sent: Mail, lena: Landlord, report: Callable[..., int]
    ) -> None:
        report(kind="soft")

        assert (stops.why_not(lena), again(sent).reason_code) == ("", "soft")

    def test_of_an_address_that_nobody_has_is_none(self, lena: Landlord, report: Callable[..., int]) -> None:
        assert report("somebody@else.example") == 0

    def test_twice_is_told_once(self, lena: Landlord, report: Callable[..., int]) -> None:
        report()
        report()

        assert Event.objects.filter(type="landlord.bounced").count() == 1

    def test_does_not_undo_what_the_landlord_said(
        self, lena: Landlord, time: FakeClock, report: Callable[..., int]
    ) -> None:
        stops.put(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        report()

        assert stops.why_not(lena) == "opted_out"

    def test_gives_way_to_what_the_landlord_says(
        self, lena: Landlord, time: FakeClock, report: Callable[..., int]
    ) -> None:
        report(kind="complaint")
        assert stops.why_not(lena) == "complaint"

        stops.put(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        assert stops.why_not(lena) == "opted_out"

    def test_of_a_message_leads_to_its_agency_and_landlord(self, sent: Mail, lena: Landlord) -> None:
        named = f"<{sent.pk.hex}.{current_agency().pk.hex}@mail.example>"

        with public():
            call_command("report_bounce", named)

        assert stops.why_not(lena) == "bounced"

    @pytest.mark.parametrize("named", ["nonsense", f"<{'0' * 32}.{'0' * 32}@x>", "here"])
    def test_of_a_message_that_is_none_of_ours_is_said(self, sent: Mail, lena: Landlord, named: str) -> None:
        named = f"<{'0' * 32}.{current_agency().pk.hex}@x>" if named == "here" else named

        with public(), pytest.raises(CommandError):
            call_command("report_bounce", named)

        assert stops.why_not(lena) == ""


class TestAnOptOut:
    @pytest.fixture
    def token(self, lena: Landlord, time: FakeClock) -> str:
        return invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=False, now=time.now).token

    def test_is_said_by_the_link_in_a_mail_from_any_schema(self, token: str, lena: Landlord, time: FakeClock) -> None:
        with public():
            opting_out.opt_out(invitation_token=token, now=time.now)

        assert stops.why_not(lena) == "opted_out"
        assert AuditEvent.objects.get(action="landlord.opted_out").actor_kind == "landlord"

    def test_is_not_said_by_a_link_that_is_none(self, token: str, time: FakeClock) -> None:
        with pytest.raises(CredentialUnknown):
            opting_out.opt_out(invitation_token=token, now=time.advance(days=61))

    def test_opens_nothing(self, token: str, lena: Landlord, time: FakeClock) -> None:
        opting_out.opt_out(invitation_token=token, now=time.now)

        assert lena.invitations.get().opened_at is None

    def test_keeps_staff_from_mailing_and_not_from_handing_over_links(self, lena: Landlord, time: FakeClock) -> None:
        stops.put(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        with pytest.raises(MailStopped):
            invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
        assert invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=False, now=time.now).url

    def test_is_lifted_by_staff_once(self, lena: Landlord, time: FakeClock) -> None:
        stops.put(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        stops.lift(by=SYSTEM, landlord_id=lena.pk, now=time.now)
        stops.lift(by=SYSTEM, landlord_id=lena.pk, now=time.now)

        assert stops.why_not(lena) == ""
        assert Event.objects.filter(type="landlord.mail_allowed").count() == 1


@pytest.mark.parametrize("reason", StopReason.values)
def test_every_reason_is_said_in_a_sentence(reason: str, landlord_of: MakeLandlord) -> None:
    assert invitations.why_stopped(reason).endswith(".")
