"""The encrypted connection to each of HMRC's hosts: at least TLS 1.2 (HMRC's reference guide), a valid certificate."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hmrc_door.connection import tls_context
from hmrc_door.doctor.finding import Finding, failure, ok, skipped, warning
from hmrc_door.environment import Environment
from tenants.clock import machine

# Not ours to renew; this near its end, the clock of this machine is the likelier fault.
SOON_DAYS = 3


def look(environment: Environment) -> Iterator[Finding]:
    """One finding for each host."""
    hosts = dict.fromkeys(
        (urlsplit(address).scheme, urlsplit(address).hostname or "", urlsplit(address).port or 443)
        for address in (environment.api_url, environment.token_url, environment.authorize_url)
    )
    for scheme, host, port in hosts:
        if scheme == "https":
            yield _host(host, port, timeout=environment.deadlines.connect_s)
        else:
            yield skipped("tls", f"{host}:{port} is plain HTTP on this machine")


def _host(host: str, port: int, *, timeout: float) -> Finding:
    context = tls_context()
    context.load_default_certs()
    try:
        with (
            socket.create_connection((host, port), timeout=timeout) as plain,
            context.wrap_socket(plain, server_hostname=host) as encrypted,
        ):
            return _handshake(host, encrypted)
    except ssl.SSLError as error:
        return failure("tls", f"{host}: {error.reason or 'no handshake'}", "Look for a proxy that opens connections.")
    except OSError as error:
        return failure("tls", f"{host}: {error.strerror or type(error).__name__}", "Let this machine reach the host.")


def _handshake(host: str, encrypted: ssl.SSLSocket) -> Finding:
    certificate = encrypted.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)
    left = (ends - machine()).days
    says = f"{host}: {encrypted.version()}, certificate good for {left} days"
    return ok("tls", says) if left >= SOON_DAYS else warning("tls", says, "Check the clock of this machine.")
