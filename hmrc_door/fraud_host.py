"""
The facts of this host, for calls that nobody caused (BATCH_PROCESS_DIRECT): read from the system, never configured.

Linux tells its addresses without a package of anybody's. Elsewhere what can't be read is left out, and reported.
"""

import fcntl
import getpass
import os
import platform
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Final

from hmrc_door import fraud_formats as formats
from hmrc_door.fraud_facts import Facts, Method
from hmrc_door.fraud_vendor import Vendor

_NETWORK: Final = Path("/sys/class/net")
_IPV6: Final = Path("/proc/net/if_inet6")
_MACHINE: Final = {"device-manufacturer": "sys_vendor", "device-model": "product_name"}
_MACHINE_FILES: Final = Path("/sys/class/dmi/id")
_SIOCGIFADDR: Final = 0x8915
_LOCALLY_MADE: Final = 0x02


def facts(*, vendor: Vendor, now: datetime) -> Facts:
    """This host and its user, as they are `now`."""
    return {
        "connection_method": Method.BATCH_PROCESS_DIRECT,
        "device_id": str(vendor.device_id),
        "device": _device(),
        "local_ips": sorted({*_ipv4(), *_ipv6()}),
        "local_ips_timestamp": formats.written(now),
        "mac_addresses": _macs(),
        "timezone": _zone(now.astimezone()),
        "user_ids": {"os": _user()},
    }


def _device() -> dict[str, str]:
    known = {"os-family": platform.system(), "os-version": platform.release()}
    for name, file in _MACHINE.items():
        with suppress(OSError):
            known[name] = (_MACHINE_FILES / file).read_text().strip()
    return {name: said for name, said in known.items() if said}


def _ipv4() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # an interface without an IPv4 address
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, struct.pack("256s", name.encode()))
                yield from _no_loopback(socket.inet_ntoa(answer[20:24]))


def _ipv6() -> Iterator[str]:
    with suppress(OSError):
        for line in _IPV6.read_text().splitlines():
            yield from _no_loopback(str(IPv6Address(bytes.fromhex(line.split()[0]))))


def _no_loopback(address: str) -> Iterator[str]:
    if not ip_address(address).is_loopback:
        yield address


def _macs() -> list[str]:
    """Those that a maker gave; where there is none, as in a container, those that the system gave."""
    every = sorted({found for found in _read_macs() if _is_a_stations(found)})
    return [found for found in every if not int(found[:2], 16) & _LOCALLY_MADE] or every


def _is_a_stations(found: str) -> bool:
    try:
        return bool(formats.mac(found))
    except formats.Unusable:  # the loopback's noughts, or what is no Ethernet
        return False


def _read_macs() -> Iterator[str]:
    with suppress(OSError):
        for interface in sorted(_NETWORK.iterdir()):
            with suppress(OSError):
                yield (interface / "address").read_text().strip()


def _zone(local: datetime) -> str:
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user has a number and may have no name
        return str(os.getuid())
