"""What the streaming process counts. No label holds an id."""

from prometheus_client import Counter, Gauge, Histogram

OPEN = Gauge("quarterday_streams_open", "Streams that are open in this process.")
OPENED = Counter("quarterday_streams_opened", "Streams that were opened.")
ENDED = Counter("quarterday_streams_ended", "Streams that ended, `gone` where the reader went away.", ["reason"])
TURNED_AWAY = Counter("quarterday_streams_turned_away", "Streams that were not opened for want of room.", ["code"])
TURNED_AWAY.labels("streams.full")  # shown from the start: the first would otherwise be no increase
TOLD = Counter("quarterday_streams_events", "Events that were told.")
FIRST = Histogram(
    "quarterday_streams_first_event_seconds",
    "From the request to its first event.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
READ = Histogram("quarterday_streams_read_seconds", "One look at the operations of one agency that are watched.")
DEAF = Gauge("quarterday_streams_deaf", "1 while Redis can't be heard, and PostgreSQL is asked more often.")
