"""TLS against real servers: 1.2 at least, and a certificate that somebody vouches for."""

import ssl
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server
from threading import Thread
from unittest.mock import Mock

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hmrc_door.doctor import Level, tls
from hmrc_door.environment import Deadlines, Environment
from hmrc_door.outcomes import Answered, NotSent
from hmrc_door.wire import WireRequest, _session, send
from tests.hmrc_door.conftest import an_environment

QUICK = Deadlines(connect_s=2, read_s=2, total_s=4)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, with its key, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hmrc")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + plain)
    return path


@contextmanager
def serving(certificate: Path, limit: Callable[[ssl.SSLContext], None]) -> Iterator[tuple[str, list[str]]]:
    """An HTTPS server for one connection: its address, and in which TLS it had a request, or why it had none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    limit(context)
    seen: list[str] = []

    def serve() -> None:
        held, _ = listening.accept()
        try:
            with context.wrap_socket(held, server_side=True) as connection:
                assert connection.recv(65536)
                seen.append(str(connection.version()))
                connection.sendall(ANSWER)
        except OSError as error:
            seen.append(type(error).__name__)

    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}", seen
        thread.join(timeout=5)


def only(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    def limit(context: ssl.SSLContext) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version

    return limit


def test_a_certificate_that_nobody_vouches_for_gets_no_request(certificate: Path) -> None:
    with serving(certificate, only(ssl.TLSVersion.TLSv1_3)) as (url, seen):
        outcome = send(WireRequest(method="GET", url=url, fresh=True, deadlines=QUICK))

    assert outcome == NotSent(reason="tls")
    assert seen == ["SSLError"]


@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_1, None),
        (ssl.TLSVersion.TLSv1, None),
    ],
)
def test_only_1_2_and_later_are_spoken(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, version: ssl.TLSVersion, spoken: str | None
) -> None:
    session = _session()
    session.verify = str(certificate)
    monkeypatch.setattr("hmrc_door.wire._pooled", lambda: session)

    with serving(certificate, only(version)) as (url, seen):
        outcome = send(WireRequest(method="GET", url=url, deadlines=QUICK))

    session.close()
    assert outcome == NotSent(reason="tls") if spoken is None else isinstance(outcome, Answered)
    assert seen == ["SSLError" if spoken is None else spoken]


class TestTheDoctor:
    def test_names_the_version_and_how_long_the_certificate_lasts(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

        with shaking_hands(certificate) as address:
            (found,) = {finding.says for finding in tls.look(_environment(address))}

        # The certificate lasts for an hour more, which on a clock that is right no host of HMRC's would.
        assert found == "127.0.0.1: TLSv1.3, certificate good for 0 days"

    def test_tells_of_a_certificate_that_nobody_vouches_for(self, certificate: Path) -> None:
        with shaking_hands(certificate) as address:
            (found,) = tls.look(_environment(address))

        assert found.level is Level.FAILURE
        assert "CERTIFICATE_VERIFY_FAILED" in found.says

    def test_tells_of_a_host_that_is_not_there(self) -> None:
        with create_server(("127.0.0.1", 0)) as listening:
            address = f"https://127.0.0.1:{listening.getsockname()[1]}"

        (found,) = tls.look(_environment(address))

        assert found.level is Level.FAILURE

    def test_a_certificate_that_lasts_is_well(self) -> None:
        lasting = Mock(spec=ssl.SSLSocket)
        lasting.version.return_value = "TLSv1.2"
        lasting.getpeercert.return_value = {"notAfter": "Jan  1 00:00:00 2100 GMT"}

        assert tls._handshake("api.service.hmrc.gov.uk", lasting).level is Level.OK


@contextmanager
def shaking_hands(certificate: Path) -> Iterator[str]:
    """A server that shakes hands, once, and hangs up: its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve() -> None:
        held, _ = listening.accept()
        with suppress(OSError), context.wrap_socket(held, server_side=True) as connection:
            connection.recv(1)

    with create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(timeout=5)


def _environment(address: str) -> Environment:
    return replace(
        an_environment(address),
        token_url=f"{address}/oauth/token",
        authorize_url=f"{address}/oauth/authorize",
        deadlines=QUICK,
    )
