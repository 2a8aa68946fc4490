import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sandbox import leash
from tests.sandbox.runs import wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has anything to give up")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")

PARENT = "import subprocess, sys, time; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); time.sleep(600)"
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    """A folder of somebody who could not reach it by themselves."""
    folder = tmp_path / "closed" / "inner"
    folder.mkdir(parents=True)
    folder.parent.chmod(0o700)
    os.chown(folder, 1234, 1234)
    return folder


def _parent_of(command: list[str]) -> tuple["subprocess.Popen[str]", psutil.Process]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, *command], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


def _is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "sandbox.leash", *words], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("on_death", ["TERM", "KILL"])
def test_a_leashed_command_dies_when_its_parent_is_killed(on_death: str) -> None:
    parent, child = _parent_of(leash.command(SLEEP, on_death=on_death))
    wait_until(lambda: child.cmdline()[-1:] == SLEEP[-1:] and child.cmdline()[1:2] == ["-c"])

    with parent:
        parent.kill()

    wait_until(lambda: _is_gone(child), within=5)


def test_a_leash_that_asks_politely_is_asking_only() -> None:
    parent, child = _parent_of(leash.command(DEAF, on_death="TERM"))
    wait_until(lambda: int(_status(child.pid)["SigIgn"], 16) & 1 << (signal.SIGTERM - 1))

    with parent:
        parent.kill()

    with pytest.raises(psutil.TimeoutExpired):
        child.wait(timeout=0.5)
    child.kill()


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_a_process_whose_parent_is_gone_already_is_sent_the_signal_at_once() -> None:
    script = "from sandbox import leash; leash.die_with_parent(9, parent=1_000_000); print('still here')"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")


def test_the_command_keeps_the_pid_and_its_exit_code_is_the_leashs() -> None:
    script = "import os, sys; print(os.getpid()); sys.exit(7)"

    with subprocess.Popen(leash.command([sys.executable, "-c", script]), stdout=subprocess.PIPE, text=True) as process:
        told, _ = process.communicate()

    assert (int(told), process.returncode) == (process.pid, 7)


def test_a_missing_command_is_one_line_and_127() -> None:
    done = _run("--", "/no/such/program")

    assert (done.returncode, done.stderr) == (127, "leash: /no/such/program: No such file or directory\n")


@pytest.mark.parametrize("words", [[], ["true"], ["--signal", "--", "true"]])
def test_words_that_make_no_sense_are_one_line_and_126(words: list[str]) -> None:
    done = _run(*words)

    assert done.returncode == 126
    assert done.stderr.startswith("leash: usage:")


@as_root
@on_linux
def test_root_becomes_the_owner_of_a_folder_and_can_still_reach_it(closed_folder: Path) -> None:
    script = (
        f"import os; print(os.getresuid(), os.getresgid(), os.getgroups(), os.access({str(closed_folder)!r}, os.W_OK))"
    )

    done = _run("--as-owner-of", str(closed_folder), "--", sys.executable, "-c", script)

    assert done.stdout == "(1234, 1234, 1234) (1234, 1234, 1234) [] True\n"


@as_root
@on_linux
def test_of_roots_rights_only_the_passing_of_file_permissions_is_kept(closed_folder: Path) -> None:
    done = _run("--as-owner-of", str(closed_folder), "--", "cat", "/proc/self/status")

    held = {line.split()[0]: int(line.split()[1], 16) for line in done.stdout.splitlines() if line.startswith("Cap")}
    both = 1 << leash.CAP_DAC_OVERRIDE | 1 << leash.CAP_DAC_READ_SEARCH
    assert (held["CapPrm:"], held["CapEff:"], held["CapAmb:"]) == (both, both, both)


@as_root
@on_linux
def test_one_who_gave_up_root_still_dies_with_its_parent(closed_folder: Path) -> None:
    parent, child = _parent_of(leash.command(SLEEP, as_owner_of=str(closed_folder)))
    wait_until(lambda: child.uids().real == 1234 and child.cmdline()[1:2] == ["-c"])

    with parent:
        parent.kill()

    wait_until(lambda: _is_gone(child), within=5)


@as_root
@on_linux
def test_a_root_without_the_needed_capability_says_so_in_one_line(closed_folder: Path) -> None:
    words = [sys.executable, "-m", "sandbox.leash", "--as-owner-of", str(closed_folder), "--", "true"]

    done = subprocess.run(
        ["setpriv", "--bounding-set", "-setpcap,-dac_override,-dac_read_search", "--", *words],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 126
    assert done.stderr.startswith("leash: this root lacks")
    assert len(done.stderr.splitlines()) == 1
