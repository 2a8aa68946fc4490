"""When a worker begins to show what it counts."""

import dramatiq
from dramatiq import Middleware

from tenants.metrics import serve


class Watched(Middleware):
    """Shows it after the fork, in the process that works."""

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        serve()
