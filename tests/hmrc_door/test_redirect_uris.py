"""
HMRC's examples of valid and invalid redirect URIs, from its reference guide, in its order; and what else its rules say.

The guide's page, as we were given it, has lost the addresses and kept the comments: the addresses are written anew.
"""

import pytest

from hmrc_door.addresses import redirect_uri_fault

GUIDE = [
    ("https://www.example.com/auth-redirect", None),
    ("https://www.example.com:8080/auth-redirect", None),
    ("http://www.example.com/auth-redirect", "http"),
    ("/auth-redirect", "not absolute"),
    ("https://192.0.2.17/auth-redirect", "IP address"),
    ("https://www.example.com/auth-redirect?abc=xyz", None),
    ("https://www.example.com/auth-redirect#abc", "fragment"),
    ("http://localhost:8080", None),
    ("urn:ietf:wg:oauth:2.0:oob", None),
    ("urn:ietf:wg:oauth:2.0:oob:auto", None),
]
MORE = [
    ("https://localhost/hmrc/callback", None),
    ("https://www.example.com", None),
    ("https://xn--caf-dma.example/auth", None),
    ("https://www.example.com./auth", None),
    ("https://www.example.com/a%20b", None),
    ("HTTPS://WWW.EXAMPLE.COM/auth", None),
    ("http://localhost.example.com/auth", "http"),
    ("http://127.0.0.1:8000/auth", "IP address"),
    ("https://[2001:db8::1]/auth", "IP address"),
    ("https://2130706433/auth", "IP address"),
    ("https://0x7f000001/auth", "IP address"),
    ("https://192.0.2/auth", "IP address"),
    ("https://www.example.com/auth#", "fragment"),
    ("https://user@www.example.com/auth", "user name"),
    ("https://www.example.com:99999/auth", "malformed"),
    ("https://www.example.com:/auth", "port"),
    ("https://www.example.com:0/auth", "port"),
    ("https://[::1/auth", "malformed"),
    ("https:///auth", "not absolute"),
    ("https://", "not absolute"),
    ("//www.example.com/auth", "not absolute"),
    ("ftp://www.example.com/auth", "not https"),
    ("urn:ietf:wg:oauth:2.0:other", "not absolute"),
    ("https://-bad.example.com/auth", "DNS name"),
    ("https://a..example.com/auth", "DNS name"),
    ("https://" + "a" * 64 + ".example.com/auth", "DNS name"),
    ("https://www.example.com/a b", "characters"),
    ("https://www.example.com/\n", "characters"),
    ("https://www.example.com/%zz", "characters"),
    ("https://www.example.com\\@evil.example/auth", "characters"),
    ("https://café.example/auth", "characters"),
    ("", "characters"),
]


@pytest.mark.parametrize(("uri", "fault"), GUIDE + MORE)
def test_each_address_is_valid_or_breaks_the_rule_that_is_named(uri: str, fault: str | None) -> None:
    found = redirect_uri_fault(uri)

    assert (found is None) if fault is None else (found is not None and fault in found)


@pytest.mark.parametrize("uri", ["urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto"])
def test_the_forms_for_installed_applications_bring_nobody_back_to_a_web_server(uri: str) -> None:
    assert redirect_uri_fault(uri) is None
    assert "no browser" in str(redirect_uri_fault(uri, web=True))
