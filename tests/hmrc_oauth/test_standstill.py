"""HMRC refuses one of its APIs to Quarterday itself: a switch for all, one try a minute, and no connection moves."""

from datetime import timedelta
from typing import Any

import pytest

from hmrc_door.outcomes import classify
from hmrc_door.versions import Api
from hmrc_oauth import connections, standstill, verify
from hmrc_oauth.models import Grant
from landlords.models import Landlord
from tests.hmrc_oauth.fake_door import (
    NOT_AUTHORISED,
    NOT_SENT,
    NOTHING_THERE,
    ONE_BUSINESS,
    TOKEN_OVER,
    UNKNOWN,
    FakeClock,
    FakeDoor,
    refused,
)
from tests.hmrc_oauth.scenes import KEY, connection_of, due_at, events

API = Api.PROPERTY_BUSINESS
OURS = [
    refused(403, "RESOURCE_FORBIDDEN"),
    refused(401, "INCORRECT_ACCESS_TOKEN_TYPE"),
    refused(403),
    classify(status=403, headers={"content-type": "text/html"}, body=b"<html><h1>Forbidden</h1></html>"),
    refused(403, "HTTPS_REQUIRED"),
    refused(404, "NOT_FOUND"),
    refused(405, "METHOD_NOT_ALLOWED"),
    refused(405),
    refused(406, "ACCEPT_HEADER_INVALID"),
    refused(501, "NOT_IMPLEMENTED"),
]
IDS = [
    "not subscribed",
    "wrong kind of token",
    "no code",
    "the edge's HTML",
    "not by TLS",
    "not this version",
    "not this method",
    "not this method, without a code",
    "not this Accept header",
    "not deployed",
]


@pytest.mark.parametrize("answer", OURS, ids=IDS)
def test_an_api_that_is_refused_stands_still_and_is_tried_once_a_minute(
    in_alpha: object, time: FakeClock, answer: Any
) -> None:
    assert standstill.note(API, answer, now=time.now)

    waits = [standstill.waits_until(API, now=time.now)]
    time.advance(seconds=60)
    waits += [standstill.waits_until(API, now=time.now) for _ in range(2)]

    later = time.now + timedelta(minutes=1)
    assert waits == [time.now, None, later]
    assert standstill.refused_apis() == [API]
    assert standstill.waits_until(Api.OBLIGATIONS, now=time.now) is None


@pytest.mark.parametrize("answer", [ONE_BUSINESS, NOT_AUTHORISED, NOTHING_THERE, refused(400, "FORMAT_VALUE")])
def test_an_answer_about_the_work_turns_it_back(in_alpha: object, time: FakeClock, answer: Any) -> None:
    standstill.note(API, OURS[0], now=time.now)

    assert not standstill.note(API, answer, now=time.now)

    assert standstill.refused_apis() == []


@pytest.mark.parametrize("answer", [UNKNOWN, NOT_SENT, TOKEN_OVER, refused(429, "MESSAGE_THROTTLED_OUT")])
def test_an_answer_that_says_nothing_of_it_leaves_it(in_alpha: object, time: FakeClock, answer: Any) -> None:
    standstill.note(API, OURS[0], now=time.now)

    assert not standstill.note(API, answer, now=time.now)

    assert standstill.refused_apis() == [API]


def test_what_is_refused_again_and_again_waits_ever_longer_and_ten_minutes_at_most(time: FakeClock) -> None:
    waits = [standstill.later(tries=tries, now=time.now) - time.now for tries in (0, 1, 4, 100)]

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 1, 4, 10)]


class TestACheck:
    @pytest.mark.parametrize("answer", OURS, ids=IDS)
    def test_is_asked_again_and_the_connection_stays_as_it_is(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock, answer: Any
    ) -> None:
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)
        told = events()
        door.will(answer)

        verify.run(grant_id=grant.pk)

        assert (connection_of(landlord).state, events()) == ("active", told)
        assert due_at("check", grant.pk) > time.now
        assert due_at("refresh", grant.pk) is None

    def test_waits_while_another_landlords_was_refused(
        self, grant: Grant, landlord: Landlord, door: FakeDoor, time: FakeClock
    ) -> None:
        standstill.note(Api.BUSINESS_DETAILS, OURS[0], now=time.now)
        connections.check(by=KEY, landlord_id=landlord.pk, nino=None, now=time.now)

        verify.run(grant_id=grant.pk)

        assert (door.asked, due_at("check", grant.pk)) == ([], time.now + timedelta(minutes=1))
