from collections.abc import Iterator

import pytest

from events.models import AuditEvent, Event
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Due


@pytest.fixture
def stage(alpha_committed: Agency) -> Iterator[Agency]:
    """Inside alpha, outside any test transaction; what a test committed is taken away again."""
    with tenant(alpha_committed):
        before = set(Event.objects.values_list("pk", flat=True))
        audited = set(AuditEvent.objects.values_list("pk", flat=True))
        dues = set(Due.objects.values_list("pk", flat=True))
        yield alpha_committed
        Event.objects.exclude(pk__in=before).delete()
        AuditEvent.objects.exclude(pk__in=audited).delete()
        Due.objects.exclude(pk__in=dues).delete()


@pytest.fixture
def subject() -> object:
    return new_id()
