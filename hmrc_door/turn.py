"""Every request's way out: wait for a slot, open what is sealed, send once, and slow down if HMRC asks for it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from contextvars import ContextVar
from time import monotonic

import structlog

from hmrc_door import config, health, metrics, unknown_codes, wire
from hmrc_door.outcomes import NotSent, Outcome, Refused, Unknown
from hmrc_door.pace import Lane, NoSlot, PaceUnavailable, Slot
from hmrc_door.redirects import Route
from hmrc_door.wire import WireRequest

# HMRC promises no Retry-After; its guide asks for "a short period of time".
DEFAULT_PAUSE_S = 2.0
_THROTTLED = 429
_SLOW_DOWN = frozenset({_THROTTLED, 503})
_TOO_LATE = NotSent(reason=wire.TOO_LATE)

log = structlog.get_logger()
_later: ContextVar[ExitStack | None] = ContextVar("hmrc_door_later", default=None)


@contextmanager
def telling_later() -> Iterator[None]:
    """What the pace and HMRC's health are told of an answer waits for the end of the block: a Redis that hangs must not
    stand between an answer that exists nowhere else and its commit.
    """
    with ExitStack() as later:
        token = _later.set(later)
        later.callback(_later.reset, token)
        yield


def send_in_turn(
    opened: Callable[[], AbstractContextManager[WireRequest]],
    *,
    operation: str,
    lane: Lane,
    agency: str,
    timeout_s: float,
    connects: int = 0,
    slot: Slot | None = None,
) -> Outcome:
    """
    Send what `opened` yields, once, in `slot` or in the next one that comes within `timeout_s`.

    To where HMRC has moved it, it is sent again in the next slot that comes by then: opened anew, and within what is
    left of its deadline. HMRC did nothing at the first address, so that no slot for the next one is NotSent too.
    A slot that went stale, while a key was fetched or the process stood still, is given up for another; so is one that
    went stale while a connection was opened, for one with more room for that.
    Each send is counted under `operation`.
    Raises only what `opened` raises.
    """
    until, route = monotonic() + timeout_s, Route()
    while True:
        try:
            held = slot or config.pace().acquire(
                lane=lane, agency=agency, timeout_s=until - monotonic(), connects=connects
            )
        except NoSlot as none:
            return _counted(operation, NotSent(reason=none.reason))
        slot = None
        with opened() as request:
            if not held.is_fresh:
                continue
            sent, began = route.onward(request), monotonic()
            outcome = wire.send(sent, leave=held.leave)
            if outcome == _TOO_LATE:
                log.warning("hmrc.connected_too_late", operation=operation)
                connects += 1
                continue
            took_s = monotonic() - began
            _heed(_counted(operation, outcome), held)
            metrics.REQUEST_SECONDS.labels(operation).observe(took_s)
            if not route.leads_on(sent, outcome, took_s=took_s):
                return outcome


def _counted(operation: str, outcome: Outcome) -> Outcome:
    metrics.count(operation, outcome)
    return outcome


def _heed(outcome: Outcome, slot: Slot) -> None:
    later = _later.get()
    if later is None:
        _heeded(outcome, slot)
    else:
        later.callback(_heeded, outcome, slot)


def _heeded(outcome: Outcome, slot: Slot) -> None:
    """Tell the pace that HMRC has answered, remember how it fares, and stop everybody for as long as it asks."""
    status = None if isinstance(outcome, NotSent) else outcome.status
    if status is not None:
        slot.answered()
    health.note(outcome)
    unknown_codes.note(outcome)
    if isinstance(outcome, Refused | Unknown) and status in _SLOW_DOWN:
        asked = DEFAULT_PAUSE_S if outcome.retry_after is None else outcome.retry_after
        with suppress(PaceUnavailable):
            config.pace().pause(seconds=asked, reason=f"hmrc_{status}", slot=slot, doubts=status == _THROTTLED)
