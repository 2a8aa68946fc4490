"""One step after the other; a step that fails is written down, and what does not need it goes on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from time import sleep

from hmrc_door.call import Call
from hmrc_door.outcomes import Answered, Outcome, Refused
from mtd.rehearsal.scene import NotLearnt, Scene
from mtd.rehearsal.steps import Step

Send = Callable[[Call], Outcome]
MOST_THROTTLED = 5


@dataclass(frozen=True, kw_only=True)
class Performed:
    """One call and what became of it: `outcome` is None for a step left out, since an earlier one brought no id."""

    call: Call | None
    outcome: Outcome | None
    at: datetime
    left_out: str = ""

    @property
    def succeeded(self) -> bool:
        return isinstance(self.outcome, Answered)

    @property
    def says(self) -> str:
        """The status, HMRC's code, or why nothing came back."""
        match self.outcome:
            case None:
                return f"left out: no {self.left_out}"
            case Answered(status=status):
                return str(status)
            case Refused(status=status, code=code):
                return f"{status} {code}"
        return self.outcome.reason


def perform(
    steps: Iterable[Step],
    scene: Scene,
    *,
    send: Send,
    now: Callable[[], datetime],
    wait: Callable[[float], None] = sleep,
) -> Iterator[Performed]:
    """Yield each step as it was performed."""
    for step in steps:
        wait(step.waits_s)
        try:
            call = step.make(scene)
        except NotLearnt as lacking:
            yield Performed(call=None, outcome=None, at=now(), left_out=str(lacking))
            continue
        outcome = _patiently(send, call)
        if step.learns and isinstance(outcome, Answered):
            name, field_name = step.learns
            scene.learn(name, outcome.body, field_name)
        yield Performed(call=call, outcome=outcome, at=now())


def _patiently(send: Send, call: Call) -> Outcome:
    """HMRC's sandbox throttles at odd moments, and has done nothing then. The pace makes the pause."""
    for _ in range(MOST_THROTTLED):
        outcome = send(call)
        if not (isinstance(outcome, Refused) and outcome.status == HTTPStatus.TOO_MANY_REQUESTS):
            return outcome
    return send(call)
