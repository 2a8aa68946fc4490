"""Which addresses a webhook may be sent to: those of the public internet, and no other.

A name is resolved once, every address that it has is looked at, and the connection is made to one of those: whoever
answers differently the second time is not asked a second time.
"""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_PATIENCE_S = 5.0

# Special by IANA's registries, and Azure's host, which answers at a public address from inside.
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
        ),
    )
)
# Of what is in use (2000::/3): protocol assignments with Teredo, documentation, 6to4, AS112, segment routing.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16"))
)
_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))


@cache
def _looking_up() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=32, thread_name_prefix="names")


# Its threads stay behind when a process forks.
os.register_at_fork(after_in_child=_looking_up.cache_clear)


class Unresolved(Exception):  # noqa: N818 - the word of the house
    """The name has no address, or nobody said in time."""


class Refused(Exception):  # noqa: N818 - as above
    """One of its addresses is not of the public internet."""


def find(host: str, port: int, *, loopback: bool) -> list[str]:
    """The addresses to connect to. `loopback`: this machine's own may be among them. Raises Unresolved, Refused."""
    try:
        found = _looking_up().submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(_PATIENCE_S)
    except (OSError, UnicodeError, TookTooLong):
        raise Unresolved from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    # One that is closed among others is no mistake that anybody makes.
    if not addresses or not all(may_be_reached(each, loopback=loopback) for each in addresses):
        raise Refused
    return addresses


def may_be_reached(raw: str, *, loopback: bool) -> bool:
    """Whether this address is open to us."""
    if "%" in raw:
        return False  # of one link only
    address = ip_address(raw)
    if loopback and any(address in network for network in _LOOPBACK):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return _is_open_v6(address)


def _is_open_v6(address: IPv6Address) -> bool:
    # An IPv4 address in the dress of IPv6 (mapped, compatible, NAT64) lies outside what is in use.
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)
