"""The examples of HMRC's reference guide, and what tries to slip past them."""

import pytest

from sandbox.hmrc.redirects import fault, is_registered

GUIDE_VALID = [
    "https://www.example.com/auth-redirect",
    "https://www.example.com",
    "https://www.example.com:8080/auth-redirect",
    "https://www.example.com/auth-redirect?quarter=2",
    "http://localhost:8080",
    "urn:ietf:wg:oauth:2.0:oob",
    "urn:ietf:wg:oauth:2.0:oob:auto",
]
GUIDE_INVALID = [
    ("http://www.example.com/auth-redirect", "HTTP, not HTTPS"),
    ("/auth-redirect", "relative URI"),
    ("https://203.0.113.6/auth-redirect", "IP address"),
    ("https://www.example.com/auth-redirect#top", "fragment"),
]
TRICKS = [
    ("https://[2001:db8::1]/back", "IP address"),
    ("https://2130706433/back", "IP address"),
    ("https://0x7f.1/back", "IP address"),
    ("http://127.0.0.1:8000/back", "HTTP, not HTTPS"),
    ("https://www.example.com/back#", "fragment"),
    ("https://user@www.example.com/back", "user name"),
    ("https://www.example.com\\@evil.example/back", "backslash"),
    ("https://www.example.com:port/back", "not a valid URI"),
    ("https://-bad-.example/back", "not a DNS name"),
    ("ftp://www.example.com/back", "does not use HTTPS"),
    ("https:///back", "relative URI"),
    ("urn:ietf:wg:oauth:2.0:other", "relative URI"),
    ("https://www.example.com/two words", "white space"),
]


@pytest.mark.parametrize("uri", GUIDE_VALID)
def test_the_guides_valid_examples_break_no_rule(uri: str) -> None:
    assert fault(uri) is None


@pytest.mark.parametrize(("uri", "reason"), GUIDE_INVALID + TRICKS)
def test_an_invalid_redirect_uri_is_told_which_rule_it_breaks(uri: str, reason: str) -> None:
    assert reason in (fault(uri) or "")


@pytest.mark.parametrize(
    ("registered", "uri"),
    [
        ("https://www.example.com", "https://www.example.com/auth-redirect?quarter=2"),
        ("https://www.example.com/auth", "https://www.example.com/auth/redirect"),
        ("https://www.example.com/auth?a=1", "https://www.example.com/auth?a=1"),
        ("https://www.example.com/", "https://www.example.com/anything"),
        ("http://localhost:8000", "http://localhost:8000/hmrc/callback"),
    ],
)
def test_a_registered_uri_covers_what_begins_with_it(registered: str, uri: str) -> None:
    assert is_registered(uri=uri, registered=[registered])


@pytest.mark.parametrize(
    ("registered", "uri"),
    [
        ("https://www.example.com", "https://www.example.com.evil.example/"),
        ("https://www.example.com", "https://www.example.com:8443/"),
        ("https://www.example.com", "http://www.example.com/"),
        ("https://www.example.com/auth", "https://www.example.com/authentic"),
        ("https://www.example.com/auth", "https://www.example.com/auth/../other"),
        ("https://www.example.com/auth", "https://www.example.com/auth/%2e%2e/other"),
        ("https://www.example.com/auth?a=1", "https://www.example.com/auth?a=12"),
        ("https://www.example.com", "https://www.example.com/back#top"),
        ("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto"),
    ],
)
def test_a_registered_uri_does_not_cover_a_neighbour(registered: str, uri: str) -> None:
    assert not is_registered(uri=uri, registered=[registered])
