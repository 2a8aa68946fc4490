"""The streaming process: who may watch, what is told, and how it ends."""

from typing import Any
from uuid import UUID

import pytest

from api.streams.stream import Times
from people import keys
from people.scopes import Scope
from tenants import clock, doorbell
from tenants.db import connection
from tenants.ids import new_id
from tenants.models import Agency
from tests.api.callers import Caller
from tests.api.streams.conftest import Streaming
from tests.api.streams.reader import Event
from tests.cast import ALPHA


def shown(event: Event) -> tuple[str, str, float]:
    return event.name, event.data["status"], event.data["progress"]


class TestWhatIsTold:
    def test_is_every_change_until_the_end(self, streaming: Streaming) -> None:
        operation = streaming.operation()
        reader = streaming.open(streaming.key(), operation.pk)
        first = reader.next()
        with streaming.inside():
            operation.start()
            second = reader.next()
            operation.advance(progress=0.5)
            third = reader.next()
            operation.succeed(now=clock.now(), result={"made": 3})
        fourth, last = reader.rest()

        assert [shown(each) for each in (first, second, third, fourth)] == [
            ("operation", "queued", 0.0),
            ("operation", "running", 0.0),
            ("operation", "running", 0.5),
            ("operation", "succeeded", 1.0),
        ]
        assert (last.name, last.data) == ("end", {"reason": "done", "retry_ms": None})
        ids = [each.id for each in (first, second, third, fourth)]
        assert ids == sorted({*ids}, key=lambda each: each or 0)

    def test_is_what_get_says(self, streaming: Streaming) -> None:
        caller, operation = streaming.key(), streaming.operation()

        told = streaming.open(caller, operation.pk).next().data

        got = caller.get(f"operations/{operation.pk}").json()
        assert {**told, "events_url": ""} == {**got, "events_url": ""}
        assert told["events_url"] == f"http://{ALPHA.host}/api/v1/operations/{operation.pk}/events"

    def test_says_that_it_failed_and_why(self, streaming: Streaming) -> None:
        operation = streaming.operation()
        with streaming.inside():
            operation.fail(now=clock.now(), code="hmrc.unavailable")

        told, last = streaming.open(streaming.key(), operation.pk).rest()

        assert told.data["error"]["code"] == "hmrc.unavailable"
        assert last.data["reason"] == "failed"

    def test_comes_though_no_bell_was_heard(self, streaming: Streaming, monkeypatch: pytest.MonkeyPatch) -> None:
        operation = streaming.operation()
        reader = streaming.open(streaming.key(), operation.pk)
        reader.next()
        monkeypatch.setattr(doorbell, "tell", lambda *_: None)
        with streaming.inside():
            operation.succeed(now=clock.now())

        assert [each.name for each in reader.rest()] == ["operation", "end"]

    def test_comes_though_the_database_hung_up(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()
        reader = streaming.open(caller, operation.pk)
        reader.next()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] > 0
        with streaming.inside():
            operation.succeed(now=clock.now())

        assert [each.name for each in reader.rest()] == ["operation", "end"]
        assert streaming.open(caller, operation.pk).status == 200

    def test_goes_to_all_who_watch(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()
        readers = [streaming.open(caller, operation.pk) for _ in range(5)]
        for reader in readers:
            reader.next()
        with streaming.inside():
            operation.succeed(now=clock.now())

        assert [[each.name for each in reader.rest()] for reader in readers] == [["operation", "end"]] * 5


class TestComingBack:
    def test_is_told_the_present_state_with_a_greater_id(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()
        seen = streaming.open(caller, operation.pk).next()

        again = streaming.open(caller, operation.pk, Last_Event_ID=str(seen.id)).next()

        assert again.data["status"] == "queued"
        assert (again.id or 0) > (seen.id or 0)

    def test_after_the_end_is_told_that_there_is_nothing_more(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()
        with streaming.inside():
            operation.succeed(now=clock.now())
        told, _ = streaming.open(caller, operation.pk).rest()

        assert streaming.open(caller, operation.pk, Last_Event_ID=str(told.id)).status == 204

    def test_with_what_was_missed_is_told_the_end(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()
        seen = streaming.open(caller, operation.pk).next()
        with streaming.inside():
            operation.succeed(now=clock.now())

        told = streaming.open(caller, operation.pk, Last_Event_ID=str(seen.id)).rest()

        assert [each.name for each in told] == ["operation", "end"]

    @pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "1e5"])
    def test_with_an_id_of_nobody_is_a_first_time(self, odd: str, streaming: Streaming) -> None:
        operation = streaming.operation()

        assert streaming.open(streaming.key(), operation.pk, Last_Event_ID=odd).next().id


class TestWhoMayWatch:
    def test_nobody_without_a_credential(self, streaming: Streaming) -> None:
        answer = streaming.open(Caller(ALPHA.host), streaming.operation().pk)

        assert (answer.status, answer.problem()["code"]) == (401, "auth.required")

    def test_nobody_of_another_agency(self, streaming: Streaming, beta_key: Caller) -> None:
        foreign = streaming.open(beta_key, streaming.operation().pk)
        missing = streaming.open(beta_key, new_id())

        assert (foreign.status, foreign.problem()["code"]) == (404, "not_found")
        assert (missing.status, missing.problem()["code"]) == (404, "not_found")

    def test_nobody_whose_key_names_another_agency_than_the_host(self, streaming: Streaming, beta_key: Caller) -> None:
        answer = streaming.open(Caller(ALPHA.host, beta_key.headers), streaming.operation().pk)

        assert (answer.status, answer.problem()["code"]) == (401, "auth.wrong_agency")

    def test_no_key_without_the_scope(self, streaming: Streaming) -> None:
        caller = streaming.key(scopes=frozenset({Scope.LANDLORDS_READ}))

        assert streaming.open(caller, streaming.operation().pk).problem()["code"] == "auth.scope_missing"

    def test_a_landlord_their_own_and_no_other(self, streaming: Streaming) -> None:
        (lena, caller), (otto, _) = streaming.landlord(), streaming.landlord()

        own = streaming.open(caller, streaming.operation(landlord_id=lena.pk).pk)
        others = streaming.open(caller, streaming.operation(landlord_id=otto.pk).pk)
        nobodys = streaming.open(caller, streaming.operation().pk)

        assert own.next().data["status"] == "queued"
        assert [(each.status, each.problem()["code"]) for each in (others, nobodys)] == [(404, "not_found")] * 2

    def test_a_page_of_the_agencys_list_and_no_other(self, streaming: Streaming) -> None:
        operation, caller = streaming.operation(), streaming.key()

        listed = streaming.open(caller, operation.pk, Origin=ALPHA.front_end)
        stranger = streaming.open(caller, operation.pk, Origin="https://evil.example")

        assert listed.headers["Access-Control-Allow-Origin"] == ALPHA.front_end
        assert "Idempotent-Replayed" in listed.headers["Access-Control-Expose-Headers"]
        assert stranger.headers["Access-Control-Allow-Origin"] is None

    def test_a_preflight_is_answered_for_the_headers_that_a_reader_sends(self, streaming: Streaming) -> None:
        asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}

        answer = streaming.open(Caller(ALPHA.host, asked), new_id(), method="OPTIONS", Origin=ALPHA.front_end)

        assert answer.status == 200
        allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
        assert {"authorization", "x-session-token", "last-event-id"} <= {*allowed}

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_nothing_is_done_here(self, method: str, streaming: Streaming) -> None:
        answer = streaming.open(streaming.key(), streaming.operation().pk, method=method)

        assert answer.problem()["code"] == "request.method_not_allowed"


class TestRoom:
    def test_for_one_caller_is_limited(self, streaming: Streaming, settings: Any) -> None:
        settings.STREAMS_PER_KEY = 2
        operation, caller = streaming.operation(), streaming.key()
        held = [streaming.open(caller, operation.pk) for _ in range(2)]
        for reader in held:
            reader.next()

        refused = streaming.open(caller, operation.pk, Origin=ALPHA.front_end)
        other = streaming.open(streaming.key(), operation.pk)

        assert (refused.status, refused.headers["Retry-After"]) == (429, "10")
        assert refused.headers["Access-Control-Allow-Origin"] == ALPHA.front_end
        problem = refused.problem()
        assert (problem["code"], problem["request_id"]) == ("streams.too_many", refused.headers["X-Request-Id"])
        assert other.status == 200

    def test_is_free_again_when_a_reader_goes(self, streaming: Streaming, settings: Any) -> None:
        settings.STREAMS_PER_KEY = 1
        operation, caller = streaming.operation(), streaming.key()
        first = streaming.open(caller, operation.pk)
        first.next()
        first.close()

        assert until_open(streaming, caller, operation.pk)

    def test_for_all_is_limited(self, streaming: Streaming, settings: Any) -> None:
        settings.STREAMS_MOST = 1
        operation = streaming.operation()
        streaming.open(streaming.key(), operation.pk).next()

        refused = streaming.open(streaming.key(), operation.pk)

        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        assert refused.problem()["code"] == "streams.full"


class TestHeartbeats:
    @pytest.fixture
    def times(self) -> Times:
        return Times(heartbeat_s=0.2)

    def test_come_while_nothing_changes(self, streaming: Streaming) -> None:
        operation = streaming.operation()
        reader = streaming.open(streaming.key(), operation.pk)
        reader.next()
        told = [reader.answer.readline() for _ in range(4)]

        assert told == [b": heartbeat\n", b"\n"] * 2


class TestAge:
    @pytest.fixture
    def times(self) -> Times:
        return Times(age_s=0.5)

    def test_ends_a_stream_and_says_when_to_come_back(self, streaming: Streaming) -> None:
        told, last = streaming.open(streaming.key(), streaming.operation().pk).rest()

        assert told.name == "operation"
        assert (last.name, last.data["reason"]) == ("end", "age")
        assert 2000 <= last.data["retry_ms"] <= 5000
        assert last.retry_ms == last.data["retry_ms"]


class TestACredentialThatIsRevoked:
    @pytest.fixture
    def times(self) -> Times:
        return Times(vet_s=0.3)

    def test_is_told_nothing_more(self, streaming: Streaming) -> None:
        caller, operation = streaming.key(), streaming.operation()
        reader = streaming.open(caller, operation.pk)
        reader.next()
        key_id = UUID(str(caller.get("me").json()["id"]))
        with streaming.inside():
            keys.revoke_key(key_id=key_id, now=clock.now())

        (last,) = reader.rest()

        assert (last.data["reason"], last.data["problem"]["code"]) == ("refused", "auth.credential_unknown")
        assert last.data["retry_ms"] is None

    def test_of_a_suspended_agency_too(self, streaming: Streaming) -> None:
        reader = streaming.open(streaming.key(), streaming.operation().pk)
        reader.next()
        Agency.objects.filter(pk=streaming.agency.pk).update(status="suspended")
        try:
            (last,) = reader.rest()
        finally:
            Agency.objects.filter(pk=streaming.agency.pk).update(status="active")

        assert last.data["problem"]["code"] == "agency.suspended"

    def test_one_that_holds_is_told_on(self, streaming: Streaming) -> None:
        operation = streaming.operation()
        reader = streaming.open(streaming.key(), operation.pk)
        reader.next()
        assert reader.is_silent(1.0)


def test_told_to_stop_it_ends_every_stream_and_asks_to_come_back(streaming: Streaming) -> None:
    operation, caller = streaming.operation(), streaming.key()
    readers = [streaming.open(caller, operation.pk) for _ in range(3)]
    for reader in readers:
        reader.next()

    streaming.stop()

    ends = [reader.rest() for reader in readers]
    assert [[each.data["reason"] for each in told] for told in ends] == [["stopping"]] * 3
    assert all(told[0].data["retry_ms"] >= 2000 for told in ends)


def until_open(streaming: Streaming, caller: Caller, operation_id: UUID) -> bool:
    return any(streaming.open(caller, operation_id).status == 200 for _ in range(100))
