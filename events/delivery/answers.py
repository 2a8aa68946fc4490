"""What can become of one attempt to deliver an event."""

from typing import NamedTuple

DELIVERED, STATUS, REDIRECT, GONE = "delivered", "http_status", "redirect", "gone"
LATE, UNRESOLVED, CLOSED, UNREACHED, TLS, BROKEN = (
    *("timeout", "name_not_found", "address_not_allowed", "not_reached", "tls_failed", "broken_off"),
)
OUTCOMES = (DELIVERED, STATUS, REDIRECT, GONE, LATE, UNRESOLVED, CLOSED, UNREACHED, TLS, BROKEN)


class Answer(NamedTuple):
    """What became of one attempt. `retry_after_s`: how long the receiver asked us to wait."""

    outcome: str
    code: int | None = None
    latency_ms: int = 0
    retry_after_s: int = 0

    @property
    def arrived(self) -> bool:
        return self.outcome == DELIVERED

    @property
    def is_alone(self) -> bool:
        """Whether it may be the matter of this one event: the receiver has answered."""
        return self.code is not None
