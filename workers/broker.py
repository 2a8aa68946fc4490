"""The broker and its middleware, in order. Imported first by the worker processes.

Not here, with reasons: Retries (the due list is the retry), TimeLimit and ShutdownNotifications (both raise inside a
thread at any line, which between HMRC's answer and our commit would be a kill -9), Prometheus, Results (state belongs
in our tables).
"""

import dramatiq
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit

from workers.copies import NoCopies
from workers.metrics import Watched
from workers.middleware import Connections, Lasting, Quiet, Stopping

HOUR_MS = 3_600_000

broker = RedisBroker(  # type: ignore[no-untyped-call]
    url=settings.REDIS_URL,
    # The first is the last to boot: from then on the main thread says nothing that a signal could interrupt.
    middleware=[Stopping(), Quiet(), Connections(), NoCopies(), Watched(), AgeLimit(max_age=HOUR_MS), Lasting()],
    maintenance_chance=1_000_000,  # a dead worker's messages come back at the next fetch, not at the thousandth
    heartbeat_timeout=20_000,
    dead_message_ttl=HOUR_MS,
)
dramatiq.set_broker(broker)
