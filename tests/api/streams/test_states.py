"""What an operation's event says, and when it is news."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from api.streams.states import State, has_told, last_seen, read
from people.models import Operation, OperationStatus
from tenants import clock
from tenants.ids import new_id
from tenants.models import Agency

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def state(starts_at: datetime | None = NOON, **said: object) -> State:
    shown = {"queue_position": 3, "estimated_start_at": starts_at and starts_at.isoformat(), **said}
    return State(1, OperationStatus.QUEUED, shown)


@pytest.mark.parametrize(
    ("other", "is_news"),
    [
        (state(), False),
        (state(queue_position=2), True),
        (state(NOON + timedelta(seconds=9)), False),
        (state(NOON + timedelta(seconds=10)), True),
        (state(NOON - timedelta(minutes=1)), True),
        (state(None), True),
    ],
)
def test_an_estimate_that_trembles_is_no_news(other: State, is_news: bool) -> None:
    assert other.differs(state()) is is_news
    assert state().differs(other) is is_news
    assert other.differs(None)


@pytest.mark.parametrize(("header", "seen"), [("31", 31), ("", 0), ("-1", 0), ("1.5", 0), ("٣", 0), ("9" * 17, 0)])
def test_what_is_no_id_of_ours_was_never_seen(header: str, seen: int) -> None:
    assert last_seen(header) == seen


def test_every_change_of_an_operation_makes_a_greater_id(in_alpha: Agency) -> None:
    operation = Operation.open(kind="test", subject_type="test", subject_id=new_id(), now=clock.now())
    changes: list[Callable[[], object]] = [
        operation.start,
        lambda: operation.advance(progress=0.1),
        lambda: operation.attach(new_id()),
        lambda: operation.succeed(now=clock.now()),
    ]
    ids = [_id(in_alpha, operation)]
    for change in changes:
        change()
        ids.append(_id(in_alpha, operation))

    assert ids == sorted({*ids})
    assert len(ids) == 5
    assert ids[-1] < 2**53
    operation.refresh_from_db()
    assert [has_told(each, operation) for each in ids] == [False] * 4 + [True]


def test_one_question_for_many_and_none_for_those_that_are_not_there(
    in_alpha: Agency, django_assert_max_num_queries: object
) -> None:
    made = [
        Operation.open(kind="test", subject_type="test", subject_id=new_id(), now=clock.now()).pk for _ in range(20)
    ]

    with django_assert_max_num_queries(4):  # type: ignore[operator]
        found = read(in_alpha.pk, [*made, new_id()])

    assert found.keys() == {*made}


def _id(agency: Agency, operation: Operation) -> int:
    return read(agency.pk, [operation.pk])[operation.pk].id
