"""What HMRC's fraud-prevention headers are made of, before it has their form."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypedDict


class Method(StrEnum):
    """How the person's device reaches HMRC: by a web page and us, by other software and us, or without a person."""

    WEB_APP_VIA_SERVER = "WEB_APP_VIA_SERVER"
    OTHER_VIA_SERVER = "OTHER_VIA_SERVER"
    BATCH_PROCESS_DIRECT = "BATCH_PROCESS_DIRECT"


class Window(TypedDict, total=False):
    """In pixels."""

    width: int
    height: int


class Screen(Window, total=False):
    """`scaling_factor`: device pixels for each of the page's; `colour_depth` in bits."""

    scaling_factor: float
    colour_depth: int


class Factor(TypedDict, total=False):
    """One factor of the person's sign-in. `unique_reference`: a hash that stays the same for the same factor."""

    type: str
    timestamp: str
    unique_reference: str


Hop = TypedDict("Hop", {"by": str, "for": str}, total=False)


class Facts(TypedDict, total=False):
    """What was collected; nothing has to be.

    Times as HMRC writes them. `device` by HMRC's names (`os-family`, `os-version`, …); `user_ids` by account,
    `versions` and `licence_ids` by software; `forwarded` from the person's device towards us.
    """

    connection_method: str
    device_id: str
    user_agent: str
    device: Mapping[str, str]
    screens: list[Screen]
    window: Window
    timezone: str
    local_ips: list[str]
    local_ips_timestamp: str
    mac_addresses: list[str]
    public_ip: str
    public_port: int
    public_ip_timestamp: str
    mfa: list[Factor]
    user_ids: Mapping[str, str]
    forwarded: list[Hop]
    licence_ids: Mapping[str, str]
    product_name: str
    versions: Mapping[str, str]
