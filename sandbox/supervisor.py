"""supervisord, seen from the process that starts it: a generated configuration, a private socket, and four verbs."""

import http.client
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import leash
from sandbox.home import ROOT, Home, write_private
from sandbox.plan import Program

LONGEST_SOCKET_PATH = 100  # bytes; the kernel takes 107, and supervisord first binds a longer, temporary name
SERVER_STOPS_WITHIN, PRODUCT_STOPS_WITHIN = 30, 60  # seconds; a worker needs 25 for what HMRC has not answered yet
STOPS_WITHIN = SERVER_STOPS_WITHIN + PRODUCT_STOPS_WITHIN + 15.0  # one group after the other, and supervisord's ticks

GENERAL = """\
[unix_http_server]
file={socket}
chmod=0700

[supervisord]
nodaemon=true
silent=true
umask=077
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
loglevel=info
pidfile={run}/supervisord.pid
childlogdir={logs}
minfds=256
minprocs=50

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

# Retries without end: a world whose database is away for a while must come back by itself. The pauses grow by a second.
PROGRAM = """
[program:{name}]
command={command}
directory={root}
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=1000000
stopsignal={stop_signal}
stopwaitsecs={stops_within}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""

GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


@dataclass(frozen=True)
class Seen:
    """What supervisord says of one program."""

    state: str
    pid: int

    @property
    def has_failed(self) -> bool:
        """Whether it ended without being asked to."""
        return self.state in {"BACKOFF", "EXITED", "FATAL"}


class Supervisor:
    """
    A leashed supervisord in a session of its own.

    Launch from a thread that outlives it. If we are killed, it is sent TERM and stops what it started; if it is killed,
    its children are on leashes themselves.
    """

    def __init__(self, *, home: Home, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        self._home = home
        self._programs = programs
        self._environ = environ
        self._short: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket = self._choose_socket()

    @property
    def pid(self) -> int:
        """The process id of supervisord itself."""
        return self._process.pid if self._process else 0

    def launch(self) -> None:
        """Start supervisord with nothing running in it."""
        self._socket.unlink(missing_ok=True)
        file = self._home.run / "supervisord.conf"
        write_private(file, self._configuration())
        argv = leash.command([sys.executable, "-m", "supervisor.supervisord", "-c", str(file)])
        with (self._home.logs / "supervisord.err").open("wb") as log:
            self._process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env=dict(self._environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Whether supervisord itself still runs."""
        return self._process is not None and self._process.poll() is None

    def ends_within(self, seconds: float) -> bool:
        """Wait for supervisord's end, so long at most. Whether it came."""
        try:
            return self._process is None or self._process.wait(seconds) is not None
        except subprocess.TimeoutExpired:
            return False

    def answers(self) -> bool:
        """Whether it takes orders yet."""
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except OSError:
            return False

    def start(self, program: Program) -> None:
        """Start one program and don't wait for it. Raises OSError if supervisord can't or won't."""
        self._call("startProcess", f"{_group(program)}:{program.name}", False)

    def look(self) -> dict[str, Seen]:
        """Every program's state and pid. Raises OSError if supervisord is gone."""
        return {info["name"]: Seen(info["statename"], info["pid"]) for info in self._call("getAllProcessInfo")}

    def exit_code(self, name: str) -> int | None:
        """With what a program last ended unasked. From the log: nothing else tells of an early end."""
        log = (self._home.logs / "supervisord.log").read_text(errors="replace")
        codes = re.findall(rf"exited: {re.escape(name)} \(exit status (\d+);", log)
        return int(codes[-1]) if codes else None

    def stop(self) -> bool:
        """Stop every program, the servers last, then supervisord. False if it was dead already and stopped nothing."""
        in_order = self.is_alive()
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._short is not None:
            shutil.rmtree(self._short, ignore_errors=True)
        return in_order

    def _call(self, method: str, *values: object) -> Any:
        try:
            with xmlrpc.client.ServerProxy("http://supervisor", transport=_UnixTransport(self._socket)) as proxy:
                return getattr(proxy.supervisor, method)(*values)
        except (http.client.HTTPException, xmlrpc.client.Error) as error:
            raise ConnectionError(f"supervisord: {error}") from error

    def _choose_socket(self) -> Path:
        path = self._home.run / "supervisor.sock"
        if len(bytes(path)) <= LONGEST_SOCKET_PATH:
            return path
        self._short = Path(tempfile.mkdtemp(prefix="quarterday-"))
        return self._short / "supervisor.sock"

    def _configuration(self) -> str:
        logs, run = _escaped(self._home.logs), _escaped(self._home.run)
        parts = [GENERAL.format(socket=_escaped(self._socket), logs=logs, run=run)]
        parts += [self._section(program) for program in self._programs]
        for name, priority in (("servers", 1), ("product", 2)):  # stopped in reverse
            members = ",".join(program.name for program in self._programs if _group(program) == name)
            parts += [GROUP.format(name=name, programs=members, priority=priority)] if members else []
        return "".join(parts)

    def _section(self, program: Program) -> str:
        argv = list(program.argv)
        leashed = argv if program.is_leashed else leash.command(argv, on_death=program.stop_signal)
        return PROGRAM.format(
            name=program.name,
            command=_escaped(shlex.join(leashed)),
            root=_escaped(ROOT),
            environment=",".join(f"{name}={_quoted(value)}" for name, value in program.environ.items()),
            stop_signal=program.stop_signal,
            stops_within=SERVER_STOPS_WITHIN if program.is_server else PRODUCT_STOPS_WITHIN,
            log=_escaped(_escaped(self._home.logs / f"{program.name}.log")),  # supervisord expands this one twice
        )


def _group(program: Program) -> str:
    return "servers" if program.is_server else "product"


def _escaped(text: object) -> str:
    return str(text).replace("%", "%%")


def _quoted(value: str) -> str:
    escaped = _escaped(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: object) -> http.client.HTTPConnection:
        return _UnixConnection(self._path)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
