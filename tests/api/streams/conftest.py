"""A streaming process in a thread of the tests', on what is committed."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import pytest

from api.streams import serving
from api.streams.stream import Times
from landlords import records
from landlords.models import Invitation, Landlord, LandlordSession
from people.models import ApiKey, Operation
from people.principal import SYSTEM
from tenants import clock
from tenants.context import tenant
from tenants.ids import new_id
from tenants.models import Agency, Credential
from tests.api.callers import Caller, key_caller, landlord_caller
from tests.api.streams.reader import Reader, free_port
from tests.cast import ALPHA, BETA


@dataclass
class Streaming:
    """A running one, and what is made for it in alpha."""

    agency: Agency
    port: int
    stop: Callable[[], None]
    readers: ExitStack = field(default_factory=ExitStack)

    def key(self, **how: Any) -> Caller:
        return key_caller(self.agency, host=ALPHA.host, **how)

    def operation(self, *, landlord_id: UUID | None = None) -> Operation:
        """One that waits for nobody."""
        with tenant(self.agency):
            how: dict[str, Any] = {"kind": "test", "subject_type": "test", "subject_id": new_id()}
            return Operation.open(landlord_id=landlord_id, now=clock.now(), **how)

    def landlord(self) -> tuple[Landlord, Caller]:
        """A new one, and their session."""
        with tenant(self.agency):
            made = records.create(by=SYSTEM, given={"full_name": "Lena Landlady"}, now=clock.now())
        return made, landlord_caller(self.agency, made.pk, host=ALPHA.host)

    @contextmanager
    def inside(self) -> Iterator[None]:
        with tenant(self.agency):
            yield

    def open(self, caller: Caller, operation_id: UUID, *, method: str = "GET", **headers: str) -> Reader:
        """A stream as this caller gets it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/api/v1/operations/{operation_id}/events"
        reader = Reader(self.port, path, {"Host": caller.host, **caller.headers, **named}, method=method)
        self.readers.callback(reader.close)
        return reader


@pytest.fixture
def times() -> Times:
    """How long things take; a test module may say otherwise."""
    return Times()


@pytest.fixture
def streaming(alpha_committed: Agency, times: Times, django_db_blocker: Any) -> Iterator[Streaming]:
    with served(times) as (port, stop):
        made = Streaming(alpha_committed, port, stop)
        try:
            yield made
        finally:
            made.readers.close()
            stop()
            clean(alpha_committed)


@pytest.fixture
def beta_key(streaming: Streaming) -> Iterator[Caller]:
    """A key of the other agency, which sees nothing of alpha's."""
    beta = Agency.objects.get(domains__domain=BETA.host)
    try:
        yield key_caller(beta, host=BETA.host)
    finally:
        clean(beta)


@contextmanager
def served(times: Times) -> Iterator[tuple[int, Callable[[], None]]]:
    """The process's loop in a thread; the port, and how to tell it to stop, which returns when it has."""
    port, ready = free_port(), asyncio.Event()
    loop = asyncio.new_event_loop()
    work = serving.serve(host="127.0.0.1", port=port, stopping=ready, times=times)
    thread = Thread(target=lambda: loop.run_until_complete(work), daemon=True)

    def stop() -> None:
        if thread.is_alive():
            loop.call_soon_threadsafe(ready.set)
            thread.join(20)
        assert not thread.is_alive()

    thread.start()
    _await_answer(port)
    try:
        yield port, stop
    finally:
        stop()
        loop.close()


def clean(agency: Agency) -> None:
    """Delete what the tests committed."""
    Credential.objects.filter(agency=agency).delete()
    with tenant(agency):
        for model in (Operation, ApiKey, LandlordSession, Invitation, Landlord):
            model._default_manager.all().delete()


def _await_answer(port: int) -> None:
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("it does not answer")
