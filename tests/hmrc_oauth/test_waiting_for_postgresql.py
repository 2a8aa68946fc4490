"""The waits of what must be stored, to the second, and the connection that each try has."""

import pytest
from django.db import InternalError, OperationalError

from hmrc_oauth import persist
from tenants.db import connection
from tenants.models import Agency
from tests.hmrc_oauth.fake_door import FakeDoor


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(persist, "sleep", waits.append)
    return waits


class Failing:
    """What to do fails in each of these ways, one after the other, and then does what it does."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.backends = list(errors), set[int]()

    def __call__(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backends.add(cursor.fetchone()[0])
        if self.errors:
            raise self.errors.pop(0)
        return len(self.backends)


def test_each_wait_is_twice_as_long_and_between_half_and_all_of_it_is_waited(
    alpha_committed: Agency, door: FakeDoor, slept: list[float]
) -> None:
    persist.persistently(Failing(*[OperationalError()] * 7))

    # `door` makes every chance an even one: three quarters.
    assert slept == pytest.approx([0.0375, 0.075, 0.15, 0.3, 0.6, 1.2, 1.5])


def test_a_server_that_only_reads_is_not_asked_again_on_the_same_connection(
    alpha_committed: Agency, slept: list[float]
) -> None:
    assert persist.persistently(Failing(InternalError("read-only"), InternalError("read-only"))) == 3


def test_the_tenth_minute_is_the_last(
    alpha_committed: Agency, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persist, "monotonic", iter([0.0, 600.0]).__next__)

    with pytest.raises(OperationalError):
        persist.persistently(Failing(OperationalError(), OperationalError()))

    assert slept == []
