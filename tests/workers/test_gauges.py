"""What Prometheus reads: the present state from the public lists and Redis, and no agency entered."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic, sleep
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import pytest
from django.db import OperationalError
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from hmrc_door.bodies import HmrcError
from hmrc_door.outcomes import Refused
from hmrc_door.pace import PaceUnavailable
from hmrc_door.versions import Api
from hmrc_oauth import standstill
from tenants import doubts, due, metrics, switches, turns
from tenants.models import Adoption, Agency, Ending
from tests.hmrc_oauth.fake_door import FakeClock
from tests.tenants.processes import ROOT, SCHEDULER, SETTINGS, environ, refused, start
from workers import gauges


def values(families: Iterator[Metric]) -> dict[tuple[str, str], float]:
    """Each sample by its name and its one label's value."""
    samples = [sample for family in families for sample in family.samples]
    return {(sample.name, "".join(sample.labels.values())): sample.value for sample in samples}


class TestOfTheDatabase:
    def test_a_quiet_one_shows_nothing_due_in_every_lane_and_of_every_kind(self, db: None) -> None:
        shown = values(gauges._database())

        assert {shown["quarterday_due_depth", lane] for lane in due.Lane} == {0}
        assert {shown["quarterday_due_oldest_seconds", kind] for kind in due.Kind} == {0}
        assert shown["quarterday_environment_is_ours", ""] == 1
        assert shown["quarterday_database_history_changed", ""] == 0
        assert shown["quarterday_application_refused", ""] == 0
        assert shown["quarterday_doubt_oldest_seconds", ""] == 0

    def test_the_oldest_due_refresh_is_as_old_as_it_is(self, in_alpha: Agency, time: FakeClock) -> None:
        for _ in range(2):
            due.put(kind=due.Kind.REFRESH, subject_id=uuid4(), lane=due.Lane.TOKEN, at=time.now)
            time.advance(seconds=30)
        due.put(kind=due.Kind.REFRESH, subject_id=uuid4(), lane=due.Lane.TOKEN, at=time.now + timedelta(hours=1))

        shown = values(gauges._database())

        assert shown["quarterday_due_oldest_seconds", "refresh"] == 60
        assert shown["quarterday_due_depth", "token"] == 2

    def test_a_refresh_that_is_tried_and_put_off_is_as_overdue_as_one_that_nobody_picks(
        self, in_alpha: Agency, time: FakeClock
    ) -> None:
        subject = uuid4()
        due.put(kind=due.Kind.REFRESH, subject_id=subject, lane=due.Lane.TOKEN)
        for _ in range(3):
            turns.pick(now=time.advance(seconds=100))
            due.put_off(kind=due.Kind.REFRESH, subject_id=subject, until=time.now + timedelta(seconds=90))

        assert values(gauges._database())["quarterday_due_oldest_seconds", "refresh"] == 300

    def test_the_oldest_doubt_is_as_old_as_it_is(self, in_alpha: Agency, time: FakeClock) -> None:
        doubts.note([uuid4()])
        time.advance(hours=24)
        doubts.note([uuid4()])

        assert values(gauges._database())["quarterday_doubt_oldest_seconds", ""] == 86_400

    def test_an_api_that_hmrc_refuses_to_us_shows_and_no_other(self, db: None, time: FakeClock) -> None:
        standstill.note(Api.OBLIGATIONS, Refused(status=403, error=HmrcError(code="")), now=time.now)

        shown = {label: value for (name, label), value in values(gauges._database()).items() if "api_refused" in name}

        assert shown == {api: float(api == Api.OBLIGATIONS) for api in Api}

    def test_grants_that_end_are_counted_by_how_soon(self, alpha: Agency, time: FakeClock) -> None:
        Ending.objects.create(grant_id=uuid4(), agency_id=alpha.pk, ends_at=time.now + timedelta(days=8))

        shown = values(gauges._database())

        assert [shown["quarterday_grants_ending", str(days)] for days in (1, 7, 30, 90)] == [0, 0, 1, 1]

    def test_a_copy_a_restore_and_a_refused_application_show(self, db: None, time: FakeClock, settings: Any) -> None:
        settings.ENVIRONMENT_ID = "of-the-copy"
        Adoption.objects.update(history="7200000000000000000/00000001")
        switches.throw(switches.CLIENT_REFUSED, now=time.now)

        shown = values(gauges._database())

        assert shown["quarterday_environment_is_ours", ""] == 0
        assert shown["quarterday_database_history_changed", ""] == 1
        assert shown["quarterday_application_refused", ""] == 1

    def test_it_is_read_without_entering_any_agency(self, db: None, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(15) as asked:
            values(gauges._database())

        assert not [query["sql"] for query in asked.captured_queries if '"t_' in query["sql"]]


def test_of_redis_the_pace_and_hmrcs_health_are_shown() -> None:
    shown = values(gauges._redis())

    assert shown["quarterday_pace_budget_used", ""] >= 0
    assert shown["quarterday_pace_refused", ""] == 0
    assert 0 < shown["quarterday_pace_margin_seconds", ""] < 1
    assert sum(value for (name, _), value in shown.items() if name == "quarterday_hmrc_health") == 1


@pytest.mark.parametrize(("store", "away"), [("database", OperationalError), ("redis", PaceUnavailable)])
def test_a_store_that_is_away_shows_and_hides_nothing_else(
    monkeypatch: pytest.MonkeyPatch, store: str, away: type[Exception]
) -> None:
    def gone() -> Iterator[Metric]:
        raise away

    one = gauges._one("quarterday_other", "The other store's.", 7)
    stores = {"database": lambda: iter([one]), "redis": lambda: iter([one]), store: gone}
    monkeypatch.setattr(gauges, "_STORES", stores)
    monkeypatch.setattr("workers.gauges.connections.close_all", lambda: None)

    shown = values(iter(gauges.Present().collect()))

    assert shown["quarterday_store_up", store] == 0
    assert sum(value for (name, _), value in shown.items() if name == "quarterday_store_up") == 1
    assert shown["quarterday_other", ""] == 7


def test_to_register_it_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "_STORES", {"database": lambda: pytest.fail("asked")})

    CollectorRegistry().register(gauges.Present())


class TestTheDoor:
    def test_is_shut_without_a_port(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.METRICS_PORT = 0
        monkeypatch.setattr(metrics, "start_http_server", lambda *_, **__: pytest.fail("opened"))

        metrics.serve()

    def test_that_is_taken_stops_no_work(self, settings: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            settings.METRICS_PORT = other.getsockname()[1]

            metrics.serve()

    def test_of_a_scheduler_shows_all_of_it(self, alpha_committed: Agency) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        given = environ({"METRICS_PORT": str(port), "TOKEN_KEK_FILE": None})
        with subprocess.Popen([sys.executable, *SCHEDULER], cwd=ROOT, env=given) as process:
            try:
                page = _page(port, process)
            finally:
                process.send_signal(signal.SIGTERM)

        assert 'quarterday_store_up{store="database"} 1.0' in page
        assert 'quarterday_store_up{store="redis"} 1.0' in page
        assert 'quarterday_due_depth{lane="token"} 0.0' in page
        assert re.search(r"^quarterday_rotation_lost_total 0.0$", page, re.MULTILINE)

    @pytest.mark.parametrize("port", ["http", "-1", "65536"])
    def test_needs_a_port_that_can_be(self, port: str) -> None:
        assert refused(start(SETTINGS, {"METRICS_PORT": port})).startswith("METRICS_PORT: ")


def _page(port: int, process: "subprocess.Popen[bytes]") -> str:
    until = monotonic() + 30
    while monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None
            sleep(0.1)
    raise AssertionError("no page of metrics")
