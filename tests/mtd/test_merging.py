"""Two records of one person become one: everything goes over, nothing is lost, and two people stay two."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from events.models import AuditEvent
from hmrc_oauth import campaigns, claims
from hmrc_oauth.campaigns import Chosen
from hmrc_oauth.errors import BothConnected, ConnectUnderWay
from hmrc_oauth.models import ClaimStatus, Connection, ConnectSession, Grant
from landlords import invitations, posting, properties, records, stops
from landlords.errors import ExternalIdsDiffer, Merged, OtherPerson
from landlords.models import (
    Campaign,
    CampaignKind,
    CampaignMember,
    Invitation,
    Landlord,
    LandlordSession,
    Mail,
    MailStop,
    MtdHandling,
    Share,
    StopReason,
)
from mtd import mandates, merging
from mtd.errors import CalculationUnderWay, Unsettled
from mtd.models import (
    Calculation,
    CalculationType,
    Held,
    Mandate,
    Obligation,
    Readiness,
    Reading,
    Submission,
    SubmissionStatus,
)
from people.models import Operation
from tenants.errors import CredentialUnknown
from tenants.faults import Invalid, NotFound, Stale
from tenants.models import Agency, Credential
from tests.api.world import calculated
from tests.cast import NINO, OTHER_NINO
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import KEY, a_landlord, again, begun, connect, connection_of, due_at, events, issue
from tests.leaving.scenes import NOBODY
from tests.mtd.scenes import queue

STANDING = {"kind": "standing"}


@pytest.fixture
def kept(in_alpha: Agency, time: FakeClock) -> Landlord:
    """Whom the agency uses: without a number, and never connected."""
    given = {"full_name": "Lena Landlady", "reference": "KEEP", "tags": ["north"], "external_ids": {"crm": "1"}}
    return again(records.create(by=KEY, given=given, now=time.now))


@pytest.fixture
def twin(in_alpha: Agency, time: FakeClock) -> Landlord:
    """The same person once more."""
    given = {
        "full_name": "L Landlady",
        "reference": "TWIN",
        "email": "lena@post.example",
        "nino": NINO,
        "tags": ["north", "vip"],
        "external_ids": {"bank": "7"},
    }
    return again(records.create(by=KEY, given=given, now=time.now))


def merge(kept: Landlord, twin: Landlord, time: FakeClock, **more: Any) -> Landlord:
    given = {"landlord_id": kept.pk, "duplicate_id": twin.pk, "expected": None, **more}
    return merging.merge(by=KEY, now=time.now, **given)


def filed(landlord: Landlord, time: FakeClock) -> Submission:
    submission = queue(landlord)
    Submission.objects.filter(pk=submission.pk).update(status=SubmissionStatus.ACCEPTED)
    return submission


def read(landlord: Landlord, at: Any) -> Obligation:
    """HMRC was asked for the landlord's obligations then."""
    Reading.objects.create(landlord=landlord, what="obligations", fetched_at=at)
    day = date(2026, 7, 5)
    quarter = {"period_start": day, "period_end": day, "due_date": day}
    return Obligation.objects.create(landlord=landlord, business_id="X", status="open", **quarter)


class TestWhoIsKept:
    def test_gains_what_was_lacking_and_keeps_what_was_there(
        self, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        merged = merge(kept, twin, time)

        assert (merged.full_name, merged.reference, merged.email) == ("Lena Landlady", "KEEP", "lena@post.example")
        assert (merged.tags, merged.external_ids) == (["north", "vip"], {"crm": "1", "bank": "7"})
        assert merged.version == kept.version + 1

    def test_has_the_number_sealed_for_their_own_row(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        merged = merge(kept, twin, time)

        with merged.nino.open(reason="test") as nino:
            assert nino == NINO
        assert (Landlord.with_nino(NINO), merged.nino_mask) == (kept, "AA****56A")
        assert (again(twin).nino, again(twin).nino_index, again(twin).nino_mask) == (None, None, "")

    def test_keeps_their_own_number_where_both_have_it(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        Landlord.objects.filter(pk=twin.pk).update(nino=None, nino_index=None, nino_mask="")
        records.change(by=KEY, landlord_id=kept.pk, given={"nino": NINO}, expected=None, now=time.now)
        Landlord.objects.filter(pk=twin.pk).update(archived_at=time.now)
        other = records.create(by=KEY, given={"full_name": "No number"}, now=time.now)

        assert merge(kept, again(other), time).nino_mask == "AA****56A"

    @pytest.mark.parametrize(
        ("own", "others", "after"),
        [("unknown", "exempt", "exempt"), ("us", "exempt", "us"), ("accountant", "us", "accountant")],
    )
    def test_is_handled_as_before_unless_nobody_knew(
        self, own: str, others: str, after: str, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        Landlord.objects.filter(pk=kept.pk).update(mtd_handling=MtdHandling(own))
        Landlord.objects.filter(pk=twin.pk).update(mtd_handling=MtdHandling(others))

        assert merge(kept, twin, time).mtd_handling == after


class TestTheDuplicate:
    def test_says_into_whom_it_was_merged(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        merge(kept, twin, time)

        with pytest.raises(Merged) as said:
            records.get(landlord_id=twin.pk)
        assert said.value.more == {"landlord_id": str(kept.pk)}
        assert again(twin).archived_at == time.now
        assert AuditEvent.objects.get(action="landlord.merged").detail == {"duplicate": str(twin.pk)}
        assert events()[-1] == "landlord.merged"

    def test_of_a_duplicate_says_so_at_once(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        first = records.create(by=KEY, given={"full_name": "L"}, now=time.now)
        merge(twin, again(first), time)

        merge(kept, again(twin), time)

        assert again(first).merged_into == kept

    def test_leaves_everything_it_had(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        grant, submission = connect(twin), filed(twin, time)
        calculation = calculated(twin, CalculationType.IN_YEAR, now=time.now)
        invited = invitations.invite(by=KEY, landlord_id=twin.pk, by_mail=False, now=time.now)
        invitations.start_session(invitation_token=invited.token, now=time.now)
        owed = read(twin, time.now)

        merge(kept, twin, time)

        moved = (grant, submission, calculation, invited.invitation, owed, Mandate.objects.get())
        assert {again(row).landlord_id for row in moved} == {kept.pk}
        assert (connection_of(kept).grant, Held.objects.get().landlord_id) == (grant, kept.pk)
        assert Operation.objects.get(pk=submission.pk).landlord_id == kept.pk
        assert LandlordSession.objects.get().landlord == kept
        assert due_at("after_connect", kept.pk) == time.now

    def test_ends_its_sessions_and_leaves_its_links(
        self, kept: Landlord, twin: Landlord, time: FakeClock, in_alpha: Agency
    ) -> None:
        invited = invitations.invite(by=KEY, landlord_id=twin.pk, by_mail=False, now=time.now)
        started = invitations.start_session(invitation_token=invited.token, now=time.now)

        merge(kept, twin, time)

        assert not Credential.objects.filter(subject_id=started.session.pk).exists()
        assert invitations.start_session(invitation_token=invited.token, now=time.now).session.landlord == kept


class TestOnboarding:
    """What hangs on a landlord on the way to HMRC."""

    def test_a_mail_that_waits_goes_for_the_kept_one(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        invitations.invite(by=KEY, landlord_id=twin.pk, by_mail=True, now=time.now)

        merge(kept, twin, time)
        posting.run(mail_id=Mail.objects.get().pk)

        assert (Mail.objects.get().status, Mail.objects.get().landlord) == ("sent", kept)
        assert [sent.to for sent in mail.outbox] == [["lena@post.example"]]

    @pytest.mark.parametrize("own", ["", "bounced", "complaint"])
    def test_whoever_wanted_no_mails_gets_none(self, own: str, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        if own:
            stops.put(by=KEY, landlord_id=kept.pk, now=time.now, reason=StopReason(own))
        stops.put(by=KEY, landlord_id=twin.pk, now=time.now)

        merged = merge(kept, twin, time)

        assert stops.why_not(merged) == "opted_out"
        assert MailStop.objects.count() == 1

    def test_a_bounce_does_not_replace_what_the_kept_one_said(
        self, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        stops.put(by=KEY, landlord_id=kept.pk, now=time.now)
        stops.put(by=KEY, landlord_id=twin.pk, now=time.now, reason=StopReason.BOUNCED)

        assert stops.why_not(merge(kept, twin, time)) == "opted_out"

    def test_campaigns_go_on_with_the_kept_one(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        def asked(*landlords: Landlord) -> Campaign:
            chosen = Chosen(landlord_ids=[each.pk for each in landlords])
            return campaigns.create(
                by=KEY, name="x", kind=CampaignKind.CONNECT, chosen=chosen, deliver=None, now=time.now
            )

        both, one = asked(kept, twin), asked(twin)

        merge(kept, twin, time)

        members = {(each.campaign, each.landlord) for each in CampaignMember.objects.all()}
        assert members == {(both, kept), (one, kept)}

    def test_a_number_that_waits_for_staff_can_still_be_confirmed(
        self, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        grant = issue(twin)
        connection = Connection.of(twin, now=time.now)
        connection.refuse(grant=grant, reason=claims.REASON, causes=[], now=time.now)
        claims.open_claim(twin, grant, OTHER_NINO, status=ClaimStatus.WAITING, now=time.now)

        merge(kept, twin, time)
        claims.confirm(by=KEY, landlord_id=kept.pk, now=time.now)

        assert again(kept).nino_mask == "AB****21B"
        assert due_at("check", grant.pk) == time.now

    def test_who_is_looked_at_again_still_is(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        connect(twin)
        for landlord, status in ((kept, "checking"), (twin, "ready")):
            facts = {"tax_year": "2026-27", "businesses": 1, "assessed_at": time.now, "changed_at": time.now}
            Readiness.objects.create(landlord=landlord, status=status, **facts)

        merge(kept, twin, time)

        assert [(each.landlord, each.status) for each in Readiness.objects.all()] == [(kept, "ready")]
        assert due_at("readiness", kept.pk) == time.now + timedelta(days=1)


class TestShares:
    def test_of_one_house_become_one(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        owners = [{"landlord_id": each.pk, "share": share} for each, share in ((kept, 30), (twin, 20))]
        house = properties.create(by=KEY, given={"address": "1", "owners": owners}, now=time.now)
        hers = [{"landlord_id": twin.pk, "share": 5}]
        other = properties.create(by=KEY, given={"address": "2", "owners": hers}, now=time.now)

        merge(kept, twin, time)

        assert {(share.property, share.landlord, int(share.percent)) for share in Share.objects.all()} == {
            (house, kept, 50),
            (other, kept, 5),
        }


class TestConnections:
    def test_the_one_that_works_stays_whosever_it_was(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        ended = Connection.of(kept, now=time.now)
        begun(twin)
        grant = connect(twin)
        theirs = connection_of(twin)

        merge(kept, twin, time)

        assert (connection_of(kept), connection_of(kept).grant) == (theirs, grant)
        assert not Connection.objects.filter(pk=ended.pk).exists()
        assert ConnectSession.objects.get().connection == theirs

    def test_the_kept_ones_own_stays_where_the_other_never_had_one(
        self, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        grant, own = connect(kept), connection_of(kept)
        begun(twin)

        merge(kept, twin, time)

        assert (connection_of(kept), again(grant).landlord_id) == (own, kept.pk)
        assert ConnectSession.objects.get().connection == own


class TestWhatHmrcHolds:
    @pytest.mark.parametrize(("own_age", "others_age", "kept_is"), [(1, 2, "own"), (2, 1, "others"), (1, None, "own")])
    def test_is_known_as_it_was_read_last(
        self, own_age: int, others_age: int | None, kept_is: str, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        rows = {"own": read(kept, time.now - timedelta(hours=own_age))}
        if others_age:
            rows["others"] = read(twin, time.now - timedelta(hours=others_age))

        merge(kept, twin, time)

        assert list(Obligation.objects.all()) == [rows[kept_is]]
        assert Obligation.objects.get().landlord == kept


class TestMandates:
    def test_of_two_that_stand_the_kept_ones_stands_on(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        own, others = (
            mandates.record(by=KEY, landlord_id=each.pk, given=STANDING, now=time.now) for each in (kept, twin)
        )

        merge(kept, twin, time)

        assert Mandate.objects.get(landlord=kept, ended_at=None) == own
        assert (again(others).ended_how, again(others).landlord) == ("replaced", kept)


class TestARefusal:
    @pytest.mark.parametrize(
        ("stands_in_the_way", "fault"),
        [
            (
                lambda kept, twin: records.change(
                    by=KEY, landlord_id=kept.pk, given={"nino": OTHER_NINO}, expected=None, now=twin.created_at
                ),
                OtherPerson,
            ),
            (lambda kept, _: Landlord.objects.filter(pk=kept.pk).update(external_ids={"bank": "8"}), ExternalIdsDiffer),
            (lambda kept, twin: (connect(kept), connect(twin)), BothConnected),
            (lambda _, twin: (connect(twin), queue(twin)), Unsettled),
            (
                lambda _, twin: (
                    calculated(twin, CalculationType.IN_YEAR, now=twin.created_at),
                    Calculation.objects.update(status="queued"),
                ),
                CalculationUnderWay,
            ),
            (lambda _, twin: (begun(twin), ConnectSession.objects.update(status="exchanging")), ConnectUnderWay),
            (
                lambda _, twin: (
                    connect(twin),
                    Grant.objects.update(status="refreshing", lease_ends_at=twin.created_at),
                ),
                ConnectUnderWay,
            ),
        ],
    )
    def test_moves_nothing(
        self, stands_in_the_way: Any, fault: type[Exception], kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        stands_in_the_way(kept, twin)

        with pytest.raises(fault):
            merge(kept, twin, time)

        assert (again(twin).archived_at, again(twin).nino_mask) == (None, "AA****56A")

    def test_names_each_system_that_knows_them_as_two(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        Landlord.objects.filter(pk=kept.pk).update(external_ids={"bank": "8", "crm": "1"})

        with pytest.raises(ExternalIdsDiffer) as refused:
            merge(kept, twin, time)

        assert [error.pointer for error in refused.value.errors] == ["/external_ids/bank"]

    def test_of_oneself_of_nobody_and_of_an_older_version(
        self, kept: Landlord, twin: Landlord, time: FakeClock
    ) -> None:
        with pytest.raises(Invalid):
            merge(kept, kept, time)
        for missing in ({"duplicate_id": NOBODY}, {"landlord_id": NOBODY}):
            with pytest.raises(NotFound):
                merge(kept, twin, time, **missing)
        with pytest.raises(Stale):
            merge(kept, twin, time, expected=7)


class TestWhatComesLate:
    def test_goes_over_a_minute_later(self, kept: Landlord, twin: Landlord, time: FakeClock) -> None:
        mandates.record(by=KEY, landlord_id=kept.pk, given=STANDING, now=time.now)
        merge(kept, twin, time)
        other = a_landlord(nino=OTHER_NINO)
        connect(other)
        late = filed(other, time)
        Submission.objects.update(landlord=twin)
        Mandate.objects.filter(landlord=other).update(landlord=twin)
        Reading.objects.create(landlord=twin, what="obligations", fetched_at=time.now)
        assert due_at("merge", twin.pk) == time.now + timedelta(minutes=1)

        merging.run(duplicate_id=twin.pk, now=time.now)

        assert again(late).landlord == kept
        assert Mandate.objects.filter(landlord=kept, ended_at=None).count() == 1
        assert not Reading.objects.filter(landlord=twin).exists()
        assert due_at("merge", twin.pk) is None

    def test_is_nothing_where_nobody_was_merged(self, twin: Landlord, time: FakeClock) -> None:
        merging.run(duplicate_id=twin.pk, now=time.now)

        assert again(twin).archived_at is None


def test_a_link_of_nobody_opens_nothing(kept: Landlord, twin: Landlord, time: FakeClock) -> None:
    invited = invitations.invite(by=KEY, landlord_id=twin.pk, by_mail=False, now=time.now)
    merge(kept, twin, time)
    invitations.revoke(by=KEY, invitation_id=invited.invitation.pk, now=time.now)

    with pytest.raises(CredentialUnknown):
        invitations.start_session(invitation_token=invited.token, now=time.now)
    assert Invitation.objects.get().landlord == kept
