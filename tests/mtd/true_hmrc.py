"""The stand-in at the other end of the domain's calls: what HMRC would say, and answers that get lost on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hmrc_door.hidden import Secret
from hmrc_door.operation import Call
from hmrc_door.outcomes import Outcome, Unknown, classify
from hmrc_oauth.models import Grant
from mtd import calculating, fetching, writing
from tenants.models import Due
from tests.hmrc_oauth.fake_door import FakeClock
from tests.sandbox.hmrc.driver import HARRIET, Hmrc

_RUN: dict[str, Callable[[Any], None]] = {
    "write": lambda subject: writing.run(write_id=subject),
    "calculate": lambda subject: calculating.run(operation_id=subject),
    "fetch": lambda subject: fetching.run(operation_id=subject),
}


@dataclass
class TrueHmrc:
    """Stands in for `call`. `asked` are the operations in order; `loses` are those whose next answer is lost."""

    hmrc: Hmrc
    clock: FakeClock
    asked: list[str] = field(default_factory=list)
    loses: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def call(self, operation: Call, *, bearer: Secret, headers: Mapping[str, str], **_: Any) -> Outcome:
        self.asked.append(operation.operation)
        self.headers.append({**headers})
        answer = self.hmrc.http.open(
            operation.path(),
            method=operation.method,
            headers={**operation.headers(), "Authorization": f"Bearer {self._token}"},
            data=operation.body(),
        )
        if operation.operation in self.loses:
            self.loses.remove(operation.operation)
            return Unknown(reason="read_timeout")
        return classify(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def move_to(self, day: date) -> None:
        """Let it be noon of that day, at HMRC and here, with tokens that are fresh."""
        self.hmrc.is_today(day.isoformat())
        self.clock.now = datetime.combine(day, time(12), tzinfo=UTC)
        self._refresh()

    def pass_time(self, seconds: float) -> None:
        self.hmrc.pass_time(seconds)
        self.clock.advance(seconds=seconds)

    def work(self, *, most: int = 30) -> None:
        """Do what is due, as workers would, and let time pass until nothing is."""
        for _ in range(most):
            rows = Due.objects.filter(kind__in=_RUN).order_by("due_at")
            if not rows:
                return
            self.pass_time(max(0.0, (rows[0].due_at - self.clock.now).total_seconds()))
            _RUN[rows[0].kind](rows[0].subject_id)
        raise AssertionError(f"still due: {list(rows)}")

    def _refresh(self) -> None:
        self._token = self.hmrc.connect(HARRIET)["access_token"]
        Grant.objects.update(access_expires_at=self.clock.now + timedelta(hours=3))
