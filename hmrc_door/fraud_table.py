"""
Which header goes with which connection method, from which fact and in which form: one row each, in HMRC's order.

From HMRC's specification 3.3, one page a connection method. A header whose form differs between methods has a row for
each form.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from hmrc_door import fraud_formats as formats
from hmrc_door.fraud_facts import Facts, Method

Write = Callable[[Facts], str]


class Header(NamedTuple):
    """`write` raises KeyError where a fact was not collected, and Unusable where it has not the right form."""

    name: str
    methods: frozenset[Method]
    write: Write


def one(fact: str, form: formats.Form) -> Write:
    """A header of one fact."""
    return lambda facts: form(collected(facts, fact))


def each(fact: str, form: formats.Form) -> Write:
    """A header that lists one fact."""
    return lambda facts: formats.listed(collected(facts, fact), form)


def collected(facts: Facts, fact: str) -> Any:
    """The fact. Raises KeyError for one that is not there, which an empty one is not either."""
    found = facts.get(fact)
    if found is None or found in ("", [], {}):
        raise KeyError(fact)
    return found


def forwarded(facts: Facts) -> str:
    """Every hop. HMRC compares the first one's sender with Gov-Client-Public-IP."""
    hops = collected(facts, "forwarded")
    found = formats.listed(hops, formats.hop)
    if formats.public_ip(hops[0]["for"]) != formats.public_ip(collected(facts, "public_ip")):
        raise formats.Unusable("does not begin at the client's public address")
    return found


def entrance(facts: Facts) -> str:
    """The address that the person's device sent its request to: where the first hop ended."""
    return formats.public_ip(collected(facts, "forwarded")[0].get("by"))


_WEB: Final = frozenset({Method.WEB_APP_VIA_SERVER})
_OTHER: Final = frozenset({Method.OTHER_VIA_SERVER})
_BATCH: Final = frozenset({Method.BATCH_PROCESS_DIRECT})
_PEOPLE: Final = _WEB | _OTHER
_PROGRAMS: Final = _OTHER | _BATCH
_EVERY: Final = _PEOPLE | _BATCH

_system = partial(formats.pairs, needs=("os-family", "os-version"))
_with_os = partial(formats.pairs, needs=("os",))
_client_and_server = partial(formats.pairs, least=2)

HEADERS: Final = (
    Header("Gov-Client-Connection-Method", _EVERY, one("connection_method", Method)),
    Header("Gov-Client-Browser-JS-User-Agent", _WEB, one("user_agent", formats.as_reported)),
    Header("Gov-Client-Device-ID", _EVERY, one("device_id", formats.uuid)),
    Header("Gov-Client-Local-IPs", _PROGRAMS, each("local_ips", formats.local_ip)),
    Header("Gov-Client-Local-IPs-Timestamp", _PROGRAMS, one("local_ips_timestamp", formats.instant)),
    Header("Gov-Client-MAC-Addresses", _PROGRAMS, each("mac_addresses", formats.mac)),
    Header("Gov-Client-Multi-Factor", _PEOPLE, each("mfa", formats.factor)),
    Header("Gov-Client-Public-IP", _PEOPLE, one("public_ip", formats.public_ip)),
    Header("Gov-Client-Public-IP-Timestamp", _PEOPLE, one("public_ip_timestamp", formats.instant)),
    Header("Gov-Client-Public-Port", _PEOPLE, one("public_port", formats.port)),
    Header("Gov-Client-Screens", _WEB, each("screens", formats.screen)),
    Header("Gov-Client-Timezone", _EVERY, one("timezone", formats.timezone)),
    Header("Gov-Client-User-Agent", _PROGRAMS, one("device", _system)),
    Header("Gov-Client-User-IDs", _WEB, one("user_ids", formats.pairs)),
    Header("Gov-Client-User-IDs", _PROGRAMS, one("user_ids", _with_os)),
    Header("Gov-Client-Window-Size", _WEB, one("window", formats.size)),
    Header("Gov-Vendor-Forwarded", _PEOPLE, forwarded),
    Header("Gov-Vendor-License-IDs", _EVERY, one("licence_ids", formats.pairs)),
    Header("Gov-Vendor-Product-Name", _EVERY, one("product_name", formats.encoded)),
    Header("Gov-Vendor-Public-IP", _PEOPLE, entrance),
    Header("Gov-Vendor-Version", _WEB | _BATCH, one("versions", formats.pairs)),
    Header("Gov-Vendor-Version", _OTHER, one("versions", _client_and_server)),
)

HOW_TO_MEND: Final[Mapping[str, str]] = {
    "Gov-Client-Connection-Method": "Name the connection method.",
    "Gov-Client-Browser-JS-User-Agent": "Send user_agent: navigator.userAgent, as snippet.js does.",
    "Gov-Client-Device-ID": "Send device_id: a UUID that stays on the device for good, as snippet.js does.",
    "Gov-Client-Local-IPs": "Send local_ips: every address of the device itself.",
    "Gov-Client-Local-IPs-Timestamp": "Send local_ips_timestamp: when they were read, yyyy-MM-ddThh:mm:ss.sssZ.",
    "Gov-Client-MAC-Addresses": "Send mac_addresses: those of the device.",
    "Gov-Client-Multi-Factor": "Let the person sign in with a second factor; with an API key, send mfa.",
    "Gov-Client-Public-IP": (
        "Let the proxies in front hand it on, and name them in TRUSTED_PROXIES; with an API key, send client.public_ip."
    ),
    "Gov-Client-Public-IP-Timestamp": "With an API key, send client.public_ip_timestamp: yyyy-MM-ddThh:mm:ss.sssZ.",
    "Gov-Client-Public-Port": (
        "Let the proxy in front hand it on, and name its header in CLIENT_PORT_HEADER; with an API key, send"
        " client.public_port."
    ),
    "Gov-Client-Screens": "Send screens, as snippet.js does: width, height, scaling_factor and colour_depth of each.",
    "Gov-Client-Timezone": "Send timezone, as snippet.js does: UTC±hh:mm.",
    "Gov-Client-User-Agent": "Send device: os_family and os_version, and manufacturer and model where they are known.",
    "Gov-Client-User-IDs": "With an API key, send user_id; for OTHER_VIA_SERVER send os_user too.",
    "Gov-Client-Window-Size": "Send window, as snippet.js does: width and height.",
    "Gov-Vendor-Forwarded": (
        "Set VENDOR_PUBLIC_IP, and see Gov-Client-Public-IP; with an API key, send your own hops in forwarded."
    ),
    "Gov-Vendor-License-IDs": (
        "Set VENDOR_LICENCE_IDS; or agree with HMRC to leave it out, and name it in FRAUD_HEADERS_AGREED_MISSING."
    ),
    "Gov-Vendor-Product-Name": "Set VENDOR_PRODUCT_NAME.",
    "Gov-Vendor-Public-IP": "Set VENDOR_PUBLIC_IP; with an API key, send your own hops in forwarded.",
    "Gov-Vendor-Version": "Send application: its name and version. The server's own are added.",
}
