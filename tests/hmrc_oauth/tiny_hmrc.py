"""HMRC as far as tokens go, in a file: what it has done stands, whatever becomes of whoever asked."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.outcomes import Outcome
from hmrc_door.pace import Lane, Slot
from hmrc_door.token_endpoint import TokenAnswer
from tests.hmrc_oauth.fake_door import (
    INVALID_GRANT,
    INVALID_REQUEST,
    NOT_SENT,
    ONE_BUSINESS,
    TOKEN_OVER,
    granted,
    opened,
)


class TinyHmrc:
    """Knows which pair lives: `access-3` and `refresh-3` are the third. A code buys the first one, once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.live = 0
        self.is_away = False
        self.before_answering: Callable[[], None] = lambda: None

    @property
    def live(self) -> int:
        """The number of the pair that lives; 0 for none."""
        return int(self._path.read_text())

    @live.setter
    def live(self, number: int) -> None:
        self._path.write_text(str(number))

    def refresh(
        self, *, refresh_token: Secret, lane: Lane, agency: str, slot: Slot | None = None, timeout_s: float = 30.0
    ) -> TokenAnswer:
        if self.is_away or timeout_s <= 0:
            return NOT_SENT
        if opened(refresh_token) != f"refresh-{self.live}":
            return INVALID_GRANT
        return self._next()

    def exchange(self, *, code: Secret, timeout_s: float, **_: object) -> TokenAnswer:
        if self.is_away or timeout_s <= 0:
            return NOT_SENT
        return INVALID_REQUEST if self.live else self._next()

    def call(
        self,
        operation: Call,
        *,
        bearer: Secret,
        lane: Lane,
        agency: str,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> Outcome:
        return ONE_BUSINESS if opened(bearer) == f"access-{self.live}" else TOKEN_OVER

    def _next(self) -> TokenAnswer:
        self.live += 1
        self.before_answering()
        return granted(str(self.live))
