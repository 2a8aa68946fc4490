"""The evidence file: what was called, with which headers, and how HMRC answered."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hmrc_door.bodies import JSON, write_json
from hmrc_door.versions import TERMS
from mtd.rehearsal.perform import Performed


@dataclass(kw_only=True)
class Evidence:
    """Names of headers, never their values; no token; of the test person the NINO, which HMRC asks for."""

    environment: str
    nino: str = field(repr=False)
    headers: Iterable[str]
    began_at: datetime
    performed: list[Performed] = field(default_factory=list)
    opinions: dict[str, JSON] = field(default_factory=dict)

    @property
    def failed(self) -> list[Performed]:
        return [one for one in self.performed if not one.succeeded]

    def write(self, file: Path) -> None:
        """Write it as JSON that only its owner can read."""
        file.touch(mode=0o600)
        file.write_text(json.dumps(self.described(), indent=2) + "\n")

    def described(self) -> Mapping[str, Any]:
        """The evidence as plain values."""
        return {
            "environment": self.environment,
            "nino": self.nino,
            "began_at": self.began_at.isoformat(),
            "fraud_prevention_headers": sorted(self.headers),
            "calls": [_described(one) for one in self.performed],
            "header_validation": json.loads(write_json(dict(self.opinions))),
        }


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
