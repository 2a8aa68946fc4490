"""What the scheduler shows: the state of everything, read when it is asked for, from the public lists and Redis alone.

Any number of schedulers show the same. No agency's schema is entered, and no label holds an id.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connections
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hmrc_door import config, health
from hmrc_door.pace import NoSlot
from hmrc_door.versions import Api
from hmrc_oauth import standstill
from mtd.forecast import USABLE, tier_for
from tenants import backlog, clock, doubts, due, endings, installation, needs, switches
from tenants.needs import Need

log = structlog.get_logger()

ENDING_WITHIN_DAYS = (1, 7, 30, 90)
_HEALTH = ("available", "unavailable", "unknown")


class Present(Collector):
    """The present state. A store that can't be asked shows as `quarterday_store_up 0`, and the rest is shown."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: to register it must not need the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("quarterday_store_up", "Whether it could be asked.", labels=["store"])
        for store, read in _STORES.items():
            found = _read(store, read)
            up.add_metric([store], found is not None)
            yield from found or ()
        yield up


def register() -> None:
    """Show it in this process."""
    REGISTRY.register(Present())


def _read(store: str, read: Callable[[], Iterator[Metric]]) -> list[Metric] | None:
    try:
        return list(read())
    except (Error, NoSlot):
        log.warning("metrics.store_away", store=store)
        return None
    finally:
        connections.close_all()  # each scrape has a thread of its own, which ends now


def _database() -> Iterator[Metric]:
    now = clock.now()
    waits = {kind: max(0.0, (now - at).total_seconds()) for kind, at in due.oldest(now=now).items()}
    lanes = backlog.read(now=now).by_lane()
    yield _by("quarterday_due_depth", "Calls to HMRC that are due.", "lane", lanes)
    yield _by(
        "quarterday_due_oldest_seconds",
        "How long the oldest of its kind has been due and is not done, however often it was tried.",
        "kind",
        {kind: waits.get(kind, 0) for kind in due.Kind},
    )
    doubted = doubts.oldest()
    yield _one(
        "quarterday_doubt_oldest_seconds",
        "How long the oldest doubt about a token lasts that is not settled; 0 without any.",
        max(0.0, (now - doubted).total_seconds()) if doubted else 0,
    )
    yield _by(
        "quarterday_grants_ending",
        "Grants in use that end within so many days.",
        "within_days",
        endings.within(ENDING_WITHIN_DAYS, now=now),
    )
    yield from _needs(needs.greatest(now=now))
    yield _one(
        "quarterday_application_refused",
        "1 while HMRC refuses our client id and secrets, and nothing is refreshed.",
        switches.is_thrown(switches.CLIENT_REFUSED),
    )
    refused = standstill.refused_apis()
    yield _by(
        "quarterday_api_refused",
        "1 while HMRC refuses this API to our application, and nothing is asked of it.",
        "api",
        {api: api in refused for api in Api},
    )
    yield _one("quarterday_environment_is_ours", "0 in a copy: no token is spent.", installation.is_ours())
    yield _one(
        "quarterday_database_history_changed",
        "1 after a recovery or failover that nobody has looked after yet.",
        installation.was_restored(),
    )


def _needs(need: Need | None) -> Iterator[Metric]:
    usable = settings.HMRC.requests_per_second * USABLE
    yield _one("quarterday_rate_usable", "Calls a second that HMRC's rate leaves for work.", usable)
    yield _one("quarterday_rate_needed", "Calls a second for the tightest of HMRC's days.", need.rate if need else 0)
    yield _one("quarterday_rate_needed_tier", "The rate to ask HMRC for.", tier_for(need.rate) if need else 1)
    yield _one("quarterday_deadline_calls", "Calls due by that day.", need.calls if need else 0)
    yield _one("quarterday_deadline_seconds", "Until it is over.", need.seconds if need else 0)


def _redis() -> Iterator[Metric]:
    pace, seen = config.pace().stats(), health.read()
    yield _one("quarterday_pace_budget_used", "Share of what HMRC allows, over the last minute.", pace.budget_used)
    yield _one("quarterday_pace_paused", "1 while HMRC asked us to wait.", pace.paused_until is not None)
    yield _one("quarterday_pace_refused", "HMRC's 429 and 503 of the last hour.", pace.refused_last_hour)
    yield _one("quarterday_pace_margin_seconds", "From when a slot was due until it was over.", pace.margin_ms / 1000)
    yield _one("quarterday_pace_travel_seconds", "By how much ways to HMRC may differ.", pace.travel_ms / 1000)
    states = {word: word == seen for word in _HEALTH}
    yield _by("quarterday_hmrc_health", "1 for HMRC's health as our calls see it.", "status", states)


_STORES = {"database": _database, "redis": _redis}


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=float(value))


def _by(name: str, says: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], float(value))
    return family
