from collections.abc import Iterator

import pytest

from events.delivery import backoff
from events.models import AuditEvent, Event, WebhookEndpoint
from tenants import clock
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Due
from tests.conftest import NOON
from tests.events.receiver import Receiver, listening
from tests.hmrc_oauth.fake_door import FakeClock


@pytest.fixture
def stage(alpha_committed: Agency) -> Iterator[Agency]:
    """Inside alpha, outside any test transaction; what a test committed is taken away again."""
    with tenant(alpha_committed):
        Event.objects.all().delete()  # what another file's tests left: a replay since a time would find it
        audited = set(AuditEvent.objects.values_list("pk", flat=True))
        dues = set(Due.objects.values_list("pk", flat=True))
        yield alpha_committed
        WebhookEndpoint.objects.all().delete()
        Event.objects.all().delete()
        AuditEvent.objects.exclude(pk__in=audited).delete()
        Due.objects.exclude(pk__in=dues).delete()


@pytest.fixture
def subject() -> object:
    return new_id()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The domain's clock, at noon; every wait is as long as it may be."""
    fake = FakeClock(NOON)
    monkeypatch.setattr(clock, "now", lambda: fake.now)
    monkeypatch.setattr(backoff, "chance", lambda: 1.0)
    return fake
