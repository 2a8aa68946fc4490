"""Connection methods, and which header each of them must send (HMRC's specification 3.3, a page for each method)."""

from collections.abc import Mapping
from enum import StrEnum


class Method(StrEnum):
    """How the user's device reaches HMRC."""

    WEB_APP_VIA_SERVER = "WEB_APP_VIA_SERVER"
    MOBILE_APP_VIA_SERVER = "MOBILE_APP_VIA_SERVER"
    MOBILE_APP_DIRECT = "MOBILE_APP_DIRECT"
    DESKTOP_APP_VIA_SERVER = "DESKTOP_APP_VIA_SERVER"
    DESKTOP_APP_DIRECT = "DESKTOP_APP_DIRECT"
    OTHER_VIA_SERVER = "OTHER_VIA_SERVER"
    OTHER_DIRECT = "OTHER_DIRECT"
    BATCH_PROCESS_DIRECT = "BATCH_PROCESS_DIRECT"


CONNECTION_METHOD = "gov-client-connection-method"

_ALL = frozenset(Method)
_WEB = frozenset({Method.WEB_APP_VIA_SERVER})
_MOBILE = frozenset({Method.MOBILE_APP_VIA_SERVER, Method.MOBILE_APP_DIRECT})
_BATCH = frozenset({Method.BATCH_PROCESS_DIRECT})
_VIA_SERVER = frozenset(method for method in Method if method.endswith("_VIA_SERVER"))
_WITH_SCREEN = frozenset(method for method in Method if "_APP_" in method)
# A browser and a telephone don't tell a program who is signed in to the machine, nor its MAC addresses.
WITH_OS_USER = _ALL - _WEB - _MOBILE
# A program on the user's device and one on a server: both have versions. A browser's page is the server's own.
WITH_TWO_PROGRAMS = _VIA_SERVER - _WEB

HEADERS: Mapping[str, frozenset[Method]] = {
    CONNECTION_METHOD: _ALL,
    "gov-client-browser-js-user-agent": _WEB,
    "gov-client-device-id": _ALL,
    "gov-client-local-ips": _ALL - _WEB,
    "gov-client-local-ips-timestamp": _ALL - _WEB,
    "gov-client-mac-addresses": WITH_OS_USER,
    "gov-client-multi-factor": _ALL - _BATCH,
    "gov-client-public-ip": _VIA_SERVER,
    "gov-client-public-ip-timestamp": _VIA_SERVER,
    "gov-client-public-port": _VIA_SERVER,
    "gov-client-screens": _WITH_SCREEN,
    "gov-client-timezone": _ALL,
    "gov-client-user-agent": _ALL - _WEB,
    "gov-client-user-ids": _ALL,
    "gov-client-window-size": _WITH_SCREEN,
    "gov-vendor-forwarded": _VIA_SERVER,
    "gov-vendor-license-ids": _ALL,
    "gov-vendor-product-name": _ALL,
    "gov-vendor-public-ip": _VIA_SERVER,
    "gov-vendor-version": _ALL,
}
# Their absence can be honest: a sign-in without a second factor, a product without licences.
MAY_BE_ABSENT = frozenset({"gov-client-multi-factor", "gov-vendor-license-ids"})
