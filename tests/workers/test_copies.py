"""Around every message: in a copy of the database it is not even looked at."""

from typing import Any

import dramatiq
import pytest
from django.db import OperationalError
from dramatiq.middleware import SkipMessage

from tenants import installation
from workers.broker import broker
from workers.copies import NoCopies

MESSAGE: Any = None


def test_a_message_is_taken_in_ones_own_database(db: None) -> None:
    NoCopies().before_process_message(broker, MESSAGE)


def test_a_message_is_skipped_in_a_copy(db: None, settings: Any) -> None:
    settings.ENVIRONMENT_ID = "of-the-copy"

    with pytest.raises(SkipMessage):
        NoCopies().before_process_message(broker, MESSAGE)


def test_a_message_is_skipped_while_the_database_can_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError

    monkeypatch.setattr(installation, "is_ours", away)

    with pytest.raises(SkipMessage):
        NoCopies().before_process_message(broker, MESSAGE)


def test_the_workers_broker_asks_before_any_actor() -> None:
    assert isinstance(dramatiq.get_broker(), type(broker))
    assert any(isinstance(each, NoCopies) for each in broker.middleware)
