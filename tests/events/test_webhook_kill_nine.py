"""Workers die at every named point between an event and its delivery: nothing is lost, doubled in the log, or out of
order.
"""

from itertools import groupby
from typing import Any

import pytest

from events.delivery import relay, sending
from events.models import WebhookEndpoint
from tenants.models import Agency
from tests.events.hooks import fresh, happen, log, made, relayed, sent, statuses
from tests.events.receiver import Receiver
from tests.hmrc_oauth.forks import forked, was_killed
from tests.hmrc_oauth.side_by_side import at_once
from tests.house.source import ROOT

pytestmark = [pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"), pytest.mark.usefixtures("stage")]
TYPES = ["connection.connected", "connection.uncertain", "connection.recovered", "connection.disconnected"]


def lease_is_over(endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(lease_ends_at="2000-01-01T00:00:00Z")


def first_arrivals(receiver: Receiver) -> dict[str, list[str]]:
    """Of each subject its types, in the order in which each event came for the first time."""
    first = {each.id: each for each in reversed(receiver.heard)}
    came = sorted(first.values(), key=receiver.heard.index)
    said = sorted(((each.said["data"]["subject_id"], each.said["type"]) for each in came), key=lambda pair: pair[0])
    return {subject: [kind for _, kind in pairs] for subject, pairs in groupby(said, key=lambda pair: pair[0])}


def test_whoever_dies_is_followed_by_another(stage: Agency, receiver: Receiver) -> None:
    endpoint = made(receiver.url).endpoint
    subjects = [happen(*TYPES) for _ in range(5)]

    deaths = [die(stage, point, lambda: relay.run(agency_id=stage.pk)) for point in ("relay.before_commit",)]
    assert statuses(endpoint) == []
    relayed()
    for point in sending.POINTS:
        deaths.append(die(stage, point, lambda: sending.run(endpoint_id=endpoint.pk)))
        sent(endpoint)  # somebody else has it still, for all that is known
        lease_is_over(endpoint)
    sent(endpoint)

    assert deaths == [True] * (1 + len(sending.POINTS))
    assert first_arrivals(receiver) == {str(each): TYPES for each in subjects}
    assert statuses(endpoint) == ["delivered"] * 20
    assert len({each.event_id for each in log(endpoint)}) == 20


def test_nobody_sends_while_somebody_else_does(stage: Agency, receiver: Receiver) -> None:
    endpoint = made(receiver.url).endpoint
    subjects = [happen(*TYPES) for _ in range(10)]
    relayed()

    ends = at_once(stage, *[lambda: sending.run(endpoint_id=endpoint.pk)] * 4)

    assert ends == [None] * 4
    assert len(receiver.heard) == 40
    assert first_arrivals(receiver) == {str(each): TYPES for each in subjects}


def test_whoever_comes_back_after_the_lease_writes_nothing_down(stage: Agency, receiver: Receiver) -> None:
    endpoint = made(receiver.url).endpoint
    happen(TYPES[0])
    relayed()

    def overtaken(handler: Any, heard: Any) -> None:
        receiver.answer = plain
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(fence=99)
        plain(handler, heard)

    plain = receiver.answer
    with_agency(receiver, stage, overtaken)
    sent(endpoint)

    assert statuses(endpoint) == ["pending"]
    assert fresh(endpoint).fence == 99
    lease_is_over(endpoint)
    sent(endpoint)
    assert statuses(endpoint) == ["delivered"]


def test_two_who_relay_at_once_double_nothing(stage: Agency, receiver: Receiver) -> None:
    endpoint = made(receiver.url).endpoint
    for _ in range(10):
        happen(*TYPES)

    ends = at_once(stage, *[lambda: relay.run(agency_id=stage.pk)] * 4)

    assert ends == [None] * 4
    assert len(log(endpoint)) == 40
    assert [each.event_id for each in log(endpoint)] == sorted(each.event_id for each in log(endpoint))


def test_every_point_stands_in_the_code_once() -> None:
    code = "".join(path.read_text() for path in sorted((ROOT / "events" / "delivery").glob("*.py")))

    points = [*relay.POINTS, *sending.POINTS]
    assert [code.count(f'failpoint("{point}")') for point in points] == [1] * len(points)
    assert code.count('failpoint("') == len(points)


def die(agency: Agency, point: str, work: Any) -> bool:
    return was_killed(forked(agency, work, dies_at=point))


def with_agency(receiver: Receiver, agency: Agency, answer: Any) -> None:
    """Answers in a thread with a database connection of its own, in the agency."""
    from django.db import connection

    from tenants.context import tenant

    def run(handler: Any, heard: Any) -> None:
        try:
            with tenant(agency):
                answer(handler, heard)
        finally:
            connection.close()

    receiver.answer = run
