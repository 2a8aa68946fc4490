"""How many streams may be open, in this process and for one caller."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings

from api.errors import StreamsFull, TooManyStreams
from api.streams import metrics
from api.streams.watch import Watch
from people.principal import PrincipalKind


class Seats:
    """Counts them. Lives in one event loop."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[UUID, PrincipalKind, UUID]] = Counter()

    @contextmanager
    def taken(self, watch: Watch) -> Iterator[None]:
        """One seat, for as long as the block lasts. Raises StreamsFull, TooManyStreams."""
        who = (watch.agency_id, watch.kind, watch.principal_id)
        self._check(who)
        self._taken[who] += 1
        metrics.OPEN.inc()
        try:
            yield
        finally:
            metrics.OPEN.dec()
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]

    def _check(self, who: tuple[UUID, PrincipalKind, UUID]) -> None:
        most = settings.STREAMS_PER_KEY if who[1] is PrincipalKind.API_KEY else settings.STREAMS_PER_PERSON
        if self._taken[who] >= most:
            metrics.TURNED_AWAY.labels(TooManyStreams.code).inc()
            raise TooManyStreams(headers={"Retry-After": "10"})
        if self._taken.total() >= settings.STREAMS_MOST:
            metrics.TURNED_AWAY.labels(StreamsFull.code).inc()
            raise StreamsFull(headers={"Retry-After": "5"})
