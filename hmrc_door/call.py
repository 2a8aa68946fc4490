"""One call to one of HMRC's APIs: waits for its turn, opens the bearer at the last line, says what became of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from hmrc_door import config, deprecations, redirects
from hmrc_door.halted import is_halted
from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.outcomes import NotSent, Outcome
from hmrc_door.pace import Lane
from hmrc_door.turn import send_in_turn
from hmrc_door.wire import WireRequest

__all__ = ["Call", "Lane", "call"]

_NONE: Mapping[str, str] = MappingProxyType({})


def call(
    operation: Call,
    *,
    bearer: Secret,
    lane: Lane,
    agency: str,
    headers: Mapping[str, str] = _NONE,
    timeout_s: float = 60.0,
) -> Outcome:
    """
    Send `operation` once, after at most `timeout_s` of waiting for a slot of the pace, and within 20 s from there.

    `headers` are added to the operation's own (fraud prevention). No slot, a pace that cannot tell, or an operation
    that is paused, is NotSent; in production, what only HMRC's sandbox knows is too.
    Raises only what `bearer`, or the NINO in `operation`, raises when it cannot be opened.
    """
    if is_halted(operation.operation):
        return NotSent(reason="paused")
    if operation.only_sandbox and config.environment().name == "production":
        return NotSent(reason="only_sandbox")

    @contextmanager
    def opened() -> Iterator[WireRequest]:
        chosen = config.environment()
        with bearer.open(reason=operation.operation) as token, operation.filled() as parts:
            yield WireRequest(
                method=operation.method,
                url=operation.path_in(redirects.address(operation.template), parts),
                headers={**headers, **operation.headers(), "Authorization": f"Bearer {token}"},
                body=operation.body(),
                template=operation.template,
                parts=parts,
                deadlines=chosen.deadlines,
            )

    outcome = send_in_turn(opened, operation=operation.operation, lane=lane, agency=agency, timeout_s=timeout_s)
    deprecations.note(operation.api, outcome)
    return outcome
