"""What the steps of a rehearsal share: the test person, three tax years, and the ids that earlier answers brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hmrc_door.bodies import JSON
from hmrc_door.hidden import Secret

FIRST_CUMULATIVE_YEAR = 2025


class NotLearnt(LookupError):  # noqa: N818 - a step that has to be left out
    """An earlier step failed, and with it went an id that this one needs."""


@dataclass(kw_only=True)
class Scene:
    """`starts_in`: the tax year that ended last, by the year it started in."""

    nino: Secret = field(repr=False)
    starts_in: int
    _learnt: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, day: date, *, nino: Secret) -> "Scene":
        """The scene of a rehearsal on `day`, in London."""
        current = day.year if (day.month, day.day) >= (4, 6) else day.year - 1
        return cls(nino=nino, starts_in=max(current - 1, FIRST_CUMULATIVE_YEAR))

    @property
    def ended_year(self) -> str:
        """The tax year that ended last: all four updates and the final declaration may be sent."""
        return written(self.starts_in)

    @property
    def current_year(self) -> str:
        return written(self.starts_in + 1)

    @property
    def period_year(self) -> str:
        """The last tax year of period summaries."""
        return written(FIRST_CUMULATIVE_YEAR - 1)

    def learn(self, name: str, body: JSON, field_name: str) -> None:
        """Keep an id out of an answer."""
        value = body.get(field_name) if isinstance(body, Mapping) else None
        if isinstance(value, str):
            self._learnt[name] = value

    def recall(self, name: str) -> str:
        """An id learnt before. Raises NotLearnt."""
        try:
            return self._learnt[name]
        except KeyError:
            raise NotLearnt(name) from None


def written(starts_in: int) -> str:
    """A tax year as HMRC writes it: 2026-27."""
    return f"{starts_in}-{(starts_in + 1) % 100:02}"
