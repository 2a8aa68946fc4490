"""`make run` with tiny processes for the rooms: `python -m tests.sandbox.fake_world [servers] [misconfigured] …`."""

import sys
from collections.abc import Callable

from sandbox import product, run
from sandbox.plan import Plan, Program, Step, Task
from sandbox.product import Probe
from sandbox.world import World

# What was asked for, and which part is played then.
PREPARE = {"misconfigured": "refuse", "failing": "crash", "slow": "work"}
WORKER = {"crashing": "crash", "straying": "stray"}


def plan(*, wanted: set[str]) -> Callable[[World], Plan]:
    """A plan of fakes, with the embedded servers and with faults as asked for."""
    prepare = next((part for fault, part in PREPARE.items() if fault in wanted), "seed")
    worker = next((part for fault, part in WORKER.items() if fault in wanted), "work")

    def make(world: World) -> Plan:
        servers = [product.server_program(server) for server in world.servers] if "servers" in wanted else []
        port, stand_in = world.port, world.sandbox_port
        steps: list[Step] = [
            *servers,
            Task("prepare", _part(prepare, product.demo_part(world)), [server.name for server in servers]),
            Program("hmrc", _part("serve", stand_in), is_ready=Probe(stand_in, "/"), is_server=True),
            Program("worker", _part(worker), ["prepare"]),
            Program("api", _part("serve", port), ["prepare"], is_ready=Probe(port, "/")),
        ]
        return Plan(steps=steps, environ=world.environ())

    return make


def _part(*words: object) -> list[str]:
    if words[0] == "crash":  # by a shell: an interpreter that starts slowly would have lived for supervisord's second
        return ["/bin/sh", "-c", "echo out of luck; exit 3"]
    return [sys.executable, "-m", "tests.sandbox.fake_program", *map(str, words)]


if __name__ == "__main__":
    sys.exit(run.main(plan=plan(wanted=set(sys.argv[1:]))))
