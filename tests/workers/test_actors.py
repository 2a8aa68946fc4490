"""Actors: one for everything that can be due, in the right queue, in the right agency, and nothing but ids."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import dramatiq
import pytest
from django.db import transaction
from dramatiq.brokers.redis import RedisBroker

from hmrc_door import config
from hmrc_oauth import exchange
from mtd import fetching
from tenants import doorbell, due
from tenants.db import connection
from tenants.faults import NotFound
from tenants.models import Agency, Due
from tests.cast import NINO
from tests.hmrc_oauth.fake_door import FakeClock
from tests.hmrc_oauth.scenes import begun
from workers import actors  # noqa: F401 - declares them
from workers.answers import ANSWERS, answer
from workers.broker import broker
from workers.middleware import leave_no_transaction

# Where the domain call of each actor is made, so that it can be watched.
CALLS = {
    "exchange": "hmrc_oauth.exchange.run",
    "refresh": "hmrc_oauth.refresh.run",
    "refresh_ahead": "hmrc_oauth.ahead.run",
    "check": "hmrc_oauth.verify.run",
    "fetch": "mtd.fetching.run",
    "submit": "mtd.filing.run",
    "batch": "mtd.intake.run",
    "import": "landlords.importing.run",
    "write": "mtd.writing.run",
    "calculate": "mtd.calculating.run",
    "after_connect": "mtd.fetching.after_connect",
    "expire_session": "hmrc_oauth.connections.expire",
    "wipe_grant": "hmrc_oauth.verify.wipe_unverified",
    "tell_landlord": "hmrc_oauth.letters.run",
    "expiring": "hmrc_oauth.expiry.run",
    "merge": "mtd.merging.run",
    "export": "leaving.exports.run",
    "wipe_export": "leaving.exports.wipe",
    "erase": "leaving.erasure.run",
    "off_board": "leaving.off_boarding.run",
    "invite": "landlords.bulk.run",
    "mail": "landlords.posting.run",
    "remind": "landlords.reminders.run",
    "sign_in": "landlords.sign_in.run",
    "readiness": "mtd.readiness.run",
    "relay": "events.delivery.relay.run",
    "deliver": "events.delivery.sending.run",
    "tell_staff": "events.notices.run",
    "tidy": "mtd.retention.tidy",
    "seal_audit": "events.audit.seal_chain",
}
KINDS = pytest.mark.parametrize("kind", list(due.Kind))
HOUSEWORK = sorted({*due.Kind} - due.CALLS)
POSTS = {due.Kind.EXCHANGE: {"hmrc", "tokens"}, due.Kind.REFRESH: {"hmrc", "tokens"}}


@pytest.fixture
def quiet_queues() -> Iterator[Callable[[], list[tuple[str, dict[str, Any]]]]]:
    """Empty queues; looking at them gives what lies in each."""
    redis = config.redis()
    redis.flushdb()

    def look() -> list[tuple[str, dict[str, Any]]]:
        found = []
        for queue in (doorbell.HOUSE, doorbell.HOOKS, *doorbell.Post):
            messages = redis.hgetall(f"dramatiq:{queue}.msgs")
            found += [(queue, json.loads(message)) for message in messages.values()]
        return found

    yield look
    redis.flushdb()


def seen_by(monkeypatch: pytest.MonkeyPatch, kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The schema and the arguments of each call of this kind's domain function."""
    seen: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(CALLS[kind], lambda **given: seen.append((connection.schema_name, given)))
    return seen


def act(kind: str, *, agency: object, subject: object) -> None:
    """As a worker would, for a message of these ids or for a row of the list."""
    if kind in due.CALLS:
        answer(due.Kind(kind), agency_id=UUID(str(agency)), subject_id=UUID(str(subject)))
    else:
        broker.get_actor(kind).fn(agency=str(agency), subject=str(subject))


class TestEverythingThatCanBeDue:
    def test_is_answered(self) -> None:
        assert ANSWERS.keys() == set(due.Kind)
        assert CALLS.keys() == {str(kind) for kind in due.Kind}

    def test_is_housework_with_an_actor_or_a_call_that_carriers_take(self) -> None:
        assert broker.get_declared_actors() == {*HOUSEWORK, *doorbell.Post}
        inside = {*HOUSEWORK} - due.OUTWARD
        assert {broker.get_actor(kind).queue_name for kind in inside} == {doorbell.HOUSE}
        assert {broker.get_actor(kind).queue_name for kind in due.OUTWARD} == {doorbell.HOOKS}
        assert [broker.get_actor(post).queue_name for post in doorbell.Post] == list(doorbell.Post)

    @KINDS
    def test_is_done_in_its_own_agencys_schema_with_its_own_subject(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, kind: due.Kind
    ) -> None:
        seen, subject = seen_by(monkeypatch, kind), uuid4()

        act(kind, agency=alpha.pk, subject=subject)

        ((schema, given),) = seen
        assert schema == alpha.schema_name
        assert subject in given.values() or kind in {"tidy", "seal_audit"}
        assert connection.schema_name == "public"

    @KINDS
    def test_leaves_public_behind_after_an_exception_too(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, kind: due.Kind
    ) -> None:
        def fail(**_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(CALLS[kind], fail)

        with pytest.raises(ZeroDivisionError):
            act(kind, agency=alpha.pk, subject=uuid4())

        assert connection.schema_name == "public"

    @pytest.mark.parametrize("kind", sorted({*due.Kind} - due.OF_CLOSED))
    def test_rests_while_the_agency_is_suspended(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, kind: due.Kind
    ) -> None:
        seen = seen_by(monkeypatch, kind)
        Agency.objects.filter(pk=alpha.pk).update(status="suspended")

        act(kind, agency=alpha.pk, subject=uuid4())

        assert seen == []

    @KINDS
    def test_of_an_unknown_agency_is_nothing_to_do(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, kind: due.Kind
    ) -> None:
        seen = seen_by(monkeypatch, kind)

        act(kind, agency=uuid4(), subject=uuid4())

        assert seen == []

    @KINDS
    def test_of_a_row_that_is_not_there_is_nothing_to_do_and_is_forgotten(
        self, in_alpha: Agency, door: object, time: FakeClock, kind: due.Kind
    ) -> None:
        subject = in_alpha.pk if kind == "tidy" else uuid4()
        due.put(kind=kind, subject_id=subject, lane=due.Lane.BULK)
        connection.set_schema_to_public()

        act(kind, agency=in_alpha.pk, subject=subject)

        left = Due.objects.filter(kind=kind, subject_id=subject, due_at__lte=time.now)
        # One an agency, by a fixed id; or named by a transaction that is not over.
        assert not left.exists() or kind in {"seal_audit", "relay"}


class TestAForgedMessage:
    @pytest.mark.parametrize(
        ("agency", "subject"), [("t_0; DROP SCHEMA public", "x"), ("", ""), (str(UUID(int=0)), "not-an-id")]
    )
    def test_reaches_no_domain_call(
        self, alpha: Agency, monkeypatch: pytest.MonkeyPatch, agency: str, subject: str
    ) -> None:
        seen = seen_by(monkeypatch, "expiring")

        with pytest.raises(ValueError, match="badly formed"):
            act("expiring", agency=agency, subject=subject)

        assert (seen, connection.schema_name) == ([], "public")

    def test_with_the_subject_of_another_agency_finds_nothing(
        self, in_alpha: Agency, beta: Agency, landlord: Any, door: Any
    ) -> None:
        session = begun(landlord).session
        connection.set_schema_to_public()

        act("expire_session", agency=beta.pk, subject=session.pk)
        act("exchange", agency=beta.pk, subject=session.pk)

        assert door.asked == []


class TestWhatLiesInRedis:
    @pytest.mark.parametrize("kind", HOUSEWORK)
    def test_is_ids_and_nothing_else(
        self,
        in_alpha: Agency,
        quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]],
        django_capture_on_commit_callbacks: Any,
        kind: due.Kind,
    ) -> None:
        subject = uuid4()

        with django_capture_on_commit_callbacks(execute=True):
            due.put(kind=kind, subject_id=subject, lane=due.Lane.BULK)

        ((queue, message),) = quiet_queues()
        assert queue == (doorbell.HOOKS if kind in due.OUTWARD else doorbell.HOUSE)
        assert (message["actor_name"], message["args"]) == (kind, [])
        assert message["kwargs"] == {"agency": str(in_alpha.pk), "subject": str(subject)}
        assert set(message["options"]) <= {"redis_message_id"}

    @pytest.mark.parametrize("kind", sorted(due.CALLS))
    def test_is_not_even_ids_where_carriers_choose(
        self,
        in_alpha: Agency,
        quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]],
        django_capture_on_commit_callbacks: Any,
        kind: due.Kind,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            due.put(kind=kind, subject_id=uuid4(), lane=due.Lane.BULK)

        found = quiet_queues()
        assert {queue for queue, _ in found} == POSTS.get(kind, {"hmrc"})
        assert all(message["actor_name"] == queue for queue, message in found)
        assert all(message["args"] == [] and message["kwargs"] == {} for _, message in found)

    def test_is_one_bell_for_however_many_calls(
        self,
        in_alpha: Agency,
        quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]],
        django_capture_on_commit_callbacks: Any,
        time: FakeClock,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            due.put_all(kind=due.Kind.SUBMIT, lane=due.Lane.BULK, at={uuid4(): time.now for _ in range(100)})
        for _ in range(3):
            with django_capture_on_commit_callbacks(execute=True):
                due.put(kind=due.Kind.SUBMIT, subject_id=uuid4(), lane=due.Lane.BULK)

        assert [queue for queue, _ in quiet_queues()] == ["hmrc"]

    def test_is_a_new_bell_once_the_last_was_answered(
        self, alpha: Agency, quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]]
    ) -> None:
        doorbell.wake(doorbell.Post.CARRIERS)
        doorbell.answered(doorbell.Post.CARRIERS)
        doorbell.wake(doorbell.Post.CARRIERS)

        assert len(quiet_queues()) == 2

    def test_is_nothing_of_the_landlord_when_one_sets_out_to_connect(
        self,
        landlord: Any,
        quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            begun(landlord)

        said = json.dumps(quiet_queues())
        assert NINO not in said
        assert "Lena" not in said

    def test_is_rung_for_once_however_often_it_is_wanted(
        self,
        in_alpha: Agency,
        quiet_queues: Callable[[], list[tuple[str, dict[str, Any]]]],
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        grant = uuid4()

        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(10):
                due.want(kind=due.Kind.REFRESH, subject_id=grant, lane=due.Lane.TOKEN)

        assert sorted(queue for queue, _ in quiet_queues()) == ["hmrc", "tokens"]


class TestTheBroker:
    def test_has_no_middleware_that_strikes_between_answer_and_commit(self) -> None:
        kinds = {type(middleware).__name__ for middleware in broker.middleware}

        assert kinds == {"Quiet", "Connections", "NoCopies", "Watched", "Stopping", "AgeLimit", "Lasting"}

    def test_takes_a_dead_workers_messages_back_at_the_next_fetch(self) -> None:
        assert isinstance(broker, RedisBroker)
        assert broker.maintenance_chance == 1_000_000

    def test_listens_to_every_queue_that_is_rung(self, alpha: Agency) -> None:
        from workers import main

        assert main.broker.get_declared_queues() >= {doorbell.HOUSE, *doorbell.Post}


class TestAroundAMessage:
    @staticmethod
    def message(**given: str) -> dramatiq.MessageProxy:
        made: dramatiq.Message[None] = dramatiq.Message(
            queue_name="house", actor_name="tidy", args=(), kwargs=given, options={}
        )
        return dramatiq.MessageProxy(made)

    def process(self, error: BaseException | None, **given: str) -> None:
        message = self.message(**given)
        for middleware in broker.middleware:
            middleware.before_process_message(broker, message)
        for middleware in reversed(broker.middleware):
            middleware.after_process_message(broker, message, exception=error)

    @pytest.fixture(autouse=True)
    def _keep_the_tests_connection(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("workers.middleware.close_old_connections", lambda: None)
        monkeypatch.setattr("workers.middleware.leave_no_transaction", lambda: None)

    @pytest.mark.parametrize("error", [None, ZeroDivisionError()])
    def test_no_agency_is_left_over(self, in_alpha: Agency, error: BaseException | None) -> None:
        self.process(error, agency=str(in_alpha.pk), subject="1")

        assert connection.schema_name == "public"

    def test_an_exceptions_text_is_not_said_but_its_kind_and_place(self, alpha: Agency, capfd: Any) -> None:
        with pytest.raises(ValueError, match="badly formed") as raised:
            UUID("canary-token")

        self.process(raised.value, agency=str(alpha.pk), subject="the-subject")

        said = "".join(capfd.readouterr())
        assert "canary-token" not in said
        assert all(word in said for word in ("actor.failed", "ValueError", "uuid.py:", "the-subject"))

    def test_an_exception_that_was_never_raised_has_no_place(self, alpha: Agency, capfd: Any) -> None:
        self.process(ValueError("canary-token"), agency=str(alpha.pk), subject="the-subject")

        assert "ValueError" in "".join(capfd.readouterr())


def test_a_transaction_that_was_never_ended_is_none_of_the_next_messages(alpha_committed: Agency) -> None:
    connection.set_tenant(alpha_committed)
    transaction.atomic().__enter__()
    Agency.objects.update(name="never committed")

    leave_no_transaction()

    assert not connection.in_atomic_block
    assert not Agency.objects.filter(name="never committed").exists()


def test_an_actor_that_finds_nothing_says_so_without_a_text(
    alpha: Agency, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    def not_found(**_: object) -> None:
        raise NotFound("canary")

    monkeypatch.setattr(exchange, "run", not_found)
    monkeypatch.setattr(fetching, "run", not_found)

    act("exchange", agency=alpha.pk, subject=uuid4())
    act("fetch", agency=alpha.pk, subject=uuid4())

    said = "".join(capfd.readouterr())
    assert said.count("actor.nothing_to_do") == 2
    assert "canary" not in said
