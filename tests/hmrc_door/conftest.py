"""Two agencies' worth of secrets that belong to nobody, an HMRC on loopback, and a pace that lets everybody through."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import parse_qs

import pytest
import responses
from redis import Redis

from hmrc_door import config, health
from hmrc_door.environment import Deadlines, Environment
from hmrc_door.hidden import Hidden
from hmrc_door.outcomes import Outcome
from hmrc_door.pace import Lane, NoSlot, Slot, TooLate
from tests.hmrc_door.redis_server import RedisServer
from tests.hmrc_door.rogue import Rogue

NINO = "AA000001A"
BEARER = "canary-access-token"


class LateSlot(Slot):
    """One that goes stale while the connection is opened."""

    def leave(self) -> None:
        raise TooLate


@dataclass
class OpenPace:
    """Grants at once, unless told not to, and remembers what it was asked and told."""

    asked: list[tuple[Lane, str, int]] = field(default_factory=list)
    pauses: list[tuple[float, str]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    noted: list[Outcome] = field(default_factory=list)
    refuses_with: NoSlot | None = None
    stale_first: int = 0
    late_first: int = 0

    def acquire(self, *, lane: Lane, agency: str, timeout_s: float, connects: int = 0) -> Slot:
        self.asked.append((lane, agency, connects))
        if self.refuses_with:
            raise self.refuses_with
        stale = len(self.asked) <= self.stale_first
        kind = LateSlot if len(self.asked) <= self.late_first else Slot
        slot_id = f"slot-{len(self.asked)}"
        return kind(id=slot_id, asked_at=monotonic() - stale, good_for_ms=500, report=self._note)

    def _note(self, slot_id: str, *, left_at: float) -> None:
        self.answered.append(slot_id)

    def pause(self, *, seconds: float, reason: str, slot: Slot, doubts: bool) -> None:
        self.pauses.append((seconds, reason))
        if doubts:
            self.doubted.append(slot.id)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    client = redis_server.client()
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def rogue() -> Iterator[Rogue]:
    with Rogue() as server:
        yield server


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> OpenPace:
    open_pace = OpenPace()
    monkeypatch.setattr(config, "redis", lambda: redis)
    monkeypatch.setattr(config, "pace", lambda: open_pace)
    monkeypatch.setattr(health, "note", open_pace.noted.append)
    return open_pace


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Environment:
    chosen = an_environment()
    monkeypatch.setattr(config, "environment", lambda: chosen)
    return chosen


def an_environment(
    base: str = "http://127.0.0.1:8001", *, secrets: tuple[str, ...] = ("canary-secret",)
) -> Environment:
    """The local environment, with HMRC at `base`."""
    return Environment(
        name="local",
        api_url=base,
        authorize_url=f"{base}/oauth/authorize",
        token_url=f"{base}/oauth/token",
        client_id="quarterday-test",
        client_secrets=tuple(map(Hidden, secrets)),
        redirect_uri="http://localhost:8000/hmrc/callback",
        deadlines=Deadlines(connect_s=1, read_s=1, total_s=2),
    )


def form_sent(position: int = 0) -> dict[str, str]:
    """The fields of the form that was sent to a mocked endpoint."""
    body = responses.calls[position].request.body
    assert isinstance(body, bytes)
    return {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=True).items()}
