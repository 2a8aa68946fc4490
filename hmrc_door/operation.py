"""What a call to one of HMRC's APIs is made of, before it has an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from hmrc_door.bodies import JSON, write_json
from hmrc_door.hidden import Secret
from hmrc_door.versions import Api, accept


@dataclass(frozen=True, kw_only=True, repr=False)
class Call:
    """
    One operation for one landlord. The NINO stays sealed until `path` is made; a repr shows the operation only.

    `template` is HMRC's path, with `{nino}` and the names in `parts`.
    """

    operation: str
    api: Api
    method: str
    template: str
    nino: Secret
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: JSON = None

    @property
    def writes(self) -> bool:
        """Whether HMRC would change anything. A call that only reads may be repeated, whatever became of it."""
        return self.method != "GET"

    def path(self) -> str:
        """The path and query, with the NINO opened for as long as it takes to write it down."""
        with self.nino.open(reason="hmrc.url") as nino:
            filled = self.template.format_map({name: quote(part, safe="") for name, part in self._parts(nino).items()})
        return f"{filled}?{urlencode(self.query)}" if self.query else filled

    def headers(self) -> dict[str, str]:
        """The headers HMRC wants of this operation, but for the bearer and fraud prevention."""
        typed = {} if self.content is None else {"Content-Type": "application/json"}
        return {"Accept": accept(self.api), **typed}

    def body(self) -> bytes | None:
        """What is sent, exact to the penny. Raises TypeError if a float got in."""
        return None if self.content is None else write_json(self.content)

    def _parts(self, nino: str) -> dict[str, str]:
        return {**self.parts, "nino": nino}

    def __repr__(self) -> str:
        return f"Call({self.operation})"
