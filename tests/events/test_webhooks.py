"""From an event to somebody's server: signed, in order, tried again, and given up."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks import Webhook, WebhookVerificationError

from events import deliveries, outbox, webhooks
from events.delivery import sending
from events.errors import AlreadyDelivered, EndpointDisabled, TooManyEndpoints
from events.models import AuditEvent, Delivery, Event, WebhookEndpoint
from people.principal import SYSTEM
from tenants import relays
from tenants.faults import Invalid, NotFound, Stale
from tenants.ids import new_id
from tenants.models import Agency, Due
from tests.events.hooks import due, fresh, happen, log, made, relayed, sent, statuses
from tests.events.receiver import Heard, Receiver, status
from tests.hmrc_oauth.fake_door import FakeClock

pytestmark = pytest.mark.usefixtures("stage")
DONE, DENIED = "connection.connected", "connection.denied"


def arrive(endpoint: WebhookEndpoint) -> None:
    relayed()
    sent(endpoint)


class TestWhatIsSent:
    def test_is_the_event_and_its_ids_and_verifies_by_the_library(
        self, stage: Agency, receiver: Receiver, time: FakeClock
    ) -> None:
        endpoint, secret = made(receiver.url)
        landlord = str(new_id())
        event = outbox.publish(
            type=DONE, subject_type="connection", subject_id=new_id(), now=time.now, landlord_id=landlord
        )

        arrive(endpoint)

        (heard,) = receiver.heard
        assert Webhook(secret).verify(heard.body, heard.headers) == {
            "type": DONE,
            "timestamp": "2026-11-22T12:00:00Z",
            "data": {
                "agency_id": str(stage.pk),
                "subject_type": "connection",
                "subject_id": str(event.subject_id),
                "landlord_id": landlord,
            },
        }
        assert heard.id == str(event.id)
        assert heard.headers["content-type"] == "application/json"
        assert statuses(endpoint) == ["delivered"]

    def test_comes_to_every_endpoint_that_wants_its_type(self, receiver: Receiver) -> None:
        every = made(f"{receiver.url}/every").endpoint
        some = made(f"{receiver.url}/some", event_types=[DENIED]).endpoint
        happen(DONE, DENIED)

        arrive(every)
        sent(some)

        got = {path: [each.said["type"] for each in receiver.heard if each.path == path] for path in paths(receiver)}
        assert got == {"/hook/every": [DONE, DENIED], "/hook/some": [DENIED]}

    def test_is_nothing_that_happened_before_there_was_an_endpoint(self, receiver: Receiver) -> None:
        happen(DONE)
        endpoint = made(receiver.url).endpoint
        happen(DENIED)

        arrive(endpoint)

        assert receiver.types == [DENIED]

    def test_is_nothing_that_was_rolled_back(self, receiver: Receiver) -> None:
        endpoint = made(receiver.url).endpoint
        with transaction.atomic():
            happen(DONE)
            transaction.set_rollback(True)
        happen(DENIED)

        arrive(endpoint)

        assert receiver.types == [DENIED]

    def test_wakes_whoever_relays_once_for_each_transaction_and_nobody_where_nobody_listens(
        self, stage: Agency, receiver: Receiver
    ) -> None:
        happen(DONE)
        assert not relays.waits()
        made(receiver.url)
        Due.objects.filter(kind="relay").delete()

        with transaction.atomic():
            happen(DONE, DENIED)
        happen(DONE)

        assert Due.objects.filter(kind="relay", agency_id=stage.pk).count() == 2
        relayed()
        assert not relays.waits()


class TestSignatures:
    def test_are_two_while_a_rotation_overlaps_and_one_after_it(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint, old = made(receiver.url)
        _, new = webhooks.rotate(
            by=SYSTEM, endpoint_id=endpoint.pk, overlap=timedelta(hours=1), expected=None, now=time.now
        )
        happen(DONE)
        arrive(endpoint)
        time.advance(hours=1)
        happen(DENIED)
        arrive(endpoint)

        during, after = receiver.heard
        assert verify(during, old)
        assert verify(during, new)
        assert verify(after, new)
        assert not verify(after, old)

    def test_are_of_the_new_secret_at_once_without_an_overlap(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint, old = made(receiver.url)
        _, new = webhooks.rotate(by=SYSTEM, endpoint_id=endpoint.pk, overlap=timedelta(0), expected=None, now=time.now)
        happen(DONE)
        arrive(endpoint)

        assert (verify(receiver.heard[0], old), verify(receiver.heard[0], new)) == (False, True)

    def test_never_show_their_secrets_in_the_database(self, stage: Agency, receiver: Receiver) -> None:
        endpoint, secret = made(receiver.url)

        row = WebhookEndpoint.objects.filter(pk=endpoint.pk).values().get()
        assert secret not in str(row)
        assert secret.removeprefix("whsec_") not in str(row)


class TestOrder:
    def test_is_kept_for_each_subject_whatever_fails(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        stuck, other = happen(DONE, DENIED), happen(DONE)
        receiver.answer = lambda handler, heard: status(500 if subject_of(heard) == str(stuck) else 200)(handler, heard)
        arrive(endpoint)
        assert [(subject_of(each), each.said["type"]) for each in sorted(receiver.heard, key=subject_of)] == sorted(
            [(str(stuck), DONE), (str(other), DONE)]
        )

        receiver.answer = status(200)
        receiver.heard.clear()
        sent(endpoint)
        assert receiver.heard == []
        time.advance(seconds=2)
        sent(endpoint)

        assert [(subject_of(each), each.said["type"]) for each in receiver.heard] == [
            (str(stuck), DONE),
            (str(stuck), DENIED),
        ]

    def test_lets_the_next_one_go_when_one_is_given_up(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        stuck = happen(DONE, DENIED)
        receiver.answer = lambda handler, heard: status(500 if heard.said["type"] == DONE else 200)(handler, heard)
        arrive(endpoint)
        for _ in range(60):
            time.advance(hours=2)
            happen("connection.failed")  # something else arrives now and then
            arrive(endpoint)

        assert [each.status for each in log(endpoint) if each.subject_id == stuck] == ["failed", "delivered"]
        first = log(endpoint)[0]
        assert timedelta(days=3) <= (first.settled_at or time.now) - first.created_at <= timedelta(days=3, hours=4)
        assert {each["response_code"] for each in first.attempts} == {500}
        assert fresh(endpoint).status == "active"


class TestTries:
    def test_wait_longer_each_time_and_are_all_in_the_log(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE)
        receiver.answer = status(503)
        relayed()
        waits = []
        for _ in range(16):
            sent(endpoint)
            (row,) = log(endpoint)
            waits.append((row.next_attempt_at - time.now).total_seconds())
            time.now = row.next_attempt_at

        assert waits[:5] == [2, 4, 8, 16, 32]
        assert waits[-1] == 6 * 3600
        assert len(log(endpoint)[0].attempts) == log(endpoint)[0].tries == 16
        assert log(endpoint)[0].attempts[0].keys() == {"at", "outcome", "response_code", "latency_ms"}

    def test_wait_as_long_as_the_receiver_asks(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE)
        receiver.answer = status(429, Retry_After="3600")
        arrive(endpoint)

        assert log(endpoint)[0].next_attempt_at == time.now + timedelta(hours=1)

    def test_are_few_while_the_endpoint_does_not_answer_and_all_at_once_when_it_is_back(
        self, receiver: Receiver, time: FakeClock
    ) -> None:
        endpoint = made(receiver.url).endpoint
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url="http://127.0.0.1:1/hook")
        for _ in range(40):
            happen(DONE)
        relayed()
        for _ in range(6):
            sent(endpoint)
            time.now = fresh(endpoint).rest_until or time.now
        tried = sum(each.tries for each in log(endpoint))
        assert tried <= sending.WIDTH + 5
        assert {each["outcome"] for row in log(endpoint) for each in row.attempts} == {"not_reached"}

        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=receiver.url)
        sent(endpoint)

        assert statuses(endpoint) == ["delivered"] * 40
        assert fresh(endpoint).failures == 0

    def test_of_one_event_that_is_refused_hold_up_no_other(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DENIED)
        receiver.answer = lambda handler, heard: status(500 if heard.said["type"] == DENIED else 200)(handler, heard)
        relayed()
        for _ in range(8):
            sent(endpoint)
            time.now = log(endpoint)[0].next_attempt_at
        time.now -= timedelta(seconds=1)
        happen(DONE)
        arrive(endpoint)

        assert statuses(endpoint) == ["pending", "delivered"]


class TestTheEnd:
    def test_of_an_endpoint_is_three_days_without_one_delivery(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint, first = made(receiver.url).endpoint, time.now
        happen(DONE)
        happen(DENIED)
        receiver.answer = status(500)
        relayed()
        while fresh(endpoint).status == "active":
            sent(endpoint)
            time.advance(hours=1)

        ended = fresh(endpoint)
        assert ended.disabled_reason == "failing"
        assert timedelta(days=3) <= (ended.disabled_at or first) - first <= timedelta(days=3, hours=1)
        assert {"failed", "cancelled"} >= set(statuses(endpoint))
        assert told_of(endpoint) == {"reason": "failing"}
        assert due("tell_staff", endpoint.pk) is not None
        assert due("deliver", endpoint.pk) is None

    def test_is_at_once_when_it_answers_that_it_is_gone(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE, DENIED)
        receiver.answer = status(410)
        arrive(endpoint)

        assert (fresh(endpoint).status, fresh(endpoint).disabled_reason) == ("disabled", "gone")
        assert statuses(endpoint) == ["cancelled", "cancelled"]
        assert told_of(endpoint) == {"reason": "gone"}

    def test_is_told_to_the_other_endpoints(self, receiver: Receiver, time: FakeClock) -> None:
        gone, other = made(f"{receiver.url}/gone").endpoint, made(f"{receiver.url}/other").endpoint
        happen(DONE)
        receiver.answer = lambda handler, heard: status(410 if heard.path.endswith("gone") else 200)(handler, heard)
        arrive(gone)
        arrive(other)

        heard = [each.said["type"] for each in receiver.heard if each.path == "/hook/other"]
        assert sorted(heard) == [DONE, "webhook_endpoint.disabled"]  # of two subjects, and in no order of their own

    def test_of_a_deleted_one_takes_its_secrets_along(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE)
        relayed()

        webhooks.archive(by=SYSTEM, endpoint_id=endpoint.pk, expected=None, now=time.now)
        sent(endpoint)

        assert receiver.heard == []
        assert statuses(endpoint) == ["cancelled"]
        assert fresh(endpoint).secret is None
        with pytest.raises(NotFound):
            webhooks.get(endpoint_id=endpoint.pk)

    def test_of_a_suspended_agencys_deliveries_is_only_a_rest(
        self, stage: Agency, receiver: Receiver, time: FakeClock
    ) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE)
        relayed()
        Agency.objects.filter(pk=stage.pk).update(status="suspended")
        try:
            sent(endpoint)
            assert receiver.heard == []
        finally:
            Agency.objects.filter(pk=stage.pk).update(status="active")
        sent(endpoint)
        assert receiver.types == [DONE]


class TestSwitching:
    def test_off_cancels_what_waits_and_on_begins_with_what_happens_then(
        self, receiver: Receiver, time: FakeClock
    ) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE)
        relayed()
        switch(endpoint, "disabled", time)
        happen(DENIED)
        arrive(endpoint)
        switch(endpoint, "active", time)
        happen("connection.failed")
        arrive(endpoint)

        assert receiver.types == ["connection.failed"]
        assert statuses(endpoint) == ["cancelled", "delivered"]
        assert fresh(endpoint).disabled_reason == ""

    def test_asks_for_the_version_that_was_read(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint

        with pytest.raises(Stale):
            webhooks.change(by=SYSTEM, endpoint_id=endpoint.pk, given={"description": "x"}, expected=9, now=time.now)

    def test_more_than_ten_are_not_taken(self, receiver: Receiver) -> None:
        for _ in range(10):
            made(receiver.url)

        with pytest.raises(TooManyEndpoints):
            made(receiver.url)


class TestReplay:
    def test_of_one_event_sends_it_again_under_its_id(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        happen(DONE, DENIED)
        arrive(endpoint)
        event = Event.objects.order_by("-position")[1]

        webhooks.replay(by=SYSTEM, endpoint_id=endpoint.pk, event_id=event.id, now=time.now)
        sent(endpoint)

        assert receiver.types == [DONE, DENIED, DONE]
        assert receiver.heard[0].id == receiver.heard[2].id

    def test_since_a_time_sends_everything_that_is_wanted_in_order_and_once(
        self, receiver: Receiver, time: FakeClock
    ) -> None:
        endpoint = made(receiver.url, event_types=[DONE, DENIED]).endpoint
        happen(DONE)
        time.advance(hours=1)
        subject = happen(DONE, "connection.failed", DENIED)
        arrive(endpoint)
        receiver.heard.clear()
        happen(DONE, subject=subject)  # not relayed yet
        relayed()  # and now it waits

        webhooks.replay_since(by=SYSTEM, endpoint_id=endpoint.pk, since=time.now, now=time.now)
        arrive(endpoint)

        assert receiver.types == [DONE, DENIED, DONE]
        assert statuses(endpoint) == ["delivered"] * 3 + ["cancelled"] + ["delivered"] * 3

    def test_of_what_an_endpoint_missed_while_it_was_off(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url, event_types=[DONE]).endpoint
        switch(endpoint, "disabled", time)
        since = time.now
        time.advance(minutes=5)
        happen(DONE)
        switch(endpoint, "active", time)

        webhooks.replay_since(by=SYSTEM, endpoint_id=endpoint.pk, since=since, now=time.now)
        arrive(endpoint)

        assert receiver.types == [DONE]

    def test_is_refused_while_it_is_off_and_of_what_is_not_there(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        with pytest.raises(NotFound):
            webhooks.replay(by=SYSTEM, endpoint_id=endpoint.pk, event_id=new_id(), now=time.now)
        switch(endpoint, "disabled", time)
        with pytest.raises(EndpointDisabled):
            webhooks.replay_since(by=SYSTEM, endpoint_id=endpoint.pk, since=time.now, now=time.now)
        with pytest.raises(EndpointDisabled):
            webhooks.test(by=SYSTEM, endpoint_id=endpoint.pk, now=time.now)


class TestATest:
    def test_comes_to_its_endpoint_alone_and_is_tried_once(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint, other = made(f"{receiver.url}/one").endpoint, made(f"{receiver.url}/other").endpoint
        receiver.answer = status(500)

        webhooks.test(by=SYSTEM, endpoint_id=endpoint.pk, now=time.now)
        arrive(endpoint)
        arrive(other)

        assert [(each.path, each.said["type"]) for each in receiver.heard] == [("/hook/one", "webhook_endpoint.test")]
        assert statuses(endpoint) == ["failed"]
        assert fresh(endpoint).status == "active"

    def test_wakes_an_endpoint_that_rests(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        WebhookEndpoint.objects.update(failures=9, rest_until=time.now + timedelta(minutes=9))

        webhooks.test(by=SYSTEM, endpoint_id=endpoint.pk, now=time.now)
        sent(endpoint)

        assert statuses(endpoint) == ["delivered"]


class TestAnotherTry:
    def test_of_what_was_given_up_goes_at_once(self, receiver: Receiver, time: FakeClock) -> None:
        endpoint = made(receiver.url).endpoint
        receiver.answer = status(500)
        delivery = webhooks.test(by=SYSTEM, endpoint_id=endpoint.pk, now=time.now)
        sent(endpoint)
        receiver.answer = status(200)

        deliveries.retry(by=SYSTEM, delivery_id=delivery.id, now=time.now)
        sent(endpoint)

        (row,) = log(endpoint)
        assert (row.status, row.tries) == ("delivered", 2)
        with pytest.raises(AlreadyDelivered):
            deliveries.retry(by=SYSTEM, delivery_id=delivery.id, now=time.now)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https:///nowhere",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00:ec2::254]/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "nonsense",
    ],
)
def test_an_address_that_can_not_be_right_is_refused_at_once(url: str) -> None:
    with pytest.raises(Invalid):
        made(url)


@pytest.mark.parametrize("url", ["http://example.org/hook", "https://127.0.0.1/hook", "https://[::1]/hook"])
def test_outside_local_only_https_and_no_loopback(url: str, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    made(url)
    settings.HMRC = with_name(settings.HMRC, "production")

    with pytest.raises(Invalid):
        made(url)


def test_what_is_done_to_an_endpoint_is_audited_without_its_address(receiver: Receiver, time: FakeClock) -> None:
    endpoint = made(receiver.url).endpoint
    webhooks.test(by=SYSTEM, endpoint_id=endpoint.pk, now=time.now)
    webhooks.rotate(by=SYSTEM, endpoint_id=endpoint.pk, overlap=timedelta(hours=2), expected=None, now=time.now)
    webhooks.archive(by=SYSTEM, endpoint_id=endpoint.pk, expected=None, now=time.now)

    rows = list(AuditEvent.objects.filter(subject_id=endpoint.pk).order_by("id").values_list("action", "detail"))
    assert [action.partition(".")[2] for action, _ in rows] == ["created", "tested", "secret_rotated", "deleted"]
    assert receiver.url not in json.dumps([detail for _, detail in rows])


def test_the_log_is_kept_for_a_month(receiver: Receiver, time: FakeClock) -> None:
    from events import retention

    endpoint = made(receiver.url).endpoint
    happen(DONE)
    arrive(endpoint)

    retention.tidy(now=time.now + timedelta(days=29))
    assert Delivery.objects.filter(endpoint=endpoint).count() == 1
    retention.tidy(now=time.now + timedelta(days=31))
    assert Delivery.objects.filter(endpoint=endpoint).count() == 0


def verify(heard: Heard, secret: str) -> bool:
    try:
        Webhook(secret).verify(heard.body, heard.headers)
    except WebhookVerificationError:
        return False
    return True


def paths(receiver: Receiver) -> set[str]:
    return {each.path for each in receiver.heard}


def subject_of(heard: Heard) -> str:
    found: str = heard.said["data"]["subject_id"]
    return found


def switch(endpoint: WebhookEndpoint, to: str, time: FakeClock) -> None:
    webhooks.change(by=SYSTEM, endpoint_id=endpoint.pk, given={"status": to}, expected=None, now=time.now)


def told_of(endpoint: WebhookEndpoint) -> Any:
    event = Event.objects.get(type="webhook_endpoint.disabled", subject_id=endpoint.pk)
    assert AuditEvent.objects.filter(action=event.type, subject_id=endpoint.pk).count() == 1
    return event.data


def with_name(environment: Any, name: str) -> Any:
    from dataclasses import replace

    return replace(environment, name=name)
