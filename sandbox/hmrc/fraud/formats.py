"""A checker for the format of each header: it gets the value, never empty, and the method, and yields what it finds."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from urllib.parse import unquote
from uuid import UUID

from sandbox.hmrc.fraud import values
from sandbox.hmrc.fraud.findings import Finding, invalid, suspicious
from sandbox.hmrc.fraud.methods import WITH_OS_USER, WITH_TWO_PROGRAMS, Method

Checker = Callable[[str, Method | None], Iterator[Finding]]

FACTORS = frozenset({"TOTP", "AUTH_CODE", "OTHER"})
_SERVER_PORTS = frozenset({80, 443})
_PORT = re.compile(r"[1-9]\d{0,4}")
_MOST_PORT = 65535
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_FACTOR_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z")
_ZONE = re.compile(r"UTC(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>00|15|30|45)")
_ZONES = range(-12 * 60, 14 * 60 + 1)
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_AGENT_SEPARATOR = re.compile(r"%(?:2F|20|28|29)", re.IGNORECASE)
_PRODUCT = re.compile(r"[^\s/()]+/\S+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UUID_DIGITS = 32


def _connection_method(value: str, _: Method | None) -> Iterator[Finding]:
    if value not in set(Method):
        yield invalid("Value must be a connection method of the specification")


def _browser_agent(value: str, _: Method | None) -> Iterator[Finding]:
    if _AGENT_SEPARATOR.search(value):
        yield invalid("At least 1 separator is percent encoded. Check forward slashes, spaces and round brackets.")
    elif not _PRODUCT.search(value):
        yield suspicious("Value is not in the usual format of a browser's user agent")


def _device_id(value: str, _: Method | None) -> Iterator[Finding]:
    if _is_uuid(value):
        return
    if _EMAIL.search(unquote(value)):
        yield suspicious("Contains an email address. A device ID must not be made from the user's data.")
    if len(re.sub(r"[^0-9A-Za-z]", "", value)) < _UUID_DIGITS:
        yield suspicious("ID must be longer to ensure it is unique")
    yield suspicious("Use a recommended UUID. Check the specification.")


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower() and UUID(value).int != 0
    except ValueError:
        return False


def _local_ips(value: str, _: Method | None) -> Iterator[Finding]:
    for item in values.items(value):
        if not values.is_encoded(item):
            yield values.NOT_ENCODED
        if values.address(unquote(item)) is None:
            yield invalid("At least 1 value is not an IP address")


def _timestamp(value: str, _: Method | None) -> Iterator[Finding]:
    if not _TIMESTAMP.fullmatch(value) or not values.is_time(value, "%Y-%m-%dT%H:%M:%S.%fZ"):
        yield invalid("Value must be a UTC timestamp in the format yyyy-MM-ddThh:mm:ss.sssZ")


def _mac_addresses(value: str, _: Method | None) -> Iterator[Finding]:
    for item in values.items(value):
        if not values.is_encoded(item):
            yield values.NOT_ENCODED
        if not _MAC.fullmatch(unquote(item)):
            yield invalid("At least 1 value is not a MAC address")


def _multi_factor(value: str, _: Method | None) -> Iterator[Finding]:
    for item in values.items(value):
        factor = values.fields(item)
        yield from _complete(factor, "type", "timestamp", "unique-reference")
        if factor.known.get("type", "OTHER") not in FACTORS:
            yield invalid("At least 1 value for 'type' is not in the specification")
        if not _is_factor_time(factor.known.get("timestamp") or "2000-01-01T00:00Z"):
            yield invalid("At least 1 value for 'timestamp' is not a UTC timestamp")


def _is_factor_time(text: str) -> bool:
    formats = ("%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ")
    return bool(_FACTOR_TIME.fullmatch(text)) and values.is_time(text, *formats)


def _public_ip(value: str, _: Method | None) -> Iterator[Finding]:
    address = values.address(value)
    if address is None:
        yield invalid("Value is not an IP address")
    elif not values.is_public(address):
        yield invalid("Value is not a public IP address")


def _public_port(value: str, _: Method | None) -> Iterator[Finding]:
    if not _PORT.fullmatch(value) or int(value) > _MOST_PORT:
        yield invalid("Value must be a port between 1 and 65535")
    elif int(value) in _SERVER_PORTS:
        yield suspicious("Value is a port of a server. Submit the port of the client.")


def _screens(value: str, _: Method | None) -> Iterator[Finding]:
    for item in values.items(value):
        screen = values.fields(item)
        yield from _complete(screen, "width", "height", "scaling-factor", "colour-depth")
        yield from _whole_numbers(screen, "width", "height", "colour-depth")
        if not _is_positive(screen.known.get("scaling-factor") or "1"):
            yield invalid("At least 1 value for 'scaling-factor' is not a positive number")


def _is_positive(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(text) > 0
    except InvalidOperation:
        return False


def _window_size(value: str, _: Method | None) -> Iterator[Finding]:
    window = values.fields(value)
    yield from _complete(window, "width", "height")
    yield from _whole_numbers(window, "width", "height")


def _timezone(value: str, _: Method | None) -> Iterator[Finding]:
    zone = _ZONE.fullmatch(value)
    if not zone or int(zone["sign"] + "1") * (int(zone["hours"]) * 60 + int(zone["minutes"])) not in _ZONES:
        yield invalid("Value must be a recognised time zone in the format UTC±hh:mm")


def _user_agent(value: str, _: Method | None) -> Iterator[Finding]:
    agent = values.fields(value)
    yield from _complete(agent, "os-family", "os-version")
    for key in agent.lacking("device-manufacturer", "device-model"):
        yield suspicious(f"At least 1 value for '{key}' is missing")


def _user_ids(value: str, method: Method | None) -> Iterator[Finding]:
    ids = values.fields(value)
    yield from _complete(ids, *ids.known)
    if method in WITH_OS_USER and not ids.known.get("os"):
        yield suspicious("At least 1 value for 'os' is missing")


def _forwarded(value: str, _: Method | None) -> Iterator[Finding]:
    for item in values.items(value):
        hop = values.fields(item)
        yield from _complete(hop, "by", "for")
        for text in (hop.known[key] for key in ("by", "for") if hop.known.get(key)):
            yield from _public_ip(text, None)


def _license_ids(value: str, _: Method | None) -> Iterator[Finding]:
    ids = values.fields(value)
    yield from _complete(ids, *ids.known)


def _product_name(value: str, _: Method | None) -> Iterator[Finding]:
    if not values.is_encoded(value):
        yield invalid("Value is not percent encoded")


def _version(value: str, method: Method | None) -> Iterator[Finding]:
    versions = values.fields(value)
    yield from versions.findings
    if any(versions.lacking(*versions.known)):
        yield invalid("At least 1 software version value is missing")
    if method in WITH_TWO_PROGRAMS and len(versions.known) < 2:  # noqa: PLR2004 - the client's and the server's
        yield suspicious("For client server architectures, submit a version for the client and the server")


def _complete(found: values.Fields, *keys: str) -> Iterator[Finding]:
    yield from found.findings
    for key in found.lacking(*keys):
        yield invalid(f"At least 1 value for '{key}' is missing")


def _whole_numbers(found: values.Fields, *keys: str) -> Iterator[Finding]:
    for key in keys:
        if not re.fullmatch(r"[1-9]\d*", found.known.get(key) or "1"):
            yield invalid(f"At least 1 value for '{key}' is not a positive whole number")


CHECKERS: Mapping[str, Checker] = {
    "gov-client-connection-method": _connection_method,
    "gov-client-browser-js-user-agent": _browser_agent,
    "gov-client-device-id": _device_id,
    "gov-client-local-ips": _local_ips,
    "gov-client-local-ips-timestamp": _timestamp,
    "gov-client-mac-addresses": _mac_addresses,
    "gov-client-multi-factor": _multi_factor,
    "gov-client-public-ip": _public_ip,
    "gov-client-public-ip-timestamp": _timestamp,
    "gov-client-public-port": _public_port,
    "gov-client-screens": _screens,
    "gov-client-timezone": _timezone,
    "gov-client-user-agent": _user_agent,
    "gov-client-user-ids": _user_ids,
    "gov-client-window-size": _window_size,
    "gov-vendor-forwarded": _forwarded,
    "gov-vendor-license-ids": _license_ids,
    "gov-vendor-product-name": _product_name,
    "gov-vendor-public-ip": _public_ip,
    "gov-vendor-version": _version,
}
