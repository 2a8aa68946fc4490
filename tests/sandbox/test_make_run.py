import os
import signal
import socket
import stat
import time

import psutil
import pytest

from tests.sandbox.runs import FakeRun, wait_until


def _ready(run: FakeRun) -> str:
    return f"READY http://demo.localhost:{run.ports[0]}"


class TestAWorldThatComesUp:
    def test_says_so_in_one_line_and_tells_the_rest_in_a_private_file(self, fake_run: FakeRun) -> None:
        fake_run.start()

        line = fake_run.until_ready()

        assert line == _ready(fake_run)
        assert stat.S_IMODE((fake_run.home / "demo.json").stat().st_mode) == 0o600
        port, sandbox_port = fake_run.ports
        told = fake_run.demo
        pids = told.pop("pids")
        assert told == {
            "base_url": f"http://127.0.0.1:{port}",
            "agency_url": f"http://demo.localhost:{port}",
            "agency_host": "demo.localhost",
            "sandbox_url": f"http://127.0.0.1:{sandbox_port}",
            "api_key": "qd_test_key",
        }
        assert pids["supervisor"] == fake_run.pid
        assert set(pids) == {"supervisor", "supervisord", "api", "worker", "hmrc"}
        assert all(psutil.pid_exists(pid) for pid in pids.values())

    @pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_ends_when_asked_and_leaves_nothing(self, fake_run: FakeRun, signum: signal.Signals) -> None:
        fake_run.start()
        fake_run.until_ready()

        fake_run.send(signum)

        assert fake_run.ended() == (0, "")
        assert fake_run.has_left_nothing()

    def test_replaces_a_killed_process_and_tells_its_new_pid(self, fake_run: FakeRun) -> None:
        fake_run.start()
        fake_run.until_ready()
        old = fake_run.demo["pids"]["api"]

        os.kill(old, signal.SIGKILL)

        wait_until(lambda: fake_run.demo["pids"].get("api", old) != old)
        assert psutil.pid_exists(fake_run.demo["pids"]["api"])

    def test_stays_alone_in_its_home(self, fake_run: FakeRun) -> None:
        fake_run.start()
        fake_run.until_ready()
        second = FakeRun(fake_run.home, fake_run.ports)

        second.start()

        assert second.ended() == (2, f"already running (pid {fake_run.pid})")


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

    def test_the_next_run_ends_what_was_left_and_takes_its_ports(self, fake_run: FakeRun) -> None:
        fake_run.start("straying")
        fake_run.until_ready()
        stray = psutil.Process(fake_run.demo["pids"]["worker"]).children()[0]
        fake_run.send(signal.SIGKILL)
        wait_until(lambda: not psutil.pid_exists(fake_run.demo["pids"]["worker"]))

        fake_run.start()

        assert fake_run.until_ready() == _ready(fake_run)
        assert not stray.is_running()

    def test_of_everything_at_once_the_next_run_has_the_same_data(self, fake_run: FakeRun) -> None:
        fake_run.start("servers")
        fake_run.until_ready()
        password = (fake_run.home / "keys" / "postgres_password").read_text()
        for pid in fake_run.demo["pids"].values():
            os.kill(pid, signal.SIGKILL)

        fake_run.start("servers")

        assert fake_run.until_ready() == _ready(fake_run)
        assert (fake_run.home / "keys" / "postgres_password").read_text() == password
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

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", "postgresql://me:canary@127.0.0.1:1/rents"),
            ("DATABASE_URL", "mysql://me:canary@127.0.0.1/rents"),
            ("DATABASE_URL", "postgresql://me:canary@127.0.0.1:many/rents"),
            ("REDIS_URL", "redis://:canary@127.0.0.1:1/0"),
            ("REDIS_URL", "canary"),
            ("DATABASE_URL_FILE", "/no/such/file"),
            ("PORT", "http"),
            ("PORT", "70000"),
        ],
    )
    def test_because_a_setting_is_wrong_is_one_line_that_names_it(
        self, fake_run: FakeRun, name: str, value: str
    ) -> None:
        fake_run.start(**{name: value})

        code, complaint = fake_run.ended()

        assert code == 2
        assert complaint.startswith(name)
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


class TestTheFolder:
    @pytest.mark.parametrize("name", ["with space", "per%cent", "quo'te", "deep/" + "er/" * 30])
    def test_may_have_an_awkward_name(self, fake_run: FakeRun, name: str) -> None:
        fake_run.home = fake_run.home.with_name("home") / name / "home"
        began = time.monotonic()
        fake_run.start()

        line = fake_run.until_ready()

        assert line == _ready(fake_run), time.monotonic() - began
