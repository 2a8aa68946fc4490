"""
The address our requests leave from, against the allow list registered at HMRC (its reference guide, "IP allow list").

HMRC does not tell which address it sees. The machine knows only its own, so one behind a NAT has to be told.
"""

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from hmrc_door.doctor.finding import Finding, failure, ok, skipped, warning

Address = IPv4Address | IPv6Address

_MEND = "Add it at HMRC and to HMRC_EGRESS_ALLOW_LIST, or send from an address that is on the list."


def look(*, allowed: Sequence[str], told: str, api_url: str) -> Iterator[Finding]:
    """`told` is HMRC_EGRESS_ADDRESS, empty where the machine's own address is to be taken."""
    if not allowed:
        yield skipped("egress", "no HMRC_EGRESS_ALLOW_LIST: HMRC takes our requests from anywhere")
        return
    address = ip_address(told) if told else own_address(api_url)
    if address is None or (not told and not address.is_global):
        yield warning(
            "egress",
            f"{address or 'no address'} is not a public one: this machine is behind another",
            "Set HMRC_EGRESS_ADDRESS to the public address that requests leave from.",
        )
    elif any(address in ip_network(network) for network in allowed):
        yield ok("egress", f"{address} is on the allow list")
    else:
        yield failure("egress", f"{address} is not on the allow list", _MEND)


def own_address(api_url: str) -> Address | None:
    """The address this machine would send from to `api_url`, by its own routes. Sends nothing."""
    parts = urlsplit(api_url)
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            parts.hostname, parts.port or 443, type=socket.SOCK_DGRAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(target)
            return ip_address(str(probe.getsockname()[0]))
    except (OSError, ValueError):
        return None
