"""Invitations and the short sessions they begin, as the rooms above use them."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import TestCase

from events.models import Event
from landlords import invitations, posting, records
from landlords.errors import InvitationSpent, NoEmail, NoFrontEnd
from landlords.models import Invitation, InvitationStatus, Landlord, LandlordSession, Mail
from people.principal import SYSTEM
from tenants import credentials
from tenants.context import current_agency, public, tenant
from tenants.errors import CredentialMalformed, CredentialUnknown
from tenants.faults import NotFound
from tenants.ids import digest, new_id
from tenants.models import Agency, Credential
from tests.cast import ALPHA
from tests.hmrc_oauth.fake_door import FakeClock


@pytest.fixture
def lena(in_alpha: Agency, now: datetime) -> Landlord:
    return records.create(by=SYSTEM, given={"full_name": "Lena", "email": "lena@post.example"}, now=now)


def _invite(landlord: Landlord, now: datetime, *, by_mail: bool = False) -> invitations.Invited:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return invitations.invite(by=SYSTEM, landlord_id=landlord.pk, by_mail=by_mail, now=now)


def test_a_link_leads_to_the_agencys_front_end_with_the_token_in_the_fragment(lena: Landlord, now: datetime) -> None:
    invited = _invite(lena, now)

    assert invited.url == f"{ALPHA.front_end}/connect#invitation={invited.token}"
    assert invited.invitation.status == InvitationStatus.CREATED
    assert mail.outbox == []


def test_an_agency_without_a_front_end_gets_the_token_alone(lena: Landlord, now: datetime) -> None:
    current_agency().front_end_url = ""

    assert _invite(lena, now).url == ""


def test_a_mailed_invitation_waits_for_a_worker_and_goes_in_the_agencys_name(
    lena: Landlord, now: datetime, time: FakeClock
) -> None:
    invited = _invite(lena, now, by_mail=True)
    assert (mail.outbox, invited.invitation.status) == ([], InvitationStatus.CREATED)

    posting.run(mail_id=Mail.objects.get().pk)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["lena@post.example"], f"{ALPHA.name}: connect HMRC")
    assert f"{ALPHA.front_end}/connect#invitation=qdi_" in sent.body
    assert invited.token not in str(sent.body)  # the mail's link is its own
    assert Invitation.objects.get().status == InvitationStatus.SENT


def test_what_can_not_be_mailed_is_refused_before_anything_is_made(lena: Landlord, now: datetime) -> None:
    otto = records.create(by=SYSTEM, given={"full_name": "Otto"}, now=now)
    with pytest.raises(NoEmail):
        _invite(otto, now, by_mail=True)
    current_agency().front_end_url = ""
    with pytest.raises(NoFrontEnd):
        _invite(lena, now, by_mail=True)

    assert not Invitation.objects.exists()


def test_only_a_digest_of_the_token_exists(lena: Landlord, now: datetime) -> None:
    invited = _invite(lena, now)

    credential = Credential.objects.get(digest=digest(invited.token))
    assert (credential.subject_id, credential.agency_id) == (invited.invitation.pk, current_agency().pk)
    assert invited.token not in str(vars(invited.invitation)) + str(vars(credential))


def test_an_invitation_becomes_a_session_of_two_hours_from_any_schema(lena: Landlord, now: datetime) -> None:
    agency, invited = current_agency(), _invite(lena, now)

    with public():
        started = invitations.start_session(invitation_token=invited.token, now=now)

    assert (started.agency_id, started.session.landlord_id) == (agency.pk, lena.pk)
    assert started.session.expires_at == now + timedelta(hours=2)
    assert started.token.startswith("qdl_")
    with tenant(agency):
        assert Invitation.objects.get().opened_at == now
        assert Event.objects.get(type="invitation.opened").subject_id == lena.pk


def test_a_link_may_be_opened_again_until_it_is_over(lena: Landlord, now: datetime) -> None:
    token = _invite(lena, now).token

    tokens = {invitations.start_session(invitation_token=token, now=now).token for _ in range(2)}

    assert len(tokens) == 2
    with pytest.raises(CredentialUnknown):
        invitations.start_session(invitation_token=token, now=now + timedelta(days=60))


def test_a_revoked_invitation_ends_its_link_and_its_sessions(lena: Landlord, now: datetime) -> None:
    invited = _invite(lena, now)
    session = invitations.start_session(invitation_token=invited.token, now=now)

    invitations.revoke(by=SYSTEM, invitation_id=invited.invitation.pk, now=now)

    assert Credential.get_live(digest(session.token), now=now) is None
    with pytest.raises(CredentialUnknown):
        invitations.start_session(invitation_token=invited.token, now=now)


def test_to_revoke_twice_is_to_revoke_once(lena: Landlord, now: datetime) -> None:
    made = _invite(lena, now).invitation
    invitations.revoke(by=SYSTEM, invitation_id=made.pk, now=now)

    again = invitations.revoke(by=SYSTEM, invitation_id=made.pk, now=now + timedelta(days=1))

    assert again.revoked_at == now


def test_an_archived_landlords_link_is_spent(lena: Landlord, now: datetime) -> None:
    token = _invite(lena, now).token
    records.archive(by=SYSTEM, landlord_id=lena.pk, now=now)

    with pytest.raises((InvitationSpent, CredentialUnknown)):
        invitations.start_session(invitation_token=token, now=now)

    assert not LandlordSession.objects.exists()


def test_another_kind_of_credential_is_no_invitation(lena: Landlord, now: datetime) -> None:
    key = credentials.mint(prefix="qd_test", subject_id=new_id(), agency=current_agency(), expires_at=None)

    with pytest.raises(CredentialUnknown):
        invitations.start_session(invitation_token=key, now=now)
    with pytest.raises(CredentialMalformed):
        invitations.start_session(invitation_token="something", now=now)


def test_nobody_is_invited_for_a_landlord_who_is_not_there(in_alpha: Agency, now: datetime) -> None:
    with pytest.raises(NotFound):
        invitations.invite(by=SYSTEM, landlord_id=new_id(), by_mail=False, now=now)
    with pytest.raises(NotFound):
        invitations.revoke(by=SYSTEM, invitation_id=new_id(), now=now)
