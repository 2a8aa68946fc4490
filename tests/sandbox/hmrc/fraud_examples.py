"""Headers that are right, for every connection method: mostly the examples of HMRC's own specification."""

from collections.abc import Mapping

from sandbox.hmrc.fraud.methods import HEADERS, Method

GOOD: Mapping[str, str] = {
    "gov-client-browser-js-user-agent": "Mozilla/5.0 (iPad; U; CPU OS 3_2_1 like Mac OS X; en-us) AppleWebKit/531.21",
    "gov-client-device-id": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "gov-client-local-ips": "fc00%3A%3A,10.1.2.3",
    "gov-client-local-ips-timestamp": "2020-09-21T14:30:05.123Z",
    "gov-client-mac-addresses": "ea%3A43%3A1a%3A5d%3A21%3A45,10%3A12%3Acc%3Afa%3Aaa%3A32",
    "gov-client-multi-factor": (
        "type=AUTH_CODE&timestamp=2021-11-21T13%3A23Z&unique-reference=fc4b5fd6816f75a7,"
        "type=TOTP&timestamp=2021-11-21T13%3A20%3A01.123Z&unique-reference=0283da60063abfb3"
    ),
    "gov-client-public-ip": "198.51.100.0",
    "gov-client-public-ip-timestamp": "2020-09-21T14:30:05.000Z",
    "gov-client-public-port": "12345",
    "gov-client-screens": (
        "width=1920&height=1080&scaling-factor=1&colour-depth=16,"
        "width=3000&height=2000&scaling-factor=1.25&colour-depth=16"
    ),
    "gov-client-timezone": "UTC-01:15",
    "gov-client-user-agent": "os-family=iOS&os-version=13.3.1&device-manufacturer=Apple&device-model=iPhone12%2C3",
    "gov-client-user-ids": "os=domain%5Calice&my-application=alice123",
    "gov-client-window-size": "width=1256&height=803",
    "gov-vendor-forwarded": (
        "by=2001%3A0db8%3A85a3%3A0000%3A0000%3A8a2e%3A0370%3A7334&for=198.51.100.0,"
        "by=203.0.113.6&for=2001%3A0db8%3A85a3%3A0000%3A0000%3A8a2e%3A0370%3A7334"
    ),
    "gov-vendor-license-ids": "my-licensed-software=8D7963490527D33716835EE7C195516D5E562E03B224E9B359836466EE40CDE1",
    "gov-vendor-product-name": "Product%20Name",
    "gov-vendor-public-ip": "2001:db8:85a3::8a2e:370:7334",
    "gov-vendor-version": "my-frontend-app=2.2.2&my-serverside-code=v3.8",
}


def good_headers(method: Method) -> dict[str, str]:
    """The headers that a method sends, all of them right, named as HTTP names them."""
    values = {**GOOD, "gov-client-connection-method": method.value}
    return {name.title(): values[name] for name, methods in HEADERS.items() if method in methods}
