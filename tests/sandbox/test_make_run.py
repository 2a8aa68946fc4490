import os
import re
import signal
import socket
import stat
from collections.abc import Iterator

import psutil
import pytest

from tests.sandbox.runs import FakeRun, free_ports, wait_until


def _ready(run: FakeRun) -> str:
    return f"READY http://demo.localhost:{run.ports[0]}"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeRun, str]]:
    """One running world for several tests, and the line that it printed."""
    run = FakeRun(tmp_path_factory.mktemp("up").resolve() / "home", free_ports())
    run.start()
    yield run, run.until_ready()
    run.finish()


class TestAWorldThatIsUp:
    def test_has_said_so_in_one_line(self, up: tuple[FakeRun, str]) -> None:
        run, line = up

        assert line == _ready(run)

    def test_tells_the_rest_in_a_private_file(self, up: tuple[FakeRun, str]) -> None:
        run, _ = up
        port, sandbox_port = run.ports

        told = run.demo

        assert stat.S_IMODE((run.home / "demo.json").stat().st_mode) == 0o600
        del told["pids"]
        assert re.fullmatch(r"http://localhost:\d+", told.pop("console_url"))
        assert told == {
            "base_url": f"http://127.0.0.1:{port}",
            "agency_url": f"http://demo.localhost:{port}",
            "agency_host": "demo.localhost",
            "sandbox_url": f"http://127.0.0.1:{sandbox_port}",
            "api_key": "qd_test_key",
        }

    def test_names_its_processes(self, up: tuple[FakeRun, str]) -> None:
        run, _ = up

        pids = run.demo["pids"]

        assert pids["supervisor"] == run.pid
        assert set(pids) == {"supervisor", "supervisord", "api", "worker", "hmrc"}
        assert all(psutil.pid_exists(pid) for pid in pids.values())

    def test_lets_no_second_one_into_its_home(self, up: tuple[FakeRun, str]) -> None:
        run, _ = up
        second = FakeRun(run.home, run.ports)

        second.start()

        assert second.ended() == (2, f"already running (pid {run.pid})")

    def test_replaces_a_killed_process_and_tells_its_new_pid(self, up: tuple[FakeRun, str]) -> None:
        run, _ = up
        old = run.demo["pids"]["api"]

        os.kill(old, signal.SIGKILL)

        wait_until(lambda: run.demo["pids"].get("api", old) != old)
        assert psutil.pid_exists(run.demo["pids"]["api"])


def test_a_world_ends_when_asked_and_leaves_nothing(fake_run: FakeRun) -> None:
    fake_run.start()
    fake_run.until_ready()

    fake_run.send(signal.SIGINT)

    assert fake_run.ended() == (0, "")
    assert fake_run.has_left_nothing()


class TestAfterAKill:
    def test_of_the_run_itself_everything_ends_by_itself(self, fake_run: FakeRun) -> None:
        fake_run.start()
        fake_run.until_ready()

        fake_run.send(signal.SIGKILL)

        wait_until(fake_run.has_left_nothing, within=6)

    def test_of_supervisord_the_run_says_so_and_ends_the_rest(self, fake_run: FakeRun) -> None:
        fake_run.start()
        fake_run.until_ready()

        os.kill(fake_run.demo["pids"]["supervisord"], signal.SIGKILL)

        assert fake_run.ended() == (1, "supervisord ended, so everything it ran has been stopped")
        assert fake_run.has_left_nothing()

    def test_of_everything_at_once_the_next_run_ends_what_was_left_and_has_the_same_data(
        self, fake_run: FakeRun
    ) -> None:
        fake_run.start("servers", "straying")
        fake_run.until_ready()
        password = (fake_run.home / "keys" / "postgres_password").read_text()
        stray = psutil.Process(fake_run.demo["pids"]["worker"]).children()[0]
        for pid in fake_run.demo["pids"].values():
            os.kill(pid, signal.SIGKILL)

        fake_run.start("servers")

        assert fake_run.until_ready() == _ready(fake_run)
        assert (fake_run.home / "keys" / "postgres_password").read_text() == password
        assert not stray.is_running() or stray.status() == psutil.STATUS_ZOMBIE
        fake_run.send(signal.SIGTERM)
        assert fake_run.ended() == (0, "")
        assert fake_run.has_left_nothing()


class TestAStartThatFails:
    @pytest.mark.parametrize("which", [0, 1])
    def test_because_a_port_is_busy_is_one_line(self, fake_run: FakeRun, which: int) -> None:
        name = ("PORT", "SANDBOX_PORT")[which]
        with socket.create_server(("127.0.0.1", fake_run.ports[which])):
            fake_run.start()

            code, complaint = fake_run.ended()

        busy = f"port {fake_run.ports[which]} is busy: stop what listens there, or set {name} to another"
        assert (code, complaint) == (2, busy)

    def test_because_a_setting_is_wrong_is_one_line_that_names_it(self, fake_run: FakeRun) -> None:
        fake_run.start(DATABASE_URL="postgresql://me:canary@127.0.0.1:1/rents")

        code, complaint = fake_run.ended()

        assert code == 2
        assert complaint.startswith("DATABASE_URL: no PostgreSQL for us at 127.0.0.1:1")
        assert len(complaint.splitlines()) == 1
        assert "canary" not in complaint

    def test_because_a_process_was_misconfigured_is_that_processs_line(self, fake_run: FakeRun) -> None:
        fake_run.start("misconfigured")

        assert fake_run.ended() == (2, "KEK_FILE is missing")
        assert fake_run.has_left_nothing()

    @pytest.mark.parametrize(("fault", "name"), [("failing", "prepare"), ("crashing", "worker")])
    def test_because_a_process_failed_names_it_and_shows_its_last_words(
        self, fake_run: FakeRun, fault: str, name: str
    ) -> None:
        fake_run.start(fault)

        assert fake_run.ended() == (1, f"{name} failed at start-up (exit code 3):\nout of luck")
        assert fake_run.has_left_nothing()

    def test_because_it_was_stopped_leaves_nothing(self, fake_run: FakeRun) -> None:
        fake_run.start("slow")
        wait_until((fake_run.home / "logs" / "prepare.log").exists)

        fake_run.send(signal.SIGTERM)

        assert fake_run.ended() == (0, "")
        assert fake_run.has_left_nothing()


def test_a_folder_may_have_an_awkward_and_very_long_name(fake_run: FakeRun) -> None:
    fake_run.home = fake_run.home / "with space" / "per%cent" / "quo'te" / "very" / ("long" * 20) / "home"
    fake_run.start()

    line = fake_run.until_ready()

    assert line == _ready(fake_run)
