"""Where landlords stand on the way to HMRC, and the campaigns by which they are followed."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_oauth import campaigns, connections, needs
from hmrc_oauth.campaigns import Chosen
from hmrc_oauth.models import Connection, Grant
from landlords import bulk, invitations, records, sign_in, stops
from landlords.errors import CampaignEmpty
from landlords.models import (
    Campaign,
    CampaignKind,
    Deliver,
    Invitation,
    InvitationPurpose,
    InvitationRow,
    Landlord,
    LinkRequest,
    Mail,
)
from mtd import funnel, recovery
from mtd.funnel import PLACES, Stage
from mtd.models import Readiness
from tenants.faults import NotFound
from tenants.ids import new_id
from tenants.models import Agency, Due
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import KEY, a_landlord, begun, connect, due_at

CONNECT, RECONNECT = CampaignKind.CONNECT, CampaignKind.RECONNECT


@pytest.fixture
def lena(in_alpha: Agency, time: FakeClock) -> Landlord:
    return records.create(by=KEY, given={"full_name": "Lena", "email": "lena@post.example"}, now=time.now)


def place(landlord: Landlord, time: FakeClock, campaign: Campaign | None = None) -> str:
    rows = funnel.rows(now=time.now, campaign=campaign)
    code = str(rows.get(pk=landlord.pk).place)
    # Whoever asks for those who stand there finds the landlord: by what can be looked up, too.
    assert funnel.only(rows, place=code).filter(pk=landlord.pk).exists()
    assert funnel.only(rows, stage=PLACES[code].stage).filter(pk=landlord.pk).exists()
    return code


def invite(landlord: Landlord, time: FakeClock) -> invitations.Invited:
    return invitations.invite(by=KEY, landlord_id=landlord.pk, by_mail=False, now=time.now)


def open_link(landlord: Landlord, time: FakeClock) -> None:
    invitations.start_session(invitation_token=invite(landlord, time).token, now=time.now)


def attempt(landlord: Landlord, time: FakeClock, ending: str = "") -> None:
    session = begun(landlord, nino="AB654321B").session
    if ending == "denied":
        connections.receive_denial(session_id=session.pk, hmrc_error="", now=time.now)
    elif ending:
        connections.expire(session_id=session.pk, now=time.advance(days=1))


def test_a_landlord_walks_from_place_to_place(lena: Landlord, time: FakeClock) -> None:
    seen = [place(lena, time)]
    invited = invite(lena, time)
    seen.append(place(lena, time))
    invitations.start_session(invitation_token=invited.token, now=time.now)
    seen.append(place(lena, time))
    attempt(lena, time)
    seen.append(place(lena, time))
    connect(lena)
    seen.append(place(lena, time))
    same = {"assessed_at": time.now, "changed_at": time.now, "tax_year": "2026-27"}
    for status in ("not_signed_up", "ready"):
        Readiness.objects.update_or_create(landlord=lena, defaults={**same, "status": status})
        seen.append(place(lena, time))

    assert seen == [
        "not_invited",
        "not_opened",
        "not_begun",
        "waiting_at_hmrc",
        "checking",
        "not_signed_up",
        "ready",
    ]
    assert [PLACES[code].stage for code in seen[:5]] == [*list(Stage)[:3], Stage.AT_HMRC, Stage.CONNECTED]


class TestWhatStandsInTheWay:
    @pytest.mark.parametrize(
        ("change", "before", "after"),
        [
            (lambda lena, now: Landlord.objects.update(email=""), "no_email", "not_opened"),
            (lambda lena, now: stops.put(by=KEY, landlord_id=lena.pk, now=now), "opted_out", "invited_opted_out"),
            (
                lambda lena, now: stops.report(by=KEY, address=lena.email, kind="hard", now=now),
                "mail_bounced",
                "invited_mail_bounced",
            ),
            (
                lambda lena, now: stops.report(by=KEY, address=lena.email, kind="complaint", now=now),
                "opted_out",
                "invited_opted_out",
            ),
        ],
        ids=["no address", "opted out", "bounced", "spam"],
    )
    def test_of_a_mail(self, lena: Landlord, time: FakeClock, change: Any, before: str, after: str) -> None:
        change(lena, time.now)
        assert place(lena, time) == before

        invite(lena, time)

        assert place(lena, time) == after

    def test_of_a_link_that_is_over_or_revoked(self, lena: Landlord, time: FakeClock) -> None:
        invited = invite(lena, time)
        invitations.revoke(by=KEY, invitation_id=invited.invitation.pk, now=time.now)
        assert place(lena, time) == "invitation_over"

        invite(lena, time)
        assert place(lena, time) == "not_opened"
        time.advance(days=60)
        assert place(lena, time) == "invitation_over"

    @pytest.mark.parametrize(("ending", "code"), [("denied", "denied"), ("expired", "attempt_expired")])
    def test_of_an_attempt_that_ended(self, lena: Landlord, time: FakeClock, ending: str, code: str) -> None:
        attempt(lena, time, ending)

        assert place(lena, time) == code

    def test_of_an_attempt_that_failed(self, lena: Landlord, time: FakeClock) -> None:
        attempt(lena, time, "expired")
        Connection.objects.update(reason_code="code_refused")

        assert place(lena, time) == "attempt_failed"

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            ("nino_unconfirmed", "nino_unconfirmed"),
            ("nino_mismatch", "nino_mismatch"),
            ("not_enrolled", "not_enrolled"),
            ("scope", "not_authorised"),
        ],
    )
    def test_of_hmrcs_no(self, lena: Landlord, time: FakeClock, reason: str, code: str) -> None:
        Connection.of(lena, now=time.now)
        Connection.objects.update(state="not_authorised", reason_code=reason)

        assert place(lena, time) == code
        assert PLACES[code].stage is Stage.AT_HMRC


def test_whose_connection_has_ended_walks_the_way_again(lena: Landlord, time: FakeClock) -> None:
    open_link(lena, time)
    attempt(lena, time)
    connect(lena)
    connections.disconnect(by=KEY, landlord_id=lena.pk, now=time.advance(days=1))
    seen = [place(lena, time)]
    time.advance(hours=1)
    invite(lena, time)
    seen.append(place(lena, time))
    open_link(lena, time)
    seen.append(place(lena, time))

    assert seen == ["not_invited", "not_opened", "not_begun"]


def test_a_link_to_approve_figures_is_no_invitation_to_connect(lena: Landlord, time: FakeClock) -> None:
    invite(lena, time)
    Invitation.objects.update(purpose="approve")

    assert place(lena, time) == "not_invited"


def test_a_fresh_link_that_somebody_asked_for_is_one_only_when_it_is_opened(lena: Landlord, time: FakeClock) -> None:
    token = invite(lena, time).token
    Invitation.objects.update(purpose="sign_in")
    assert place(lena, time) == "not_invited"

    invitations.start_session(invitation_token=token, now=time.now)

    assert place(lena, time) == "not_begun"


def test_the_funnel_counts_everybody_once_and_names_the_landlords_of_each_step(
    in_alpha: Agency, lena: Landlord, time: FakeClock, django_assert_num_queries: Any
) -> None:
    ada, bert, carl = (a_landlord(nino=None, name=name) for name in ("Ada", "Bert", "Carl"))
    invite(ada, time)
    connect(bert)
    records.archive(by=KEY, landlord_id=carl.pk, now=time.now)

    with django_assert_num_queries(1):
        steps = funnel.steps(now=time.now)

    assert [(step.stage, step.reached, step.here) for step in steps] == [
        ("imported", 3, 1),
        ("invited", 2, 1),
        ("opened", 1, 0),
        ("began", 1, 0),
        ("at_hmrc", 1, 0),
        ("connected", 1, 1),
        ("ready", 0, 0),
    ]
    assert steps[0].places == {"not_invited": 1}
    rows = funnel.rows(now=time.now)
    assert list(funnel.only(rows, stage=Stage.INVITED)) == [ada]
    assert list(funnel.only(rows, place="checking")) == [bert]
    assert list(funnel.only(rows, stage=Stage.IMPORTED, place="no_email")) == []


def test_only_who_is_chased_is_counted(lena: Landlord, time: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(Landlord.objects.all()), "chased", lambda rows: rows.none())

    assert funnel.steps(now=time.now)[0].reached == 0


class TestACampaignToConnect:
    def test_is_for_everybody_who_is_not_connected(self, lena: Landlord, time: FakeClock) -> None:
        connect(a_landlord())

        campaign = campaigns.create(
            by=KEY, name="Spring", kind=CONNECT, chosen=Chosen(), deliver=Deliver.MAIL, now=time.now
        )

        assert list(campaign.landlords.all()) == [lena]
        batch = campaign.batches.get()
        bulk.run(batch_id=batch.pk, settled=needs.settled)
        assert Mail.objects.get().landlord_id == lena.pk
        assert place(lena, time, campaign) == "not_opened"

    def test_is_for_who_is_named_or_has_a_tag(self, lena: Landlord, time: FakeClock) -> None:
        other = a_landlord(nino=None)
        Landlord.objects.filter(pk=other.pk).update(tags=["north"])
        made: dict[str, Any] = {"by": KEY, "name": "x", "kind": CONNECT, "deliver": None, "now": time.now}

        named = campaigns.create(chosen=Chosen([lena.pk]), **made)
        tagged = campaigns.create(chosen=Chosen(tag="north"), **made)

        assert ([*named.landlords.all()], [*tagged.landlords.all()]) == ([lena], [other])
        assert not InvitationRow.objects.exists()
        assert funnel.steps(now=time.now, campaign=tagged)[0].reached == 1

    def test_of_nobody_is_none(self, lena: Landlord, time: FakeClock) -> None:
        with pytest.raises(CampaignEmpty):
            campaigns.create(by=KEY, name="x", kind=CONNECT, chosen=Chosen([new_id()]), deliver=None, now=time.now)

        assert not Campaign.objects.exists()
        with pytest.raises(NotFound):
            campaigns.get(campaign_id=new_id())


class TestACampaignToReconnect:
    @pytest.fixture
    def campaign(self, grant: Grant, time: FakeClock) -> Campaign:
        """For one whose grant ends in ninety days."""
        a_landlord(nino=None)
        Landlord.objects.update(email="lena@post.example")
        time.now = grant.ends_at - timedelta(days=90) + timedelta(seconds=1)
        return campaigns.create(
            by=KEY, name="Renewals", kind=RECONNECT, chosen=Chosen(), deliver=Deliver.MAIL, now=time.now
        )

    def test_is_for_whose_grant_ends_soon_or_died(
        self, campaign: Campaign, landlord: Landlord, time: FakeClock
    ) -> None:
        assert [*campaign.landlords.all()] == [landlord]
        Connection.objects.update(state="reconnect_required")

        dead = campaigns.create(by=KEY, name="x", kind=RECONNECT, chosen=Chosen(), deliver=None, now=time.now)

        assert [*dead.landlords.all()] == [landlord]

    def test_is_not_for_whose_grant_lasts(self, grant: Grant, time: FakeClock) -> None:
        with pytest.raises(CampaignEmpty):
            campaigns.create(by=KEY, name="x", kind=RECONNECT, chosen=Chosen(), deliver=None, now=time.now)

    def test_counts_what_happened_since(self, campaign: Campaign, landlord: Landlord, time: FakeClock) -> None:
        seen = [place(landlord, time, campaign)]
        bulk.run(batch_id=campaign.batches.get().pk, settled=needs.settled)
        seen.append(place(landlord, time, campaign))
        assert Mail.objects.get().kind == "reconnect"
        open_link(landlord, time)
        seen.append(place(landlord, time, campaign))
        begun(landlord)
        seen.append(place(landlord, time, campaign))
        connect(landlord, name="new")
        seen.append(place(landlord, time, campaign))

        assert seen == ["not_invited", "not_opened", "not_begun", "waiting_at_hmrc", "checking"]
        assert place(landlord, time) == "checking"

    def test_asks_nobody_who_has_connected_meanwhile(
        self, campaign: Campaign, landlord: Landlord, time: FakeClock
    ) -> None:
        time.advance(minutes=1)
        connect(landlord, name="new")

        bulk.run(batch_id=campaign.batches.get().pk, settled=needs.settled)

        assert InvitationRow.objects.get().code == "invitation.not_needed"


def test_a_list_that_was_lost_is_rebuilt(lena: Landlord, time: FakeClock) -> None:

    batch = bulk.create(by=KEY, named=[lena.pk], purpose=InvitationPurpose.CONNECT, deliver=Deliver.MAIL, now=time.now)
    sign_in.ask(address="x@post.example", now=time.now)
    invitations.invite(by=KEY, landlord_id=lena.pk, by_mail=True, now=time.now)
    Invitation.objects.update(sent_at=time.now)
    Due.objects.all().delete()

    recovery.rebuild(now=time.now)

    wanted = {
        "invite": batch.pk,
        "sign_in": LinkRequest.objects.get().pk,
        "mail": Mail.objects.get().pk,
        "remind": Invitation.objects.get().pk,
    }
    assert {kind: due_at(kind, subject) is not None for kind, subject in wanted.items()} == dict.fromkeys(wanted, True)
