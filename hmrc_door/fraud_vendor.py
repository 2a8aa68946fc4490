"""What we say of ourselves in the fraud-prevention headers: read from plain strings, checked at start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from hmrc_door import fraud_formats as formats
from hmrc_door.environment import BadSetting, Values
from hmrc_door.fraud_facts import Facts
from hmrc_door.fraud_table import HOW_TO_MEND

SERVER: Final = "Quarterday"
VERSION: Final = "0.1.0"
# HMRC knows us by it; everything else may be agreed to be left out.
_NEVER_MISSING: Final = "Gov-Client-Connection-Method"


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """`public_ip`: where people's devices reach us; empty if unknown. `licence_ids`: hashes by software. `agreed`:
    headers that HMRC has agreed can't be collected. `device_id`: of the installation, for calls that nobody caused.
    """

    device_id: UUID
    product_name: str = SERVER
    public_ip: str = ""
    licence_ids: Mapping[str, str] = field(default_factory=dict)
    agreed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, values: Values, *, installation: str) -> Self:
        """Ourselves, from settings by name; `installation` stays the same for good. Raises BadSetting."""
        return cls(
            device_id=uuid5(NAMESPACE_URL, f"quarterday:{installation}"),
            product_name=_checked(values, "VENDOR_PRODUCT_NAME", formats.text) or SERVER,
            public_ip=_checked(values, "VENDOR_PUBLIC_IP", formats.public_ip),
            licence_ids=_licences(_items(values, "VENDOR_LICENCE_IDS")),
            agreed=frozenset(map(_header, _items(values, "FRAUD_HEADERS_AGREED_MISSING"))),
        )

    def completed(self, facts: Facts, *, sender: str | None = None) -> Facts:
        """
        `facts`, with what we know of ourselves. `sender`: whose request reached us over the internet.

        A hop over a private network is none: HMRC does not want it in the chain.
        """
        hops = list(facts.get("forwarded", []))
        if sender is not None and formats.is_public(formats.address(sender)):
            hops.append({"by": self.public_ip, "for": sender})
        return {
            **facts,
            "product_name": self.product_name,
            "versions": {**facts.get("versions", {}), SERVER: VERSION},
            "licence_ids": facts.get("licence_ids") or self.licence_ids,
            "forwarded": hops,
        }


def _items(values: Values, name: str) -> list[str]:
    return [item.strip() for item in (values.get(name) or "").split(",") if item.strip()]


def _checked(values: Values, name: str, form: formats.Form) -> str:
    given = (values.get(name) or "").strip()
    try:
        return form(given) if given else ""
    except formats.Unusable as why:
        raise BadSetting(name, str(why)) from None


def _licences(items: Iterable[str]) -> dict[str, str]:
    found = {name: digest for name, _, digest in (item.partition("=") for item in items)}
    if not all(name and digest for name, digest in found.items()):
        raise BadSetting("VENDOR_LICENCE_IDS", "must be name=hash, several separated by commas")
    return found


def _header(name: str) -> str:
    if name not in HOW_TO_MEND or name == _NEVER_MISSING:
        raise BadSetting("FRAUD_HEADERS_AGREED_MISSING", "names a header that HMRC does not let be left out, or none")
    return name
