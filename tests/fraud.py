"""A person's device as a browser and an integrator tell of it, and an operator who has configured everything."""

from typing import Any

from hmrc_door.fraud import Facts
from hmrc_door.fraud_vendor import Vendor

CLIENT_IP, OUR_IP = "198.51.100.7", "203.0.113.6"
VENDOR = Vendor.read(
    {"VENDOR_PUBLIC_IP": OUR_IP, "FRAUD_HEADERS_AGREED_MISSING": "Gov-Vendor-License-IDs,Gov-Client-Multi-Factor"},
    installation="tests",
)

BROWSER: dict[str, Any] = {
    "connection_method": "WEB_APP_VIA_SERVER",
    "device_id": "beec798b-b366-47fa-b1f8-92cede14a1ce",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
    "screens": [{"width": 1920, "height": 1080, "scaling_factor": 1.25, "colour_depth": 24}],
    "window": {"width": 1256, "height": 803},
    "timezone": "UTC+00:00",
}
INTEGRATOR: dict[str, Any] = {
    **BROWSER,
    "application": {"name": "ledger", "version": "2.2.2"},
    "client": {"public_ip": CLIENT_IP, "public_port": 54321, "public_ip_timestamp": "2026-11-22T11:59:59.120Z"},
    "mfa": [{"type": "AUTH_CODE", "timestamp": "2026-11-22T11:00Z", "unique_reference": "fc4b5fd6816f75a7"}],
    "user_id": "alice",
    "licence_ids": {"ledger": "8D79"},
    "forwarded": [{"by": "192.0.2.80", "for": CLIENT_IP}],
}
# As the API gathers them of a person at a browser.
FACTS: Facts = {
    **BROWSER,  # type: ignore[typeddict-item]
    "public_ip": CLIENT_IP,
    "public_port": 54321,
    "public_ip_timestamp": "2026-11-22T12:00:00.000Z",
    "user_ids": {"quarterday": "alice"},
}
