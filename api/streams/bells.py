"""Listens to what is told of operations that changed (`tenants/doorbell.tell`). Redis may come and go."""

import asyncio
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.streams import metrics
from api.streams.hub import Hub
from tenants import doorbell

log = structlog.get_logger()

_AGAIN_S: Final = 1.0
# A line that is dead and says nothing is found out by a ping that nobody answers.
_PING_EVERY_S: Final = 10


async def listen(hub: Hub) -> None:
    """Ring the hub for each bell, until it is cancelled."""
    while True:
        try:
            await _hear(hub)
        except (RedisError, OSError) as why:
            log.warning("streams.deaf", why=type(why).__name__)
        finally:
            hub.hears = False
            metrics.DEAF.set(1)
        await asyncio.sleep(_AGAIN_S)


async def _hear(hub: Hub) -> None:
    timeouts: dict[str, Any] = {"socket_connect_timeout": 5, "health_check_interval": _PING_EVERY_S}
    async with Redis.from_url(settings.REDIS_URL, **timeouts) as client, client.pubsub() as line:
        await line.subscribe(doorbell.CHANGES)
        hub.hears = True
        metrics.DEAF.set(0)
        hub.ring_all()  # for whatever was told while nobody listened
        while True:
            told = await line.get_message(ignore_subscribe_messages=True, timeout=_PING_EVERY_S)
            if told is not None:
                _ring(hub, bytes(told["data"]))


def _ring(hub: Hub, told: bytes) -> None:
    try:
        agency_id, operation_id = map(UUID, told.decode().split(":"))
    except ValueError:
        return  # nobody of ours
    hub.ring(agency_id, operation_id)
