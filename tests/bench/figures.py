"""The form of a figure."""

import json
import operator
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

_HOLDS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


class Figure(NamedTuple):
    """One measured value, and what was wanted of it. `wanted` is such as "<= 15"; without one it is only told."""

    name: str
    value: float
    unit: str
    wanted: str = ""
    baseline: float | Mapping[str, float] | None = None

    @property
    def ok(self) -> bool:
        """Whether it is as wanted."""
        if not self.wanted:
            return True
        sign, bound = self.wanted.split()
        return _HOLDS[sign](self.value, float(bound))

    def line(self) -> str:
        """The figure as one JSON object."""
        more = {} if self.baseline is None else {"baseline": self.baseline}
        said = {"figure": self.name, "value": round(self.value, 3), "unit": self.unit, "wanted": self.wanted}
        return json.dumps({**said, "ok": self.ok, **more})


def tell(figures: Iterable[Figure]) -> bool:
    """Print each figure as it comes. True if all are as wanted."""
    out = sys.stdout  # what is measured may lead its logs elsewhere meanwhile
    well = True
    for figure in figures:
        out.write(figure.line() + "\n")
        out.flush()
        well &= figure.ok
    return well
