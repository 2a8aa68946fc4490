"""Two workers for real: threads with database connections of their own, committed, and an agency swept clean after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from events.models import AuditEvent, Event
from hmrc_oauth.models import Connection, ConnectSession, Grant
from landlords.models import ColumnMeaning, Landlord, LandlordImport
from mtd.models import Calculation, Mandate, Submission, Write
from people.models import Operation
from tenants.context import tenant
from tenants.models import Agency, ConnectState, Due, Switch

_MADE = (
    *(Submission, Write, Calculation, Mandate, ConnectSession, Connection, Grant, LandlordImport, ColumnMeaning),
    *(Landlord, Operation, Event, AuditEvent),
)


@contextmanager
def committed(agency: Agency) -> Iterator[None]:
    """Inside the agency, outside any transaction; what was made is deleted at the end."""
    with tenant(agency):
        try:
            yield
        finally:
            for model in _MADE:
                model._default_manager.all().delete()
    Due.objects.filter(agency_id=agency.pk).delete()
    ConnectState.objects.filter(agency_id=agency.pk).delete()
    Switch.objects.all().delete()


def at_once(agency: Agency, *works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, begun together. What each returned or raised, in order."""
    start, ends = Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            with tenant(agency):
                start.wait(timeout=10)
                ends[place] = work()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            ends[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return ends
