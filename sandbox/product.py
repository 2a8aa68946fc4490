"""The product's plan: its servers, the stand-in, and the rooms that run."""

import http.client
import sys
from contextlib import closing
from pathlib import Path

from sandbox import checks, keys
from sandbox.home import write_private
from sandbox.plan import Action, Plan, Program, Step, Task
from sandbox.servers import Server
from sandbox.world import World

PYTHON = sys.executable
SERVE = "-m granian --interface wsgi --http 1 --no-ws --no-access-log --host 127.0.0.1"
# Requests in flight for each process, beyond which the kernel's queue waits; a worker process that dies is replaced.
BEAR = "--backlog 512 --backpressure 64 --respawn-failed-workers --respawn-interval 1 --workers-kill-timeout 20"
# A fault that hangs or drips holds a thread for as long; a hundred of them must leave the control API its own.
STAND_IN = "--workers 1 --blocking-threads 160 --backpressure 512"
WORK = "-m dramatiq workers.main --processes 1"
# Told to stop, it claims nothing more and has 25 s for what is under way: a token is never longer between its claim and
# its commit.
_IN_ORDER = "--worker-shutdown-timeout 25000"
WORKER = f"--threads 8 --queues hmrc {_IN_ORDER}"
# Threads that only wait: HMRC may let a few calls hang, and other landlords' must go on.
TOKENS = f"--threads 24 --queues tokens {_IN_ORDER}"
# In a process of its own: however long HMRC's calls take, housework goes on, and thousands of rows hold up no call.
HOUSE = f"--threads 4 --queues house {_IN_ORDER}"
# Webhooks: without the key that opens tokens, since it talks to strangers. Half of its threads may wait for slow ones.
HOOKS = f"-m dramatiq workers.hooks --processes 1 --threads 16 --queues hooks {_IN_ORDER}"
# Milliseconds that an idle worker waits between two looks at its queue, and until it asks again for a Redis that was
# away; dramatiq's own second, and three seconds, are long for a person.
PROMPT = {"dramatiq_worker_timeout": "100", "dramatiq_restart_delay": "300"}


def plan(world: World) -> Plan:
    """What `make run` starts. Makes the embedded servers' data and the stand-in's client, if they are new."""
    keys.make_client_secret(world.home)
    servers = [server_program(server) for server in world.servers]
    names = [server.name for server in servers]
    steps = [*servers, *_foundation(world, after=names), _stand_in(world), *_rooms(world), _console(world)]
    return Plan(steps=steps, environ=world.environ())


def demo_part(world: World) -> Path:
    """Where the product leaves what it knows of the demo agency, for `demo.json` to take in."""
    return world.home.run / "demo.part.json"


def server_program(server: Server) -> Program:
    """An embedded server as a program to be supervised."""
    return Program(
        server.name,
        server.argv(),
        stop_signal=server.stop_signal,
        is_ready=server.answers,
        is_server=True,
        is_leashed=True,
    )


def _foundation(world: World, *, after: list[str]) -> list[Step]:
    """Keys, tables, and the demo agency with the stand-in's people for landlords."""
    users, known = world.home.sandbox / "users.json", world.home.path / "demo.json"
    told = ("--users", str(users), "--known", str(known), "--out", str(demo_part(world)))
    seed = ("demo", *told, "--front-end", world.console_url)
    trusted = {**world.client_secrets(), **world.token_key()}
    return [
        Action("keys", lambda: _make_keys(world), after=after),
        Task("prepare", (PYTHON, "manage.py", "prepare"), after=["keys"], environ=trusted),
        Action("users", lambda: write_private(users, _fetch(world.sandbox_port, "/control/users")), after=["hmrc"]),
        Task("demo", (PYTHON, "manage.py", *seed), after=["prepare", "users"], environ=trusted),
    ]


def _stand_in(world: World) -> Program:
    port = world.sandbox_port
    ready = Probe(port, "/control/health")
    return Program("hmrc", stand_in_argv(port), environ=world.stand_in(), is_ready=ready, is_server=True)


def stand_in_argv(port: int) -> list[str]:
    """The command that serves the stand-in at a port of loopback."""
    return _python(SERVE, STAND_IN, f"--port {port} sandbox.hmrc.wsgi:app")


def _console(world: World) -> Program:
    port = world.console_port
    argv = _python(f"-m sandbox.console {port} {world.agency_url}")
    return Program("console", argv, is_ready=Probe(port, "/config.json"))


def _rooms(world: World) -> list[Program]:
    after, spends = ["prepare"], world.client_secrets()
    works = {**spends, **world.token_key(), **PROMPT}
    serve = _python(SERVE, BEAR, f"--port {world.port} --workers 2 --blocking-threads 4 api.wsgi:application")
    return [
        Program("tokens", _python(WORK, TOKENS), after, {**works, **_watched(world, 0)}),
        Program("worker", _python(WORK, WORKER), after, {**works, **_watched(world, 1)}),
        Program("scheduler", _python("manage.py scheduler"), after, {**spends, **_watched(world, 2)}),
        Program("house", _python(WORK, HOUSE), after, {**works, **_watched(world, 3)}),
        Program("hooks", _python(HOOKS), after, {**PROMPT, **_watched(world, 4)}),
        Program("api", serve, after, {"DATABASE_POOL": "true"}, is_ready=Probe(world.port, "/readyz")),
        Program(
            "streams",
            _python(f"manage.py streams --port {world.streams_port}"),
            after,
            _watched(world, 5),
            is_ready=Probe(world.streams_port, "/readyz"),
        ),
    ]


def _watched(world: World, place: int) -> dict[str, str]:
    """A port of its own for each process that counts, from METRICS_PORT on, if there is one."""
    first = world.caller.get("METRICS_PORT", "")
    return {"METRICS_PORT": str(int(first) + place)} if first.isdecimal() else {}


def _python(*words: str) -> list[str]:
    """The virtual environment's interpreter with these words, which hold no spaces that matter."""
    return [PYTHON, *" ".join(words).split()]


def _make_keys(world: World) -> None:
    # Missing keys of a database that holds something are for the product to refuse, in its own words.
    if checks.database_is_empty(world.database_url):
        keys.make_for_new_database(world.home)


class Probe:
    """Asks a loopback server whether it is ready: 200, and nothing else, is yes."""

    def __init__(self, port: int, path: str) -> None:
        self._port, self._path = port, path

    def __call__(self) -> bool:
        """Ask once."""
        try:
            _fetch(self._port, self._path)
        except OSError:
            return False
        return True


def _fetch(port: int, path: str) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(f"{path} answered in no HTTP") from error
    if answer.status != http.HTTPStatus.OK:
        raise ConnectionError(f"{path} answered {answer.status}")
    return text
