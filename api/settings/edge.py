"""Where requests come in, and what HMRC is told of it (docs/fraud-prevention.md)."""

import re
from ipaddress import ip_network

from api.settings import env
from api.settings.hmrc import HMRC
from hmrc_door.environment import BadSetting
from hmrc_door.fraud_vendor import Vendor

# Proxies of ours: each adds to X-Forwarded-For whom it heard, and the outermost ends TLS.
try:
    TRUSTED_PROXIES = tuple(map(ip_network, env.listed("TRUSTED_PROXIES", "")))
except ValueError:
    env.refuse("TRUSTED_PROXIES", "must be networks such as 10.0.0.0/8, separated by commas")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

CLIENT_PORT_HEADER = env.text("CLIENT_PORT_HEADER", "")
if CLIENT_PORT_HEADER and not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", CLIENT_PORT_HEADER):
    env.refuse("CLIENT_PORT_HEADER", "must be the name of a header such as X-Client-Port")
if CLIENT_PORT_HEADER and not TRUSTED_PROXIES:
    env.refuse("CLIENT_PORT_HEADER", "is believed from TRUSTED_PROXIES only, and there is none")

# What tells this installation from a copy of its database: kept outside it, and never copied with it.
ENVIRONMENT_ID = env.text("ENVIRONMENT_ID", "")

_VENDOR = ("VENDOR_PRODUCT_NAME", "VENDOR_PUBLIC_IP", "VENDOR_LICENCE_IDS", "FRAUD_HEADERS_AGREED_MISSING")
try:
    VENDOR = Vendor.read(
        {name: env.text(name, "") for name in _VENDOR},
        installation=ENVIRONMENT_ID or f"{HMRC.name}:{HMRC.client_id}",
    )
except BadSetting as fault:
    env.refuse(fault.name, fault.reason)
