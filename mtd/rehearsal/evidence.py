"""The evidence file: what was called, with which headers, and how HMRC answered."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from hmrc_door.bodies import JSON, write_json
from hmrc_door.hidden import Secret
from hmrc_door.versions import TERMS
from mtd.rehearsal.perform import Performed

_PERSONAL: Final = frozenset({"value", "path"})


@dataclass(kw_only=True)
class Evidence:
    """Names of headers, never their values; no token; of the test person the NINO, which HMRC asks for.

    The NINO stays sealed until the file is written.
    """

    environment: str
    nino: Secret = field(repr=False)
    headers: Iterable[str]
    began_at: datetime
    performed: list[Performed] = field(default_factory=list)
    opinions: dict[str, JSON] = field(default_factory=dict)

    @property
    def failed(self) -> list[Performed]:
        return [one for one in self.performed if not one.succeeded]

    def write(self, file: Path) -> None:
        """Write it as JSON that only its owner can read, in the place of whatever stood there."""
        with NamedTemporaryFile("w", dir=file.parent, prefix=f".{file.name}.", delete=False) as draft:
            draft.write(json.dumps(self.described(), indent=2) + "\n")
        Path(draft.name).replace(file)

    def described(self) -> Mapping[str, Any]:
        """The evidence as plain values."""
        with self.nino.open(reason="rehearsal evidence") as nino:
            return {"environment": self.environment, "nino": nino, **self._findings()}

    def _findings(self) -> Mapping[str, Any]:
        return {
            "began_at": self.began_at.isoformat(),
            "fraud_prevention_headers": sorted(self.headers),
            "calls": [_described(one) for one in self.performed],
            "header_validation": json.loads(write_json(_nameless(dict(self.opinions)))),
        }


def _nameless(opinion: JSON) -> JSON:
    """HMRC's opinion without the values of the headers and the paths, which hold NINOs: it is about all our calls."""
    if isinstance(opinion, dict):
        return {name: _nameless(inner) for name, inner in opinion.items() if name not in _PERSONAL}
    return list(map(_nameless, opinion)) if isinstance(opinion, list) else opinion


def _described(one: Performed) -> Mapping[str, Any]:
    call = one.call
    asked = (
        {}
        if call is None
        else {
            "operation": call.operation,
            "api": f"{call.api} {TERMS[call.api].version}",
            "method": call.method,
            "path": call.template,
            "scenario": call.scenario,
        }
    )
    return {
        **asked,
        "answer": one.says,
        "succeeded": one.succeeded,
        "correlation_id": getattr(one.outcome, "correlation_id", ""),
        "at": one.at.isoformat(),
    }
