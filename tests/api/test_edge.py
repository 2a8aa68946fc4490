"""Whose request it is: the socket's word, or a trusted proxy's, and nobody else's."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from api import edge
from api.middleware import RequestMiddleware

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CLIENT, LIAR, STRANGER = "198.51.100.7", "203.0.113.66", "192.0.2.1"
OUTER, INNER = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def behind_proxies(settings: Any) -> None:
    settings.TRUSTED_PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))
    settings.CLIENT_PORT_HEADER = "X-Client-Port"


def asked(peer: str, forwarded: str | None = None, **more: str) -> tuple[str | None, int | None]:
    meta = {"REMOTE_ADDR": peer, **({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}), **more}
    found = edge.client(meta, at=AT)
    assert found.at == AT
    return found.ip, found.port


class TestWithoutProxies:
    def test_the_sockets_peer_is_the_client_with_its_port(self) -> None:
        assert asked(CLIENT, REMOTE_PORT="54321") == (CLIENT, 54321)

    def test_a_server_that_tells_no_port_leaves_it_unknown(self) -> None:
        assert asked(CLIENT) == (CLIENT, None)

    @pytest.mark.parametrize("forwarded", [LIAR, f"{LIAR}, {LIAR}", "127.0.0.1"])
    def test_what_is_forwarded_is_not_believed(self, forwarded: str) -> None:
        assert asked(CLIENT, forwarded, HTTP_X_CLIENT_PORT="1") == (CLIENT, None)

    def test_a_peer_without_an_address_is_nobody(self) -> None:
        assert asked("") == (None, None)
        assert asked("unix:") == (None, None)

    def test_an_ipv4_address_in_ipv6s_clothes_is_undressed(self) -> None:
        assert asked("::ffff:198.51.100.7") == (CLIENT, None)


@pytest.mark.usefixtures("behind_proxies")
class TestBehindProxies:
    @pytest.mark.parametrize(
        ("forwarded", "found"),
        [
            (CLIENT, CLIENT),
            (f"{LIAR}, {CLIENT}", CLIENT),
            (f"{LIAR},{CLIENT},{OUTER}", CLIENT),
            (f"{OUTER}, {CLIENT}", CLIENT),  # a liar who knows our proxy's address
            ("2001:db8::7", "2001:db8::7"),
            ("2001:db8::7, 2001:db8:ffff::1", "2001:db8::7"),
            ("::ffff:198.51.100.7", CLIENT),
            (OUTER, OUTER),  # one of our own asks
            ("172.16.0.9", "172.16.0.9"),  # private, and not ours: the client's, and for the builder to refuse
        ],
    )
    def test_the_first_from_the_right_that_is_no_proxy_is_the_client(self, forwarded: str, found: str) -> None:
        assert asked(INNER, forwarded)[0] == found

    @pytest.mark.parametrize(
        "forwarded", ["", "unknown", f"{CLIENT}, garbage", f"{CLIENT}, ", ",", "1.2.3.4.5", "[::1"]
    )
    def test_what_a_proxy_wrote_and_nobody_can_read_hides_the_client(self, forwarded: str) -> None:
        assert asked(INNER, forwarded, HTTP_X_CLIENT_PORT="54321") == (None, None)

    def test_without_a_word_of_the_proxy_it_is_the_proxy_that_asks(self) -> None:
        assert asked(INNER) == (INNER, None)

    def test_the_port_comes_from_the_header_that_was_named(self) -> None:
        assert asked(INNER, CLIENT, HTTP_X_CLIENT_PORT="54321", REMOTE_PORT="9") == (CLIENT, 54321)

    @pytest.mark.parametrize("port", ["", "x", "1,2", "123456", "-1", "1e3", "\u0663"])
    def test_a_port_that_is_none_is_unknown(self, port: str) -> None:
        assert asked(INNER, CLIENT, HTTP_X_CLIENT_PORT=port) == (CLIENT, None)

    @pytest.mark.parametrize(
        ("forwarded", "found"), [(f"{CLIENT}:4711", (CLIENT, 4711)), ("[2001:db8::7]:4711", ("2001:db8::7", 4711))]
    )
    def test_a_port_beside_the_address_goes_before(self, forwarded: str, found: tuple[str, int]) -> None:
        assert asked(INNER, forwarded, HTTP_X_CLIENT_PORT="54321") == found

    def test_a_stranger_is_not_believed_about_address_or_port(self) -> None:
        assert asked(STRANGER, CLIENT, HTTP_X_CLIENT_PORT="54321") == (STRANGER, None)

    def test_no_port_header_named_is_no_port(self, settings: Any) -> None:
        settings.CLIENT_PORT_HEADER = ""

        assert asked(INNER, CLIENT, HTTP_X_CLIENT_PORT="54321") == (CLIENT, None)


@pytest.mark.parametrize(("peer", "is_secure"), [(OUTER, True), (STRANGER, False), ("", False)])
def test_only_a_proxy_of_ours_says_that_it_came_by_tls(
    behind_proxies: None, settings: Any, peer: str, is_secure: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    seen: list[bool] = []

    def look(request: HttpRequest) -> HttpResponse:
        seen.append(request.is_secure())
        return HttpResponse()

    RequestMiddleware(look)(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https"))

    assert seen == [is_secure]
