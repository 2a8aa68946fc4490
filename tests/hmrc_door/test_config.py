"""The room's settings are read in one place."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from hmrc_door import config
from tests.hmrc_door.conftest import an_environment
from tests.hmrc_door.redis_server import RedisServer


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    yield
    config.redis.cache_clear()
    config.pace.cache_clear()


def given(monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
    config.redis.cache_clear()
    config.pace.cache_clear()
    monkeypatch.setattr(config, "settings", SimpleNamespace(**settings))


def test_the_environment_is_the_one_that_was_checked_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = an_environment()
    given(monkeypatch, HMRC=chosen)

    assert config.environment() is chosen


def test_anything_else_under_that_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, HMRC={"name": "local"})

    with pytest.raises(TypeError, match=r"settings\.HMRC"):
        config.environment()


def test_the_pace_runs_on_the_redis_of_the_settings(monkeypatch: pytest.MonkeyPatch, redis_server: RedisServer) -> None:
    redis_server.client().flushall()
    given(monkeypatch, HMRC=an_environment(), REDIS_URL=f"redis://127.0.0.1:{redis_server.port}/0")

    stats = config.pace().stats()

    assert stats.calls_last_minute == 0
    assert config.pace() is config.pace()
    config.redis().close()
