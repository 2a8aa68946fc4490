"""One leader, one tick a second: rings for what nobody rang for, counts what waits, and drops what is too old."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection

from hmrc_door import config
from hmrc_door.pace import Lane, NoSlot
from hmrc_oauth import coverage
from hmrc_oauth.callback import forget_old_states
from tenants import backlog, clock, due, relays
from workers.warmth import Warmth

log = structlog.get_logger()

TICK_S = 1.0
_LEADER = 7_105_211_846_102  # the advisory lock that makes one scheduler the leader
_HOUSEKEEPING = timedelta(hours=1)


def lead(*, stopping: Callable[[], bool]) -> None:
    """Tick until told to stop. Others of its kind wait for the lock, and take over when this one dies."""
    swept_old_at = None
    warmth = Warmth()
    _begin_window()
    while not stopping():
        if not _is_leader():
            time.sleep(TICK_S)
            continue
        now = clock.now()
        due.sweep(now=now)
        relays.sweep(now=now)
        _count(now)
        warmth.tick(now=now)
        if swept_old_at is None or now - swept_old_at > _HOUSEKEEPING:
            swept_old_at = now
            forget_old_states(now=now)
            due.promote()
            coverage.report()
        time.sleep(TICK_S)


def _count(now: datetime) -> None:
    try:
        is_paused = config.pace().stats().paused_until is not None
    except NoSlot:
        is_paused = True  # nobody sends: what is given just now says nothing
    backlog.take(now=now, full_rate=settings.HMRC.requests_per_second, is_paused=is_paused)


def _begin_window() -> None:
    # Where Redis is new, the pace grants nothing for a full window. Begun now, it is over before a person waits.
    with suppress(NoSlot):
        config.pace().acquire(lane=Lane.BACKGROUND, agency="scheduler", timeout_s=5)


def _is_leader() -> bool:
    with connection.cursor() as cursor:
        # Held by this session: taken again each tick, it counts up and stays ours; a lost connection loses it.
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = %s AND objid = %s",
            _halves(),
        )
        if cursor.fetchone()[0]:
            return True
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER])
        return bool(cursor.fetchone()[0])


def _halves() -> list[int]:
    return [_LEADER >> 32, _LEADER & 0xFFFFFFFF]
