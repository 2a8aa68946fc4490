"""Reminders: on the agency's days, never too soon, and never for nothing."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail as outgoing_mail

from landlords import invitations, mail_settings, posting, reminders, stops
from landlords.models import Invitation, Landlord, Mail
from people.principal import SYSTEM
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import due_at

CONNECTED: set[UUID] = set()


def settled(landlord_ids: Collection[UUID], since: datetime | None) -> set[UUID]:
    return CONNECTED & set(landlord_ids)


@pytest.fixture(autouse=True)
def _nobody_is_connected() -> None:
    CONNECTED.clear()


@pytest.fixture
def invited(lena: Landlord, time: FakeClock) -> Invitation:
    """A landlord who was mailed a link."""
    made = invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
    deliver()
    return made.invitation


@pytest.fixture
def days(invited: Invitation, time: FakeClock) -> Callable[..., list[int]]:
    """Go on until nothing is to come; the days, counted from the first mail, on which one went."""

    def run() -> list[int]:
        began, gone = time.now, []
        while (at := due_at("remind", invited.pk)) is not None:
            time.now = max(time.now, at)
            before = len(outgoing_mail.outbox)
            reminders.run(invitation_id=invited.pk, settled=settled, now=time.now)
            deliver()
            gone += [(time.now - began).days] * (len(outgoing_mail.outbox) - before)
        return gone

    return run


def deliver() -> None:
    for mail in Mail.objects.filter(status="queued"):
        posting.run(mail_id=mail.pk)


def test_go_after_one_and_three_weeks_and_no_more(days: Any) -> None:
    assert days() == [7, 21]
    assert [message.subject.endswith("(reminder)") for message in outgoing_mail.outbox] == [False, True, True]


def test_go_on_the_agencys_days_but_never_within_its_cooldown(time: FakeClock, days: Any, invited: Invitation) -> None:
    given = {"reminder_days": [2, 3, 30], "cooldown_days": 10}
    mail_settings.change(by=SYSTEM, given=given, now=time.now)
    reminders.plan(invited, now=time.now)

    assert days() == [10, 20, 30]


def test_are_none_if_the_agency_wants_none(lena: Landlord, time: FakeClock) -> None:
    mail_settings.change(by=SYSTEM, given={"reminder_days": []}, now=time.now)
    made = invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
    deliver()

    assert due_at("remind", made.invitation.pk) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda lena, now: CONNECTED.add(lena.pk),
        lambda lena, now: stops.put(by=SYSTEM, landlord_id=lena.pk, now=now),
        lambda lena, now: Invitation.objects.update(status="revoked"),
        lambda lena, now: Invitation.objects.update(expires_at=now),
        lambda lena, now: Landlord.objects.update(archived_at=now),
        lambda lena, now: Landlord.objects.update(email=""),
        lambda lena, now: (Mail.objects.all().delete(), Invitation.objects.all().delete()),
    ],
    ids=["connected", "opted out", "revoked", "expired", "archived", "no address", "gone"],
)
def test_are_not_sent_for_nothing(days: Any, lena: Landlord, time: FakeClock, change: Any) -> None:
    change(lena, time.now)

    assert days() == []


def test_wait_after_another_mail_that_asks(days: Any, lena: Landlord, time: FakeClock, invited: Invitation) -> None:
    began = time.now
    time.advance(days=6)
    other = invitations.invite(by=SYSTEM, landlord_id=lena.pk, by_mail=True, now=time.now)
    Mail.objects.filter(invitation=other.invitation).update(status="sent")
    time.now = began

    assert days() == [12, 21]


def test_two_who_answer_one_bell_send_one(invited: Invitation, time: FakeClock) -> None:
    time.advance(days=7)

    for _ in range(2):
        reminders.run(invitation_id=invited.pk, settled=settled, now=time.now)

    assert Mail.objects.filter(kind="reminder").count() == 1


def test_a_bell_that_rings_too_soon_is_not_answered(invited: Invitation, time: FakeClock) -> None:
    time.advance(days=6, hours=23)

    reminders.run(invitation_id=invited.pk, settled=settled, now=time.now)

    assert not Mail.objects.filter(kind="reminder").exists()
    assert due_at("remind", invited.pk) == time.now + timedelta(hours=1)


def test_a_list_that_was_lost_is_known(invited: Invitation, time: FakeClock) -> None:
    assert reminders.wanted(now=time.now) == [(invited.pk, time.now + timedelta(days=7))]
