"""Operations of HMRC's that are paused: the door does not send them, and says that nothing was sent."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_none: frozenset[str] = frozenset()
_halted: ContextVar[frozenset[str]] = ContextVar("hmrc_door_halted", default=_none)


@contextmanager
def halted(operations: Collection[str]) -> Iterator[None]:
    """Inside, in this thread, these are not sent."""
    before = _halted.set(frozenset(operations))
    try:
        yield
    finally:
        _halted.reset(before)


def is_halted(operation: str) -> bool:
    """Whether it is not to be sent here and now."""
    return operation in _halted.get()
