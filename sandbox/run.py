"""
`make run`: a whole Quarterday on one machine, in the foreground.

It holds the home's lock, clears away what a killed run left, starts supervisord and, through it, the plan; then it
prints one READY line and waits. However it ends, nothing of it is left running.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from sandbox import orphans, product
from sandbox.demo import DemoFile
from sandbox.faults import Broken, Refused
from sandbox.home import Home, default_home
from sandbox.plan import Plan
from sandbox.startup import Startup
from sandbox.supervisor import Supervisor
from sandbox.world import World

LOOK_EVERY = 2.0  # seconds
WIND_DOWN = 8.0  # for leashed children to end by themselves once supervisord is dead
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Asked(BaseException):
    """Somebody wants us to stop. Not an error, so nothing that catches errors may catch it."""


_asked: list[int] = []  # the signals that came


def main(*, plan: Callable[[World], Plan] = product.plan) -> int:
    """Run until told to stop (0), until something breaks (1), or not at all because something outside is wrong (2)."""
    for signum in STOPPING:
        signal.signal(signum, _ask)
    home = Home(default_home())
    try:
        home.prepare()
        with home.locked():
            orphans.end_all(home.path)
            return _live(World.of(home=home, caller=os.environ), plan)
    except _Asked:
        return 0
    except (Refused, Broken) as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code


def _live(world: World, plan: Callable[[World], Plan]) -> int:
    chosen = plan(world)
    with _supervised(world, chosen) as supervisor:
        _start(world, chosen, supervisor)
        demo = DemoFile(world, supervisor, product.demo_part(world))
        demo.refresh()
        sys.stdout.write(f"READY {demo.agency_url}\n")
        sys.stdout.flush()
        return _watch(supervisor, demo)


def _start(world: World, plan: Plan, supervisor: Supervisor) -> None:
    startup = Startup(world.home, plan, supervisor, heed=_heed)
    try:
        startup.bring_up()
    finally:
        startup.end_tasks()
        spent = (f"{name} {seconds:.2f}\n" for name, seconds in startup.took.items())
        (world.home.logs / "startup.log").write_text("".join(spent))


def _watch(supervisor: Supervisor, demo: DemoFile) -> int:
    while not supervisor.ends_within(LOOK_EVERY):
        _heed()
        with suppress(OSError):  # too busy to answer, or dead: the next look tells
            demo.refresh()
    raise Broken("supervisord ended, so everything it ran has been stopped")


@contextmanager
def _supervised(world: World, plan: Plan) -> Iterator[Supervisor]:
    supervisor = Supervisor(home=world.home, programs=plan.programs, environ=plan.environ)
    try:
        supervisor.launch()
        yield supervisor
    finally:
        for signum in STOPPING:
            signal.signal(signum, signal.SIG_IGN)  # asked twice is asked once
        if not supervisor.stop():
            _let_wind_down(world)
        orphans.end_all(world.home.path)


def _let_wind_down(world: World) -> None:
    """Nobody is left to stop the processes, but their leashes have told them: give them a moment to end well."""
    give_up = time.monotonic() + WIND_DOWN
    while orphans.find(world.home.path) and time.monotonic() < give_up:
        time.sleep(0.1)


def _ask(signum: int, _frame: FrameType | None) -> None:
    _asked.append(signum)
    raise _Asked


def _heed() -> None:
    """Raise what was asked, should it have been lost: an exception raised inside a destructor goes nowhere."""
    if _asked:
        raise _Asked


if __name__ == "__main__":
    sys.exit(main())
